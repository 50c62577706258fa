"""Parking: what failed is tried again after growing pauses, and listed until it goes through.

Five kinds of work are parked, told apart by how their keys begin: one whole write of a record in
one system, one field that a system does not take, a record that cannot be dealt with, a thing
that has no record yet and cannot be read, and a report of figures.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct, field

from syncer.adapterkit.redact import clean
from syncer.engine.context import Context
from syncer.model.records import Parked

WRITE, FIELD, CASE, THING, LOOK = "write:", "field:", "case:", "thing:", "look:"
MEASURE = "measure:"
"""How the keys begin. ``LOOK`` is a write without an answer that cannot be looked up."""

LONGEST_REASON = 500
"""Characters of a reason that are kept; vendors may answer with a whole page."""


def write_key(record: str, connection: str) -> str:
    """The key of a write of a record in one system."""
    return f"{WRITE}{record}:{connection}"


def field_key(record: str, connection: str, name: str) -> str:
    """The key of one field of a record in one system."""
    return f"{FIELD}{record}:{connection}:{name}"


def thing_key(place: tuple[str, str, str]) -> str:
    """The key of a thing (connection, object, remote id) without a record."""
    return THING + ":".join(place)


def is_case(parked: Parked) -> bool:
    """Whether what is parked is a whole record, not a single write."""
    return parked.key.startswith(CASE)


class Failure(Struct, frozen=True):
    """What failed, for people and for the next try.

    ``soon``: it may work the next time, so the first pause is none at all. ``rest`` is how long
    the vendor asked us to wait: neither less nor, after many tries, more.
    """

    key: str
    record: str | None
    connection: str
    reason: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    soon: bool = False
    rest: timedelta | None = None


def parked_again(ctx: Context, before: Parked | None, failure: Failure) -> Parked:
    """A parked piece of work; each further failure doubles the pause, up to the longest.

    What was tried before its time, because something else about it changed, waits no longer
    for that and no shorter.
    """
    early = before is not None and before.next_try > ctx.now
    tries = before.attempts + (not early) if before else 1
    return Parked(
        key=failure.key,
        client=ctx.client.key,
        record=failure.record,
        connection=failure.connection,
        reason=_plain(failure.reason),
        attempts=tries,
        next_try=before.next_try if before and early else _next_try(ctx, tries, failure),
        since=before.since if before else ctx.now,
        detail=failure.detail,
    )


def _plain(reason: str) -> str:
    """A reason as it is kept: vendors' words are in it, so nothing in it may move a cursor."""
    shown = (c if c.isprintable() else " " for c in str(clean(reason)))
    return " ".join("".join(shown).split())[:LONGEST_REASON]


def _next_try(ctx: Context, tries: int, failure: Failure) -> datetime:
    if failure.rest is not None:
        return ctx.now + failure.rest
    doublings = tries - 2 if failure.soon else tries - 1
    if doublings < 0:
        return ctx.now
    every = ctx.config.intervals
    # A bound that keeps the number of seconds within what a timedelta can hold.
    pause: timedelta = every.first_retry * 2 ** min(doublings, 20)
    return ctx.now + min(pause, every.longest_retry)
