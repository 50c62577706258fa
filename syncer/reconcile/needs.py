"""What one field of one twin needs to show what is agreed: a write, a note, or nothing."""

from functools import lru_cache

from msgspec import Struct

from syncer.model.decisions import Bound, FieldView, FieldWrite
from syncer.model.mapping import Direction
from syncer.model.records import LinkField, Record
from syncer.model.remote import Raw
from syncer.model.values import MISSING, Missing, Seen, Value, same_raw
from syncer.reconcile.expressing import Expression, express, makes_option
from syncer.reconcile.lookup import Lookup
from syncer.reconcile.reading import read
from syncer.reconcile.wording import NotExpressible

WRITABLE = (Direction.BOTH, Direction.PUSH)


class Need(Struct, frozen=True):
    """A write, if one is needed, and what the field cannot hold."""

    write: FieldWrite | None = None
    notes: tuple[str, ...] = ()


NOTHING = Need()


def to_update(record: Record, shown: FieldView, memory: LinkField | None, lookup: Lookup) -> Need:
    """What a field that is shown needs. What cannot be read is held, and not written over."""
    bound = shown.bound
    agreed = record.agreed.get(bound.mapping.field)
    if agreed is None or bound.mapping.direction not in WRITABLE:
        return NOTHING
    # What reads as what is agreed stays as it is, whatever else is shown beside it.
    if shown.reading.value is MISSING or shown.reading.value == agreed.value:
        return NOTHING
    wanted = _expressed(bound, agreed.value, shown.raw, lookup)
    if isinstance(wanted, Need):
        return wanted
    if not _differs(wanted, shown, lookup) or _answered(wanted, shown, memory):
        return Need(notes=wanted.unsaid)
    return _write(record, bound, shown.reading.value, wanted)


def to_begin(record: Record, bound: Bound, lookup: Lookup) -> Need:
    """What a field of a new twin needs."""
    value = record.value(bound.mapping.field)
    if value is None or bound.mapping.direction is Direction.PULL:
        return NOTHING
    wanted = _expressed(bound, value, MISSING, lookup)
    if isinstance(wanted, Need):
        return wanted
    return (
        _write(record, bound, None, wanted) if wanted.raw is not None else Need(None, wanted.unsaid)
    )


def why(record: Record, name: str) -> str:
    """Who brought the agreed value of a field, in a few words."""
    agreed = record.agreed.get(name)
    if agreed is None or agreed.connection is None:
        return "agreed"
    return _by(agreed.by, agreed.connection)


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


def _write(record: Record, bound: Bound, old: Seen, wanted: Expression) -> Need:
    name = bound.mapping.field
    if not bound.info.writable:
        return Need(notes=(f"{bound.info.name} is read-only there",))
    agreed = record.agreed.get(name)
    rule = agreed.rule if agreed else ""
    new = record.value(name)
    write = FieldWrite(
        name, bound.info.id, old, new, wanted.raw, why(record, name), rule, wanted.cut
    )
    return Need(write, wanted.unsaid)
