"""How systems show what is agreed: the inverse of reading, for every pair of kinds."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from syncer.model.decisions import Bound
from syncer.model.remote import Option, Raw
from syncer.model.values import MISSING, FieldType, Kind, Money, Value, is_day, normalise
from syncer.reconcile.days import on_day
from syncer.reconcile.expressing import Expression, NotExpressible, as_shown, express
from syncer.reconcile.reading import read
from tests.reconcile.made import BERLIN, LONDON, LOOKUP, PEOPLE, TITLES, bound, clock, options

DAY_END = clock(17)
STATUS = {"todo": ("To do", "Backlog"), "doing": ("Doing",), "done": ("Done*", "Done")}
LISTS = options("To do", "Backlog", "Doing", "Done", "Done KW 12")
LABELS = options("Bug", "bug", " Urgent", "Größe")
TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=12)

texts = TEXTS
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
amounts = st.decimals(-(10**12), 10**12, places=4, allow_nan=False)
people = st.sampled_from(PEOPLE)
records = st.sampled_from(sorted(TITLES))
statuses = st.sampled_from(sorted(STATUS))
labels = st.sampled_from(["Bug", "bug", "Urgent", "Größe"])

PAIRS: dict[str, tuple[Bound, st.SearchStrategy[Any]]] = {
    "text in text": (bound(Kind.TEXT), texts),
    "text in rich text": (bound(Kind.TEXT, Kind.RICH_TEXT), texts),
    "text in options": (bound(Kind.TEXT, Kind.ENUMERATION, choices=LABELS), labels),
    "rich text in rich text": (bound(Kind.RICH_TEXT), texts),
    "rich text in text": (bound(Kind.RICH_TEXT, Kind.TEXT), texts),
    "day in day": (bound(Kind.DATE), days),
    "day in when": (bound(Kind.DATE, Kind.WHEN), days),
    "day in moment": (bound(Kind.DATE, Kind.INSTANT, day_end=DAY_END), days),
    "day in text": (bound(Kind.DATE, Kind.TEXT), days),
    "moment in moment": (bound(Kind.INSTANT), moments),
    "moment in when": (bound(Kind.INSTANT, Kind.WHEN), moments),
    "moment in text": (bound(Kind.INSTANT, Kind.TEXT), moments),
    "when in when": (bound(Kind.WHEN), days | moments),
    "when in text": (bound(Kind.WHEN, Kind.TEXT), days | moments),
    "when in moment": (bound(Kind.WHEN, Kind.INSTANT, day_end=DAY_END, zone=BERLIN), days | moments),
    "number in number": (bound(Kind.NUMBER), amounts),
    "number in text": (bound(Kind.NUMBER, Kind.TEXT), amounts),
    "number in money": (bound(Kind.NUMBER, Kind.MONEY, currency="EUR"), amounts),
    "money in money": (bound(Kind.MONEY), st.builds(Money, amounts, st.sampled_from(["EUR", "CHF"]))),
    "money in number": (bound(Kind.MONEY, Kind.NUMBER, currency="eur"), st.builds(Money, amounts, st.just("EUR"))),
    "money in text": (bound(Kind.MONEY, Kind.TEXT), st.builds(Money, amounts, st.just("EUR"))),
    "status in options": (bound(Kind.ENUMERATION, choices=LISTS, values=STATUS), statuses),
    "status in text": (bound(Kind.ENUMERATION, Kind.TEXT, values=STATUS), statuses),
    "status in a tick": (bound(Kind.ENUMERATION, Kind.BOOLEAN, values={"done": ("true",), "todo": ("false",)}), st.sampled_from(["done", "todo"])),
    "any name in options": (bound(Kind.ENUMERATION, choices=LISTS), st.sampled_from([o.name for o in LISTS])),
    "person in person": (bound(Kind.PERSON), people),
    "person in text": (bound(Kind.PERSON, Kind.TEXT), people),
    "person in options": (bound(Kind.PERSON, Kind.ENUMERATION, choices=options(*PEOPLE[1:], "Maya Moss")), people),
    "reference in reference": (bound(Kind.REFERENCE), records),
    "reference in text": (bound(Kind.REFERENCE, Kind.TEXT), records),
    "reference in options": (bound(Kind.REFERENCE, Kind.ENUMERATION, choices=options(*TITLES.values())), records),
    "yes in a tick": (bound(Kind.BOOLEAN), st.booleans()),
    "yes in text": (bound(Kind.BOOLEAN, Kind.TEXT), st.booleans()),
    "yes in options": (bound(Kind.BOOLEAN, Kind.ENUMERATION, choices=options("Yes", "No"), values={"true": ("Yes",), "false": ("No",)}), st.booleans()),
    "labels in labels": (bound(Kind.TEXT, Kind.ENUMERATION, many=True, choices=LABELS), st.frozensets(labels)),
    "labels in tags": (bound(Kind.TEXT, many=True), st.frozensets(texts, max_size=3)),
    "people in people": (bound(Kind.PERSON, many=True), st.frozensets(people)),
    "references in references": (bound(Kind.REFERENCE, many=True), st.frozensets(records)),
    "statuses in options": (bound(Kind.ENUMERATION, many=True, choices=LISTS, values=STATUS), st.frozensets(statuses)),
}  # fmt: skip
"""Every canonical kind in every wire kind that can hold all of it."""


@pytest.mark.parametrize("pair", PAIRS)
@settings(max_examples=40)
@given(data=st.data())
def test_what_is_written_is_read_again(pair: str, data: st.DataObject) -> None:
    """A value survives the way into a system and back, in each field that can hold it."""
    field, values = PAIRS[pair]
    value = normalise(field.type, data.draw(values))
    written = express(field, value, MISSING, LOOKUP)
    shown = read(field, written.raw, LOOKUP).value

    assert not written.cut
    assert not written.unsaid
    assert same_moment(field, value, shown)


def same_moment(field: Bound, value: Value, shown: Any) -> bool:
    """Equal; or the very moment that this mapping says stands for the whole day."""
    if is_day(shown) and not is_day(value) and field.mapping.day_end:
        return on_day(shown, field.mapping.day_end, field.zone) == value
    return bool(value == shown)


@pytest.mark.parametrize("pair", PAIRS)
@settings(max_examples=40)
@given(data=st.data())
def test_what_is_already_there_is_left_alone(pair: str, data: st.DataObject) -> None:
    """What a system shows is written back byte for byte, in whatever form it shows it."""
    field, values = PAIRS[pair]
    raw = data.draw(dressed(field, values))
    value = read(field, raw, LOOKUP).value
    assume(value is not MISSING)
    written = express(field, value, raw, LOOKUP)

    assert (raw, repr(raw)) == (written.raw, repr(written.raw))


@st.composite
def dressed(draw: st.DrawFn, field: Bound, values: st.SearchStrategy[Any]) -> Raw:
    """A raw value of this field, in a form that a vendor or a person might have given it."""
    value = normalise(field.type, draw(values))
    raw: Any = express(field, value, MISSING, LOOKUP).raw
    if isinstance(raw, str) and field.info.type.kind in (Kind.TEXT, Kind.RICH_TEXT):
        return (
            draw(st.sampled_from(["", "\n", "  \n"]))
            + raw
            + draw(st.sampled_from(["", "  ", "\r\n"]))
        )
    if isinstance(raw, str) and field.info.type.kind is Kind.NUMBER:
        return raw + (draw(st.sampled_from(["", "0", "000"])) if "." in raw else "")
    if isinstance(raw, str) and raw.endswith("Z"):
        return draw(st.sampled_from([raw, raw.replace("Z", "+00:00")]))
    if isinstance(raw, list):
        strange = draw(st.lists(st.sampled_from(["?1", "?2"]), unique=True))
        return draw(st.permutations(raw + strange))
    return raw


@given(day=days, zone=st.sampled_from([LONDON, BERLIN]))
def test_the_end_of_a_day_returns_byte_for_byte(day: date, zone: Any) -> None:
    """A due date at ``day_end`` is read as a day, and written as the very same moment."""
    field = bound(Kind.WHEN, Kind.INSTANT, day_end=DAY_END, zone=zone)
    raw = express(field, day, MISSING, LOOKUP).raw
    shown = read(field, raw, LOOKUP).value

    assert day == shown
    assert raw == express(field, day, MISSING, LOOKUP).raw


COARSE: list[tuple[str, Bound, Value, Raw]] = [
    ("a fraction is rounded to even", bound(Kind.NUMBER, info={"precision": 0}), Decimal("42.5"), "42"),
    ("cents", bound(Kind.MONEY, info={"precision": 2}), Money(Decimal("9.999"), "EUR"), {"amount": "10", "currency": "EUR"}),
    ("a moment on a day", bound(Kind.WHEN, Kind.DATE, zone=BERLIN), datetime(2026, 1, 31, 23, 30, tzinfo=UTC), "2026-02-01"),
    ("a long text is cut", bound(Kind.TEXT, info={"max_length": 5}), "abcdefg", "abcd…"),
    ("the first name is written", bound(Kind.ENUMERATION, choices=LISTS, values=STATUS), "todo", "o0"),
    ("never one with an asterisk", bound(Kind.ENUMERATION, choices=LISTS, values=STATUS), "done", "o3"),
    ("the exact name of two alike", bound(Kind.TEXT, Kind.ENUMERATION, choices=LABELS), "bug", "o1"),
    ("a new option by name", bound(Kind.TEXT, Kind.ENUMERATION, info={"extensible": True}), "New", {"name": "New"}),
    ("the first person of several", bound(Kind.PERSON, many=True, wire_many=False), frozenset({"tom", "ben"}), "u-ben"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "raw"), [r[1:] for r in COARSE], ids=[r[0] for r in COARSE]
)
def test_what_a_coarser_system_shows(field: Bound, value: Value, raw: Raw) -> None:
    """A system that can show less shows as much as it can."""
    assert raw == express(field, value, MISSING, LOOKUP).raw


UNSAYABLE: list[tuple[str, Bound, Value, str]] = [
    ("a day without day_end", bound(Kind.WHEN, Kind.INSTANT), date(2026, 1, 1), "Field cannot hold a day without day_end in the mapping"),
    ("another currency", bound(Kind.MONEY, Kind.NUMBER, currency="EUR"), Money(Decimal(1), "USD"), "Field holds EUR, not USD"),
    ("an option that is not there", bound(Kind.ENUMERATION, choices=LISTS), "review", "Field has no option 'review'"),
    ("a value without a name", bound(Kind.ENUMERATION, choices=LISTS, values=STATUS), "review", "the mapping names no Field for 'review'"),
    ("someone without an account", bound(Kind.PERSON), "gus", "gus has no account there"),
    ("a twin that is not made yet", bound(Kind.REFERENCE), "r_9", "its twin is not there yet"),
    ("a text in a field for people", bound(Kind.TEXT, Kind.PERSON), "maya", "Field holds a person, not a text"),
    ("a word in a tick", bound(Kind.TEXT, Kind.BOOLEAN), "perhaps", "Field is true or false, not 'perhaps'"),
    ("a word in a number", bound(Kind.TEXT, Kind.NUMBER), "many", "not a number: 'many'"),
    ("a word in a date", bound(Kind.TEXT, Kind.DATE), "soon", "not a date: 'soon'"),
    ("a date that would be cut", bound(Kind.DATE, Kind.TEXT, info={"max_length": 8}), date(2026, 1, 1), "Field holds 8 characters only"),
    ("a moment at the end of time", bound(Kind.WHEN, Kind.DATE, zone=BERLIN), datetime(9999, 12, 31, 23, 30, tzinfo=UTC), "Field cannot hold anything as large"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "why"), [r[1:] for r in UNSAYABLE], ids=[r[0] for r in UNSAYABLE]
)
def test_what_cannot_be_said_says_why(field: Bound, value: Value, why: str) -> None:
    """``plan`` tells what a system cannot hold, in words."""
    with pytest.raises(NotExpressible, match=f"^{why}$".replace("(", r"\(")):
        express(field, value, MISSING, LOOKUP)


@pytest.mark.parametrize("wire", list(Kind))
@pytest.mark.parametrize("kind", list(Kind))
@settings(max_examples=10)
@given(data=st.data())
def test_every_pair_is_written_or_explained(kind: Kind, wire: Kind, data: st.DataObject) -> None:
    """Any value in any field is written, or there is a reason; nothing else is raised."""
    field = bound(
        kind, wire, choices=LISTS, day_end=DAY_END, info={"precision": 2, "max_length": 9}
    )
    value = normalise(FieldType(kind), data.draw(_ANY[kind]))
    written: Expression | NotExpressible
    try:
        written = express(field, value, MISSING, LOOKUP)
    except NotExpressible as reason:
        written = reason

    assert isinstance(written, Expression) or str(written)


_ANY: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: texts, Kind.RICH_TEXT: texts, Kind.DATE: st.dates(), Kind.INSTANT: moments,
    Kind.WHEN: st.dates() | st.datetimes(timezones=st.just(UTC)), Kind.ENUMERATION: texts,
    Kind.NUMBER: st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40),
    Kind.MONEY: st.builds(Money, st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40), st.just("EUR")),
    Kind.PERSON: people, Kind.REFERENCE: records, Kind.BOOLEAN: st.booleans(),
}  # fmt: skip


def test_an_option_that_people_put_away_is_not_chosen() -> None:
    """An archived list is still read, but nothing is moved into it."""
    old, new = Option("a", "Doing", active=False), Option("b", "doing")
    field = bound(Kind.ENUMERATION, choices=(old, new), values=STATUS)

    assert "doing" == read(field, "a", LOOKUP).value
    assert "b" == express(field, "doing", MISSING, LOOKUP).raw


def test_a_coarser_tool_shows_a_coarser_value() -> None:
    """``as_shown`` says what would be read; what cannot be said counts as the value itself."""
    whole = bound(Kind.NUMBER, info={"precision": 0})

    assert Decimal(42) == as_shown(whole, Decimal("42.4"), MISSING, LOOKUP)
    assert date(2026, 1, 1) == as_shown(
        bound(Kind.WHEN, Kind.INSTANT), date(2026, 1, 1), MISSING, LOOKUP
    )
