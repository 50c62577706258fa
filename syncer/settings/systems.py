"""The mapping files by their system: of those that hold records, and of those that only count."""

from collections.abc import Mapping
from itertools import chain
from typing import TypeVar

from msgspec import Struct, field

from syncer.adapterkit.measuring import SourceSpec
from syncer.adapterkit.registry import UnknownAdapter
from syncer.model.entities import BUILTIN
from syncer.settings.connections import Specs
from syncer.settings.files import Files, Notes
from syncer.settings.mapping_fields import Canon
from syncer.settings.mappings import SystemFile, system_file
from syncer.settings.measuring import SourceFile, source_file
from syncer.settings.places import Place
from syncer.settings.problems import Problem
from syncer.settings.shapes_measuring import WORDS

F = TypeVar("F", SystemFile, SourceFile)


class Systems(Struct, frozen=True):
    """Mapping files that could be read, each by its system; a system has one."""

    records: dict[str, SystemFile] = field(default_factory=dict)
    sources: dict[str, SourceFile] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    """Those of which nothing could be made."""

    def names(self) -> set[str]:
        """All systems that have one."""
        return {*self.records, *self.sources}


def systems(
    tops: Files, links: Mapping[str, str], specs: Specs, model: Canon
) -> tuple[Systems, list[Problem]]:
    """Read them all. ``links`` is connection name to adapter, as written."""
    found = Systems()
    notes = Notes()
    for top in tops.mappings.values():
        if _counts(top, frozenset(links.values()), specs):
            _keep(notes.take(source_file(top)), top, found.sources, found, notes)
        else:
            _keep(notes.take(system_file(top, model)), top, found.records, found, notes)
    return found, notes.problems


def _keep(file: F | None, top: Place, kept: dict[str, F], found: Systems, notes: Notes) -> None:
    if file is None:
        found.unread.add(str((top / "system").data))
        return
    known = found.records.get(file.system) or found.sources.get(file.system)
    if known is not None:
        text = f"{file.system} has a mapping already, {known.place.document.file}"
        fix = "put all variants into one file"
        notes.problems.append((file.place / "system").problem(text, fix, value=True))
    kept.setdefault(file.system, file)


def _counts(top: Place, connected: frozenset[str], specs: Specs) -> bool:
    """Whether a mapping is one of a system that only counts.

    Its adapter says so. It is not asked where nothing is connected by it and the file itself
    leaves no doubt: an adapter is imported only when it is needed.
    """
    system = str((top / "system").data)
    variants = top / "variants"
    words = set(chain.from_iterable((variants / name).names() for name in variants.names()))
    both = words & WORDS and words & BUILTIN.keys()
    if system not in connected and not both:
        return bool(words & WORDS)
    try:
        return isinstance(specs(system), SourceSpec)
    except UnknownAdapter:
        return bool(words & WORDS)
