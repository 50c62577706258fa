"""What is to go back: the journal's lines of the changes to be undone, gathered by field."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from syncer.model.records import JournalEntry
from syncer.model.remote import Op
from syncer.model.undoing import HAD_BACK, PUT_AWAY, UNDO, Beyond, Wish

PUT_BACK = ("proposed", "reverted")


class Chosen(Struct, frozen=True):
    """What some lines of the journal come to, by record.

    ``made`` names the connections in which a twin was made, ``away`` those in which one was put
    away that had been made.
    """

    wishes: Mapping[str, Mapping[str, Wish]]
    made: Mapping[str, frozenset[str]]
    away: Mapping[str, frozenset[str]]


def last_change(lines: Sequence[JournalEntry]) -> list[JournalEntry]:
    """Of the lines about one record, oldest first, those of the cycle or moment that changed it last."""
    changes = [line for line in lines if line.kind == "verdict" or _makes(line) or _away(line)]
    if not changes:
        return []
    last = changes[-1]
    return [line for line in lines if _together(line, last)]


def _together(line: JournalEntry, last: JournalEntry) -> bool:
    return line.cycle == last.cycle if last.cycle else (not line.cycle and line.at == last.at)


def chosen(lines: Iterable[JournalEntry], *, twins: bool = True) -> Chosen:
    """Each field goes back to before the first of these changes of it; a made twin is put away.

    Args:
        lines: of one client, oldest first.
        twins: no leaves those that were made or put away as they are: only fields are meant.
    """
    changes: dict[tuple[str, str], list[JournalEntry]] = defaultdict(list)
    moved: dict[str, dict[str, bool]] = defaultdict(dict)
    for line in lines:
        if line.record is None:
            continue
        if line.kind == "verdict" and line.field is not None:
            changes[line.record, line.field].append(line)
        elif twins and (_makes(line) or _away(line)) and line.connection:
            moved[line.record][line.connection] = _makes(line)
    wishes: dict[str, dict[str, Wish]] = defaultdict(dict)
    for (record, field), moves in sorted(changes.items()):
        if moves[0].old != moves[-1].new:
            wishes[record][field] = Wish(moves[0].old, moves[-1].new, tuple(moves))
    return Chosen(wishes, _where(moved, made=True), _where(moved, made=False))


def _where(twins: Mapping[str, Mapping[str, bool]], *, made: bool) -> dict[str, frozenset[str]]:
    found = {id: frozenset(c for c, was in of.items() if was is made) for id, of in twins.items()}
    return {id: where for id, where in found.items() if where}


def beyond(lines: Sequence[JournalEntry], comments: int) -> Beyond:
    """What undoing these changes does not reach."""
    moved = {(line.record, line.field) for line in lines if line.kind == "verdict"}
    writes = [line for line in lines if line.kind == "write" and not _makes(line)]
    return Beyond(
        comments=comments,
        put_back=[line for line in lines if line.kind == "edit" and line.outcome in PUT_BACK],
        brought=sum((line.record, line.field) not in moved for line in writes),
        connections=tuple(
            sorted({w.connection for w in lines if w.kind == "write" and w.connection})
        ),
    )


def _away(line: JournalEntry) -> bool:
    return line.kind == UNDO and line.outcome == PUT_AWAY


def _makes(line: JournalEntry) -> bool:
    had_back = line.kind == UNDO and line.outcome == HAD_BACK
    return had_back or (line.kind == "write" and line.outcome == Op.CREATE)
