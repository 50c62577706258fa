"""How a system's objects and fields carry entities: the checked content of ``mappings/*.yaml``."""

from collections.abc import Mapping
from datetime import time
from enum import StrEnum
from typing import Any, Protocol

from msgspec import Struct, field

from syncer.model.rules import Source


class Condition(Protocol):
    """A compiled ``when``: a pure function of plain values, with the text it was made from."""

    @property
    def text(self) -> str:
        """The condition as it was written."""
        ...

    @property
    def source(self) -> Source:
        """Where it was written."""
        ...

    def __call__(self, context: Mapping[str, Any]) -> bool:
        """Whether it holds. Raises ``ValueError`` with a readable text when it cannot be said."""
        ...


class Direction(StrEnum):
    """Which way a field's value may travel. ``CREATE``: only into a new twin."""

    BOTH = "both"
    PULL = "pull"
    PUSH = "push"
    CREATE = "create"


class Otherwise(StrEnum):
    """What an option that no ``values`` line names means."""

    HOLD = "hold"
    KEEP = "keep"


class FieldMapping(Struct, frozen=True):
    """One canonical field in one vendor field.

    Args:
        remote: the vendor field's name or id; ``custom`` says it is a custom field.
        values: canonical value -> option names; the first is written, ``*`` matches any text.
            ``None`` passes option names through as they are.
        otherwise: hold, keep, or the canonical value of any other option.
        day_end: the time of day that stands for "on that day" where only instants exist.
        zone: ``client`` or an IANA name; the zone in which days begin and end.
        currency: of a plain number that means money.
    """

    field: str
    remote: str
    source: Source
    custom: bool = False
    direction: Direction = Direction.BOTH
    values: Mapping[str, tuple[str, ...]] | None = None
    otherwise: str = Otherwise.HOLD
    day_end: time | None = None
    zone: str = "client"
    currency: str | None = None

    @property
    def reads(self) -> bool:
        """Whether what the system shows is looked at for edits."""
        return self.direction in (Direction.BOTH, Direction.PULL)


class EntityMapping(Struct, frozen=True):
    """One entity in one vendor object.

    Args:
        match: canonical fields that make two twins the same thing at first contact.
        create: ``True``, ``False``, or a condition over the canonical record.
        when: what is in scope, over the vendor record; ``None`` is everything.
        archive: ``{"how": "closed"}``, ``{"how": "none"}`` or ``{"field": ..., "option": ...}``.
        container: name of the one container that holds all of them (a shared pipeline board).
        template: name of the thing that a new one is copied from.
    """

    entity: str
    object: str
    source: Source
    fields: Mapping[str, FieldMapping] = field(default_factory=dict)
    match: tuple[str, ...] = ()
    create: bool | Condition = False
    when: Condition | None = None
    archive: Mapping[str, str] = field(default_factory=lambda: {"how": "closed"})
    container: str | None = None
    template: str | None = None


class SystemMapping(Struct, frozen=True):
    """A variant of a mapping file: which entities live in this system, and how."""

    system: str
    variant: str
    entities: Mapping[str, EntityMapping]
    source: Source

    def by_object(self, object_name: str) -> EntityMapping | None:
        """The mapping of a vendor object; an object carries at most one entity."""
        return next((m for m in self.entities.values() if m.object == object_name), None)
