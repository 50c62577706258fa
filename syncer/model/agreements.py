"""What is agreed, and what was agreed in the course of time."""

from datetime import datetime
from functools import lru_cache

from msgspec import Struct

from syncer.model.values import MISSING, Seen, Value


class Agreed(Struct, frozen=True, gc=False):
    """The canonical value after the last verdict, with who set it, where, when, by which rule."""

    value: Value
    by: str | None = None
    role: str | None = None
    connection: str | None = None
    at: datetime | None = None
    rule: str = ""


@lru_cache(maxsize=1000)
def nothing(at: datetime, rule: str) -> Agreed:
    """That a field is empty and nobody made it so: one of all records that a cycle finds so."""
    return Agreed(None, at=at, rule=rule)


class Agreement(Struct, frozen=True, gc=False):
    """A value that a record's field was agreed to have, until the next one of that field.

    The rest is as in :class:`Agreed`; ``at`` is None where nobody knows it.
    """

    client: str
    record: str
    entity: str
    field: str
    value: Value
    by: str | None = None
    role: str | None = None
    connection: str | None = None
    at: datetime | None = None
    rule: str = ""


class Then(Struct, frozen=True):
    """What was agreed of a field at a moment.

    Args:
        agreed: the value with who had set it; None where it is not known, or nothing was agreed.
        first: when the first agreement that is known was made, where that is later.
        shown: what its tool had shown until then, where that is told.
        unmet: the record was not known yet at that moment.
    """

    agreed: Agreed | None
    first: datetime | None = None
    shown: Seen = MISSING
    unmet: bool = False
