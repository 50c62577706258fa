"""Everybody stands in people.yaml once."""

from datetime import date, time

import pytest

from syncer.adapterkit.registry import adapter_names
from tests.settings.agency import Agency
from tests.settings.test_mistakes import PEOPLE, SYNC

TOOLS = set(adapter_names()) - {"google_analytics"}  # nobody has an id in what only counts
OWN = ("away", "deputy", "email", "home", "left", "name", "successor", "zone")
KEYS = ", ".join(sorted([*TOOLS, *OWN, "addresses", "digest", "quiet"]))
HOURS = 'write it like "19:00-08:00", or "none"'
DEAF = "nobody can be told anything there; name a tool that takes comments"
PLAIN = (
    '"addresses" is a secret and must not stand in this file; '
    "write env:NAME or file:PATH, and renew what stood here"
)
UNSET = "the environment variable NOT_SET is not set; set it, or add it to the env file"
FORM = 'apprise\'s documentation lists them; they begin like "slack://" or "mailto://"'
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
        ("away: tomorrow", f":9: not a span of days; {SPAN}"),
        ("away: [2026-07-14..2026-07-01]", f":10: not a span of days; {SPAN}"),
        ("away: {from: 2026-07-14}", ":9: expected text or a list, found keys and values"),
        ("quiet: 8 to 9", f":10: not a span of hours; {HOURS}"),
        ('quiet: "08:00-08:00"', f":10: not a span of hours; {HOURS}"),
        ("digest: 9", ':11: not a time of day; write it like "17:00"'),
        ("deputy: zoe", ':11: "zoe" is not in this file; people: anna, ben, maya, tom'),
        ("deputy: may", ':11: "may" is not in this file; did you mean "maya"?'),
        ("deputy: tom", ":11: somebody cannot be their own deputy; name another"),
        ("home: asna", ':9: there is no system "asna"; did you mean "asana"?'),
        ("home: {bakry: asana}", ':10: there is no client "bakry"; did you mean "bakery"?'),
        ("home: {bakery: trelo}", ':18: there is no system "trelo"; did you mean "trello"?'),
        ("home: {otherwise: analytics}", f":21: analytics only counts: {DEAF}"),
        ("home: google_analytics", f":9: google_analytics only counts: {DEAF}"),
        ("home: [asana]", ":9: expected text or keys and values, found a list"),
        ("addresses: slack://T0/B0/s3cret", f":14: {PLAIN}"),
        ("addresses: [env:TOM, https://x.example/s3cret]", f":24: {PLAIN}"),
        ("addresses: env:NOT_SET", f":14: {UNSET}"),
        ("addresses: env:TRELLO_KEY", f":14: what env:TRELLO_KEY names is no address; {FORM}"),
        ("successor: maya", ':3: "successor" needs "left"; say when they left'),
        ("asana: [1]", ":10: expected text, found a list"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_persons_entry(agency: Agency, new: str, message: str) -> None:
    """Each has its exact message and place."""
    agency.environ["TOM"] = "slack://T0/B0/xyz"
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


@pytest.mark.parametrize(
    ("written", "homes"),
    [
        ("asana", {"*": "asana"}),
        ("memory", {"*": "memory"}),
        ("{bakery: trello, otherwise: asana}", {"bakery": "trello", "*": "asana"}),
        ("{outdoor: hubspot}", {"outdoor": "hubspot"}),
        ("{}", {}),
    ],
    ids=["one", "a tool that is not connected", "by client", "one client's", "none"],
)
def test_a_home_may_differ_by_client(agency: Agency, written: str, homes: dict[str, str]) -> None:
    """One for all clients, or one each and another for the rest."""
    agency.change(PEOPLE, "  trello: tomlindqvist", f"  trello: tomlindqvist\n  home: {written}")

    assert homes == agency.load().people["tom"].homes


def test_how_a_person_is_told(agency: Agency) -> None:
    """Own hours, who answers meanwhile, and addresses that are fetched and never shown."""
    agency.environ |= {"TOM_CHAT": "slack://T0/B0/xyz", "TOM_MAIL": "mailto://tom@b.example"}
    more = (
        "  trello: tomlindqvist\n  quiet: 22:00-07:30\n  digest: 08:15\n  deputy: maya\n"
        "  addresses: [env:TOM_CHAT, env:TOM_MAIL]\n  away: 2026-12-20..2027-01-03"
    )
    agency.change(PEOPLE, "  trello: tomlindqvist", more)
    agency.change(PEOPLE, "  trello: mayaokafor", "  trello: mayaokafor\n  quiet: none")
    people = agency.load().people
    tom = people["tom"]

    assert ((time(22), time(7, 30)), time(8, 15), "maya") == (tom.quiet, tom.digest, tom.deputy)
    assert ("slack://T0/B0/xyz", "mailto://tom@b.example") == tom.addresses
    assert "xyz" not in repr(people)
    assert ((date(2026, 12, 20), date(2027, 1, 3)),) == tom.away
    assert (time(0), time(0)) == people["maya"].quiet  # over at once: never
    assert (None, None, ()) == (people["ben"].quiet, people["ben"].digest, people["ben"].addresses)


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
