"""What a client's page may be drawn from: records without anything else."""

from collections.abc import Collection, Iterable

from msgspec.structs import replace

from syncer.model.client_parts import DRAWN, Part
from syncer.model.records import Agreed, Record


def drawn(entity: str, parts: Collection[Part]) -> frozenset[str]:
    """The canonical fields of an entity that these parts of a page are drawn from."""
    wanted: list[Part | None] = [None, *parts]
    return frozenset().union(*(DRAWN[part].get(entity, frozenset()) for part in wanted))


def narrowed(record: Record, parts: Collection[Part]) -> Record:
    """A record with these fields alone, and of each only its value and since when it stands."""
    kept = drawn(record.entity, parts)
    agreed = {
        name: Agreed(one.value, at=one.at) for name, one in record.agreed.items() if name in kept
    }
    return replace(record, agreed=agreed)


def all_narrowed(records: Iterable[Record], parts: Collection[Part]) -> list[Record]:
    """The same of several."""
    return [narrowed(record, parts) for record in records]
