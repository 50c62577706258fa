"""What stands under threads, read by links and not by search: it shows what was just written."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from adapters.hubspot.people import whoami
from adapters.hubspot.shapes import unique
from adapters.hubspot.talk.reading import KINDS, by_object, said, with_history
from adapters.hubspot.wire import Wire
from syncer.adapterkit.errors import AdapterError
from syncer.model.comments import Audience, Comment, Thread

SLACK: Final = timedelta(minutes=2)
"""Our own posts are looked for from that much earlier on: clocks need not agree."""


def comments(wire: Wire, threads: Sequence[Thread], since: datetime) -> Iterator[Comment]:
    """What was said since then, oldest first of notes, then of tasks.

    Per object asked after one reading of links for notes and one for tasks, then a batch read
    with history per 50 of either.
    """
    for kind in KINDS:
        where: dict[str, list[Thread]] = {}
        for object, listed in by_object(threads).items():
            linked, _ = wire.linked(object, unique(thread.id for thread in listed), kind)
            for thread in listed:
                for id in linked[thread.id]:
                    where.setdefault(id, []).append(thread)
        rows = with_history(wire, kind, list(where))
        found = [one for one in said(kind, rows, where) if _is_since(one, since)]
        yield from sorted(found, key=lambda comment: (comment.at, comment.id))


def _is_since(comment: Comment, since: datetime) -> bool:
    # HubSpot tells milliseconds, answers the time of day in seconds.
    earliest = since - SLACK if comment.ref else since.replace(microsecond=0)
    return (comment.edited_at or comment.at) >= earliest


def audience(wire: Wire, threads: Sequence[Thread]) -> dict[Thread, Audience]:
    """Who can read what stands there; one request for all.

    An account is the agency's own, has no guests and shows no records in public: whoever can
    read them has a seat in it. That it can be asked at all is looked at now.
    """
    try:
        account = whoami(wire)
    except AdapterError as error:
        return dict.fromkeys(threads, Audience(unknown=str(error)))
    known = Audience() if account.id != "portal:" else Audience(unknown="HubSpot names no account")
    return dict.fromkeys(threads, known)
