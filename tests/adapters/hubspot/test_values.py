"""Property values: what is read, what is written, and that the two are inverse."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.hubspot.schema import fields_of
from adapters.hubspot.values import decode, encode
from syncer.model.remote import FieldInfo, Option, Raw
from syncer.model.values import FieldType, Kind, instant_text, plain

OPTIONS = tuple(Option(id, id.title()) for id in ("a", "b", "c"))
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


def field(kind: Kind, *, many: bool = False, id: str = "x") -> FieldInfo:
    options = OPTIONS if kind is Kind.ENUMERATION else ()
    return FieldInfo(id, id, FieldType(kind, many), options)


RAW: dict[Kind, st.SearchStrategy[Raw]] = {
    Kind.TEXT: st.text(min_size=1),
    Kind.RICH_TEXT: st.text(min_size=1),
    Kind.NUMBER: st.decimals(-(10**9), 10**9, places=4).map(lambda n: plain(Decimal(n))),
    Kind.DATE: st.dates().map(date.isoformat),
    Kind.INSTANT: MOMENTS.map(instant_text),
    Kind.BOOLEAN: st.booleans(),
    Kind.ENUMERATION: st.sampled_from(["a", "b", "c"]),
    Kind.PERSON: st.from_regex(r"[1-9][0-9]{3,8}", fullmatch=True),
}


@pytest.mark.parametrize("kind", RAW)
@given(data=st.data())
def test_what_is_written_is_read_again(kind: Kind, data: st.DataObject) -> None:
    """Any raw value survives being written and read; an empty one is the empty text."""
    raw = data.draw(st.none() | RAW[kind])
    written = encode(field(kind), raw)
    assert all(isinstance(text, str) for text in written.values())
    assert decode(field(kind), written) == raw


@given(st.sets(st.sampled_from(["a", "b", "c"])))
def test_sets_are_joined_and_sorted(members: set[str]) -> None:
    """Several choices are one text on the wire, in no order that matters."""
    info = field(Kind.ENUMERATION, many=True)
    written = encode(info, sorted(members))
    assert decode(info, written) == (sorted(members) or None)
    assert decode(info, {"x": ";".join(sorted(members, reverse=True))}) == (sorted(members) or None)


@pytest.mark.parametrize("text", ["1500", "1500.00", "1.5E3", "01500"])
def test_amounts_are_numbers_not_texts(text: str) -> None:
    """However an amount is written, it is the same money in the deal's currency."""
    told = {"x": text, "deal_currency_code": "eur"}
    assert decode(field(Kind.MONEY), told) == {"amount": "1500", "currency": "EUR"}


def test_the_currency_is_sent_only_if_it_changes() -> None:
    """An amount alone is one property; another currency goes with it."""
    old = {"amount": "1", "currency": "EUR"}
    info = field(Kind.MONEY)
    assert encode(info, {"amount": "2.50", "currency": "EUR"}, old) == {"x": "2.5"}
    both = encode(info, {"amount": "2", "currency": "USD"}, old)
    assert both == {"x": "2", "deal_currency_code": "USD"}
    assert encode(info, {"amount": "2", "currency": None}, old) == {"x": "2"}


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Puts this process into a zone, and back into its own afterwards."""

    def move(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield move
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    "zone", ["Pacific/Pago_Pago", "UTC", "Europe/London", "Pacific/Kiritimati"]
)
@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-12-31", "2028-02-29"])
def test_a_day_stays_the_day(zone: str, day: str, local: Callable[[str], None]) -> None:
    """A date property never shifts, wherever we run and whatever the clocks do."""
    local(zone)
    info = field(Kind.DATE)
    assert encode(info, day) == {"x": day}
    assert decode(info, {"x": day}) == day
    midnight = int(datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp() * 1000)
    assert decode(info, {"x": str(midnight)}) == day


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.NUMBER, "many"),
        (Kind.NUMBER, "NaN"),
        (Kind.NUMBER, "1e999999999"),
        (Kind.DATE, "2026-02-30"),
        (Kind.DATE, "2026-02-03T17:00:00Z"),
        (Kind.INSTANT, "2026-02-03T17:00:00"),
        (Kind.INSTANT, "9" * 30),
        (Kind.BOOLEAN, "maybe"),
        (Kind.TEXT, ["a"]),
        (Kind.TEXT, {"a": 1}),
    ],
)
def test_a_value_of_another_type_is_refused(kind: Kind, text: Any) -> None:
    """What is not of the property's type is a ValueError, which leaves the field out."""
    with pytest.raises(ValueError, match=r"."):
        decode(field(kind), {"x": text})


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_any_json_is_a_value_or_a_value_error(told: Any) -> None:
    """No JSON in place of a value brings anything down."""
    for kind in (*RAW, Kind.MONEY):
        for many in (False, True):
            try:
                decode(field(kind, many=many), {"x": told})
            except ValueError:
                continue


def test_definitions_become_fields() -> None:
    """Type, choices, writability and who may add choices are read from a definition."""
    owner = {"type": "enumeration", "fieldType": "checkbox", "referencedObjectType": "OWNER"}
    fixed = {"modificationMetadata": {"readOnlyValue": True}}
    options = [{"value": "a", "label": "A"}, {"value": "b", "hidden": True}, {"label": "none"}]
    told: list[dict[str, Any]] = [
        {"name": "brief", "type": "string", "fieldType": "textarea"},
        {"name": "page", "type": "string", "fieldType": "html"},
        {"name": "team", **owner},
        {"name": "kind", "type": "enumeration", "fieldType": "select", "options": options},
        {"name": "stamp", "type": "datetime", "fieldType": "date", **fixed},
        {"name": "sum", "type": "number", "fieldType": "number", "calculated": True},
        {"name": "future", "type": "object_coordinates", "fieldType": "map"},
        {"name": "hs_lastmodifieddate", "type": "datetime"},
        {"label": "no name"},
    ]
    fields = {info.id: info for info in fields_of("deal", told)}
    assert list(fields) == ["brief", "page", "team", "kind", "stamp", "sum", "future"]
    assert fields["brief"].type == FieldType(Kind.RICH_TEXT)
    assert fields["team"].type == FieldType(Kind.PERSON, many=True)
    assert fields["kind"].options == (Option("a", "A"), Option("b", "", active=False))
    assert {id for id, info in fields.items() if info.writable} == {"brief", "team", "kind"}
    assert {id for id, info in fields.items() if info.extensible} == {"kind"}
