"""What raw values mean: a table of kinds, names, dates, people, and whatever may come."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.model.decisions import Bound, Reading
from syncer.model.values import MISSING, Kind, Money
from syncer.reconcile.reading import read
from tests.reconcile.made import BERLIN, LOOKUP, bound, clock, options

STATUS = {"todo": ("To do", "Backlog"), "doing": ("Doing",), "done": ("Done", "Done KW*")}
LISTS = options("Done KW 12", "To do", "BACKLOG ", "Doıng", "Done", "Parked")

TABLE: list[tuple[str, Bound, Any, Any]] = [
    ("text is text", bound(Kind.TEXT), " Hi \r\n", "Hi"),
    ("rich text keeps its first blanks", bound(Kind.RICH_TEXT), "  code\n", "  code"),
    ("a number as text", bound(Kind.TEXT), 42, "42"),
    ("an option shows its name", bound(Kind.TEXT, Kind.ENUMERATION, choices=LISTS), "o4", "Done"),
    ("a tick is true", bound(Kind.BOOLEAN), True, True),
    ("a tick as text", bound(Kind.BOOLEAN, Kind.TEXT), " TRUE", True),
    ("a decimal", bound(Kind.NUMBER), "42.50", Decimal("42.5")),
    ("minus nothing is nothing", bound(Kind.NUMBER), "-0.00", Decimal(0)),
    ("a number of money", bound(Kind.NUMBER, Kind.MONEY), {"amount": "7"}, Decimal(7)),
    ("money", bound(Kind.MONEY), {"amount": "1500.0", "currency": "eur"}, Money(Decimal(1500), "EUR")),
    ("a plain amount", bound(Kind.MONEY, Kind.NUMBER, currency="EUR"), "9", Money(Decimal(9), "EUR")),
    ("money in words", bound(Kind.MONEY, Kind.TEXT), "9.5 chf", Money(Decimal("9.5"), "CHF")),
    ("a person", bound(Kind.PERSON), "u-maya", "maya"),
    ("a person by name", bound(Kind.PERSON, Kind.TEXT), " Maya Moss ", "maya"),
    ("a person among options", bound(Kind.PERSON, Kind.ENUMERATION, choices=options("Tom")), "o0", "tom"),
    ("blank is nobody", bound(Kind.PERSON, Kind.TEXT), "   ", None),
    ("a reference", bound(Kind.REFERENCE), "p1", "r_1"),
    ("a reference by title", bound(Kind.REFERENCE, Kind.TEXT), "spring", "r_2"),
    ("a day", bound(Kind.WHEN), "2026-01-31", date(2026, 1, 31)),
    ("a moment", bound(Kind.WHEN), "2026-01-31T17:00:00.000Z", datetime(2026, 1, 31, 17, tzinfo=UTC)),
    ("a moment on a day", bound(Kind.DATE, Kind.INSTANT, zone=BERLIN), "2026-01-31T23:30:00.000Z", date(2026, 2, 1)),
    ("the end of a day is the day", bound(Kind.WHEN, Kind.INSTANT, day_end=clock(17)), "2026-07-01T16:00:00.000Z", date(2026, 7, 1)),
    ("any other time is a time", bound(Kind.WHEN, Kind.INSTANT, day_end=clock(17)), "2026-07-01T17:00:00.000Z", datetime(2026, 7, 1, 17, tzinfo=UTC)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "raw", "value"), [row[1:] for row in TABLE], ids=[r[0] for r in TABLE]
)
def test_what_a_raw_value_means(field: Bound, raw: Any, value: Any) -> None:
    """Each kind of vendor field is read as the canonical kind that the mapping wants."""
    assert Reading(value) == read(field, raw, LOOKUP)


@pytest.mark.parametrize("raw", [None, "", []])
@pytest.mark.parametrize("kind", list(Kind))
def test_empty_is_empty_in_every_kind(kind: Kind, raw: Any) -> None:
    """All forms of nothing are nothing, whatever a field holds."""
    assert Reading(None) == read(bound(kind), raw, LOOKUP)


NAMES: list[tuple[str, str, str]] = [
    ("the exact name", "To do", "todo"),
    ("another name of the same value", "Backlog", "todo"),
    ("case and white space do not count", "  bAcklOG  ", "todo"),
    ("full-width letters are letters", "Ｄｏｎｅ", "done"),
    ("an asterisk stands for any text", "Done KW 12", "done"),
    ("an exact name goes before an asterisk", "Done KW0", "exact"),
    ("a question mark is a question mark", "Why?", "open"),
    ("brackets are brackets", "[Acme] live", "live"),
    ("but never a class of letters", "A live", "other"),
]


@pytest.mark.parametrize(("name", "value"), [row[1:] for row in NAMES], ids=[r[0] for r in NAMES])
def test_names_of_options(name: str, value: str) -> None:
    """A list's name is compared after NFKC, case and space; only ``*`` is special."""
    values = {**STATUS, "exact": ("Done KW0",), "open": ("Why?",), "live": ("[Acme]*",)}
    field = bound(Kind.ENUMERATION, Kind.TEXT, values=values, otherwise="other")

    assert value == read(field, name, LOOKUP).value


