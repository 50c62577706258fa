"""Real boards, as Trello's own export menu wrote them, in the stand-in."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from adapters.trello import ScopeOptions
from adapters.trello.sandbox import TrelloSandbox
from syncer.adapterkit.contract import Scope
from syncer.adapterkit.sandbox import empty_world, serve
from syncer.model.entities import PRESENT
from syncer.model.remote import Op
from tests.adapters.trello.driving import Desk
from tests.shared import SHARED, needs_shared

EXPORTS = ["trello-fda-food-recalls.json", "trello-simple-project-board.json"]

both = pytest.mark.parametrize("name", EXPORTS)


@contextmanager
def loaded(name: str) -> Iterator[tuple[Desk, dict[str, Any], Scope]]:
    """A desk over an export, with the export and its scope."""
    exported = json.loads((SHARED / "data" / name).read_text(encoding="utf-8"))
    with over(exported) as (desk, scope):
        yield desk, exported, scope


@contextmanager
def over(exported: dict[str, Any]) -> Iterator[tuple[Desk, Scope]]:
    """A desk over an export that is at hand."""
    sandbox = TrelloSandbox()
    sandbox.start_with(empty_world())
    scope = sandbox.load_export(exported)
    with serve(sandbox) as running:
        desk = Desk(sandbox, running)
        try:
            yield desk, Scope("export", ScopeOptions.model_validate(scope))
        finally:
            for adapter in desk.opened:
                adapter.close()
        assert running.problems == []


def same(shown: dict[str, Any], exported: dict[str, Any], *, leaving: set[str]) -> None:
    assert {key: shown[key] for key in exported.keys() - leaving} == {
        key: value for key, value in exported.items() if key not in leaving
    }


@needs_shared
@both
def test_what_is_served_is_what_was_exported(name: str) -> None:
    """Every card, list, label, checklist, comment and attachment is served as it was written."""
    with loaded(name) as (desk, exported, _):
        syncer, board = desk.as_("syncer"), exported["id"]
        nested = {
            "fields": "all",
            "cards": "all",
            "card_customFieldItems": "true",
            "card_attachments": "true",
            "card_pluginData": "true",
            "lists": "all",
            "labels": "all",
            "labels_limit": "1000",
            "checklists": "all",
            "customFields": "true",
            "actions": "none",
        }
        shown = syncer.get(f"/boards/{board}", nested).json()
        for table in ("cards", "lists", "labels", "checklists"):
            found = {entry["id"]: entry for entry in shown[table]}
            assert found.keys() == {entry["id"] for entry in exported[table]}
            for entry in exported[table]:
                same(found[entry["id"]], entry, leaving=set())
        rest = set(exported) & {"actions", "cards", "lists", "labels", "members", "checklists"}
        same(shown, exported, leaving=rest | {"customFields", "pluginData"})
        actions = {a["id"]: a for a in syncer.get(f"/boards/{board}/actions?limit=1000").json()}
        for action in exported["actions"]:
            if action["id"] in actions:
                same(actions[action["id"]], action, leaving={"memberCreator", "member"})
        assert len(actions) >= len(exported["actions"]) - 1


@needs_shared
@both
def test_every_card_is_pulled_in_one_request(name: str) -> None:
    """Every card of a real board becomes a record with its list, labels, people and dates."""
    with loaded(name) as (desk, exported, scope):
        known = desk.catalogue(scope)
        pulled = desk.pull(known=known, scope=scope)

        assert pulled.cards.keys() == {card["id"] for card in exported["cards"]}
        for card in exported["cards"]:
            record = pulled.cards[card["id"]]
            assert (record.existence == PRESENT) == (not card["closed"])
            assert record.fields["name"] == card["name"]
            assert record.fields["desc"] == (card["desc"] or None)
            assert record.fields["due"] == card["due"]
            assert record.fields["list"] == card["idList"]
            assert record.fields["members"] == (sorted(card["idMembers"]) or None)
            assert record.fields["labels"] == (sorted(set(card["idLabels"])) or None)
        people = {person.id for person in desk.adapter().people(scope)}
        assert {member["id"] for member in exported["members"]} <= people
        lists = next(f for f in known.objects["card"].fields if f.id == "list").options
        assert {o.id: o.active for o in lists} == {
            entry["id"]: not entry["closed"] for entry in exported["lists"]
        }


@needs_shared
@both
def test_reading_leaves_no_trace(name: str) -> None:
    """Describing and pulling a board changes nothing on it, and needs no seat on it."""
    with loaded(name) as (desk, _, scope):
        before = json.dumps(desk.sandbox.state(), sort_keys=True)
        first = desk.pull(scope=scope)
        desk.pull(first.cursors, scope=scope)
        desk.pull(first.cursors, full=True, scope=scope)

        assert json.dumps(desk.sandbox.state(), sort_keys=True) == before


@needs_shared
@both
def test_members_of_an_export_can_act(name: str) -> None:
    """Each member has a token; what they do is in the feed under their own name."""
    with loaded(name) as (desk, exported, scope):
        card = next(card for card in exported["cards"] if not card["closed"])["id"]
        first = desk.pull(scope=scope)
        admins = {m["idMember"] for m in exported["memberships"] if m["memberType"] == "admin"}
        member = next(m for m in exported["members"] if m["id"] in admins)
        desk.as_(member["username"]).put(f"/cards/{card}", {"name": "Renamed"})
        poll = desk.pull(first.cursors, scope=scope)

        assert [(c.by, c.new) for c in poll.told(card, "name")] == [(member["id"], "Renamed")]
        assert desk.sandbox.store.cards[card]["name"] == "Renamed"
        desk.sandbox.start_with(empty_world())
        assert desk.sandbox.store.cards[card]["name"] != "Renamed"


@needs_shared
def test_the_whole_log_of_a_real_board_is_read() -> None:
    """Ten years old or not: every listed change of a card's field has its author and old value."""
    with loaded(EXPORTS[0]) as (desk, exported, scope):
        cursor = {exported["id"]: {"since": "2015-01-01T00:00:00.000Z"}}
        told = desk.pull(cursor, scope=scope).changes

        moves = [c for c in told if c.field == "list"]
        assert len(moves) == 68
        assert all(c.by and isinstance(c.old, str) and isinstance(c.new, str) for c in moves)
        assert len([c for c in told if c.field == "desc"]) == 18
        assert len([c for c in told if c.field == "due"]) == 4
        assert len({c.key for c in told}) == len(told)
        members = [c for c in told if c.field == "members"]
        assert len(members) <= 57


