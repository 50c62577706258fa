"""What is Trello's own about writing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from syncer.model.entities import ARCHIVED, PRESENT
from syncer.model.remote import Op, Result, Write
from tests.adapters.trello.driving import Desk


def test_native_fields_are_one_request(desk: Desk) -> None:
    """All native fields of a card change in one PUT, whose answer is what it shows now."""
    card, known, adapter = desk.card("Sitemap"), desk.catalogue(), desk.adapter()
    before = len(desk.running.requests)
    fields = {
        "name": "Site map",
        "due": None,
        "start": "2026-11-02T09:00:00.000Z",
        "dueComplete": True,
        "list": {"name": "done"},
    }
    done = desk.push(Op.UPDATE, card["id"], fields, adapter=adapter, known=known)

    assert desk.sent(before) == [f"PUT /1/cards/{card['id']}"]
    assert done.got == {**fields, "list": desk.lists()["Done"]}
    assert done.url == card["shortUrl"]


def test_custom_fields_are_one_more_request(desk: Desk) -> None:
    """All custom fields change in one PUT of their own."""
    card, known, adapter = desk.card("Sitemap")["id"], desk.catalogue(), desk.adapter()
    hours, priority = desk.custom("Hours"), desk.custom("Priority")
    low = next(f for f in known.objects["card"].fields if f.id == priority).options[0].id
    before = len(desk.running.requests)
    fields = {"name": "Site map", hours: "7.25", priority: {"name": "low"}}
    done = desk.push(Op.UPDATE, card, fields, adapter=adapter, known=known)

    assert desk.sent(before) == [f"PUT /1/cards/{card}/customFields", f"PUT /1/cards/{card}"]
    assert done.got == {"name": "Site map", hours: "7.25", priority: low}


def test_a_new_card_comes_with_people_and_labels(desk: Desk) -> None:
    """Members, new labels and dates come with the card; custom fields are a second request."""
    known, adapter = desk.catalogue(), desk.adapter()
    fields = {
        "name": "Menu",
        "desc": "Long " * 3000,
        "members": sorted([desk.id_of("maya"), desk.id_of("tom")]),
        "labels": [{"name": "Concept"}, {"name": "Print"}],
        desk.custom("Hours"): "3",
    }
    done = desk.push(Op.CREATE, None, fields, adapter=adapter, known=known)
    assert done.result is Result.DONE
    card = desk.sandbox.store.cards[str(done.id)]
    store = desk.sandbox.store

    assert {store.labels[id]["name"] for id in card["idLabels"]} == {"Concept", "Print"}
    assert done.got["labels"] == sorted(card["idLabels"])
    assert done.got["desc"] == ("Long " * 3000)
    assert card["idList"] == desk.lists()["To do"]
    before = len(desk.running.requests)
    again = {**fields, "name": "Menu 2", "list": {"name": "Doing"}}
    desk.push(Op.CREATE, None, again, adapter=adapter, known=known)
    sent = desk.sent(before)
    assert sent[0] == "POST /1/cards"
    assert len(sent) == 2, "the label is remembered, and so is who is on the board"


def test_people_are_made_members_of_the_board_first(desk: Desk) -> None:
    """Somebody who is not on the board is added to it; who cannot be is refused by name."""
    card, freya = desk.card("Sitemap")["id"], desk.id_of("freya")
    done = desk.push(Op.UPDATE, card, {"members": [freya]}, base={"members": None})

    assert done.got == {"members": [freya]}
    assert desk.sandbox.store.board_membership(desk.board(), freya) is not None
    nobody = "0" * 24
    half = desk.push(
        Op.UPDATE, card, {"members": [nobody, freya], "name": "Half"}, base={"members": [freya]}
    )
    assert half.got == {"name": "Half"}
    assert nobody in half.refused["members"]


def test_a_refused_value_does_not_stop_the_rest(desk: Desk) -> None:
    """Whether or not the refusal names the field, the others are written."""
    card = desk.card("Sitemap")["id"]
    named = desk.push(Op.UPDATE, card, {"due": "soon", "name": "A", "desc": "B"})
    assert named.got == {"name": "A", "desc": "B"}
    assert named.refused == {"due": "invalid value for due"}
    desk.running.fault({"status": 400, "body": "something is wrong"}, method="PUT")
    desk.running.fault({"status": 400, "body": "something is wrong"}, method="PUT", nth=2)
    unnamed = desk.push(Op.UPDATE, card, {"name": "C", "desc": "D", "dueComplete": True})
    assert list(unnamed.refused) == ["name"]
    assert unnamed.got == {"desc": "D", "dueComplete": True}
    new = desk.push(Op.CREATE, None, {"name": "New", "due": "soon"})
    assert (new.result, new.got, list(new.refused)) == (Result.DONE, {"name": "New"}, ["due"])


def test_what_cannot_be_written_is_refused_by_field(desk: Desk) -> None:
    """Read-only and unknown fields, and values of the wrong kind, are refused one by one."""
    card = desk.card("Sitemap")["id"]
    fields: dict[str, Any] = {
        "is_template": True,
        "list": None,
        "cf:unknown": "1",
        desk.custom("Hours"): True,
        "labels": [{"name": ""}],
        "name": "Still",
    }
    done = desk.push(Op.UPDATE, card, fields, base={"labels": None})

    assert done.got == {"name": "Still"}
    assert done.refused.keys() == fields.keys() - {"name"}


def test_a_card_that_is_made_is_never_hidden_by_what_follows(desk: Desk) -> None:
    """If the custom fields of a new card fail, the card is told all the same."""
    desk.running.fault({"status": 403, "body": "Custom Fields is off"}, path="customFields$")
    hours = desk.custom("Hours")
    done = desk.push(Op.CREATE, None, {"name": "Made", hours: "3"}, known=desk.catalogue())

    assert done.result is Result.DONE
    assert done.id == desk.card("Made")["id"]
    assert done.got == {"name": "Made"}
    assert "Custom Fields is off" in done.refused[hours]


def test_archiving_by_a_list_and_back_to_where_it_was(desk: Desk) -> None:
    """Where the mapping says so, archiving moves to a list, and restoring back again."""
    card, how = desk.card("Wireframes"), {"field": "list", "option": "Archived"}
    assert desk.push(Op.ARCHIVE, card["id"], archive=how).result is Result.DONE
    assert card["idList"] == desk.lists()["Archived"]
    assert desk.push(Op.RESTORE, card["id"], archive=how).result is Result.DONE
    assert card["idList"] == desk.lists()["Review"]


def test_restoring_undoes_what_hid_a_card(desk: Desk) -> None:
    """A card that is hidden because its list was put away comes back with the list."""
    card, entry = desk.card("Wireframes"), desk.lists()["Review"]
    desk.as_("anna").put(f"/lists/{entry}", {"closed": True})
    assert desk.pull().records[card["id"]].existence == ARCHIVED

    done = desk.push(Op.RESTORE, card["id"], {"name": "Wires"}, archive={"how": "closed"})

    assert (done.result, done.got) == (Result.DONE, {"name": "Wires"})
    assert desk.pull().records[card["id"]].existence == PRESENT


def test_moving_to_another_board(desk: Desk) -> None:
    """Writing the board moves a card, into the list of that board that is named."""
    card, other = desk.card("Sitemap")["id"], desk.board("outdoor")
    scope = desk.scope(boards=(desk.board(), other), workspace=None)
    fields = {"board": other, "list": {"name": "Review"}}
    done = desk.push(Op.UPDATE, card, fields, known=desk.catalogue(scope))

    assert done.container == other
    assert done.got == {"board": other, "list": desk.lists(other)["Review"]}
    back = desk.push(Op.UPDATE, card, {"board": desk.board()}, container=other)
    assert (back.container, back.got) == (desk.board(), {"board": desk.board()})


def test_boards_are_made_in_the_scopes_workspace(desk: Desk) -> None:
    """A new board is empty, in the client's workspace and seen by it; a second time renamed."""
    known = desk.catalogue()
    home = known.objects["board"].home
    done = desk.push(
        Op.CREATE, None, {"name": "Spring", "desc": "Rye"}, object="board", known=known
    )
    store = desk.sandbox.store
    board = store.boards[str(done.id)]

    assert done.got == {"name": "Spring", "desc": "Rye"}
    assert (board["idOrganization"], board["prefs"]["permissionLevel"]) == (home, "org")
    assert store.on_board(store.lists, board["id"]) == []
    again = desk.push(Op.UPDATE, done.id, {"desc": "Honey"}, object="board", known=known)
    assert again.got == {"desc": "Honey"}
    assert desk.push(Op.ARCHIVE, done.id, object="board", known=known).result is Result.DONE
    assert board["closed"] is True
    assert desk.push(Op.RESTORE, done.id, object="board", known=known).result is Result.DONE
    assert board["closed"] is False
    nowhere = desk.scope(boards=(desk.board(),), workspace=None)
    refused = desk.push(
        Op.CREATE, None, {"name": "X"}, object="board", known=desk.catalogue(nowhere)
    )
    assert (refused.result, "workspace" in refused.reason) == (Result.REFUSED, True)