@pytest.mark.parametrize(
    ("otherwise", "value", "problem"),
    [
        ("hold", MISSING, "Field 'Parked' is not in the mapping's values"),
        ("keep", MISSING, ""),
        ("todo", "todo", ""),
    ],
)
def test_a_name_that_no_value_has(otherwise: str, value: Any, problem: str) -> None:
    """It is held, keeps what was agreed, or means the value that the mapping says."""
    field = bound(Kind.ENUMERATION, choices=LISTS, values=STATUS, otherwise=otherwise)

    assert Reading(value, problem) == read(field, "o5", LOOKUP)


UNREADABLE: list[tuple[str, Bound, Any, str]] = [
    ("an option that is gone", bound(Kind.ENUMERATION), "o9", "option 'o9' of Field is unknown"),
    ("a person we do not know", bound(Kind.PERSON), "u-guest", "Guest Gus is not in people.yaml"),
    ("a record we do not know", bound(Kind.REFERENCE), "p9", "project 'p9' is not known here"),
    ("money without a currency", bound(Kind.MONEY), {"amount": "1"}, "Field has no currency; the mapping may state one"),
    ("money without an amount", bound(Kind.MONEY), {"currency": "EUR"}, "it lacks 'amount'"),
    ("an amount of nothing", bound(Kind.MONEY), {"amount": None, "currency": "EUR"}, "not a number: None"),
    ("a number in words", bound(Kind.NUMBER, Kind.TEXT), "1_000", "not a number: '1_000'"),
    ("a number beyond all use", bound(Kind.NUMBER), "1e999999999", "not a usable number: it has too many digits"),
    ("a number finer than all use", bound(Kind.NUMBER), "1e-999999999", "not a usable number: it has too many digits"),
    ("a moment without a zone", bound(Kind.WHEN), "2026-01-31T17:00:00", "an instant needs a zone: '2026-01-31T17:00:00'"),
    ("a moment before time", bound(Kind.WHEN), "0001-01-01T00:00:00+14:00", "date value out of range"),
    ("a list where one is meant", bound(Kind.TEXT), ["a", "b"], "2 values where one is expected"),
    ("a person in a field for text", bound(Kind.TEXT, Kind.PERSON), "u-maya", "Field holds a person, which is no text: 'u-maya'"),
    ("neither true nor false", bound(Kind.BOOLEAN, Kind.TEXT), "perhaps", "neither true nor false: 'perhaps'"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "raw", "problem"), [row[1:] for row in UNREADABLE], ids=[r[0] for r in UNREADABLE]
)
def test_what_cannot_be_read_says_why(field: Bound, raw: Any, problem: str) -> None:
    """A value without a meaning is held with a reason that a person can act on."""
    found = read(field, raw, LOOKUP)

    assert (MISSING, problem) == (found.value, found.problem)


def test_a_set_is_read_as_far_as_it_can_be() -> None:
    """Members that we know count; the others are named, and stay where they are."""
    found = read(bound(Kind.PERSON, many=True), ["u-guest", "u-maya"], LOOKUP)

    assert (
        Reading(
            frozenset({"maya"}),
            "Guest Gus is not in people.yaml",
            ("u-guest",),
            ("Guest Gus <u-guest>",),
        )
        == found
    )


def test_a_member_that_means_keep_is_left_out_of_a_set() -> None:
    """One odd label does not make the whole set unknown."""
    field = bound(
        Kind.TEXT, Kind.ENUMERATION, many=True, choices=options("Urgent", "zzz"),
        values={"urgent": ("Urgent",)}, otherwise="keep",
    )  # fmt: skip

    assert Reading(frozenset({"urgent"}), "", ("o1",)) == read(field, ["o0", "o1"], LOOKUP)


def test_a_stranger_as_the_only_one_shown_is_unreadable() -> None:
    """Where a tool shows one person and we do not know them, nothing is known of the set."""
    found = read(bound(Kind.PERSON, many=True, wire_many=False), "u-guest", LOOKUP)

    assert (
        Reading(MISSING, "Guest Gus is not in people.yaml", ("u-guest",), ("Guest Gus <u-guest>",))
        == found
    )


def test_labels_without_a_name_say_nothing() -> None:
    """A label that is only a colour is no member, and no problem either."""
    field = bound(Kind.TEXT, Kind.ENUMERATION, many=True, choices=options("", "Bug"))

    assert Reading(frozenset({"Bug"})) == read(field, ["o0", "o1"], LOOKUP)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    | st.sampled_from(["2026-01-31", "9999-12-31T23:59:59-12:00", "1e99999", "NaN", "u-maya", "o1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    | st.fixed_dictionaries({"amount": inner, "currency": inner}),
    max_leaves=6,
)  # fmt: skip


@given(
    raw=anything,
    kind=st.sampled_from(list(Kind)),
    wire=st.sampled_from(list(Kind)),
    many=st.booleans(),
    wire_many=st.booleans(),
    values=st.sampled_from([None, STATUS]),
)
def test_reading_never_raises(
    raw: Any, kind: Kind, wire: Kind, many: bool, wire_many: bool, values: Any
) -> None:
    """Any JSON in any field gives a value, or a reason why there is none."""
    field = bound(
        kind, wire, many=many, wire_many=wire_many, choices=LISTS, values=values, day_end=clock(17)
    )
    found = read(field, raw, LOOKUP)

    assert found.value is not MISSING or found.problem or found.leftover
