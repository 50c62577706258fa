"""Workspaces, boards, lists, labels and custom fields, all that py-trello does with them."""

from typing import Any

from trello import Board, Member, ResourceUnavailable, Unauthorized


def workspaces(crew: Any, who: str, other: str) -> str:
    """A workspace of one's own: made, found, shared and left. Gives its id."""
    trello = crew[who]
    home = trello.add_organization("Guild of strangers", description="Not a client of anybody")
    crew.same("a new workspace is called", "Guild of strangers", home.displayName)
    crew.so("a workspace has a name for links", home.name and home.url.endswith(home.name))
    found = trello.get_organization(home.id)
    crew.same("a workspace read back", home.name, found.name)
    found.fetch()
    crew.same("a workspace describes itself", "Not a client of anybody", found.description)
    crew.so("it is among one's workspaces", home.id in ids(trello.list_organizations()))
    crew.refused("a stranger to it cannot look", Unauthorized, lambda: look(crew, other, home.id))
    guest = Member(trello, crew.id(other))
    home.add_member(guest, "normal")
    members = home.get_members()
    crew.same("its members", {crew.id(who), crew.id(other)}, ids(members))
    crew.so("members have names", all(m.full_name and m.username for m in members))
    crew.same("now the other can look", home.id, look(crew, other, home.id))
    home.remove_member(guest)
    crew.same("and is gone again", {crew.id(who)}, ids(home.get_members()))
    return str(home.id)


def look(crew: Any, who: str, workspace: str) -> str:
    """Read a workspace by its id."""
    return str(crew[who].get_organization(workspace).id)


def boards(crew: Any, who: str, other: str, workspace: str) -> str:
    """A board in that workspace: made, renamed, closed, shared, copied. Gives its id."""
    trello = crew[who]
    board = trello.add_board("Guild hall", organization_id=workspace, default_lists=False)
    crew.same("a board made without lists has none", [], board.all_lists())
    board.set_name("Guild house")
    board.set_description("Where strangers meet")
    read = trello.get_board(board.id)
    crew.same("what a board shows", ("Guild house", "Where strangers meet", False), told(read))
    board.close()
    crew.same("a closed board", True, trello.get_board(board.id).closed)
    crew.so("is among the closed", board.id in ids(trello.list_boards("closed")))
    board.open()
    crew.so("and open again", board.id in ids(trello.list_boards(board_filter="open")))
    home = trello.get_organization(workspace)
    crew.same("the workspace's boards", {board.id}, ids(home.all_boards()))
    crew.same("by name only", ["Guild house"], [b["name"] for b in names(trello, workspace)])
    mine = trello.get_member("me").get_boards("open")
    crew.so("a member's boards", board.id in ids(mine))
    _members(crew, board, who, other)
    _copies(crew, trello, board)
    crew.so("a board knows when it was last touched", read.date_last_activity.tzinfo is not None)
    return str(board.id)


def told(board: Any) -> tuple[Any, ...]:
    """What py-trello keeps of a board."""
    return board.name, board.description, board.closed


def names(trello: Any, workspace: str) -> list[dict[str, Any]]:
    """The boards of a workspace with nothing but their names."""
    path = f"/organizations/{workspace}/boards"
    return list(trello.fetch_json(path, query_params={"filter": "open", "fields": "name"}))


def _members(crew: Any, board: Any, who: str, other: str) -> None:
    guest = Member(board.client, crew.id(other))
    board.add_member(guest, "normal")
    crew.same("everybody on it", {crew.id(who), crew.id(other)}, ids(board.all_members()))
    crew.same("its admins", {crew.id(who)}, ids(board.admin_members()))
    crew.same("its normal members", {crew.id(other)}, ids(board.normal_members()))
    path = f"/boards/{board.id}/memberships"
    listed = board.client.fetch_json(path, query_params={"member": "true"})
    kinds = {entry["member"]["username"]: entry["memberType"] for entry in listed}
    crew.same("how they belong to it", ["admin", "normal"], sorted(kinds.values()))
    board.remove_member(guest)
    crew.same("one has left", {crew.id(who)}, ids(board.all_members()))
    board.add_member(guest, "normal")


def _copies(crew: Any, trello: Any, board: Any) -> None:
    saved = Board(trello, name="Drawn up at home")
    saved.description = "Saved by the client"
    saved.save()
    crew.same("a saved board", saved.name, trello.get_board(saved.id).name)
    board.add_list("A list to copy")
    copy = trello.add_board("A copy", source_board=board, permission_level="private")
    crew.same("lists are copied", ["A list to copy"], [e.name for e in copy.open_lists()])
    for gone in (saved, copy):
        gone.delete()
        crew.refused("a deleted board", ResourceUnavailable, gone.fetch)
    board.all_lists()[0].close()


def lists(crew: Any, who: str, board: str) -> dict[str, str]:
    """Lists: made, moved, renamed, archived, emptied. Gives the ids of two that stay."""
    hall = crew[who].get_board(board)
    made = {name: hall.add_list(name, pos="bottom") for name in ("Wishes", "Work", "Wins")}
    first = hall.add_list("Urgent", pos="top")
    crew.same("their order", ["Urgent", *made], [entry.name for entry in hall.open_lists()])
    made["Wins"].set_name("Won")
    made["Wins"].set_pos("top")
    made["Wins"].subscribe()
    found = hall.get_list(made["Wins"].id)
    found.fetch()
    crew.same(
        "a list read back", ("Won", False, True), (found.name, found.closed, found.subscribed)
    )
    crew.same("it stands first", "Won", hall.get_lists("open")[0].name)
    made["Wins"].unsubscribe()
    first.close()
    crew.so("an archived list", first.id in ids(hall.closed_lists()))
    first.open()
    for number in range(3):
        first.add_card(f"Hurry {number}")
    first.move_all_cards(made["Work"])
    crew.same("cards move together", (0, 3), (first.cardsCnt(), made["Work"].cardsCnt()))
    made["Work"].archive_all_cards()
    crew.same("and are archived together", 0, made["Work"].cardsCnt())
    crew.same("they are there still", 3, len(made["Work"].list_cards(card_filter="closed")))
    moved = made["Work"].fetch_actions("updateCard:closed")
    crew.same("three were archived, as its actions say", 3, len(moved))
    first.close()
    return {name: made[name].id for name in ("Wishes", "Work")}


