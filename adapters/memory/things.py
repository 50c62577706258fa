"""What a world is made of: records, the lines of its history, and how it may fail to tell."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from msgspec import Struct, field

from syncer.model.comments import Post, Posted
from syncer.model.entities import PRESENT
from syncer.model.remote import Outcome, Raw, Write

DELETED: Final = "deleted"


class Thing(Struct):
    """A record. ``marker`` is the intent of the service that made it, empty for people."""

    object: str
    id: str
    container: str | None
    team: str
    created_at: datetime
    created_by: str
    fields: dict[str, Raw]
    marker: str = ""
    existence: str = PRESENT
    modified_at: datetime | None = None


class Entry(Struct, frozen=True):
    """One line of the history; ``number`` counts from 1, the oldest.

    ``intent`` is the service's, empty for what people do: nobody is told of it, tests judge by it.
    """

    number: int
    thing: Thing
    field: str
    at: datetime
    by: str
    old: Raw
    new: Raw
    intent: str = ""


def _as_it_is(outcome: Outcome) -> Outcome | None:
    return outcome


def _as_it_stands(posted: Posted) -> Posted | None:
    return posted


class Lapses(Struct):
    """How a world fails to tell what it holds, until somebody sets it right again.

    Args:
        answer: makes of the right answer to a write another one, or none.
        behind: the newest so many lines of the history are not in the feed yet.
        forgotten: cursors up to this line are not known any more.
        cut: the feed ends after so many pages, without a word.
        empty: listings are empty, and say that they are complete.
        underway: the write that is being carried out.
        sent: every write so far, with what its fields showed right before.
        reply: makes of the right answer to a post another one, or none.
        unheard: the newest so many comments and rewrites are not in the feed yet.
        posts: every post so far.
    """

    answer: Callable[[Outcome], Outcome | None] = _as_it_is
    behind: int = 0
    forgotten: int = -1
    cut: int | None = None
    empty: bool = False
    underway: Write | None = None
    sent: list[tuple[Write, dict[str, Raw]]] = field(default_factory=list)
    judged: int = 0
    reply: Callable[[Posted], Posted | None] = _as_it_stands
    unheard: int = 0
    posts: list[Post] = field(default_factory=list)

    def over(self) -> None:
        """Everything is told as it is again."""
        self.answer, self.behind, self.cut, self.empty = _as_it_is, 0, None, False
        self.reply, self.unheard = _as_it_stands, 0
