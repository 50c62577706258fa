"""When people are told, how much, and where ops hear of trouble."""

from datetime import date, time

import pytest

from syncer.model.configuration import HeadsUp
from syncer.model.texts import Balance
from tests.settings.agency import Agency
from tests.settings.test_mistakes import SYNC
from tests.settings.test_people import FORM, HOURS, PLAIN, UNSET

HOOK = "https://chat.example/hooks/s3cret"
DAYS = "mon, tue, wed, thu, fri, sat, sun"


def said(agency: Agency, line: str) -> Agency:
    """Let `notices:` of sync.yaml be these lines."""
    text = (agency.root / SYNC).read_text("utf-8")
    shipped = text[text.index("\nnotices:\n") : text.index("\n\n# Where ops hear")]
    return agency.change(SYNC, shipped, f"\nnotices:\n  {line}")


def test_unless_said(agency: Agency) -> None:
    """Quiet nights, a digest in the morning, five days of work, as shipped; nobody is alerted."""
    shipped = agency.load()
    config = said(agency, "cap: 12").load()

    assert Balance() == shipped.balance == config.balance
    assert ((time(19), time(8)), time(9), 2) == (
        *(config.balance.quiet, config.balance.digest, config.balance.urgent),
    )
    assert () == config.alerts


def test_everything_can_be_said(agency: Agency) -> None:
    """The days of work may begin on any day; holidays are days like others."""
    said(agency, "quiet: 20:30 - 07:00\n  digest: 08:30\n  cap: 3\n  urgent: 1 working day")
    agency.change(SYNC, "  cap: 3", "  cap: 3\n  workdays: [sun, mon, tue, wed, thu]")
    agency.change(SYNC, "  cap: 3", "  cap: 3\n  holidays: [2026-12-25, 2027-01-01]")

    assert agency.load().balance == Balance(
        quiet=(time(20, 30), time(7)),
        digest=time(8, 30),
        cap=3,
        urgent=1,
        workdays=frozenset({6, 0, 1, 2, 3}),
        holidays=frozenset({date(2026, 12, 25), date(2027, 1, 1)}),
    )


def test_no_hour_need_be_quiet(agency: Agency) -> None:
    """`none` is a word of the file, and no hours are the model's."""
    assert said(agency, "quiet: none").load().balance.quiet is None


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("quiet: 19-8", f":10: not a span of hours; {HOURS}"),
        ("quiet: 24:00-08:00", f":10: not a span of hours; {HOURS}"),
        ("quiet: ~", f":10: not a span of hours; {HOURS}"),
        ("digest: 9am", ':11: not a time of day; write it like "17:00"'),
        ("cap: -1", ":8: should be greater than or equal to 0"),
        ("cap: many", ":8: expected a whole number, found text"),
        ("urgent: 2 days", ':11: not a term; write it like "3 working days"'),
        ("workdays: [monday]", f':14: must be one of {DAYS}; did you mean "mon"?'),
        ("workdays: [dienstag]", f":14: must be one of {DAYS}"),
        ("workdays: []", ":13: must not be empty"),
        ("holidays: [25 December]", ':14: not a day; write it like "2026-01-31"'),
        ("quite: none", ':3: unknown key "quite"; did you mean "quiet"?'),
    ],
    ids=lambda value: value.split(":")[0] if value[0] != ":" else "",
)
def test_a_mistake_in_notices(agency: Agency, line: str, message: str) -> None:
    """Each has its exact message and place."""
    said(agency, line)

    assert [f"{SYNC}:{agency.line(SYNC, line)}{message}"] == agency.problems()


@pytest.mark.parametrize("written", ["env:OPS", "[env:OPS]"])
def test_ops_have_addresses(agency: Agency, written: str) -> None:
    """One or a list, fetched from where they are; never shown."""
    agency.environ["OPS"] = HOOK
    config = agency.change(SYNC, "\nlimits:", f"\nalerts: {written}\n\nlimits:").load()

    assert (HOOK,) == config.alerts
    assert "s3cret" not in repr(config)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("env:NOT_SET", f":9: {UNSET}"),
        ("[env:OPS, env:NOT_SET]", f":19: {UNSET}"),
        ("env:TRELLO_KEY", f":9: what env:TRELLO_KEY names is no address; {FORM}"),
        ("{a: b}", ":9: expected text or a list, found keys and values"),
        (
            HOOK,
            f":9: {PLAIN.replace('addresses', 'alerts')}",
        ),
    ],
    ids=["not set", "the second", "no address", "keys", "plain"],
)
def test_a_mistake_in_alerts(agency: Agency, written: str, message: str) -> None:
    """An address is a secret: it stands elsewhere, and no message repeats it."""
    agency.environ["OPS"] = HOOK
    agency.change(SYNC, "\nlimits:", f"\nalerts: {written}\n\nlimits:")

    assert [f"{SYNC}:{agency.line(SYNC, 'alerts:')}{message}"] == agency.problems()


@pytest.mark.parametrize("choice", HeadsUp)
def test_what_becomes_of_held_edits_is_a_choice_of_three(agency: Agency, choice: HeadsUp) -> None:
    """People are told in their tools, or only the list knows, with or without putting back."""
    assert (
        choice is agency.change(SYNC, "heads_up: in-tools", f"heads_up: {choice}").load().heads_up
    )


def test_a_role_is_not_at_home_where_nobody_can_be_told(agency: Agency) -> None:
    """What only counts takes no comments."""
    own = "config/ownership.yaml"
    agency.change(own, "home: hubspot", "home: analytics")

    expected = (
        f"{own}:{agency.line(own, 'home: analytics')}:48: analytics only counts: nobody can be"
        " told anything there; name a tool that takes comments"
    )
    assert [expected] == agency.problems()
