"""Parking: what failed is tried again after growing pauses."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from syncer.engine.context import Context
from syncer.model.records import Parked

FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=24)


def parked_again(
    ctx: Context,
    before: Parked | None,
    key: str,
    record: str | None,
    connection: str,
    reason: str,
    detail: Mapping[str, Any],
) -> Parked:
    """A parked piece of work; each further failure doubles the pause, up to a day."""
    attempts = before.attempts + 1 if before else 1
    pause = min(FIRST_PAUSE * 2 ** min(attempts - 1, 12), LONGEST_PAUSE)
    return Parked(
        key=key,
        client=ctx.client.key,
        record=record,
        connection=connection,
        reason=reason,
        attempts=attempts,
        next_try=ctx.now + pause,
        since=before.since if before else ctx.now,
        detail=detail,
    )
