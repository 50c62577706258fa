"""Everybody stands in people.yaml once."""

from datetime import date

import pytest

from syncer.adapterkit.registry import adapter_names
from tests.settings.agency import Agency
from tests.settings.test_mistakes import PEOPLE, SYNC

TOOLS = set(adapter_names()) - {"google_analytics"}  # nobody has an id in what only counts
KEYS = ", ".join(sorted([*TOOLS, "away", "email", "left", "name", "successor", "zone"]))
SPAN = 'write it like "2026-07-01 to 2026-07-14"'


def test_two_people_with_one_address(agency: Agency) -> None:
    """The second is named with the place of the first; upper case is no difference."""
    agency.change(PEOPLE, "email: anna@", "email: Maya@")
    first = agency.line(PEOPLE, "maya@brightside")

    expected = (
        f"{PEOPLE}:{agency.line(PEOPLE, 'Maya@')}:10: anna has the same e-mail address"
        f' "Maya@brightside.example" as maya; maya\'s is at {PEOPLE}:{first}:10;'
        " a person stands here once"
    )
    assert [expected] == agency.problems()


def test_two_people_with_one_account(agency: Agency) -> None:
    """An id of a tool belongs to one person; both lines are named."""
    agency.change(PEOPLE, "trello: tomlindqvist", "trello: mayaokafor")
    first = agency.line(PEOPLE, "trello: mayaokafor")

    expected = (
        f"{PEOPLE}:{first + 5}:11: tom has the same trello id as maya; "
        f"maya's is at {PEOPLE}:{first}:11; a person stands here once"
    )
    assert [expected] == agency.problems()


def test_an_id_that_is_anothers_address(agency: Agency) -> None:
    """Who is found by address in a tool is not found there by another's id."""
    agency.change(
        PEOPLE, "  trello: tomlindqvist", "  trello: tomlindqvist\n  asana: ben@brightside.example"
    )
    [problem] = agency.problems()

    assert "ben has the same e-mail address" in problem


def test_the_same_id_in_two_accounts_is_no_fault(agency: Agency) -> None:
    """User 12 of one account and user 12 of another are two people."""
    agency.change(
        SYNC,
        "  asana:\n    adapter: asana",
        "  north:\n    adapter: hubspot\n    token: env:HUBSPOT_TOKEN\n  asana:\n    adapter: asana",
    )
    agency.change(PEOPLE, "trello: mayaokafor", "trello: mayaokafor\n  hubspot: 12\n  north: 11")
    agency.change(
        PEOPLE, "trello: tomlindqvist", "trello: tomlindqvist\n  north: 12\n  hubspot: 13"
    )

    assert [] == agency.problems()


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("slack: U12", f':3: unknown key "slack"; known keys: {KEYS}'),
        ("emial: x@y.example", ':3: unknown key "emial"; did you mean "email"?'),
        ("left: tomorrow", ':9: not a day; write it like "2026-01-31"'),
        ("away: [2026-07-14 to 2026-07-01]", f":10: not a span of days; {SPAN}"),
        ("away: 2026-07-01", ":9: expected a list, found text"),
        ("successor: maya", ':3: "successor" needs "left"; say when they left'),
        ("asana: [1]", ":10: expected text, found a list"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_persons_entry(agency: Agency, new: str, message: str) -> None:
    """Each has its exact message and place."""
    agency.change(PEOPLE, "  trello: tomlindqvist", f"  trello: tomlindqvist\n  {new}")

    assert [f"{PEOPLE}:{agency.line(PEOPLE, new)}{message}"] == agency.problems()


@pytest.mark.parametrize(
    ("who", "message"),
    [
        ("nina", '"nina" is not in this file; add them'),
        ("tom", "somebody cannot follow themselves; name another"),
    ],
)
def test_a_successor_is_somebody_else(agency: Agency, who: str, message: str) -> None:
    """Whoever takes over stands in the file and is not the leaver."""
    more = f"  trello: tomlindqvist\n  left: 2026-09-30\n  successor: {who}"
    agency.change(PEOPLE, "  trello: tomlindqvist", more)

    assert [
        f"{PEOPLE}:{agency.line(PEOPLE, 'successor: ' + who)}:14: {message}"
    ] == agency.problems()


def test_a_person_is_as_they_are_written(agency: Agency) -> None:
    """Ids by connection or system, absences, leaving and the place of the entry."""
    more = (
        "  trello: tomlindqvist\n  asana: 0012\n  away: [2026-07-01 to 2026-07-14, 2026-08-03]\n"
        "  left: 2026-09-30\n  successor: maya"
    )
    agency.change(PEOPLE, "  trello: tomlindqvist", more)
    tom = agency.load().people["tom"]

    assert {"trello": "tomlindqvist", "asana": "0012"} == tom.ids
    july = (date(2026, 7, 1), date(2026, 7, 14))
    assert (july, (date(2026, 8, 3), date(2026, 8, 3))) == tom.away
    assert (date(2026, 9, 30), "maya") == (tom.left, tom.successor)
    assert f"{PEOPLE}:{agency.line(PEOPLE, 'tom:')}" == str(tom.source)
