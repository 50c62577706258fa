"""How every client fares, from the state alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from syncer.model.records import Hold, Parked
from syncer.report.document import Block, Cell, Line, Style, line, table
from syncer.report.jsonable import hold_json, moment_json, parked_json
from syncer.report.plan import Names, holds_document
from syncer.report.talk import Talk, talk_json, talk_lines

if TYPE_CHECKING:
    from syncer.state.health import Health

FAILED = ("failed", "refused", "killed")


class Standing(Struct, frozen=True):
    """One client at a glance.

    Args:
        health: what the state knows; None for a client that never ran.
        linked: twins per connection.
        broken: what is wrong with its configuration.
        observes: it is only looked at; nothing is written for it, and that since then.
        retired_since: since when it is run no more, although the configuration has it.
        full_every: how often everything is compared.
        talk: what became of held edits.
        goals: lines of goals that count for nothing, with what is wrong with each.
    """

    client: str
    health: "Health | None" = None
    linked: Mapping[str, int] = field(default_factory=dict)
    broken: tuple[str, ...] = ()
    observes: bool = False
    observes_since: datetime | None = None
    retired_since: datetime | None = None
    holds: tuple[Hold, ...] = ()
    parked: tuple[Parked, ...] = ()
    full_every: timedelta | None = None
    goals: tuple[str, ...] = ()
    talk: Talk = field(default_factory=Talk)

    @property
    def next_full_at(self) -> datetime | None:
        """When everything is to be compared again; None before first contact."""
        last = self.health.last_full_at if self.health else None
        return last + self.full_every if last is not None and self.full_every is not None else None

    @property
    def healed(self) -> int | None:
        """What the last full compare found that the feeds had not told; None if not known."""
        cycle = self.health.last_full if self.health else None
        found = cycle.counts.get("healed") if cycle else None
        return found if isinstance(found, int) else None

    @property
    def paused_since(self) -> datetime | None:
        """Since when it is paused."""
        return self.health.paused_since if self.health else None

    @property
    def trouble(self) -> str:
        """How its last cycle failed; empty if it did not."""
        last = self.health.last_cycle if self.health else None
        if last is None or str(last.status) not in FAILED:
            return ""
        return f"{last.status}: {last.text}" if last.text else str(last.status)


def status_document(standings: Sequence[Standing], now: datetime, names: Names) -> list[Block]:
    """A table of clients, then what is wrong and what waits."""
    columns = ("client", "last in step", "full compare", "linked", "proposals", "holds", "parked")
    blocks: list[Block] = [table((*columns, "state"), [_row(one, now) for one in standings])]
    for one in standings:
        blocks += _details(one, names)
    return blocks


def _row(one: Standing, now: datetime) -> list[str | Cell]:
    health = one.health
    linked = ", ".join(f"{name} {count}" for name, count in sorted(one.linked.items()))
    if health is None:
        return [one.client, "never", "never", "", "", "", "", _state(one, now)]
    counts = [str(n) if n else "" for n in (health.proposals, health.holds, health.parked)]
    times = [ago(health.last_ok_at, now), _full(one, now)]
    return [one.client, *times, linked, *counts, _state(one, now)]


def _full(one: Standing, now: datetime) -> str:
    last = one.health.last_full_at if one.health else None
    text = ago(last, now)
    if last is not None and one.healed is not None:
        text += f", healed {one.healed}"
    if one.next_full_at is None or one.paused_since is not None:
        return text
    left = one.next_full_at - now
    return f"{text}; next {f'in {span(left)}' if left > timedelta(0) else 'run'}"


def _state(one: Standing, now: datetime) -> Cell:
    if one.retired_since is not None:
        return Cell(f"retired {ago(one.retired_since, now)}", Style.DIM)
    if one.broken:
        return Cell("configuration is wrong", Style.BAD)
    if one.paused_since is not None:
        return Cell(f"paused {ago(one.paused_since, now)}", Style.WARN)
    if one.trouble:
        return Cell(one.trouble.split(":")[0], Style.BAD)
    if one.health is None or one.health.last_cycle is None:
        return Cell("never ran", Style.WARN)
    last = str(one.health.last_cycle.status)
    seen = " (observed)" if one.observes else ""
    if one.observes and one.observes_since is not None:
        seen = f" (observed for {span(now - one.observes_since)})"
    return Cell(f"ok{seen}" if last == "done" else last, Style.GOOD)


def _details(one: Standing, names: Names) -> list[Line]:
    lines = [line(text, Style.BAD) for text in one.broken]
    if one.trouble:
        lines.append(line(f"{one.client}: {one.trouble}", Style.BAD))
    for parked in one.parked:
        unnamed = parked.detail.get("title") or parked.key
        title = names(parked.record) if parked.record else str(unnamed)
        text = f'{one.client}: parked: {parked.connection} "{title}": {parked.reason}'
        lines.append(line(f"{text} ({parked.attempts} tries)", Style.WARN))
    took = span(one.talk.median) if one.talk.median is not None else ""
    lines += talk_lines(one.client, one.talk, took)
    lines += [line(f"{one.client}: {text}", Style.WARN) for text in one.goals]
    return [*lines, *holds_document(one.holds, names)]


def ago(at: datetime | None, now: datetime) -> str:
    """How long ago, in one unit."""
    return "never" if at is None else f"{span(now - at)} ago"


def span(time: timedelta) -> str:
    """A length of time, in one unit."""
    seconds = max(0, int(time.total_seconds()))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def standing_json(one: Standing) -> dict[str, Any]:
    """All of it."""
    health = one.health
    counts = ("records", "pending", "twins", "proposals", "unanswered")
    return {
        "client": one.client,
        "last_ok_at": moment_json(health.last_ok_at) if health else None,
        "last_full_at": moment_json(health.last_full_at) if health else None,
        "full_compare": {
            "last_at": moment_json(health.last_full_at) if health else None,
            "healed": one.healed,
            "next_at": moment_json(one.next_full_at),
        },
        "paused_since": moment_json(one.paused_since),
        "mode": "observe" if one.observes else "sync",
        "observed_since": moment_json(one.observes_since),
        "retired_since": moment_json(one.retired_since),
        "last_cycle": _cycle_json(health) if health else None,
        "linked": dict(one.linked),
        **{name: getattr(health, name) if health else 0 for name in counts},
        "holds": [hold_json(hold) for hold in one.holds],
        "parked": [parked_json(parked) for parked in one.parked],
        "trouble": one.trouble or None,
        "broken": list(one.broken),
        "goals": list(one.goals),
        "talk": talk_json(one.talk),
    }


def _cycle_json(health: "Health") -> dict[str, Any] | None:
    last = health.last_cycle
    if last is None:
        return None
    times = {name: moment_json(getattr(last, name)) for name in ("started_at", "finished_at")}
    told = {"id": last.id, "status": str(last.status), "full": last.full, "text": last.text}
    return told | times | {"counts": dict(last.counts)}
