"""Cards and all that hangs on them, as py-trello handles them."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

from trello import ResourceUnavailable, Unauthorized

SOON = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)


def cards(crew: Any, who: str, other: str, board: str, places: dict[str, str]) -> str:
    """A card through its whole life. Gives the id of one that stays."""
    trello = crew[who]
    hall, wishes = trello.get_board(board), trello.get_list(places["Wishes"])
    label = hall.get_labels()[0]
    member = next(m for m in hall.all_members() if m.id == crew.id(other))
    card = wishes.add_card(
        "A wish", "First thoughts", [label], SOON.isoformat(), None, "top", [member]
    )
    crew.same("a card's due date", SOON, card.due_date)
    crew.same("its labels and members", ([label.id], [member.id]), (card.idLabels, card.idMembers))
    card.set_name("A better wish")
    card.set_description("Second *thoughts*")
    card.set_due(SOON + timedelta(days=1))
    card.set_start(SOON)
    card.set_reminder(60)
    card.set_due_complete()
    card.set_pos("bottom")
    card.change_pos(4096)
    card.subscribe()
    read = trello.get_card(card.id)
    crew.same("what was written", ("A better wish", "Second *thoughts*"), (read.name, read.desc))
    crew.same("a moved due date", SOON + timedelta(days=1), read.due_date)
    crew.same("it is complete", True, read.is_due_complete)
    crew.same("a card's own second", int(card.id[:8], 16), int(read.card_created_date.timestamp()))
    card.remove_due_complete()
    card.remove_due()
    card.fetch(eager=True)
    crew.same("no due date any more", "", card.due_date)
    _sets(crew, card, label, member)
    _life(crew, hall, card, places)
    copied = wishes.add_card("A copy", source=card.id, keep_from_source="all")
    crew.same("a copy has the words", "Second *thoughts*", copied.desc)
    copied.delete()
    crew.refused("a deleted card", ResourceUnavailable, copied.fetch)
    return str(card.id)


def _sets(crew: Any, card: Any, label: Any, member: Any) -> None:
    card.remove_label(label)
    card.remove_member(member)
    card.fetch(eager=False)
    crew.same("taken off", ([], []), (card.idLabels, card.idMembers))
    card.add_label(label)
    card.create_label("Made on the card", "sky")
    card.add_member(member)
    card.unassign(member.id)
    card.assign(member.id)
    card.fetch(eager=False)
    crew.same("labels by name", {label.name, "Made on the card"}, {n.name for n in card.labels})
    crew.same("the member is back", [member.id], card.member_id)
    crew.refused("nobody twice", ResourceUnavailable, lambda: card.add_member(member))


def _life(crew: Any, hall: Any, card: Any, places: dict[str, str]) -> None:
    card.change_list(places["Work"])
    card.fetch_actions("updateCard:idList")
    crew.same("its moves", [["Wishes", "Work"]], [m[:2] for m in card.listCardMove_date()])
    [move] = card.list_movements()
    crew.same("where it went", places["Work"], move["destination"]["id"])
    crew.same("when", move["datetime"], card.latestCardMove_date)
    card.fetch(eager=False)
    crew.same("the list it is in", "Work", card.get_list().name)
    card.set_closed(True)
    crew.so("archived", card.id in {c.id for c in hall.closed_cards()})
    card.set_closed(False)
    crew.so("and back", card.id in {c.id for c in hall.visible_cards()})
    crew.same("by way of its board", card.id, hall.get_card(card.id).id)
    kinds = {action["type"] for action in card.fetch_actions("all", action_limit=100)}
    wanted = {"createCard", "updateCard", "addMemberToCard", "removeMemberFromCard"}
    crew.same("what happened to it", wanted, kinds & wanted)
    other = hall.client.add_board("Next door", default_lists=True)
    card.change_board(other.id)
    crew.so("it has moved house", card.id in {c.id for c in other.open_cards()})
    card.change_board(hall.id, places["Work"])
    crew.so("and come home", card.id in {c.id for c in hall.open_cards()})
    there = other.add_list("To take along")
    there.move_to_board(hall, "bottom")
    crew.so("a list can move too", there.id in {entry.id for entry in hall.open_lists()})
    there.close()
    other.delete()


def values(crew: Any, who: str, card: str) -> None:
    """Values of custom fields of every type: set, read back as their own class, cleared."""
    found = crew[who].get_card(card)
    known = {f.name: f for f in found.board.get_custom_field_definitions()}
    found.set_custom_field("Words", known["A text"])
    found.set_custom_field("12.5", known["A number"])
    found.set_custom_field("2027-03-04T09:30:00.000Z", known["A date"])
    found.set_custom_field("Blue", known["A colour"])
    found.get_custom_field_by_name("A checkbox").value = True
    read = crew[who].get_card(card)
    shown = {f.name: f.value for f in read.custom_fields}
    expected = {"A text": "Words", "A number": 12.5, "A date": "2027-03-04T09:30:00.000Z"}
    expected |= {"A colour": "Blue", "A checkbox": True}
    crew.same("every field", expected, shown)
    for name, value in {"A text": "More", "A number": 3.25, "A colour": "Red"}.items():
        read.get_custom_field_by_name(name).value = value
    found.set_custom_field("", known["A date"])
    found.set_custom_field("", known["A colour"])
    items = found.client.fetch_json(f"/cards/{card}/customFieldItems")
    left = {known_name(known, item) for item in items}
    crew.same("cleared fields have no item", {"A text", "A number", "A checkbox"}, left)
    wrong = {"value": {"number": 7}}
    path = f"/card/{card}/customField/{known['A number'].id}/item"
    error = crew.refused(
        "a number that is not a string",
        ResourceUnavailable,
        lambda: found.client.fetch_json(path, http_method="PUT", post_args=wrong),
    )
    crew.so("says why", "(HTTP status: 400)" in str(error))


def known_name(known: dict[str, Any], item: dict[str, Any]) -> str:
    """What the field of an item is called."""
    return next(name for name, field in known.items() if field.id == item["idCustomField"])


def comments(crew: Any, who: str, other: str, card: str) -> None:
    """Comments: written, edited, read in order, deleted; nobody edits another's."""
    mine, theirs = crew[who].get_card(card), crew[other].get_card(card)
    first = mine.comment("First")
    theirs.comment("Second: ünïcödé \N{CROISSANT}")
    mine.update_comment(first["id"], "First, mended")
    read = [entry["data"]["text"] for entry in mine.get_comments()]
    crew.same("oldest first", ["First, mended", "Second: ünïcödé \N{CROISSANT}"], read)
    wrong = lambda: theirs.update_comment(first["id"], "Not mine")  # noqa: E731
    crew.refused("another's comment", Unauthorized, wrong)
    mine.fetch(eager=True)
    crew.same("the card counts them", (2, 2), (mine.badges["comments"], len(mine.comments)))
    mine.delete_comment(first)
    crew.same("one fewer", 1, len(mine.get_comments()))


