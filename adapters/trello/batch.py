"""Many reads in one request: ten routes at most ("Batch")."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from adapters.trello.client import Trello
from adapters.trello.shapes import mapping, the_list, word
from syncer.adapterkit.errors import WaitAndRetry

MOST: Final = 10
"""Routes in one batch (documented)."""

GONE: Final = ("401", "404")
"""Not there any more, or not to be seen any more."""


class Part(Struct, frozen=True):
    """What one route answered, or Trello's words for why it did not."""

    status: str
    body: Any
    at: datetime
    said: str = ""

    @property
    def gone(self) -> bool:
        """Whether the thing is not there, or not for us to see."""
        return self.status in GONE


def read(trello: Trello, routes: Sequence[str]) -> Iterator[Part]:
    """The answers to these routes, in their order.

    No route may hold a comma: a comma ends one.
    """
    for start in range(0, len(routes), MOST):
        urls = routes[start : start + MOST]
        answer = trello.get("/batch", {"urls": ",".join(urls)}, cost=len(urls))
        parts = the_list(answer)
        if len(parts) != len(urls):
            raise WaitAndRetry(f"a batch of {len(urls)} has {len(parts)} answers")
        yield from (_part(entry, answer.at) for entry in parts)


def _part(entry: object, at: datetime) -> Part:
    """One part; those that failed come in two shapes."""
    told = mapping(entry)
    status = next(iter(told), "") if len(told) == 1 else str(told.get("statusCode"))
    return Part(status, told.get(status), at, word(told.get("message"))[:80])
