"""What counts as an edit, and the steps that people took."""

from datetime import UTC, datetime
from typing import Any

import pytest

from syncer.model.decisions import Bound, Editor, Step
from syncer.model.decisions import Change as Difference
from syncer.model.records import LinkField
from syncer.model.remote import Change, Raw
from syncer.model.values import MISSING, Kind
from syncer.reconcile.merge import compare, editor, steps, unattributed
from tests.reconcile.made import (
    D1,
    D2,
    D3,
    LOOKUP,
    bound,
    minutes,
    options,
    remembered,
    view_of,
)

DUE = bound(Kind.WHEN)
STATUS = bound(
    Kind.ENUMERATION, choices=options("To do", "Backlog", "Done", "Ideas"),
    values={"todo": ("To do", "Backlog"), "done": ("Done",)}, otherwise="hold",
)  # fmt: skip
KEEPS = bound(
    Kind.ENUMERATION, choices=STATUS.options, values={"todo": ("To do",), "done": ("Done",)},
    otherwise="keep",
)  # fmt: skip
PEOPLE = bound(Kind.PERSON, many=True)

TABLE: list[tuple[str, Bound, LinkField | None, Raw, Difference]] = [
    ("never seen", DUE, None, "2026-03-10", Difference.NEW),
    ("known, but never decided on", DUE, LinkField(shown="x"), "2026-03-10", Difference.NEW),
    ("as it was", DUE, remembered(DUE, "2026-03-10"), "2026-03-10", Difference.SAME),
    ("another value", DUE, remembered(DUE, "2026-03-10"), "2026-03-11", Difference.EDITED),
    ("emptied", DUE, remembered(DUE, "2026-03-10"), None, Difference.EDITED),
    ("all forms of nothing are one", DUE, remembered(DUE, None), "", Difference.SAME),
    ("another list of the same meaning", STATUS, remembered(STATUS, "o0"), "o1", Difference.SAME),
    ("another list", STATUS, remembered(STATUS, "o0"), "o2", Difference.EDITED),
    ("a list that means nothing", STATUS, remembered(STATUS, "o0"), "o3", Difference.UNREADABLE),
    ("a list that means: keep", KEEPS, remembered(KEEPS, "o0"), "o3", Difference.KEPT),
    ("the mapping reads it differently", STATUS, LinkField(seen="o0", read="done"), "o0", Difference.REMAPPED),
    ("the mapping reads it now", STATUS, LinkField(seen="o0"), "o0", Difference.SAME),
    ("out of a list that meant nothing", STATUS, remembered(STATUS, "o3"), "o2", Difference.EDITED),
    ("a stranger joins", PEOPLE, remembered(PEOPLE, ["u-tom"]), ["u-guest", "u-tom"], Difference.SAME),
    ("back to what we once wrote", DUE, remembered(DUE, "2026-03-11", asked="2026-03-10", got="2026-03-10"), "2026-03-10", Difference.EDITED),
]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "seen", "raw", "expected"), [r[1:] for r in TABLE], ids=[r[0] for r in TABLE]
)
def test_how_a_field_stands(
    field: Bound, seen: LinkField | None, raw: Raw, expected: Difference
) -> None:
    """An edit is a raw value that is not what was last decided on, and means something else."""
    assert expected is compare(seen, view_of(field, raw))


def entry(by: str | None, new: Any, at: float | None = 0, **more: Any) -> Change:
    """An entry about the due date."""
    when = None if at is None else minutes(at)
    return Change("card", "c1", "f1", when, by and f"u-{by}", key=f"k{at}", new=new, **more)


def who_set_what(found: tuple[Step, ...]) -> list[tuple[str | None, Any, Any]]:
    """Each step as (person, old, new)."""
    return [(step.editor.person, step.old, step.value) for step in found]


def test_a_chain_in_one_tool() -> None:
    """Every change since the last verdict, with who made it and what it replaced."""
    entries = [entry("tom", "2026-03-11"), entry("anna", "2026-03-12", 1)]
    now = view_of(DUE, "2026-03-12")
    found = steps(now, "asana", entries, remembered(DUE, "2026-03-10"), D1, LOOKUP)

    assert [("tom", D1, D2), ("anna", D2, D3)] == who_set_what(found)
    assert ["k0", "k1"] == [step.key for step in found]


def test_a_value_that_is_not_told_is_what_is_shown() -> None:
    """Only the last entry stands for what is shown; what came before it nobody can say."""
    entries = [entry("tom", MISSING), entry("anna", MISSING, 1)]
    found = steps(
        view_of(DUE, "2026-03-12"), "asana", entries, remembered(DUE, "2026-03-10"), D1, LOOKUP
    )

    assert [("tom", D1, MISSING), ("anna", MISSING, D3)] == who_set_what(found)


def test_a_chain_of_days_keeps_the_time_of_day() -> None:
    """Each new day in a tool for days carries the agreed time on."""
    field = bound(Kind.WHEN, Kind.DATE)
    agreed = datetime(2026, 3, 10, 14, tzinfo=UTC)
    entries = [entry("tom", "2026-03-11"), entry("anna", "2026-03-12", 1)]
    found = steps(
        view_of(field, "2026-03-12"),
        "hubspot",
        entries,
        remembered(field, "2026-03-10"),
        agreed,
        LOOKUP,
    )

    assert [agreed.replace(day=11), agreed.replace(day=12)] == [step.value for step in found]


def test_a_chain_of_members_adds_up() -> None:
    """Who came in one step is still there in the next, and who came elsewhere stays."""
    entries = [entry("tom", ["u-ben", "u-tom"]), entry("anna", ["u-ben"], 1)]
    agreed = frozenset({"tom", "zoe"})
    found = steps(
        view_of(PEOPLE, ["u-ben"]), "trello", entries, remembered(PEOPLE, ["u-tom"]), agreed, LOOKUP
    )

    assert [{"tom", "zoe", "ben"}, {"zoe", "ben"}] == [step.value for step in found]


def test_a_missing_time_is_the_start_of_the_window() -> None:
    """An entry without a time counts as early as it can have been."""
    found = steps(
        view_of(DUE, "2026-03-11"),
        "asana",
        [entry("tom", "2026-03-11", None)],
        None,
        D1,
        LOOKUP,
        minutes(-9),
    )

    assert [minutes(-9)] == [step.at for step in found]


def test_where_no_author_is_kept_nobody_did_it() -> None:
    """Nobody is guessed, least of all ourselves."""
    found = unattributed(
        view_of(DUE, "2026-03-11"), "asana", remembered(DUE, "2026-03-10"), D1, LOOKUP, minutes(3)
    )

    assert Step(D2, "asana", Editor(), minutes(3), D1) == found


@pytest.mark.parametrize(
    ("by", "automation", "expected"),
    [
        ("u-maya", None, Editor("maya", None, "maya")),
        ("u-guest", None, Editor(None, None, "Guest Gus")),
        ("u-9", None, Editor(None, None, "u-9")),
        (None, "Butler", Editor(None, "Butler", "Butler")),
        ("u-maya", "Butler", Editor(None, "Butler", "Butler")),
        (None, None, Editor()),
    ],
)
def test_who_an_entry_names(by: str | None, automation: str | None, expected: Editor) -> None:
    """A person we know, a stranger by the name shown, a robot also on a person's account."""
    found = Change("card", "c1", "f1", None, by=by, automation=automation)

    assert expected == editor(found, LOOKUP)