BOARD, OPEN, AWAY = (
    "65a000000000000000000001",
    "65a000000000000000000002",
    "65a000000000000000000003",
)
FIELDS = ["text", "number", "checkbox", "date", "list"]


def generated() -> dict[str, Any]:
    """An export that nobody wrote: made here for what the real ones lack."""

    def id(number: int) -> str:
        return f"65a1{number:020x}"

    values: dict[str, dict[str, Any]] = {
        "text": {"value": {"text": "קפה"}},
        "number": {"value": {"number": "-0.50"}},
        "checkbox": {"value": {"checked": "true"}},
        "date": {"value": {"date": "1969-12-31T23:59:59.999Z"}},
        "list": {"value": None, "idValue": id(90)},
    }
    fields: list[dict[str, Any]] = [
        {"id": id(50 + n), "idModel": BOARD, "name": kind, "type": kind}
        for n, kind in enumerate(FIELDS)
    ]
    fields[4]["options"] = [{"id": id(90), "value": {"text": "高"}, "color": "none", "pos": 1}]
    items = [
        {"id": id(70 + n), "idCustomField": id(50 + n), "modelType": "card", **values[kind]}
        for n, kind in enumerate(FIELDS)
    ]
    dues = [
        "1970-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59.999Z",
        None,
        "2026-10-25T01:30:00.000Z",
    ]
    cards = [
        {
            "id": id(n),
            "name": name,
            "desc": "",
            "idBoard": BOARD,
            "idList": AWAY if n == 3 else OPEN,
            "closed": False,
            "due": due,
            "idMembers": [],
            "idLabels": [id(30), id(31)],
            "customFieldItems": items if n == 0 else [],
        }
        for n, (name, due) in enumerate(zip(["Same", "Same", "", "Ghost"], dues, strict=True))
    ]
    labels = [
        {"id": id(30 + n), "idBoard": BOARD, "name": "", "color": c}
        for n, c in enumerate(["red", None])
    ]
    return {
        "id": BOARD,
        "name": "Generated",
        "desc": "",
        "closed": False,
        "lists": [
            {"id": OPEN, "name": "列", "closed": False, "idBoard": BOARD},
            {"id": AWAY, "name": "列", "closed": True, "idBoard": BOARD},
        ],
        "cards": cards,
        "labels": labels,
        "customFields": fields,
        "members": [],
        "actions": [],
    }


def test_a_generated_board_with_everything_odd_is_read() -> None:
    """Every type of custom field, like and empty names, edges of time, an archived list."""
    with over(generated()) as (desk, scope):
        known = desk.catalogue(scope)
        cards = list(desk.pull(known=known, scope=scope).cards.values())
        card = known.objects["card"]
        custom = {info.id: info.name for info in card.fields if info.custom}
        first = next(c for c in cards if c.fields.get(min(custom)) is not None)
        told = {name: first.fields[id] for id, name in custom.items()}
        done = desk.push(Op.UPDATE, first.id, {"name": "Now"}, container=BOARD, known=known)
        new = desk.push(Op.CREATE, None, {"name": "New"}, container=BOARD, known=known)

    assert told.pop("list") == card.fields[-1].options[0].id
    assert told == {
        "text": "קפה",
        "number": "-0.5",
        "checkbox": True,
        "date": "1969-12-31T23:59:59.999Z",
    }
    assert sorted(str(c.fields["due"]) for c in cards)[:2] == [
        "1970-01-01T00:00:00.000Z",
        "2026-10-25T01:30:00.000Z",
    ]
    assert [c.fields["name"] for c in cards if c.existence != PRESENT] == ["Ghost"]
    assert sorted(str(c.fields["name"]) for c in cards) == ["Ghost", "None", "Same", "Same"]
    assert {o.name for f in card.fields if f.id == "labels" for o in f.options} == {
        "red",
        "no name",
    }
    assert (done.got, new.got) == ({"name": "Now"}, {"name": "New"})


def test_what_is_no_export_is_refused() -> None:
    """Another file is told apart before anything is loaded."""
    for wrong in ([], {}, {"id": "x"}, {"id": "x", "cards": [], "lists": None}, "text"):
        with pytest.raises(ValueError, match="not a Trello board export"):
            TrelloSandbox().load_export(wrong)  # type: ignore[arg-type]
