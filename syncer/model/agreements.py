"""What is agreed, and what was agreed in the course of time."""

from dataclasses import dataclass
from datetime import datetime

from syncer.model.values import Value


@dataclass(frozen=True)
class Agreed:
    """The canonical value after the last verdict, with who set it, where, when, by which rule."""

    value: Value
    by: str | None = None
    role: str | None = None
    connection: str | None = None
    at: datetime | None = None
    rule: str = ""


@dataclass(frozen=True)
class Agreement:
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