def test_a_board_as_a_copy_of_a_template(desk: Desk) -> None:
    """A template is found by its name; the copy has its lists and cards, and our own texts."""
    known, store = desk.catalogue(), desk.sandbox.store
    home = known.objects["board"].home
    tom = desk.as_("tom")
    body = {"name": "Board master", "desc": "Master", "idOrganization": home}
    made = tom.post("/boards/", body).json()
    tom.post(
        "/cards", {"idList": store.on_board(store.lists, made["id"])[0]["id"], "name": "Brief"}
    )
    desk.as_("tom").put(f"/boards/{made['id']}/members/{desk.id_of('syncer')}", {"type": "normal"})
    fields = {"name": "Spring", "desc": "Rye"}
    done = desk.push(Op.CREATE, None, fields, object="board", known=known, template="Board master")

    assert done.got == fields
    copied = str(done.id)
    assert [c["name"] for c in store.on_board(store.cards, copied)] == ["Brief"]
    missing = desk.push(Op.CREATE, None, fields, object="board", known=known, template="Nothing")
    assert missing.result is Result.REFUSED
    assert "'Nothing'" in missing.reason


def test_a_card_as_a_copy_of_a_template(desk: Desk) -> None:
    """A new card can be a copy of another of the board, with its checklists and links."""
    store, master = desk.sandbox.store, desk.card("Icon set")
    master["isTemplate"] = True
    hours = desk.custom("Hours")
    store.items[master["id"]] = [
        {
            "id": store.new_id(),
            "idCustomField": hours.removeprefix("cf:"),
            "idModel": master["id"],
            "value": {"number": "4"},
            "idValue": None,
        }
    ]
    done = desk.push(Op.CREATE, None, {"name": "Ours"}, template="Icon set")

    assert done.got == {"name": "Ours"}
    assert [item["value"] for item in store.items[str(done.id)]] == [{"number": "4"}]


