"""Whether every client was in step lately: for whoever watches that no news is no bad news."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct

from syncer.report.document import Line, Style, line
from syncer.report.jsonable import moment_json
from syncer.report.status import Standing, ago, span


class Age(StrEnum):
    """How a client stands. ``NEVER``: it had no cycle at all yet; ``BROKEN``: it can have none."""

    FRESH = "fresh"
    OLD = "old"
    NEVER = "never"
    BROKEN = "broken"
    PAUSED = "paused"
    RETIRED = "retired"


FINE = (Age.FRESH, Age.PAUSED, Age.RETIRED)
"""A paused or retired client is as somebody wants it."""


class Freshness(Struct, frozen=True):
    """One client: how it stands, since when, and in words."""

    client: str
    age: Age
    since: datetime | None
    observes: bool
    text: str

    @property
    def fine(self) -> bool:
        """Whether nobody need look at it."""
        return self.age in FINE


def freshness(standings: Sequence[Standing], now: datetime, most: timedelta) -> list[Freshness]:
    """How each client stands, if it may be out of step for ``most``.

    A client that was never in step yet counts from its first cycle; one that observes is in
    step when it looked at everything without a failure.
    """
    return [_of(one, now, most) for one in standings]


def _of(one: Standing, now: datetime, most: timedelta) -> Freshness:
    health = one.health
    since = health.in_step_at if health else None
    if one.retired_since is not None:
        return _told(one, Age.RETIRED, one.retired_since, f"retired {ago(one.retired_since, now)}")
    if one.paused_since is not None:
        return _told(one, Age.PAUSED, one.paused_since, f"paused {ago(one.paused_since, now)}")
    if one.broken:
        return _told(one, Age.BROKEN, since, "its configuration is wrong")
    if health is None or since is None:
        return _told(one, Age.NEVER, None, "never ran yet")
    age = Age.OLD if now - since > most else Age.FRESH
    last = f"last in step {ago(since, now)}"
    never = f"never in step, tried since {ago(since, now)}"
    why = f", {one.trouble or 'quiet since'}" if age is Age.OLD else ""
    return _told(one, age, since, f"{last if health.last_ok_at else never}{why}")


def _told(one: Standing, age: Age, since: datetime | None, text: str) -> Freshness:
    looks = " (only observed)" if one.observes else ""
    return Freshness(one.client, age, since, one.observes, f"{one.client}{looks}: {text}")


def fresh_document(found: Sequence[Freshness], most: timedelta) -> list[Line]:
    """What is too old, in red; what is paused; or that all is well."""
    lines = [line(one.text, Style.BAD) for one in found if not one.fine]
    lines += [line(one.text, Style.WARN) for one in found if one.age is Age.PAUSED]
    if all(one.fine for one in found):
        text = f"fresh: every client that is not paused was in step in the last {span(most)}"
        lines.append(line(text, Style.GOOD))
    return lines


def fresh_json(found: Sequence[Freshness]) -> dict[str, Any]:
    """The same for programs; ``reasons`` are what makes it not ``fresh``."""
    return {
        "fresh": all(one.fine for one in found),
        "reasons": [one.text for one in found if not one.fine],
        "freshness": [_json(one) for one in found],
    }


def _json(one: Freshness) -> dict[str, Any]:
    mode = "observe" if one.observes else "sync"
    told = {"client": one.client, "age": str(one.age), "mode": mode}
    return told | {"since": moment_json(one.since)}
