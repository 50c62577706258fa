"""What a listing tells that was told before: rows that are the same need no reading.

An adapter that lists much asks :func:`sift` which rows of an answer are as they were when they
were last decided on, reads only the others, and puts both into its page. One that does not loses
nothing but time: the engine then compares what the adapter read.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, Protocol

import msgspec
from msgspec import Struct, field


class Seen(Protocol):
    """What is remembered of one client's things in one connection. Safe to use from any thread."""

    @property
    def any(self) -> bool:
        """Whether anything is remembered at all; else nothing need be asked."""
        ...

    def mark(self, raw: bytes) -> int:
        """The fingerprint of one row, under everything by which it is read."""
        ...

    def same(self, object: str, marks: Mapping[str, int]) -> Collection[str]:
        """Ids, among these with the fingerprints of now, of what is as it was. In one look-up."""
        ...


class _Nothing:
    any = False

    def mark(self, raw: bytes) -> int:
        del raw
        return 0

    def same(self, object: str, marks: Mapping[str, int]) -> Collection[str]:
        del object, marks
        return ()


NOTHING_SEEN: Final[Seen] = _Nothing()
"""Everything is read."""


class Sifted(Struct, frozen=True):
    """Rows of one answer: ids of those ``same`` as before, and the ``marks`` of the others."""

    same: frozenset[str] = frozenset()
    marks: Mapping[tuple[str, str], int] = field(default_factory=dict)


_json: Final = msgspec.json.Encoder(order="deterministic")


def packed(row: Any) -> bytes:
    """All of it, the same for the same."""
    try:
        return _json.encode(row)
    except (TypeError, ValueError, RecursionError, OverflowError):
        # What no JSON holds, such as half a character: it was let through somewhere.
        return repr(row).encode("utf-8", "backslashreplace")


def sift(seen: Seen, object: str, rows: Iterable[tuple[str, Any]]) -> Sifted:
    """Tell rows that are as they were from the others.

    Args:
        seen: as the request for the pull has it.
        object: what the rows are.
        rows: each thing's id, and its own bytes, or what they were read as: in full, and with
            whatever else decides how it is read.
    """
    if not seen.any:
        return Sifted()
    marks = {id: seen.mark(row if isinstance(row, bytes) else packed(row)) for id, row in rows}
    same = frozenset(seen.same(object, marks))
    return Sifted(same, {(object, id): mark for id, mark in marks.items() if id not in same})
