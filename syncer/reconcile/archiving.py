"""Archived by a field: a list or section that stands for "put away", where a mapping names one."""

from syncer.model.entities import ARCHIVED, PRESENT
from syncer.model.mapping import EntityMapping
from syncer.model.remote import Change as Entry
from syncer.model.remote import FieldInfo, ObjectInfo, Raw
from syncer.model.values import Missing
from syncer.reconcile.names import folded


def away_field(mapping: EntityMapping, info: ObjectInfo, container: str | None) -> FieldInfo | None:
    """The live field that says so in this container; None where archiving is the vendor's own."""
    name = mapping.archive.get("field")
    if name is None:
        return None
    found = [
        *info.candidates(name, container, custom=False),
        *info.candidates(name, container, custom=True),
    ]
    return found[0] if found else None


def is_away(mapping: EntityMapping, field: FieldInfo, raw: Raw | Missing) -> bool:
    """Whether a value of that field is the option that stands for archived."""
    named = folded(mapping.archive.get("option", ""))
    return any(o.id == raw and folded(o.name) == named for o in field.options)


def existence_told(mapping: EntityMapping, field: FieldInfo, entry: Entry) -> str | None:
    """What an entry about that field did to the thing: archived it, brought it back, or neither."""
    was, now = (is_away(mapping, field, raw) for raw in (entry.old, entry.new))
    if was == now:
        return None
    return ARCHIVED if now else PRESENT
