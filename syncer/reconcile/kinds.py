"""One raw value of one kind as one canonical value of another."""

from datetime import date, datetime, time

from syncer.model.decisions import Bound
from syncer.model.mapping import Otherwise
from syncer.model.remote import Option, Raw
from syncer.model.values import Kind, Money, Scalar, is_day, is_instant, parse_instant
from syncer.reconcile.days import day_of, ends_day, on_day
from syncer.reconcile.lookup import Lookup, Stranger, Unreadable
from syncer.reconcile.names import fits, folded, is_plain
from syncer.reconcile.numbers import number

DATES = (Kind.DATE, Kind.INSTANT, Kind.WHEN)
WORDS = (Kind.TEXT, Kind.RICH_TEXT, Kind.ENUMERATION)
"""Kinds that are a name or a text."""

NESTED = (dict, list)
"""What JSON holds that is no text, whatever it is called."""

NOON = time(12)
"""Stands for a day where only a point in time will do and the mapping names no other."""

FAULTS = (ValueError, KeyError, TypeError, ArithmeticError)
"""Whatever odd values can raise when they are read."""


class Keep(Exception):
    """The mapping says that this value means: keep what was agreed."""


def read_one(bound: Bound, item: Raw, lookup: Lookup) -> Scalar | None:
    """One raw value; blank text means nothing. Raises :class:`Keep` and ``FAULTS``."""
    kind = bound.type.kind
    if kind in WORDS:
        return _named(bound, label(bound, item))
    wire = bound.info.type.kind
    shown = label(bound, item).strip() if wire in WORDS else item
    if shown == "":
        return None
    if kind in DATES:
        return _when(bound, shown)
    if kind is Kind.NUMBER:
        return number(shown["amount"] if isinstance(shown, dict) else shown)
    if kind is Kind.MONEY:
        return _money(bound, shown)
    if kind is Kind.PERSON:
        return _person(wire, str(shown), lookup)
    if kind is Kind.REFERENCE:
        return _reference(bound, str(shown), lookup)
    return _boolean(bound, shown)


def option_with(bound: Bound, id: object) -> Option | None:
    """The option of the field that has this id."""
    return next((option for option in bound.options if option.id == id), None)


def label(bound: Bound, item: Raw) -> str:
    """A raw value as people see it: text, or the name of an option."""
    wire = bound.info.type.kind
    if wire is Kind.ENUMERATION:
        option = option_with(bound, item)
        if option is None:
            raise Unreadable(f"option {item!r} of {bound.info.name} is unknown")
        return option.name
    if type(item) is str and wire in WORDS:
        return item
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, NESTED) or wire in (Kind.PERSON, Kind.REFERENCE):
        raise Unreadable(f"{bound.info.name} holds a {wire}, which is no text: {item!r}")
    return str(item)


def _named(bound: Bound, name: str) -> str:
    """The canonical value of a name; an exact name goes before one with ``*``."""
    values = bound.mapping.values
    if values is None or bound.type.kind is Kind.RICH_TEXT:
        return name
    for canonical, names in values.items():
        if any(is_plain(each) and folded(each) == folded(name) for each in names):
            return canonical
    for canonical, names in values.items():
        if any(fits(each, name) for each in names):
            return canonical
    if bound.mapping.otherwise == Otherwise.KEEP:
        raise Keep
    if bound.mapping.otherwise == Otherwise.HOLD:
        raise Unreadable(f"{bound.info.name} {name!r} is not in the mapping's values")
    return bound.mapping.otherwise


def _when(bound: Bound, item: Raw) -> date | datetime:
    if not isinstance(item, str):
        raise Unreadable(f"not a date: {item!r}")
    value: date | datetime = date.fromisoformat(item) if len(item) == 10 else parse_instant(item)
    end = bound.mapping.day_end
    if is_instant(value):
        stands = end is not None and ends_day(value, end, bound.zone)
        to_day = bound.type.kind is Kind.DATE or (stands and bound.type.kind is Kind.WHEN)
        return day_of(value, bound.zone) if to_day else value
    if is_day(value) and bound.type.kind is Kind.INSTANT:
        return on_day(value, end or NOON, bound.zone)
    return value


def _money(bound: Bound, item: Raw) -> Money:
    amount, currency = item, bound.mapping.currency
    if isinstance(item, dict):
        amount, currency = item["amount"], item.get("currency") or currency
    elif isinstance(item, str) and " " in item.strip():
        amount, _, currency = item.strip().rpartition(" ")
    if not currency:
        raise Unreadable(f"{bound.info.name} has no currency; the mapping may state one")
    return Money(number(amount), str(currency).upper())


def _person(wire: Kind, shown: str, lookup: Lookup) -> str:
    if wire is Kind.PERSON:
        found = lookup.directory.person(shown)
    else:
        found = lookup.people.get(shown.casefold())
    if found is None:
        raise Stranger(lookup.directory.shown(shown), shown)
    return found


def _reference(bound: Bound, shown: str, lookup: Lookup) -> str:
    target = bound.type.target or ""
    if bound.info.type.kind is Kind.REFERENCE:
        found = lookup.record_of(bound.info.type.target or "", shown)
    else:
        found = lookup.titled(target, shown)
    if found is None:
        raise Unreadable(f"{target} {shown!r} is not known here")
    return found


def _boolean(bound: Bound, item: Raw) -> bool:
    text = item if isinstance(item, str) else label(bound, item)
    said = _named(bound, text).strip().casefold()
    if said not in ("true", "false"):
        raise Unreadable(f"neither true nor false: {text!r}")
    return said == "true"
