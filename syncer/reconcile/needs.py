"""What one field of one twin needs to show what is agreed: a write, a note, or nothing."""

from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from syncer.model.decisions import Bound, Expression, FieldView, FieldWrite
from syncer.model.mapping import Direction
from syncer.model.records import Agreed, LinkField, Record
from syncer.model.remote import Raw
from syncer.model.values import MISSING, Missing, Seen, Value, same_raw
from syncer.reconcile.expressing import express, makes_option
from syncer.reconcile.lookup import Lookup
from syncer.reconcile.reading import read
from syncer.reconcile.wording import NotExpressible

WRITABLE = (Direction.BOTH, Direction.PUSH)


class Need(Struct, frozen=True, gc=False):
    """A write, if one is needed, and what the field cannot hold."""

    write: FieldWrite | None = None
    notes: tuple[str, ...] = ()


NOTHING = Need()


def to_update(
    record: Record, shown: FieldView, memories: Mapping[str, LinkField], lookup: Lookup
) -> Need:
    """What a field that is shown needs. What cannot be read is held, and not written over.

    ``memories`` are what is remembered of the twin's fields.
    """
    bound, value = shown.bound, shown.reading.value
    agreed = record.agreed.get(bound.mapping.field)
    # What reads as what is agreed stays as it is, whatever else is shown beside it.
    if agreed is None or value == agreed.value or value is MISSING:
        return NOTHING
    if bound.mapping.direction not in WRITABLE:
        return NOTHING
    memory = memories.get(bound.mapping.field)
    wanted = _expressed(bound, agreed.value, shown.raw, lookup)
    if isinstance(wanted, Need):
        return wanted
    if not _differs(wanted, shown, lookup) or _answered(wanted, shown, memory):
        return _unsaid(wanted)
    return _write(agreed, bound, value, wanted)


def to_begin(record: Record, bound: Bound, lookup: Lookup) -> Need:
    """What a field of a new twin needs."""
    agreed = record.agreed.get(bound.mapping.field)
    if agreed is None or agreed.value is None or bound.mapping.direction is Direction.PULL:
        return NOTHING
    wanted = _expressed(bound, agreed.value, MISSING, lookup)
    if isinstance(wanted, Need):
        return wanted
    return _write(agreed, bound, None, wanted) if wanted.raw is not None else _unsaid(wanted)


def why(record: Record, name: str) -> str:
    """Who brought the agreed value of a field, in a few words."""
    agreed = record.agreed.get(name)
    return "agreed" if agreed is None else _whose(agreed)


def _whose(agreed: Agreed) -> str:
    return "agreed" if agreed.connection is None else _by(agreed.by, agreed.connection)


@lru_cache(maxsize=1000)
def _by(who: str | None, connection: str) -> str:
    """The same text for the same people: a plan names them thousands of times."""
    return f"{who or 'set'} in {connection}"


def _expressed(
    bound: Bound, value: Value, current: Raw | Missing, lookup: Lookup
) -> Expression | Need:
    try:
        return express(bound, value, current, lookup)
    except NotExpressible as error:
        return Need(notes=(str(error),))


def _differs(wanted: Expression, shown: FieldView, lookup: Lookup) -> bool:
    """Whether the system shows something else than what is wanted, and not merely its own form."""
    if same_raw(wanted.raw, shown.raw):
        return False
    if makes_option(wanted.raw) or wanted.cut:
        return True
    return read(shown.bound, wanted.raw, lookup).value != shown.reading.value


def _answered(wanted: Expression, shown: FieldView, memory: LinkField | None) -> bool:
    """Whether this was asked for already, and what is shown is what the system made of it."""
    if memory is None or memory.asked is MISSING or memory.got is MISSING:
        return False
    return same_raw(memory.asked, wanted.raw) and same_raw(memory.got, shown.raw)


def _write(agreed: Agreed, bound: Bound, old: Seen, wanted: Expression) -> Need:
    name, info, new = bound.mapping.field, bound.info, agreed.value
    if not info.writable:
        return Need(notes=(f"{info.name} is read-only there",))
    why, rule = _whose(agreed), agreed.rule
    return Need(
        FieldWrite(name, info.id, old, new, wanted.raw, why, rule, wanted.cut), wanted.unsaid
    )


def _unsaid(wanted: Expression) -> Need:
    """No write, and what it could not show of a set, if there is such."""
    return Need(notes=wanted.unsaid) if wanted.unsaid else NOTHING
