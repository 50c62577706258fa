"""Raw vendor values as canonical values."""

from collections.abc import Sequence
from typing import Final

from syncer.model.decisions import Bound, FieldView, Reading
from syncer.model.records import LinkField
from syncer.model.remote import Raw
from syncer.model.values import MISSING, Kind, Missing, Scalar, dump, normalise
from syncer.reconcile.kinds import FAULTS, Keep, read_one
from syncer.reconcile.lookup import Lookup, Stranger

EMPTY = Reading(None)
"""What no value comes to."""

_BLANK: Final[tuple[object, ...]] = ("", [])
"""What is told of a field, and holds nothing."""

MOST_KEPT = 2000
"""Values of one bound field of which it is kept how they read."""


def read(bound: Bound, raw: Raw, lookup: Lookup) -> Reading:
    """One raw value as the mapping reads it. Never raises: what cannot be read says so."""
    return shown(bound, raw, lookup).reading


def shown(bound: Bound, raw: Raw, lookup: Lookup) -> FieldView:
    """One raw value with its reading; one that was read before in this field is not read again."""
    key = _key(raw) if bound.shared or raw is None else MISSING
    if key is MISSING:
        return FieldView(bound, raw, _read(bound, raw, lookup))
    found = bound.shown.get(key)
    if found is None:
        reading = _read(bound, raw, lookup)
        if len(bound.shown) >= MOST_KEPT:
            return FieldView(bound, raw, reading)
        found = bound.shown[key] = FieldView(bound, raw, reading, met(bound, raw, reading))
    return found


def met(bound: Bound, raw: Raw, reading: Reading) -> LinkField:
    """What is remembered of a field that is seen for the first time."""
    value = reading.value
    return LinkField(raw, value if value is MISSING else dump(value), remote=bound.info.id)


def _key(raw: Raw) -> str | tuple[object, ...] | Missing | None:
    """By what it is kept how a value reads; ``MISSING`` where it is not."""
    if raw is None or isinstance(raw, str):
        return raw
    if isinstance(raw, list) and all(isinstance(item, str) for item in raw):
        return tuple(raw)
    # 1, 1.0 and true are the same key, and are not the same value.
    return (type(raw), raw) if isinstance(raw, int | float) else MISSING


def _read(bound: Bound, raw: Raw, lookup: Lookup) -> Reading:
    if raw is None or raw in _BLANK:
        return EMPTY
    items = raw if isinstance(raw, list) else [raw]
    if bound.type.many:
        return _several(bound, items, lookup)
    if len(items) != 1:
        return Reading(MISSING, f"{len(items)} values where one is expected")
    if bound.info.type.kind is Kind.PERSON and lookup.only_me(items[0]):
        return EMPTY
    try:
        return Reading(normalise(bound.type, read_one(bound, items[0], lookup)))
    except Keep:
        return Reading(MISSING)
    except FAULTS as error:
        return Reading(MISSING, _said(error), strangers=_strangers([error]))


def _several(bound: Bound, items: list[Raw], lookup: Lookup) -> Reading:
    """What is readable in a set counts; the rest stays where it is, untouched."""
    values: list[Scalar] = []
    faults: list[Exception] = []
    leftover: list[str] = []
    for item in items:
        try:
            found = read_one(bound, item, lookup)
            values += [] if found is None else [found]
        except Keep:
            leftover.append(_named(item))
        except FAULTS as error:
            faults.append(error)
            leftover.append(_named(item))
    said, left, who = "; ".join(map(_said, faults)), tuple(leftover), _strangers(faults)
    if leftover and not bound.info.type.many:
        return Reading(MISSING, said, left, who)
    return Reading(normalise(bound.type, frozenset(values)), said, left, who)


def _strangers(faults: Sequence[Exception]) -> tuple[str, ...]:
    found = tuple(fault.who for fault in faults if isinstance(fault, Stranger))
    return found if len(found) == len(faults) else ()


def _named(item: Raw) -> str:
    return item if isinstance(item, str) else repr(item)


def _said(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it lacks {error}"
    return str(error) or type(error).__name__
