"""Finer survives coarser: an edit changes only what its tool can show."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.model.decisions import Bound
from syncer.model.values import MISSING, Kind, Seen, Value
from syncer.reconcile.absorbing import absorb
from syncer.reconcile.expressing import as_shown
from tests.reconcile.made import BERLIN, D1, D2, LOOKUP, bound, clock

TEN = datetime(2026, 3, 10, 9, tzinfo=UTC)
"""Ten o'clock in Berlin on D1."""

DAYS = bound(Kind.WHEN, Kind.DATE, zone=BERLIN)
ENDS = bound(Kind.WHEN, Kind.INSTANT, zone=BERLIN, day_end=clock(10))
POINTS = bound(Kind.INSTANT, Kind.DATE, zone=BERLIN)
WHOLE = bound(Kind.NUMBER, info={"precision": 0})
SHORT = bound(Kind.RICH_TEXT, info={"max_length": 6})
ONE = bound(Kind.PERSON, many=True, wire_many=False)
ALL = bound(Kind.PERSON, many=True)


def people(*names: str) -> Value:
    """A set of people, or nobody."""
    return frozenset(names) or None


TABLE: list[tuple[str, Bound, Value, Seen, Value, Value]] = [
    ("a new day keeps the time of day", DAYS, TEN, D1, D2, TEN.replace(day=11)),
    ("the same day is no edit", DAYS, TEN, D2, D1, TEN),
    ("an emptied day empties", DAYS, TEN, D1, None, None),
    ("a day on a day", DAYS, D1, D1, D2, D2),
    ("a day instead of nothing", DAYS, None, None, D2, D2),
    ("a time that only looks like a day keeps being one", ENDS, TEN, D1, D2, TEN.replace(day=11)),
    ("a time that is chosen is taken", ENDS, TEN, D1, TEN.replace(hour=14), TEN.replace(hour=14)),
    ("a day instead of a time that was shown", ENDS, TEN.replace(hour=14), TEN.replace(hour=14), D1, D1),
    ("a point in time keeps its time of day", POINTS, TEN, MISSING, TEN.replace(day=11, hour=11), TEN.replace(day=11)),
    ("a tool that shows times may drop one", bound(Kind.WHEN), TEN, TEN, D2, D2),
    ("a fraction is kept where nothing else was typed", WHOLE, Decimal("42.5"), Decimal(50), Decimal(42), Decimal("42.5")),
    ("a new number is the new number", WHOLE, Decimal("42.5"), Decimal(42), Decimal(43), Decimal(43)),
    ("the beginning of a long text is that text", SHORT, "abcdefgh", "other", "abcde…", "abcdefgh"),
    ("the one shown is replaced", ONE, people("maya", "tom"), people("maya"), people("ben"), people("ben", "tom")),
    ("the one shown is taken away", ONE, people("maya", "tom"), people("maya"), None, people("tom")),
    ("somebody comes where nobody was shown", ONE, people("maya"), None, people("ben"), people("ben", "maya")),
    ("where a stranger was shown", ONE, people("maya"), MISSING, people("ben"), people("ben", "maya")),
    ("members come and go", ALL, people("maya", "tom"), people("maya", "tom"), people("ben", "tom"), people("ben", "tom")),
    ("who came elsewhere stays", ALL, people("maya", "zoe"), people("maya"), people("maya", "ben"), people("maya", "zoe", "ben")),
    ("all go", ALL, people("maya"), people("maya"), None, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "agreed", "before", "after", "meant"),
    [r[1:] for r in TABLE],
    ids=[r[0] for r in TABLE],
)
def test_what_was_meant(
    field: Bound, agreed: Value, before: Seen, after: Value, meant: Value
) -> None:
    """The whole value behind what somebody saw and changed."""
    assert meant == absorb(field, agreed, before, after, LOOKUP)


names = st.sampled_from(["maya", "tom", "anna", "ben"])
groups = st.frozensets(names).map(lambda found: found or None)
numbers = st.decimals(0, 999, places=2)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
FIELDS = st.one_of(
    st.tuples(st.sampled_from([DAYS, ENDS, bound(Kind.WHEN)]), moments | st.dates(date(2020, 1, 1), date(2030, 1, 1))),
    st.tuples(st.just(WHOLE), numbers),
    st.tuples(st.just(SHORT), st.text("abc", min_size=1)),
)  # fmt: skip


@given(FIELDS)
def test_setting_what_is_shown_changes_nothing(found: tuple[Bound, Value]) -> None:
    """Typing again what a tool shows means the whole that was agreed."""
    field, agreed = found
    shown = as_shown(field, agreed, MISSING, LOOKUP)

    assert agreed == absorb(field, agreed, shown, shown, LOOKUP)


@given(FIELDS, st.data())
def test_what_was_typed_is_what_that_tool_shows(
    found: tuple[Bound, Value], data: st.DataObject
) -> None:
    """Whatever survives of the finer value, the tool goes on showing what was typed there."""
    field, agreed = found
    other = data.draw(FIELDS.filter(lambda pair: pair[0].type == field.type))[1]
    typed = as_shown(field, other, MISSING, LOOKUP)
    before = as_shown(field, agreed, MISSING, LOOKUP)
    meant = absorb(field, agreed, before, typed, LOOKUP)

    assert typed == as_shown(field, meant, MISSING, LOOKUP)


@given(agreed=groups, before=groups, after=groups)
def test_a_set_changes_only_where_it_was_changed(
    agreed: Value, before: Value, after: Value
) -> None:
    """Who was neither added nor taken away stays as agreed; who was added is in, who went is out."""
    whole, was, now = (frozenset(v or ()) for v in (agreed, before, after))
    meant = frozenset(absorb(ALL, agreed, before, after) or ())

    assert meant >= now - was
    assert not meant & (was - now)
    assert meant - (now ^ was) == whole - (now ^ was)
