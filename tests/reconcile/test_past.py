"""What was agreed at a moment of the past, and where nothing says what it was."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from syncer.model.agreements import Agreed, Agreement
from syncer.model.records import JournalEntry, Proposal, ProposalStatus, Record
from syncer.model.values import MISSING, FieldType, Kind, Value
from syncer.reconcile.past import agreed_then, open_then

BEGAN = datetime(2026, 11, 1, 9, tzinfo=UTC)
WHEN = FieldType(Kind.WHEN)


def at(days: float) -> datetime:
    """So many days after everything began."""
    return BEGAN + timedelta(days=days)


def day(number: int) -> date:
    """A value."""
    return date(2026, 12, number)


def agreement(days: float | None, value: Value, field: str = "deadline") -> Agreement:
    """A value that was kept when it was agreed."""
    when = at(days) if days is not None else None
    return Agreement("acme", "r_1", "task", field, value, "tom", "producer", "one", when, "rule:1")


def edit(days: float, old: str | None, new: str | None, outcome: str = "taken") -> JournalEntry:
    """An edit as the journal has it."""
    return JournalEntry(
        "acme", at(days), "edit", record="r_1", entity="task", field="deadline", connection="one",
        editor="tom", role="producer", old=old, new=new, outcome=outcome, rule="rule:1",
    )  # fmt: skip


def asked(days: float, closed: float | None, status: ProposalStatus) -> Proposal:
    """A proposal for the 9th."""
    return Proposal(
        f"p_{days}", "acme", "r_1", "task", "deadline", "anna", "two", day(9), day(1), "rule:1",
        at(days), at(days), closed_at=at(closed) if closed is not None else None, status=status,
        closed_by="maya",
    )  # fmt: skip


MET = JournalEntry("acme", at(0), "first_contact", record="r_1", outcome="met")
NOW = Agreed(day(5), "tom", "producer", "one", at(10), "rule:1")
TOLD = [
    ("it stands since before", 11, [], [], [], day(5)),
    ("the very moment counts", 10, [], [], [], day(5)),
    ("an agreement is kept", 6, [agreement(2, day(2)), agreement(5, day(3))], [], [], day(3)),
    ("between two agreements", 4, [agreement(2, day(2)), agreement(5, day(3))], [], [], day(2)),
    ("one that nobody knows the time of", 1, [agreement(None, day(1)), agreement(5, day(3))], [], [], day(1)),
    ("of another field", 6, [agreement(2, day(2), "start")], [MET], [], None),
    ("the journal tells an edit", 6, [], [edit(3, "2026-12-01", "2026-12-04")], [], day(4)),
    ("one that did not count", 6, [], [edit(3, "2026-12-01", "2026-12-04", "proposed")], [], None),
    ("one of another type then", 6, [], [edit(3, None, "soon")], [], None),
    ("emptied", 6, [], [edit(3, "2026-12-01", None)], [], "empty"),
    ("what another took the place of", 6, [], [MET, replace(edit(8, "2026-12-03", "2026-12-05"), kind="verdict")], [], day(3)),
    ("approved", 6, [], [], [asked(3, 4, ProposalStatus.ACCEPTED)], day(9)),
    ("not approved yet", 3.5, [], [MET], [asked(3, 4, ProposalStatus.ACCEPTED)], None),
    ("declined", 6, [], [], [asked(3, 4, ProposalStatus.DECLINED)], None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("moment", "kept", "journal", "proposals", "value"),
    [case[1:] for case in TOLD],
    ids=[case[0] for case in TOLD],
)
def test_what_was_agreed_then(
    moment: float,
    kept: list[Agreement],
    journal: list[JournalEntry],
    proposals: list[Proposal],
    value: Value,
) -> None:
    """The last agreement before a moment, from wherever it is kept; nothing is guessed."""
    record = Record("r_1", "acme", "task", {"deadline": NOW})
    found = agreed_then(record, "deadline", WHEN, at(moment), kept, journal, proposals)

    assert (found.agreed is None) == (value is None)
    assert found.agreed is None or found.agreed.value == (None if value == "empty" else value)


def test_where_nothing_says_it_is_said_how_far_back_anything_does() -> None:
    """When the first agreement that is known was made, what was shown until then, or nothing yet."""
    record = Record("r_1", "acme", "task", {"deadline": NOW})
    journal = [MET, edit(3, "2026-12-01", "2026-12-04")]
    told = [agreed_then(record, "deadline", WHEN, at(d), [], journal, []) for d in (1, -1)]
    without = agreed_then(record, "deadline", WHEN, at(1), [], [MET], [])

    assert [(at(3), day(1), False), (at(3), day(1), True)] == [
        (one.first, one.shown, one.unmet) for one in told
    ]
    assert (None, at(10), MISSING) == (without.agreed, without.first, without.shown)


def test_what_was_open_then() -> None:
    """A proposal is open from when it was made until right before it ended."""
    ended, waits = asked(1, 4, ProposalStatus.DECLINED), asked(3, None, ProposalStatus.OPEN)
    found = {d: open_then([waits, ended], at(d)) for d in (0.5, 1, 3.5, 4, 9)}

    assert {0.5: [], 1: [ended], 3.5: [ended, waits], 4: [waits], 9: [waits]} == found
