"""Canonical values as the raw values one system can hold; the inverse of reading."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, cast

from syncer.model.decisions import Bound
from syncer.model.remote import Option, Raw
from syncer.model.values import (
    MISSING,
    Kind,
    Missing,
    Money,
    Scalar,
    Value,
    instant_text,
    is_day,
    is_instant,
    is_set,
    plain,
)
from syncer.reconcile.lookup import Lookup
from syncer.reconcile.reading import read

CUT = "…"


class NotExpressible(ValueError):
    """This system cannot hold this value in this field; the text says why."""


@dataclass(frozen=True)
class Expression:
    """The raw value to write; ``cut`` if the system can show only the beginning of it."""

    raw: Raw
    cut: bool = False


def express(bound: Bound, value: Value, current: Raw | Missing, lookup: Lookup) -> Expression:
    """How this system shows a value, staying as close to ``current`` as it can.

    What the system shows beyond the canonical model (people we do not know, one of two labels
    of the same name) is kept. Raises :class:`NotExpressible`.
    """
    now = None if current is MISSING else current
    if bound.info.type.many:
        return Expression(_many(bound, value, now, lookup))
    if value is None:
        return Expression(None)
    if is_set(value):
        return _one_of(bound, value, now, lookup)
    if now is not None and read(bound, now, lookup).value == value:
        return Expression(now)
    return _one(bound, cast(Scalar, value), lookup)


def _many(bound: Bound, value: Value, now: Raw, lookup: Lookup) -> Raw:
    wanted: frozenset[Any] = (
        value if is_set(value) else frozenset(() if value is None else (value,))
    )
    kept: list[Raw] = []
    shown: set[object] = set()
    for item in now if isinstance(now, list) else []:
        reading = read(bound, [item], lookup)
        members = reading.value if is_set(reading.value) else frozenset({reading.value})
        if reading.leftover or members & wanted:
            kept.append(item)
            shown |= members
    added = [_one(bound, member, lookup).raw for member in sorted(wanted - shown, key=str)]
    result = kept + added
    return sorted(result, key=str) if result else None


def _one_of(bound: Bound, value: frozenset[Scalar], now: Raw, lookup: Lookup) -> Expression:
    """A set in a field for one: whoever is shown and still meant stays, else the first."""
    if now is not None:
        shown = read(bound, now, lookup).value
        if is_set(shown) and shown <= value:
            return Expression(now)
    failures: list[str] = []
    for member in sorted(value, key=str):
        try:
            return _one(bound, member, lookup)
        except NotExpressible as error:
            failures.append(str(error))
    raise NotExpressible(failures[0])


def _one(bound: Bound, value: Scalar, lookup: Lookup) -> Expression:
    wire = bound.info.type.kind
    if wire is Kind.ENUMERATION:
        return Expression(_option(bound, str(value)))
    if wire is Kind.PERSON:
        return Expression(
            _known(lookup.directory.to_remote.get(str(value)), f"{value} has no account there")
        )
    if wire is Kind.REFERENCE:
        return Expression(_known(lookup.remote_of(str(value)), "its twin is not there yet"))
    if wire in (Kind.DATE, Kind.INSTANT, Kind.WHEN):
        return Expression(_when(bound, value))
    if wire in (Kind.NUMBER, Kind.MONEY):
        return Expression(_number(bound, value))
    if wire is Kind.BOOLEAN:
        return Expression(value if isinstance(value, bool) else str(value) == "true")
    return _text(bound, _as_text(bound, value, lookup))


def _known(found: str | None, otherwise: str) -> str:
    if found is None:
        raise NotExpressible(otherwise)
    return found


def _option(bound: Bound, value: str) -> Raw:
    values = bound.mapping.values
    names = (value,) if values is None else values.get(value, ())
    plain_names = [name for name in names if "*" not in name]
    by_name: dict[str, Option] = {}
    for option in sorted(bound.options, key=lambda o: o.id):
        if option.active:
            by_name.setdefault(option.name.strip().casefold(), option)
    for name in plain_names:
        if found := by_name.get(name.strip().casefold()):
            return found.id
    if not plain_names:
        raise NotExpressible(f"the mapping names no {bound.info.name} for {value!r}")
    if not bound.info.extensible:
        raise NotExpressible(f"{bound.info.name} has no option {plain_names[0]!r}")
    return {"name": plain_names[0]}


def _when(bound: Bound, value: Scalar) -> str:
    wire = bound.info.type.kind
    if is_instant(value):
        return (
            value.astimezone(bound.zone).date().isoformat()
            if wire is Kind.DATE
            else instant_text(value)
        )
    if not is_day(value):
        raise NotExpressible(f"not a date: {value!r}")
    if wire is not Kind.INSTANT:
        return value.isoformat()
    end = bound.mapping.day_end
    if end is None:
        raise NotExpressible(f"{bound.info.name} cannot hold a day without day_end in the mapping")
    return instant_text(datetime.combine(value, end, bound.zone))


def _number(bound: Bound, value: Scalar) -> Raw:
    amount: object = value.amount if isinstance(value, Money) else value
    if not isinstance(amount, Decimal):
        raise NotExpressible(f"not a number: {value!r}")
    if bound.info.precision is not None:
        amount = amount.quantize(Decimal(1).scaleb(-bound.info.precision), ROUND_HALF_EVEN)
    if not isinstance(value, Money):
        return plain(amount)
    if bound.info.type.kind is Kind.MONEY:
        return {"amount": plain(amount), "currency": value.currency}
    if bound.mapping.currency != value.currency:
        raise NotExpressible(
            f"{bound.info.name} holds {bound.mapping.currency}, not {value.currency}"
        )
    return plain(amount)


def _as_text(bound: Bound, value: Scalar, lookup: Lookup) -> str:
    if bound.type.kind is Kind.REFERENCE:
        return _known(lookup.title_of(str(value)), "its record has no title")
    if is_instant(value):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return plain(value) if isinstance(value, Decimal) else str(value)


def _text(bound: Bound, text: str) -> Expression:
    names = (bound.mapping.values or {}).get(text)
    if names:
        text = names[0]
    limit = bound.info.max_length
    if limit is None or len(text) <= limit:
        return Expression(text)
    return Expression(text[: limit - len(CUT)] + CUT, cut=True)
