"""One canonical value in the form that one kind of vendor field takes."""

from decimal import Decimal

from syncer.model.decisions import Bound, Expression
from syncer.model.remote import Raw
from syncer.model.values import Kind, Money, Scalar, instant_text, is_day, is_instant, plain
from syncer.reconcile.days import day_of, on_day
from syncer.reconcile.kinds import DATES
from syncer.reconcile.lookup import Lookup
from syncer.reconcile.names import folded
from syncer.reconcile.numbers import rounded
from syncer.reconcile.wording import NotExpressible, names_of

CUT = "…"
"""Ends a text of which a system can hold only the beginning."""


def one(bound: Bound, value: Scalar, lookup: Lookup) -> Expression:
    """One value as this field holds it. Raises :class:`NotExpressible`."""
    wire = bound.info.type.kind
    try:
        if wire in (Kind.TEXT, Kind.RICH_TEXT):
            return _text(bound, names_of(bound, value, lookup)[0])
        if wire is Kind.ENUMERATION:
            return Expression(_option(bound, names_of(bound, value, lookup)))
        if wire in DATES:
            return Expression(_when(bound, value))
        if wire in (Kind.NUMBER, Kind.MONEY):
            return Expression(_number(bound, value))
        if wire is Kind.BOOLEAN:
            return Expression(_boolean(bound, names_of(bound, value, lookup)[0]))
    except ArithmeticError:
        raise NotExpressible(f"{bound.info.name} cannot hold anything as large") from None
    return Expression(_known(bound, str(value), lookup))


def _known(bound: Bound, value: str, lookup: Lookup) -> str:
    """The id of a person or a record there."""
    wire, kind = bound.info.type.kind, bound.type.kind
    if wire is not kind:
        raise NotExpressible(f"{bound.info.name} holds a {wire}, not a {kind}")
    person = wire is Kind.PERSON
    found = lookup.directory.to_remote.get(value) if person else lookup.remote_of(value)
    if found is None:
        why = f"{value} has no account there" if person else "its twin is not there yet"
        raise NotExpressible(why)
    return found


def _option(bound: Bound, names: list[str]) -> Raw:
    """The option of one of these names: letter for letter, else alike; else one to be made."""
    options = [o for o in bound.options if o.active]
    for name in names:
        exact = [o.id for o in options if o.name == name]
        if found := exact or [o.id for o in options if folded(o.name) == folded(name)]:
            return min(found)
    if not bound.info.extensible:
        raise NotExpressible(f"{bound.info.name} has no option {names[0]!r}")
    return {"name": names[0]}


def _when(bound: Bound, value: Scalar) -> str:
    wire, end = bound.info.type.kind, bound.mapping.day_end
    if is_instant(value):
        to_day = wire is Kind.DATE
        return day_of(value, bound.zone).isoformat() if to_day else instant_text(value)
    if not is_day(value):
        raise NotExpressible(f"not a date: {value!r}")
    if wire is not Kind.INSTANT:
        return value.isoformat()
    if end is None:
        raise NotExpressible(f"{bound.info.name} cannot hold a day without day_end in the mapping")
    return instant_text(on_day(value, end, bound.zone))


def _number(bound: Bound, value: Scalar) -> Raw:
    amount = value.amount if isinstance(value, Money) else value
    if not isinstance(amount, Decimal):
        raise NotExpressible(f"not a number: {value!r}")
    text = plain(rounded(amount, bound.info.precision))
    currency = (bound.mapping.currency or "").upper()
    if bound.info.type.kind is Kind.MONEY:
        of = value.currency if isinstance(value, Money) else currency or None
        return {"amount": text, "currency": of}
    if isinstance(value, Money) and currency != value.currency:
        held = currency or "no currency"
        raise NotExpressible(f"{bound.info.name} holds {held}, not {value.currency}")
    return text


def _boolean(bound: Bound, name: str) -> bool:
    if folded(name) not in ("true", "false"):
        raise NotExpressible(f"{bound.info.name} is true or false, not {name!r}")
    return folded(name) == "true"


def _text(bound: Bound, text: str) -> Expression:
    limit = bound.info.max_length
    if limit is None or len(text) <= limit:
        return Expression(text)
    if bound.type.kind not in (Kind.TEXT, Kind.RICH_TEXT) or limit <= len(CUT):
        raise NotExpressible(f"{bound.info.name} holds {limit} characters only")
    return Expression(text[: limit - len(CUT)] + CUT, cut=True)
