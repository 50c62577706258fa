"""A YAML file as plain values, with the place of every key and value in it."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from syncer.model.rules import Source
from syncer.model.structs import Discreet
from syncer.settings.problems import Path, Problem

Mark = tuple[int, int]
"""Line and column, both from 1."""


class Document(Discreet, Struct, frozen=True):
    """One file that could be read.

    Args:
        file: its name relative to the configuration's root.
        data: plain dicts, lists and scalars; dates stay text.
        keys: path to where its key stands; ``values``: to where its value begins.
        texts: path of a number to the way it was written, so that an id keeps its zeros.
    """

    HIDDEN = frozenset({"keys", "values", "texts"})

    file: str
    data: Any
    keys: Mapping[Path, Mark]
    values: Mapping[Path, Mark]
    texts: Mapping[Path, str]

    def existing(self, path: Path) -> Path:
        """The longest beginning of a path that the file really holds."""
        while path not in self.values:
            path = path[:-1]
        return path


class Place(Struct, frozen=True):
    """A path in a document: what stands there, and where."""

    document: Document
    path: Path = ()

    def __truediv__(self, key: str | int) -> "Place":
        return Place(self.document, (*self.path, key))

    @property
    def data(self) -> Any:
        """What stands here, or None if nothing does."""
        found = self.document.data
        for key in self.path:
            try:
                found = found[key]
            except (KeyError, IndexError, TypeError):
                return None
        return found

    @property
    def written(self) -> bool:
        """Whether this key is there, even if nothing stands behind it."""
        return self.path in self.document.values

    @property
    def source(self) -> Source:
        """Where the key stands (for a list item, its value)."""
        return self._source(self.document.keys)

    @property
    def value_source(self) -> Source:
        """Where the value begins."""
        return self._source(self.document.values)

    def names(self) -> frozenset[str]:
        """The keys written here; none if this is not a mapping."""
        return frozenset(self.data) if isinstance(self.data, dict) else frozenset()

    def problem(self, message: str, fix: str = "", *, value: bool = False) -> Problem:
        """A problem with the key here, or with its value."""
        at = self.value_source if value else self.source
        return Problem(at.file, at.line, at.column, message, fix, self.path)

    def _source(self, marks: Mapping[Path, Mark]) -> Source:
        line, column = marks[self.document.existing(self.path)]
        return Source(self.document.file, line, column)
