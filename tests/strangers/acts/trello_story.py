"""What people do on the boards of a client of the agency, and what they see there."""

import re
from datetime import datetime
from typing import Any


def look(crew: Any, who: str, workspace: str) -> dict[str, Any]:
    """The open boards of a workspace with their open cards, by name."""
    home = crew[who].get_organization(workspace)
    boards = {board.name: board for board in home.get_boards("open")}
    return {name: _board(crew, board) for name, board in boards.items()}


def _board(crew: Any, board: Any) -> dict[str, Any]:
    lists = {entry.id: entry.name for entry in board.open_lists()}
    cards = {card.name: _card(crew, card, lists) for card in board.visible_cards()}
    return {"brief": board.description, "tasks": cards}


def _card(crew: Any, card: Any, lists: dict[str, str]) -> dict[str, Any]:
    people = {user["id"]: name for name, user in crew.stand["users"].items()}
    values = {field.name: field.value for field in card.custom_fields}
    return {
        "notes": card.desc,
        "due": card.due,
        "status": lists[card.idList],
        "labels": sorted(label.name for label in card.labels),
        "people": sorted(people[id] for id in card.idMembers),
        "hours": values.get("Hours"),
        "priority": values.get("Priority"),
    }


def _find(crew: Any, who: str, workspace: str, board: str) -> Any:
    found = crew[who].get_organization(workspace).get_boards("open")
    return next(one for one in found if one.name == board)


def card_of(board: Any, title: str) -> Any:
    """An open card by its name."""
    return next(card for card in board.open_cards() if card.name == title)


def join(crew: Any, who: str, workspace: str, board: str) -> None:
    """Become a member of a colleague's board."""
    home = _find(crew, who, workspace, board)
    home.add_member(crew[who].get_member("me"), "normal")
    crew.so("one of its members", crew.id(who) in {one.id for one in home.all_members()})


def make(
    crew: Any, who: str, workspace: str, board: str, title: str, *, full: bool = False
) -> None:
    """Make a card; a full one with everything that a card may carry."""
    home = _find(crew, who, workspace, board)
    lists = {entry.name: entry for entry in home.open_lists()}
    if not full:
        (lists.get("To do") or home.add_list("To do")).add_card(title)
        return
    label = home.add_label("Legal", "green")
    maya = next(member for member in home.all_members() if member.id == crew.id("maya"))
    due = "2026-12-10T17:00:00.000Z"
    card = lists["Doing"].add_card(
        title, "Ask their lawyer *first*.", labels=[label], due=due, assign=[maya]
    )
    fields = {field.name: field for field in home.get_custom_field_definitions()}
    card.set_custom_field("3.5", fields["Hours"])
    card.set_custom_field("High", fields["Priority"])
    card.comment("The old banner was refused.")
    card.add_checklist("Texts", ["Danish", "English"], [True, False])
    card.attach(name="The law", url="https://law.example/cookies")


def extras(crew: Any, who: str, workspace: str, board: str, title: str) -> dict[str, Any]:
    """What hangs on a card beside its fields."""
    card = card_of(_find(crew, who, workspace, board), title)
    card.fetch(eager=True)
    people = {user["id"]: name for name, user in crew.stand["users"].items()}
    return {
        "comments": [[people[c["idMemberCreator"]], c["data"]["text"]] for c in card.comments],
        "checklists": [[i["name"], i["checked"]] for one in card.checklists for i in one.items],
        "attachments": [entry["name"] for entry in card.attachments],
    }


def set_due(crew: Any, who: str, workspace: str, board: str, title: str, due: str) -> None:
    """Move a card's due date."""
    card = card_of(_find(crew, who, workspace, board), title)
    card.set_due(datetime.fromisoformat(due))


def dues(crew: Any, who: str, workspace: str, board: str, title: str) -> list[list[str]]:
    """Who moved a card's due date to what, newest first."""
    card = card_of(_find(crew, who, workspace, board), title)
    people = {user["id"]: name for name, user in crew.stand["users"].items()}
    told = card.fetch_actions("updateCard:due", action_limit=1000)
    return [[people[a["idMemberCreator"]], a["data"]["card"]["due"]] for a in told]


def moves(crew: Any, who: str, workspace: str, board: str, title: str) -> list[list[str]]:
    """From which list to which a card went, newest first."""
    card = card_of(_find(crew, who, workspace, board), title)
    return [move[:2] for move in card.listCardMove_date()]


def comment(crew: Any, who: str, workspace: str, board: str, title: str, text: str) -> None:
    """Say something on a card."""
    card_of(_find(crew, who, workspace, board), title).comment(text)


def tidy(crew: Any, who: str, workspace: str, board: str) -> None:
    """Empty the list of what was reviewed, measure a card again, take a label off, throw away."""
    home = _find(crew, who, workspace, board)
    lists = {entry.name: entry for entry in home.open_lists()}
    lists["Review"].move_all_cards(lists["Done"])
    fields = {field.name: field for field in home.get_custom_field_definitions()}
    card_of(home, "Photo shoot").set_custom_field("8", fields["Hours"])
    sitemap = card_of(home, "Sitemap")
    sitemap.remove_label(next(label for label in sitemap.labels if label.name == "Concept"))
    page = next(card for card in home.open_cards() if re.match("404 page", card.name))
    page.set_closed(True)
    card_of(home, "Recipe pages").delete()


def archive(crew: Any, who: str, workspace: str, board: str, title: str) -> None:
    """Archive a card."""
    card_of(_find(crew, who, workspace, board), title).set_closed(True)


def put_away(crew: Any, who: str, workspace: str) -> list[str]:
    """The names of closed boards, and of archived cards on open ones."""
    home = crew[who].get_organization(workspace)
    closed = [board.name for board in home.get_boards("closed")]
    cards = [card.name for board in home.get_boards("open") for card in board.closed_cards()]
    return sorted([*closed, *cards])
