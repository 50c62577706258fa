"""What is to be matched, block by block: things of different blocks are surely not the same.

In a large cycle no more than some blocks are held at a time, and of a thing only what it is
matched by; the others wait in a spool.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from syncer.engine.parcels import UNFIT, shown_from, shown_parcel
from syncer.engine.pulled import digest
from syncer.engine.spool import Spool
from syncer.model.decisions import FieldView, View
from syncer.model.mapping import EntityMapping
from syncer.model.shown import Bound, Reading
from syncer.reconcile.near import block_of
from syncer.reconcile.things import key_of

TOGETHER: Final = 1000
"""Things from which on no further block is matched with them."""

_ODD: Final = 4
"""Bytes that stand for a thing of which no bytes can be made: others are longer."""

Marks = tuple[bool, ...]
"""What else is known of a thing that is to be matched."""


class Blocks:
    """The things of one entity that are to be matched.

    Args:
        title: the field by which people know them.
        spool: makes a room on disk; without it all is held, and matched together.
    """

    def __init__(self, title: str, spool: Callable[[], Spool] | None) -> None:
        self._title = title
        self._spool = spool() if spool else None
        self._held: list[tuple[View, Marks]] = []
        self._bound: dict[tuple[str, str, str], Bound] = {}
        self._mappings: dict[tuple[str, str], EntityMapping] = {}
        self._any = False

    def __bool__(self) -> bool:
        return self._any

    def add(self, view: View, marks: Marks) -> None:
        """Take in a thing as it is shown."""
        self._any = True
        if self._spool is None:
            self._held.append((view, marks))
            return
        names = {*view.mapping.match, self._title} & view.fields.keys()
        self._mappings[view.key[:2]] = view.mapping
        for name in names:
            self._bound.setdefault((*view.key[:2], name), view.fields[name].bound)
        try:
            parcel = shown_parcel(view, names, marks)
        except UNFIT:
            parcel = len(self._held).to_bytes(_ODD)
            self._held.append((view, marks))
        self._spool.put(parcel, place=_place(view))

    def parts(self, *, together: bool) -> Iterator[list[tuple[View, Marks]]]:
        """All of them: those of one block in one part, or ``together`` in a single one."""
        part: list[tuple[View, Marks]] = self._held if self._spool is None else []
        before = b""
        for place, parcel in self._spool.lot(0) if self._spool is not None else ():
            if place != before and len(part) >= TOGETHER and not together:
                yield part
                part = []
            before = place
            odd = len(parcel) == _ODD
            part.append(self._held[int.from_bytes(parcel)] if odd else self._opened(parcel))
        if part:
            yield part

    def _opened(self, parcel: bytes) -> tuple[View, Marks]:
        (connection, object_name, id, existence, container, url), values, marks = shown_from(parcel)
        fields: Mapping[str, FieldView] = {
            name: FieldView(self._bound[connection, object_name, name], None, Reading(value))
            for name, value in values.items()
        }
        mapping = self._mappings[connection, object_name]
        view = View(connection, object_name, id, mapping, fields, existence, container, url)
        return view, tuple(marks)


def _place(view: View) -> bytes:
    """The same for all things of one block; those without a key are like nothing else."""
    key = key_of(view)
    return digest(repr(block_of(key))).to_bytes(8) if key else b""