def checklists(crew: Any, who: str, other: str, card: str) -> None:
    """Checklists and what is on them."""
    found = crew[who].get_card(card)
    made = found.add_checklist("Before", ["Plan", "Draw", "Build"], [True, False])
    made.set_checklist_item("Draw", True)
    made.rename_checklist_item("Build", "Bake")
    made.set_checklist_item_due(made.items[1], SOON)
    made.set_checklist_item_member(made.items[1], crew[who].get_member(crew.id(other)))
    made.rename("Before and after")
    made.delete_checklist_item("Plan")
    [read] = crew[who].get_card(card).fetch_checklists()
    crew.same("its name", "Before and after", read.name)
    crew.same("its items", [("Draw", True), ("Bake", False)], shown(read.items))
    crew.so("an item's date", read.items[0]["due"].startswith("2027-03-04T09:30"))
    crew.same("an item's member", crew.id(other), read.items[0]["idMember"])
    board = found.board
    crew.same("the board's checklists", [made.id], [c.id for c in board.get_checklists()])
    spare = found.add_checklist("Spare", [])
    spare.delete()
    crew.same("a deleted one", 1, len(crew[who].get_card(card).fetch_checklists()))


def shown(items: list[dict[str, Any]]) -> list[tuple[str, bool]]:
    """Names and ticks."""
    return [(item["name"], item["checked"]) for item in items]


def attachments(crew: Any, who: str, card: str) -> None:
    """Links and files hung on a card."""
    found = crew[who].get_card(card)
    link = found.attach(name="Mood board", url="https://honeyandrye.example/mood")
    file = found.attach(
        name="notes.txt", mimeType="text/plain", file=io.BytesIO(b"Rye is the hero")
    )
    listed = {entry.name: entry for entry in found.get_attachments()}
    crew.same("what hangs there", {"Mood board", "notes.txt"}, set(listed))
    crew.same("a link", (False, link["url"]), told(listed["Mood board"]))
    crew.same("a file", (True, 15), (listed["notes.txt"].is_upload, listed["notes.txt"].bytes))
    crew.so("when it was hung there", listed["Mood board"].date.tzinfo is not None)
    found.remove_attachment(file["id"])
    crew.same("one fewer", 1, len(found.fetch_attachments(force=True)))
    nothing = lambda: found.attach(name="Nothing", url="not an address")  # noqa: E731
    crew.refused("what is no address", ResourceUnavailable, nothing)


def told(entry: Any) -> tuple[bool, str]:
    """Whether an attachment is a file, and its address."""
    return entry.is_upload, entry.url
