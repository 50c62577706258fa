"""Raw vendor values as canonical values."""

from datetime import date, datetime, time
from decimal import Decimal
from fnmatch import fnmatchcase

from syncer.model.decisions import Bound, Reading
from syncer.model.mapping import Otherwise
from syncer.model.remote import Option, Raw
from syncer.model.values import (
    MISSING,
    Kind,
    Money,
    Scalar,
    is_day,
    is_instant,
    normalise,
    parse_instant,
    parse_number,
    same_raw,
)
from syncer.reconcile.lookup import Lookup, Unreadable


class Keep(Exception):
    """The mapping says that this value means: keep what was agreed."""


def read(bound: Bound, raw: Raw, lookup: Lookup) -> Reading:
    """One raw value as the mapping reads it. Never raises: what cannot be read says so."""
    if same_raw(raw, None):
        return Reading(None)
    items = raw if isinstance(raw, list) else [raw]
    values: list[Scalar] = []
    problems: list[str] = []
    leftover: list[str] = []
    for item in items:
        try:
            values.append(_read_one(bound, item, lookup))
        except Keep:
            return Reading(MISSING)
        except (ValueError, KeyError, TypeError) as error:
            problems.append(str(error))
            leftover.append(item if isinstance(item, str) else repr(item))
    if bound.type.many:
        # What is readable in a set counts; the rest stays where it is, untouched.
        found = normalise(bound.type, frozenset(values))
        if problems and not values and not bound.info.type.many:
            return Reading(MISSING, problems[0], tuple(leftover))
        return Reading(found, "; ".join(problems), tuple(leftover))
    if problems:
        return Reading(MISSING, problems[0])
    if len(values) != 1:
        return Reading(MISSING, f"{len(values)} values where one is expected")
    return Reading(normalise(bound.type, values[0]))


def option_named(bound: Bound, option_id: object) -> Option | None:
    """The option with this id among those of the field."""
    return next((o for o in bound.options if o.id == option_id), None)


def _read_one(bound: Bound, item: Raw, lookup: Lookup) -> Scalar:
    kind = bound.type.kind
    if kind is Kind.ENUMERATION:
        return _enumeration(bound, _label(bound, item))
    if kind in (Kind.TEXT, Kind.RICH_TEXT):
        return _label(bound, item)
    if kind in (Kind.DATE, Kind.INSTANT, Kind.WHEN):
        return _when(bound, item)
    if kind is Kind.NUMBER:
        return parse_number(item)
    if kind is Kind.MONEY:
        return _money(bound, item)
    if kind is Kind.PERSON:
        return _person(bound, item, lookup)
    if kind is Kind.REFERENCE:
        return _reference(bound, item, lookup)
    if isinstance(item, bool):
        return item
    raise Unreadable(f"not yes or no: {item!r}")


def _label(bound: Bound, item: Raw) -> str:
    """Text, or the name of an option, as people see it."""
    if bound.info.type.kind is Kind.ENUMERATION:
        option = option_named(bound, item)
        if option is None:
            raise Unreadable(f"option {item!r} of {bound.info.name} is unknown")
        return option.name
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, dict | list):
        raise Unreadable(f"not text: {item!r}")
    return str(item)


def _enumeration(bound: Bound, name: str) -> str:
    values = bound.mapping.values
    if values is None:
        return name
    folded = name.strip().casefold()
    for exact in (True, False):
        for canonical, names in values.items():
            for pattern in names:
                wanted = pattern.strip().casefold()
                if (wanted == folded) if exact else ("*" in wanted and fnmatchcase(folded, wanted)):
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
        local = value.astimezone(bound.zone)
        stands_for_day = end is not None and local.timetz().replace(tzinfo=None) == end
        if stands_for_day or bound.type.kind is Kind.DATE:
            return local.date()
    elif is_day(value) and bound.type.kind is Kind.INSTANT:
        return datetime.combine(value, end or time(12), bound.zone)
    return value


def _money(bound: Bound, item: Raw) -> Money:
    if isinstance(item, dict):
        currency = item.get("currency") or bound.mapping.currency
        amount: Decimal = parse_number(item.get("amount"))
    else:
        currency, amount = bound.mapping.currency, parse_number(item)
    if not currency:
        raise Unreadable(f"{bound.info.name} has no currency; the mapping may state one")
    return Money(amount.normalize() if amount else Decimal(0), str(currency).upper())


def _person(bound: Bound, item: Raw, lookup: Lookup) -> str:
    text = str(item)
    if bound.info.type.kind is Kind.PERSON:
        found = lookup.directory.person(text)
    else:
        found = lookup.people.get(text.strip().casefold())
    if found is None:
        raise Unreadable(f"{lookup.directory.shown(text)} is not in people.yaml")
    return found


def _reference(bound: Bound, item: Raw, lookup: Lookup) -> str:
    target = bound.type.target or ""
    if bound.info.type.kind is Kind.REFERENCE:
        found = lookup.record_of(bound.info.type.target or "", str(item))
    else:
        found = lookup.titled(target, _label(bound, item))
    if found is None:
        raise Unreadable(f"{target} {item!r} is not known here")
    return found
