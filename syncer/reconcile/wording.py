"""What a canonical value is called in a tool that shows names or text."""

from datetime import date
from decimal import Decimal

from syncer.model.decisions import Bound
from syncer.model.values import Kind, Scalar, instant_text, is_instant, plain
from syncer.reconcile.lookup import Lookup
from syncer.reconcile.names import is_plain

MAPPED = (Kind.ENUMERATION, Kind.TEXT, Kind.BOOLEAN)
"""Canonical kinds whose names a mapping may translate."""


class NotExpressible(ValueError):
    """This system cannot hold this value in this field; the text says why."""


def names_of(bound: Bound, value: Scalar, lookup: Lookup) -> list[str]:
    """What a value may be called there, the best name first. Raises :class:`NotExpressible`."""
    if bound.type.kind is Kind.PERSON:
        shown = [option.name for option in bound.options]
        known = [name for name in shown if lookup.people.get(name.strip().casefold()) == value]
        return known or [str(value)]
    text = _words(bound, value, lookup)
    values = bound.mapping.values
    if values is None or bound.type.kind not in MAPPED:
        return [text]
    names = [name for name in values.get(text, ()) if is_plain(name)]
    if not names:
        raise NotExpressible(f"the mapping names no {bound.info.name} for {text!r}")
    return names


def _words(bound: Bound, value: Scalar, lookup: Lookup) -> str:
    if bound.type.kind is Kind.REFERENCE:
        title = lookup.title_of(str(value))
        if title is None:
            raise NotExpressible("its record has no title")
        return title
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_instant(value):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return plain(value) if isinstance(value, Decimal) else str(value)
