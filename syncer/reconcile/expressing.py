"""Canonical values as the raw values one system can hold; the inverse of reading."""

from collections.abc import Callable
from typing import cast

from syncer.model.decisions import Bound, Expression, FieldView
from syncer.model.remote import Raw
from syncer.model.values import MISSING, Missing, Scalar, Value, is_set
from syncer.reconcile.forms import one
from syncer.reconcile.lookup import Lookup
from syncer.reconcile.members import one_of, some_of
from syncer.reconcile.reading import MOST_KEPT, read
from syncer.reconcile.wording import NotExpressible

__all__ = ["Expression", "NotExpressible", "as_shown", "express", "makes_option", "showing"]


def express(bound: Bound, value: Value, current: Raw | Missing, lookup: Lookup) -> Expression:
    """How this system shows a value, staying as close to ``current`` as it can.

    What the system shows beyond the canonical model (people we do not know, one of two labels
    of the same name) is kept. Raises :class:`NotExpressible`.
    """
    now = None if current is MISSING else current
    if now is None and bound.shared:
        found = bound.said.get(value)
        if found is None:
            found = _anew(bound, value, None, lookup)
            if len(bound.said) < MOST_KEPT:
                bound.said[value] = found
        return found
    return _anew(bound, value, now, lookup)


def _anew(bound: Bound, value: Value, now: Raw, lookup: Lookup) -> Expression:
    if bound.info.type.many:
        return some_of(bound, value, now, lookup)
    if now is not None and read(bound, now, lookup).value == value:
        return Expression(now)
    if value is None:
        return Expression(None)
    if is_set(value):
        return one_of(bound, value, now, lookup)
    return one(bound, cast(Scalar, value), lookup)


def as_shown(bound: Bound, value: Value, current: Raw | Missing, lookup: Lookup) -> Value:
    """What would be read from this system if it held a value: coarser, or the value itself."""
    try:
        shown = read(bound, express(bound, value, current, lookup).raw, lookup).value
    except NotExpressible:
        return value
    return value if shown is MISSING else shown


def showing(field: FieldView, lookup: Lookup) -> Callable[[Value], Value]:
    """How one field of one twin shows any value, staying as close to what it shows as it can."""
    return lambda value: as_shown(field.bound, value, field.raw, lookup)


def makes_option(asked: Raw) -> bool:
    """Whether an option is asked for by name, to be made: its id is not known yet."""
    if asked is None or isinstance(asked, str):
        return False
    items = asked if isinstance(asked, list) else [asked]
    return any(isinstance(item, dict) and "name" in item for item in items)
