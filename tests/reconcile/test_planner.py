"""What a plan writes: only what differs, never what a system cannot read or was asked before."""

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syncer.model.decisions import Action, Bound, FieldWrite, Inexpressible, View
from syncer.model.entities import BUILTIN
from syncer.model.mapping import Direction
from syncer.model.records import LinkField, Record
from syncer.model.remote import Op, Raw
from syncer.model.values import Kind, Value
from syncer.reconcile.planner import Target, plan_record
from tests.reconcile.made import (
    D1,
    D2,
    LINE,
    LOOKUP,
    bound,
    clock,
    link,
    mapping_of,
    options,
    record,
    view_of,
)

TASK = BUILTIN["task"]
DUE = bound(Kind.WHEN, name="deadline")
TITLE = bound(Kind.TEXT, name="title")
STATUS = bound(
    Kind.ENUMERATION, name="status", choices=options("To do", "Doing", "Ideas"),
    values={"todo": ("To do",), "doing": ("Doing",)}, otherwise="keep",
)  # fmt: skip


def target(
    *fields: tuple[Bound, Raw],
    memory: LinkField | None = None,
    existence: str = "present",
    archive: Mapping[str, str] | None = None,
    **more: Any,
) -> Target:
    """A card that shows these fields; all are remembered alike."""
    mapping = mapping_of(*(field for field, _ in fields), archive=archive or {"how": "closed"})
    shown = {field.mapping.field: view_of(field, raw) for field, raw in fields}
    bindings = {field.mapping.field: field for field, _ in fields}
    view = View("trello", "card", "c1", mapping, shown, existence, "b1", bindings=bindings)
    known = dict.fromkeys(shown, memory) if memory else {}
    return Target("trello", mapping, LOOKUP, view, link("trello", **known), **more)


def plan(wanted: Record, *targets: Target) -> tuple[list[Action], list[Inexpressible]]:
    """Every write that the record needs, and what cannot be held."""
    actions, notes = plan_record(wanted, TASK, {each.connection: each for each in targets})
    return list(actions), list(notes)


def written(wanted: Record, place: Target) -> list[Raw]:
    """The raw values that are written."""
    return [write.raw for action in plan(wanted, place)[0] for write in action.writes]


def asked(asked: Raw, got: Raw) -> LinkField:
    """What a system was asked for, and what it answered."""
    return LinkField(seen=got, asked=asked, got=got)


ROUNDED = bound(Kind.NUMBER, name="estimate", info={"precision": 0})
SHORT = bound(Kind.TEXT, name="title", info={"max_length": 4})
LABELS = bound(
    Kind.TEXT, Kind.ENUMERATION, many=True, name="labels", choices=options("Bug"),
    info={"extensible": True},
)  # fmt: skip
TAGS = bound(Kind.TEXT, many=True, name="labels")
ENDS = bound(Kind.WHEN, Kind.INSTANT, name="deadline", day_end=clock(17))
PEOPLE = bound(Kind.PERSON, many=True, name="assignees")

TABLE: list[tuple[str, Bound, Raw, Value, LinkField | None, list[Raw]]] = [
    ("it shows something else", DUE, "2026-03-11", D1, None, ["2026-03-10"]),
    ("it shows nothing", DUE, None, D1, None, ["2026-03-10"]),
    ("it is to show nothing", DUE, "2026-03-11", None, None, [None]),
    ("it shows what is agreed", DUE, "2026-03-10", D1, None, []),
    ("it shows it in its own form", TITLE, " Logo \n", "Logo", None, []),
    ("it shows it as finely as it can", ROUNDED, "42", Decimal("42.4"), None, []),
    ("it shows it at the end of the day", ENDS, "2026-03-10T17:00:00.000Z", D1, None, []),
    ("it was asked and made this of it", TITLE, "LOGO", "Logo", asked("Logo", "LOGO"), []),
    ("it was asked and shows something else now", TITLE, "Other", "Logo", asked("Logo", "LOGO"), ["Logo"]),
    ("it was asked for something else", TITLE, "LOGO", "Brand", asked("Logo", "LOGO"), ["Brand"]),
    ("it was asked for an option and has another", STATUS, "o1", "todo", asked("o0", "o1"), []),
    ("it shows what keeps what was agreed", STATUS, "o2", "todo", None, []),
    ("it shows the beginning of a long text", SHORT, "Log…", "Logotype", None, []),
    ("a long text is cut", SHORT, "Old", "Logotype", None, ["Log…"]),
    ("a vendor shortens what was cut", SHORT, "Lo", "Logotype", asked("Log…", "Lo"), []),
    ("a label that is still to be made", LABELS, ["o0"], frozenset({"Bug", "New"}), None, [["o0", {"name": "New"}]]),
    ("a label that could not be made", LABELS, ["o0"], frozenset({"Bug", "New"}), asked(["o0", {"name": "New"}], ["o0"]), []),
    ("tags in another order", TAGS, ["b", "a"], frozenset({"a", "b"}), None, []),
    ("a stranger is there too", PEOPLE, ["u-guest", "u-tom"], frozenset({"tom"}), None, []),
    ("a stranger alone is not written over", bound(Kind.PERSON, name="assignees", many=True, wire_many=False), "u-guest", frozenset({"tom"}), None, []),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=[r[0] for r in TABLE])