def labels(crew: Any, who: str, board: str) -> None:
    """Labels of a board: more than one page of them, read one by one, deleted."""
    hall = crew[who].get_board(board)
    made = [hall.add_label(f"Label {number:02}", "green") for number in range(12)]
    known = len(hall.get_labels(limit=1000))
    crew.same("a limit cuts the list", 5, len(hall.get_labels(limit=5)))
    one = crew[who].get_label(made[0].id, board)
    crew.same("a label read back", ("Label 00", "green"), (one.name, one.color))
    crew.same("fetched again", "Label 00", one.fetch().name)
    crew.same("by way of its board", made[1].id, hall.get_label(made[1].id).id)
    hall.delete_label(made[0].id)
    crew.same("one fewer", known - 1, len(hall.get_labels(limit=1000)))
    crew.refused("a deleted label", ResourceUnavailable, one.fetch)


def fields(crew: Any, who: str, board: str) -> None:
    """Custom field definitions of every type, and the options of a list."""
    hall = crew[who].get_board(board)
    for kind in ("text", "number", "checkbox", "date"):
        made = hall.add_custom_field_definition(f"A {kind}", kind)
        crew.same("a definition's type", kind, made.field_type)
    chosen = hall.add_custom_field_definition(
        "A choice", "list", options=["Red", "Blue"], display_on_card=True, pos="bottom"
    )
    crew.same("its options", ["Red", "Blue"], list(chosen.list_options.values()))
    hall.update_custom_field_definition(chosen.id, name="A colour", display_on_card=False)
    hall.customFieldDefinitions = None
    known = {f.name: f for f in hall.get_custom_field_definitions()}
    expected = ["A checkbox", "A colour", "A date", "A number", "A text"]
    crew.same("the board's definitions", expected, sorted(known))
    hall.add_custom_field_list_option(chosen.id, "Green")
    listed = hall.get_custom_field_list_options(chosen.id, values_only=True)
    crew.same("an option more", ["Red", "Blue", "Green"], listed)
    option = hall.get_custom_field_list_options(chosen.id)[2]["id"]
    one = hall.get_custom_field_list_option(chosen.id, option)
    crew.same("one option", {"text": "Green"}, one["value"])
    hall.delete_custom_field_list_option(chosen.id, option)
    left = hall.get_custom_field_list_options(chosen.id, values_only=True)
    crew.same("an option fewer", ["Red", "Blue"], left)
    gone = hall.add_custom_field_definition("Short-lived", "text")
    hall.delete_custom_field_definition(gone.id)
    hall.customFieldDefinitions = None
    crew.so("a deleted one", gone.id not in ids(hall.get_custom_field_definitions()))


def ids(things: Any) -> set[str]:
    """The ids of some things."""
    return {str(thing.id) for thing in things}


def whole(crew: Any, who: str, workspace: str, board: str, place: str, card: str) -> None:
    """What py-trello has no method for, by its own way to send anything: several fields at once."""
    send = crew[who].fetch_json
    told = send(f"/organizations/{workspace}/memberships", query_params={"member": "true"})
    crew.so("who is in the workspace", crew.id(who) in {one["member"]["id"] for one in told})
    told = _put(send, f"/boards/{board}", name="Guild tower", desc="Higher")
    crew.same("a board", ("Guild tower", "Higher"), (told["name"], told["desc"]))
    told = _put(send, f"/lists/{place}", name="Hopes", pos="top")
    crew.same("a list", "Hopes", told["name"])
    crew.same("by filter", place, send(f"/boards/{board}/lists/open")[0]["id"])
    due = {"due": "2027-03-04T17:00:00.000Z", "dueComplete": True}
    told = _put(send, f"/cards/{card}", name="A whole card", idList=place, **due)
    crew.same(
        "a card", ("A whole card", place, due["due"]), (told["name"], told["idList"], told["due"])
    )
    known = {one["name"]: one for one in send(f"/boards/{board}/customFields")}
    told = send(f"/customFields/{known['A text']['id']}")
    crew.same("a definition", ("A text", "text"), (told["name"], told["type"]))
    items = [
        {"idCustomField": known["A text"]["id"], "value": {"text": "Both"}},
        {"idCustomField": known["A number"]["id"], "value": {"number": "7"}},
    ]
    told = _put(send, f"/cards/{card}/customFields", customFieldItems=items)
    kept = {"value": {"text": "Both"}, "idCustomField": known["A text"]["id"]}
    crew.so("values at once", any(kept.items() <= item.items() for item in told))
    made = send(
        f"/boards/{board}/labels", http_method="POST", post_args={"name": "x", "color": None}
    )
    told = _put(send, f"/labels/{made['id']}", name="Without a colour")
    crew.same("a label", ("Without a colour", None), (told["name"], told["color"]))
    [said, *_] = send(f"/cards/{card}/actions", query_params={"filter": "all"})
    crew.same("one action", said["id"], send(f"/actions/{said['id']}")["id"])


def _put(send: Any, path: str, **values: Any) -> Any:
    return send(path, http_method="PUT", post_args=values)
