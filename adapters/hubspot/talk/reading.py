"""What stands on the records that are asked after: rows of notes and tasks as comments."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from adapters.hubspot.history import BATCH
from adapters.hubspot.shapes import TYPES, chunks
from adapters.hubspot.talk.versions import BODIES, comments_of, names, was_changed
from adapters.hubspot.wire import Row, Wire
from syncer.model.comments import Comment, Thread

KINDS: Final = tuple(BODIES)
"""What speaks on a record: a note, a task."""

Standing = Mapping[str, Sequence[Thread]]
"""Under which threads a note or task stands, by its id."""


def by_object(threads: Iterable[Thread]) -> dict[str, list[Thread]]:
    """The threads under records that notes can stand on, by our name of the object, sorted."""
    told = sorted(set(threads), key=lambda thread: (thread.key, thread.container or ""))
    found = {name: [thread for thread in told if thread.object == name] for name in TYPES}
    return {name: listed for name, listed in found.items() if listed}


def standing(wire: Wire, kind: str, ids: Sequence[str], threads: Sequence[Thread]) -> Standing:
    """Where notes or tasks stand; a request per object asked after, none for a single thread
    or where there is nothing.
    """
    if len(threads) == 1 or not ids:
        return dict.fromkeys(ids, threads)
    found: dict[str, list[Thread]] = {id: [] for id in ids}
    for object, listed in by_object(threads).items():
        linked, _ = wire.linked(kind, ids, object)
        for id in ids:
            found[id] += [thread for thread in listed if thread.id in linked[id]]
    return found


def with_history(wire: Wire, kind: str, ids: Sequence[str]) -> dict[str, Row]:
    """Notes or tasks as they are now, with all that they have said; a request per 50."""
    found: dict[str, Row] = {}
    for chunk in chunks(list(ids), BATCH):
        found |= wire.read(kind, chunk, names(kind), history=[BODIES[kind]]).rows
    return found


def settled(wire: Wire, kind: str, rows: Mapping[str, Row]) -> dict[str, Row]:
    """The same rows, those that were changed since they were made with their history.

    Only a history tells whether their text was changed, by whom, and what it was before;
    the search that found them tells neither. What is gone by now is left out.
    """
    changed = [id for id, row in rows.items() if was_changed(row)]
    kept = {id: row for id, row in rows.items() if id not in changed}
    return kept | with_history(wire, kind, changed)


def said(kind: str, rows: Mapping[str, Row], where: Standing) -> Iterator[Comment]:
    """What rows say, under each thread that they stand under."""
    for id, row in rows.items():
        for thread in where.get(id, ()):
            yield from comments_of(kind, row, thread)
