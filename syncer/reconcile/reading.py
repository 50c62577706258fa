"""Raw vendor values as canonical values."""

from collections.abc import Sequence

from syncer.model.decisions import Bound, Reading
from syncer.model.remote import Raw
from syncer.model.values import MISSING, Kind, Scalar, normalise, same_raw
from syncer.reconcile.kinds import FAULTS, Keep, read_one
from syncer.reconcile.lookup import Lookup, Stranger


EMPTY = Reading(None)
"""What no value comes to."""

UNKEPT = (Kind.TEXT, Kind.RICH_TEXT, Kind.PERSON, Kind.REFERENCE)
"""Kinds that hardly two records share a value of, or that mean what the lookup says."""

MOST_KEPT = 2000
"""Readings that are kept of one bound field."""


def read(bound: Bound, raw: Raw, lookup: Lookup) -> Reading:
    """One raw value as the mapping reads it. Never raises: what cannot be read says so.

    A value that was read before in this field is not read again.
    """
    if raw is None or same_raw(raw, None):
        return EMPTY
    key = _key(bound, raw)
    if key is None:
        return _read(bound, raw, lookup)
    found = bound.read.get(key)
    if found is None:
        found = _read(bound, raw, lookup)
        if len(bound.read) < MOST_KEPT:
            bound.read[key] = found
    return found


def _key(bound: Bound, raw: Raw) -> str | tuple[str, ...] | None:
    """By what a reading is kept; None where it is not."""
    if bound.info.type.kind is Kind.PERSON or bound.type.kind in UNKEPT:
        return None
    if isinstance(raw, str):
        return raw
    if isinstance(raw, list) and all(isinstance(item, str) for item in raw):
        return tuple(raw)
    return None


def _read(bound: Bound, raw: Raw, lookup: Lookup) -> Reading:
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