def test_what_is_written(row: tuple[Any, ...]) -> None:
    """A write is needed where a system shows something else, and not its form of what was asked."""
    _, field, shown, agreed, memory, expected = row
    wanted = record(**{field.mapping.field: agreed})

    assert expected == written(wanted, target((field, shown), memory=memory))


@pytest.mark.parametrize(
    ("direction", "update", "create"),
    [
        (Direction.BOTH, True, True),
        (Direction.PUSH, True, True),
        (Direction.PULL, False, False),
        (Direction.CREATE, False, True),
    ],
)
def test_directions(direction: Direction, update: bool, create: bool) -> None:
    """A field that is only read is never written; one for new twins only there."""
    field = dataclasses.replace(DUE, mapping=replace(DUE.mapping, direction=direction))
    new = Target("trello", mapping_of(field), LOOKUP, bindings={"deadline": field}, may_create=True)

    assert update == bool(written(record(deadline=D1), target((field, None))))
    assert create == bool(written(record(deadline=D1), new))


def test_a_write_tells_what_and_why() -> None:
    """Old and new, the very raw value, who brought it, under which rule; and what is believed."""
    [action], notes = plan(record(deadline=D1, title="Logo"), target((DUE, "2026-03-11")))

    assert [] == notes
    assert (Op.UPDATE, "c1", "b1", "Logo") == (
        action.op,
        action.remote_id,
        action.container,
        action.title,
    )
    assert {"f1": "2026-03-11"} == action.base
    assert (
        FieldWrite("deadline", "f1", D2, D1, "2026-03-10", "maya in asana", str(LINE)),
    ) == action.writes


def test_what_waits_is_not_written() -> None:
    """A field that is held, settling or kept stays as it is."""
    place = target((DUE, "2026-03-11"), (TITLE, "Old"), kept=frozenset({"deadline"}))

    assert ["Logo"] == written(record(deadline=D1, title="Logo"), place)


def test_a_field_that_nobody_agreed_on_is_left_alone() -> None:
    """What was never decided is never written."""
    assert [] == written(record(), target((DUE, "2026-03-11")))


NOTES: list[tuple[str, Bound, Raw, Value, str]] = [
    ("read-only", bound(Kind.TEXT, name="title", info={"writable": False}), "Old", "Logo", "Field is read-only there"),
    ("no day_end", bound(Kind.WHEN, Kind.INSTANT, name="deadline"), None, D1, "Field cannot hold a day without day_end in the mapping"),
    ("one of two has no account", PEOPLE, ["u-tom"], frozenset({"tom", "gus"}), "gus has no account there"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "shown", "agreed", "reason"), [n[1:] for n in NOTES], ids=[n[0] for n in NOTES]
)
def test_what_a_system_cannot_hold_is_said(
    field: Bound, shown: Raw, agreed: Value, reason: str
) -> None:
    """It is in the plan, with the record, the system and the reason; and nothing is written."""
    name = field.mapping.field
    wanted = record(**{name: agreed})
    actions, notes = plan(wanted, target((field, shown)))

    assert [] == actions
    assert [("trello", name, reason)] == [(n.connection, n.field, n.reason) for n in notes]


