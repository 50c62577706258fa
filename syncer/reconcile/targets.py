"""A place where a record has a twin, or may get one."""

from collections.abc import Mapping

from msgspec import Struct, field

from syncer.model.decisions import Bound, View
from syncer.model.mapping import EntityMapping
from syncer.model.records import Link
from syncer.reconcile.lookup import Lookup


class Target(Struct, frozen=True):
    """One connection that carries this entity for this client.

    Args:
        view: what it shows of the record now; ``None`` where there is no twin.
        link: what was seen and asked; ``None`` where there is no twin.
        bindings: for a new twin, the fields of its container.
        moving: for a twin that is to be moved, the fields of the container it will be in.
        may_create: whether a new twin is to be made here if there is none.
        container, container_of: where it would be made.
        kept: fields that are not written here for now (held, settling, waiting).
        level: of the entity, and one more for each parent above the record.
        put_away: its twin is archived here, whatever is agreed of the record.
    """

    connection: str
    mapping: EntityMapping
    lookup: Lookup
    view: View | None = None
    link: Link | None = None
    bindings: Mapping[str, Bound] = field(default_factory=dict)
    moving: Mapping[str, Bound] = field(default_factory=dict)
    may_create: bool = False
    container: str | None = None
    container_of: str | None = None
    kept: frozenset[str] = frozenset()
    level: int = 0
    put_away: bool = False


def local(bound: Bound) -> bool:
    """Whether a field, or its options, are one container's own: a move leaves them behind."""
    return bound.info.container is not None or any(o.container for o in bound.info.options)