def test_a_board_without_lists_takes_no_cards(desk: Desk) -> None:
    """A card is always in a list; where there is none and none is named, that is the reason."""
    known = desk.catalogue()
    board = desk.push(Op.CREATE, None, {"name": "Bare"}, object="board", known=known).id
    bare = desk.push(Op.CREATE, None, {"name": "Card"}, container=board, known=known)
    assert (bare.result, bare.reason) == (Result.REFUSED, "the board has no open list")
    fields = {"name": "Card", "list": {"name": "Doing"}}
    done = desk.push(Op.CREATE, None, fields, container=board, known=known)
    assert done.got["list"] == desk.lists(str(board))["Doing"]


def test_a_list_whose_making_is_not_answered_is_looked_for(desk: Desk) -> None:
    """If the answer to making a list is lost, the write waits; the next finds that list."""
    known, adapter = desk.catalogue(), desk.adapter()
    fields = {"name": "Card", "list": {"name": "Waiting"}}
    desk.running.fault({"drop": "after"}, path="/lists$", method="POST")
    first = desk.push(Op.CREATE, None, fields, known=known, adapter=adapter)
    second = desk.push(Op.CREATE, None, fields, known=known, adapter=adapter)

    assert (first.result, second.result) == (Result.RETRY, Result.DONE)
    store = desk.sandbox.store
    assert [e["name"] for e in store.on_board(store.lists, desk.board())].count("Waiting") == 1


