"""Choices asked for by name: found live, made if they are not there, by one thread at a time."""

import threading
import time
from collections.abc import Callable
from typing import Final

from adapters.asana.client import Asana, Row, segment
from adapters.asana.decode import gid_of
from adapters.asana.describe import sections, tags
from adapters.asana.shapes import CUSTOM
from adapters.asana.untitled import unused
from syncer.model.remote import Option

_REMEMBERED: Final = 60.0
"""Seconds for which a choice that was found or made is not looked for again."""


class Names:
    """Gids of sections, tags and options by name. Names are compared without case.

    The catalogue may be hours old, and several writes may ask for one new name at once: a
    name is looked for in the live system first, under a lock.
    """

    def __init__(self, asana: Asana, clock: Callable[[], float] = time.monotonic) -> None:
        self._asana = asana
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str, str], tuple[str, float]] = {}

    def section(self, project: str, name: str) -> str:
        """The section of this name in a project."""
        return self._resolve("section", project, name, self._section)

    def tag(self, workspace: str, name: str) -> str:
        """The tag of this name in a workspace."""
        return self._resolve("tag", workspace, name, self._tag)

    def option(self, field: str, name: str) -> str:
        """The option of this name of an enumeration field (id as in the catalogue)."""
        return self._resolve("option", field.removeprefix(CUSTOM), name, self._option)

    def _resolve(self, kind: str, place: str, name: str, find: Callable[[str, str], str]) -> str:
        key = (kind, place, fold(name))
        with self._lock:
            known = self._known.get(key)
            if known is None or self._clock() - known[1] > _REMEMBERED:
                known = (find(place, name.strip()), self._clock())
                self._known[key] = known
            return known[0]

    def _section(self, project: str, name: str) -> str:
        there = sections(self._asana, project)
        found = _named(there, name)
        if found is not None:
            return found
        if nobodys := unused(self._asana, there):
            return _gid(self._asana.put(f"/sections/{nobodys}", {"name": name}).data)
        path = f"/projects/{segment(project)}/sections"
        return _gid(self._asana.post(path, {"name": name}).data)

    def _tag(self, workspace: str, name: str) -> str:
        found = _named(tags(self._asana, workspace), name)
        if found is not None:
            return found
        return _gid(self._asana.post("/tags", {"workspace": workspace, "name": name}).data)

    def _option(self, field: str, name: str) -> str:
        """An option; one that was switched off is switched on again, for its name is taken."""
        path = f"/custom_fields/{segment(field)}"
        row = self._asana.get(path, ("enum_options.name", "enum_options.enabled")).data
        same = [o for o in row.get("enum_options") or () if fold(str(o.get("name"))) == fold(name)]
        for option in same:
            if option.get("enabled") is not False:
                return _gid(option)
        for option in same:
            return _gid(self._asana.put(f"/enum_options/{_gid(option)}", {"enabled": True}).data)
        return _gid(self._asana.post(f"{path}/enum_options", {"name": name}).data)


def fold(name: str) -> str:
    """A name as it is compared."""
    return name.strip().casefold()


def _named(options: tuple[Option, ...], name: str) -> str | None:
    return next((option.id for option in options if fold(option.name) == fold(name)), None)


def _gid(row: Row) -> str:
    return gid_of(row) or ""
