"""Measure: ask the sources for what moved, keep it, and say where results came out otherwise."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from msgspec.structs import asdict

from syncer.adapterkit.contract import Scope
from syncer.adapterkit.errors import AdapterError, WaitAndRetry
from syncer.adapterkit.measuring import Measurer, Unanswered
from syncer.engine.aims import Aim, Written, aims, unmatched, written, wrong_lines
from syncer.engine.asks import PROPERTY, Wanted, reach_of, wanted
from syncer.engine.context import Context
from syncer.engine.counting import counted, figures_of
from syncer.engine.figures import keep
from syncer.engine.forgetting import forget
from syncer.engine.measured import Measured
from syncer.engine.parking import MEASURE, Failure, parked_again
from syncer.engine.record import parked_entry
from syncer.model.decisions import Step
from syncer.model.measures import Ask, Property, Slice
from syncer.reconcile.series import Figures
from syncer.reconcile.windows import Reach, to_ask

log = structlog.get_logger()

PROPERTY_AGE = timedelta(days=1)
"""How long a property's zone and currency are believed: they decide what its numbers mean."""


def asked(ctx: Context, sources: Mapping[str, Measurer]) -> Measured:
    """What :func:`~syncer.engine.sources.measure` gives, of a client that has sources."""
    found = list(written(ctx.config, ctx.client, ctx.store))
    down: dict[str, str] = {}
    problems = wrong_lines(found)
    steps: dict[str, Mapping[str, Step]] = {}
    for name, source in sorted(sources.items()):
        turn = Turn(ctx, name, source, found)
        turn.run()
        down |= {name: "; ".join(turn.failed)} if turn.failed else {}
        problems += turn.problems
        steps |= turn.counted()
    return Measured(steps, down, tuple(problems))


class Turn:
    """One source in one cycle."""

    def __init__(self, ctx: Context, name: str, source: Measurer, found: Sequence[Written]) -> None:
        self.ctx = ctx
        self.name = name
        self.source = source
        self.found = found
        self.measuring = ctx.client.measuring[name]
        self.aims: list[Aim] = []
        self.failed: list[str] = []
        self.problems: list[str] = []
        mine = ctx.store.parked(ctx.client.key)
        self.parked = {p.key: p for p in mine if p.key.startswith(f"{MEASURE}{name}:")}
        self.freed: set[str] = set()

    def run(self) -> None:
        """Ask for every property; one that cannot be had stops no other."""
        try:
            slices = self.source.slices(
                Scope(self.ctx.client.key, self.ctx.client.scopes[self.name])
            )
        except AdapterError as error:
            self.failed.append(str(error))
            return
        self.aims = list(aims(self.found, slices))
        if self.ctx.store.client(self.ctx.client.key).last_ok_at is not None:
            self.problems += self._unknown(slices)
        for property in sorted({part.property for part in slices}):
            here = [part for part in slices if part.property == property]
            if self._open(self._key(property)):
                self._attempt(property, here)
        self._tidy(slices)

    def _tidy(self, slices: Sequence[Slice]) -> None:
        """Free what went through or is not wanted any more, and forget what nobody looks at."""
        today = self.ctx.now.date()
        wants = wanted(self.measuring, slices, self.aims, today)
        alive = {self._key(part.property) for part in slices}
        alive |= {self._key(want.slice.property, want.feed) for want in wants}
        with self.ctx.store.transaction() as tx:
            done = self.freed | (self.parked.keys() - alive)
            tx.unpark(self.ctx.client.key, done & self.parked.keys())
        forget(self.ctx, self.name, wants, today)

    def _unknown(self, slices: Sequence[Slice]) -> list[str]:
        """Slices of projects that there are not."""
        ctx = self.ctx
        return [
            f'{self.name}: no project is called "{name}" (its scope in sync.yaml names it)'
            for name in unmatched(ctx.config, ctx.client, ctx.store, slices)
        ]

    def _attempt(self, property: str, slices: Sequence[Slice]) -> None:
        key = self._key(property)
        try:
            self._ask(property, slices)
        except AdapterError as error:
            self._park(key, property, error)
        else:
            self.freed.add(key)

    def _ask(self, property: str, slices: Sequence[Slice]) -> None:
        known = self._property(property)
        today = self.ctx.now.astimezone(ZoneInfo(known.zone)).date()
        mine = [aim for aim in self.aims if aim.slice.property == property]
        cursors = self.ctx.store.cursors(self.ctx.client.key, self.name)
        asked: list[tuple[Ask, Wanted, Reach | None]] = []
        for want in wanted(self.measuring, slices, mine, today):
            if self._open(self._key(property, want.feed)):
                reach = reach_of(cursors.get(want.feed))
                since, until = to_ask(reach, want.metrics, want.first, today, self.measuring)
                asked.append((want.ask(since, until), want, reach))
        if not asked:
            return
        for answer in self.source.ask([ask for ask, _, _ in asked]):
            want, reach = next((w, r) for ask, w, r in asked if ask == answer.ask)
            key = self._key(property, want.feed)
            if isinstance(answer, Unanswered):
                self._park(key, f"{property}, report {want.report}", answer.error)
            else:
                keep(self.ctx, self.name, want, reach, answer, today)
                self.freed.add(key)

    def counted(self) -> dict[str, Mapping[str, Step]]:
        """The results that are news, by record, also where figures could not be read again."""
        found: dict[str, Mapping[str, Step]] = {}
        known: dict[tuple[str, str], Figures] = {}
        for aim in self.aims:
            kept = self._kept(aim.slice.property)
            if kept is None:
                continue
            key = aim.slice.key()
            if key not in known:
                known[key] = figures_of(self.ctx, self.name, aim.slice, kept[0])
            news = counted(self.ctx, self.name, aim, known[key], ZoneInfo(kept[0].zone))
            found |= {aim.record.id: news} if news else {}
        return found

    def _property(self, property: str) -> Property:
        """Zone and currency of a property, asked for once a day."""
        kept = self._kept(property)
        if kept is not None and self.ctx.now - kept[1] < PROPERTY_AGE:
            return kept[0]
        found = self.source.describe(property)
        with self.ctx.store.transaction() as tx:
            told = {name: str(value) for name, value in asdict(found).items()}
            tx.cache(self.name, self.ctx.client.key, PROPERTY + property, told, self.ctx.now)
        return found

    def _kept(self, property: str) -> tuple[Property, datetime] | None:
        """What is remembered of a property, and since when."""
        kept = self.ctx.store.cached(self.name, self.ctx.client.key, PROPERTY + property)
        return (Property(**kept[0]), kept[1]) if kept else None

    def _key(self, property: str, feed: str = "") -> str:
        return f"{MEASURE}{self.name}:{property}" + (f":{feed}" if feed else "")

    def _open(self, key: str) -> bool:
        """Whether this may be asked now: what failed rests for a while."""
        resting = self.parked.get(key)
        return resting is None or resting.next_try <= self.ctx.now

    def _park(self, key: str, what: str, error: AdapterError) -> None:
        ctx = self.ctx
        seconds = error.seconds if isinstance(error, WaitAndRetry) else 0
        rest = timedelta(seconds=seconds) if seconds else None
        reason = f"{what}: {error}"
        failure = Failure(key, None, self.name, reason, {"title": what}, rest=rest)
        parked = parked_again(ctx, self.parked.get(key), failure)
        with ctx.store.transaction() as tx:
            tx.park([parked])
            tx.journal([parked_entry(ctx, parked)] if parked.attempts == 1 else [])
        log.warning("measure.failed", connection=self.name, what=what, reason=parked.reason)
        self.failed.append(parked.reason)