def lost(desk: Desk, fields: dict[str, Any], **more: Any) -> Write:
    options: dict[str, Any] = {"object": "card", "container": desk.board()}
    options |= {"since": datetime.now(UTC)}
    return Write("lost", Op.CREATE, fields=fields, **(options | more))


def test_a_lost_card_is_found_though_somebody_touched_it(desk: Desk) -> None:
    """Moved, renamed and archived by a person since: it is still the one we made."""
    known, adapter = desk.catalogue(), desk.adapter()
    write = lost(desk, {"name": "Menu ", "desc": "Two pages"})
    assert desk.push(Op.CREATE, None, write.fields, known=known).result is Result.DONE
    card, maya = desk.card("Menu ")["id"], desk.as_("maya")
    maya.put(f"/cards/{card}", {"idList": desk.lists()["Done"], "name": "Menus", "closed": True})
    before = len(desk.running.requests)

    (found,) = adapter.find(write, known)

    assert (found.id, found.existence, found.created_by) == (card, ARCHIVED, desk.id_of("syncer"))
    assert desk.sent(before) == [f"GET /1/boards/{desk.board()}", "GET /1/members/me"]


def test_of_like_cards_the_one_with_our_content_is_found(desk: Desk) -> None:
    """Two cards of the same name made by us are told apart by what else was sent."""
    known, adapter = desk.catalogue(), desk.adapter()
    for desc in ("One", "Two"):
        desk.push(Op.CREATE, None, {"name": "Call", "desc": desc}, known=known)

    (found,) = adapter.find(lost(desk, {"name": "Call", "desc": "Two"}), known)
    both = adapter.find(lost(desk, {"name": "Call", "desc": "Three"}), known)

    assert found.fields["desc"] == "Two"
    assert len(both) == 2


def test_like_cards_are_told_apart_by_all_that_was_sent(desk: Desk) -> None:
    """Two cards that say the same stand in two lists: each is the twin of its own record."""
    known, adapter, lists = desk.catalogue(), desk.adapter(), desk.lists()
    like = {"name": "Call", "desc": "Them"}
    made = {
        place: desk.push(Op.CREATE, None, {**like, "list": lists[place]}, known=known).id
        for place in ("Done", "Doing")
    }

    for place, id in made.items():
        (found,) = adapter.find(lost(desk, {**like, "list": lists[place]}), known)
        assert found.id == id
    assert len(adapter.find(lost(desk, {**like, "list": lists["To do"]}), known)) == 2


def test_a_lost_board_is_found(desk: Desk) -> None:
    """A board of our name, made since by us in the client's workspace."""
    known, adapter = desk.catalogue(), desk.adapter()
    write = lost(desk, {"name": "Spring"}, object="board", container=None)
    assert adapter.find(write, known) == []
    desk.push(Op.CREATE, None, {"name": "Spring"}, object="board", known=known)

    assert [found.fields["name"] for found in adapter.find(write, known)] == ["Spring"]
    late = lost(desk, {"name": "Spring"}, object="board", container=None)
    later = Write(
        "late", Op.CREATE, "board", fields=late.fields, since=datetime.now(UTC) + timedelta(hours=1)
    )
    assert adapter.find(later, known) == []


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"status": 500}, {"cut": 10}])
def test_a_create_without_a_usable_answer_is_unknown(desk: Desk, fault: dict[str, Any]) -> None:
    """A lost, failed or cut answer to a create is never taken for "nothing happened"."""
    known = desk.catalogue()
    desk.running.fault(fault, path="/cards$", method="POST")

    assert desk.push(Op.CREATE, None, {"name": "Menu"}, known=known).result is Result.UNKNOWN
