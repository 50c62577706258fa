"""Owned fields of which a system does not tell who changes them."""

from collections.abc import Iterator, Mapping

from syncer.model.mapping import EntityMapping, FieldMapping
from syncer.model.remote import Author, ObjectInfo
from syncer.model.rules import Ownership, Rule


def unsigned(
    mapping: EntityMapping, objects: Mapping[str, ObjectInfo], ownership: Ownership
) -> Iterator[tuple[FieldMapping, Rule]]:
    """Each mapped field that has owners, is read, and whose author nobody tells; with its rule."""
    info = objects.get(mapping.object)
    for name, line in mapping.fields.items():
        rule = ownership.rules.get((mapping.entity, name))
        if info is None or rule is None or not rule.owners or not line.reads:
            continue
        fields = [f for f in info.fields if f.custom == line.custom]
        if Author.NO in {f.author for f in fields if line.remote in (f.id, f.name)}:
            yield line, rule