def test_one_without_an_account_keeps_nobody_else_away() -> None:
    """Those who can be shown are written, the other is named."""
    actions, notes = plan(record(assignees=frozenset({"tom", "gus"})), target((PEOPLE, None)))

    assert [["u-tom"]] == [write.raw for action in actions for write in action.writes]
    assert ["gus has no account there"] == [note.reason for note in notes]


LIVES: list[tuple[str, Value, str, frozenset[str], str, list[Op]]] = [
    ("to be archived", "archived", "present", frozenset(), "closed", [Op.ARCHIVE]),
    ("archived already", "archived", "archived", frozenset(), "closed", []),
    ("archiving is not for this system", "archived", "present", frozenset(), "none", []),
    (
        "archived by somebody who may not",
        "present",
        "archived",
        frozenset(),
        "closed",
        [Op.RESTORE],
    ),
    ("... while that waits", "present", "archived", frozenset({"existence"}), "closed", []),
    ("not accepted yet", None, "archived", frozenset(), "closed", []),
]


@pytest.mark.parametrize(
    ("agreed", "shown", "kept", "how", "ops"), [r[1:] for r in LIVES], ids=[r[0] for r in LIVES]
)
def test_whether_it_is_there(
    agreed: Value, shown: str, kept: frozenset[str], how: str, ops: list[Op]
) -> None:
    """Existence is kept in step like any field, and goes before all others."""
    place = target((DUE, "2026-03-11"), existence=shown, kept=kept, archive={"how": how})

    assert ops == [action.op for action in plan(record(agreed, deadline=D1), place)[0]]


def test_an_option_that_stands_for_archived() -> None:
    """The field is named by its id, and back from the archive it says what is agreed."""
    way = {"field": "Field", "option": "Ideas"}
    [away] = plan(record("archived", status="todo"), target((STATUS, "o0"), archive=way))[0]
    [back] = plan(record(status="todo"), target((STATUS, "o2"), existence="archived", archive=way))[
        0
    ]

    assert (Op.ARCHIVE, {"field": "f1", "option": "Ideas"}) == (away.op, away.archive)
    assert (Op.RESTORE, ["o0"]) == (back.op, [write.raw for write in back.writes])


def test_a_new_twin_gets_what_is_agreed() -> None:
    """Filled fields, without what its place says already; in the container that was named."""
    new = Target(
        "trello", mapping_of(DUE, TITLE, template="Master"), LOOKUP, container_of="r_9", level=21,
        bindings={"deadline": DUE, "title": TITLE, "status": STATUS, "labels": LABELS},
        may_create=True, kept=frozenset({"status"}),
    )  # fmt: skip
    [action], notes = plan(record(deadline=D1, title="Logo", status="todo", labels=None), new)

    assert [] == notes
    assert (Op.CREATE, None, "r_9", "Master", 21) == (
        action.op, action.remote_id, action.container_of, action.template, action.level,
    )  # fmt: skip
    assert {"deadline": "2026-03-10", "title": "Logo"} == {w.field: w.raw for w in action.writes}


@pytest.mark.parametrize("agreed", ["archived", None])
def test_no_twin_of_what_is_not_there(agreed: Value) -> None:
    """Nothing is made of a record that is archived or not accepted."""
    new = Target("trello", mapping_of(DUE), LOOKUP, bindings={"deadline": DUE}, may_create=True)

    assert [] == plan(record(agreed, deadline=D1), new)[0]


def test_a_twin_that_is_gone_is_not_made_again() -> None:
    """A link without a view is left alone: deleted, out of scope, or its system is down."""
    gone = Target("trello", mapping_of(DUE), LOOKUP, link=link(), may_create=True)

    assert [] == plan(record(deadline=D1), gone)[0]


@given(order=st.permutations(["asana", "hubspot", "trello"]))
def test_the_order_of_systems_does_not_matter(order: list[str]) -> None:
    """Targets in any order give the same plan, by name."""
    wanted = record(deadline=D1)
    targets = {name: replace(target((DUE, None)), connection=name) for name in order}
    actions, _ = plan_record(wanted, TASK, targets)

    assert ["asana", "hubspot", "trello"] == [action.connection for action in actions]
