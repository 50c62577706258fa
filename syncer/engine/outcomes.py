"""Record what became of writes before the next of those records: links, intents, journal."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import structlog
from msgspec import Struct, field
from msgspec.structs import replace

from syncer.engine.cases import Gathered
from syncer.engine.context import Context
from syncer.engine.furnishing import owe
from syncer.engine.parking import (
    FIELD,
    WRITE,
    Failure,
    field_key,
    parked_again,
    write_key,
)
from syncer.engine.planning import Planned
from syncer.engine.record import parked_entry
from syncer.engine.sending import Sending
from syncer.engine.sites import Site
from syncer.engine.spool import PORTION
from syncer.engine.written import Memory
from syncer.model.decisions import Action
from syncer.model.entities import ARCHIVED, EXISTENCE, PRESENT
from syncer.model.records import (
    Intent,
    IntentStatus,
    JournalEntry,
)
from syncer.model.remote import Op, Outcome, Result
from syncer.model.values import MISSING, Json, Seen, dump

log = structlog.get_logger()


class Pushed(Struct):
    """What became of the plan.

    ``failed`` maps a record id to the reasons; ``down`` a connection to why it was given up.
    """

    done: int = 0
    failed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    down: dict[str, str] = field(default_factory=dict)

    def fail(self, record: str, reason: str) -> None:
        """Note that something about a record did not go through."""
        self.failed[record].append(reason)


class Recorder:
    """Turns outcomes into state, one commit for all that came back together."""

    def __init__(
        self,
        ctx: Context,
        sites: Mapping[str, Site],
        gathered: Gathered,
        planned: Planned,
        pushed: Pushed,
    ) -> None:
        self.ctx = ctx
        self.sites = sites
        self.gathered = gathered
        self.planned = planned
        self.pushed = pushed
        self.memory = Memory(ctx, gathered, planned)
        self.parked = {p.key: p for p in ctx.store.parked(ctx.client.key)}

    def landed(self, site: Site, sent: Sequence[Sending], outcomes: Sequence[Outcome]) -> None:
        """Record what came back together."""
        pairs = list(zip(sent, outcomes, strict=True))
        done = [pair for pair in pairs if pair[1].result is Result.DONE]
        links = [self.memory.link(site, *pair) for pair in done]
        self.pushed.done += len(done)
        self._note(pairs)
        failures = [failure for pair in pairs for failure in self._failures(*pair)]
        parked = [parked_again(self.ctx, self.parked.get(f.key), f) for f in failures]
        freed = {key for pair in done for key in _through(*pair)} if self.parked else set()
        at, now = self.ctx.clock(), site.adapter.now()
        with self.ctx.store.transaction() as tx:
            tx.put_links(links, self.ctx.client.key)
            tx.finish_intents([_ended(now, *pair) for pair in pairs])
            tx.journal([line for pair in done for line in _lines(self.ctx, at, *pair)])
            tx.journal([parked_entry(self.ctx, one) for one in parked if one.attempts == 1])
            tx.park(parked)
            tx.unpark(self.ctx.client.key, freed & self.parked.keys())
            owe(self.ctx, tx, site, *_made(sent, outcomes))

    def unsent(self, site: Site, sent: Sequence[Sending]) -> None:
        """These were intended and never sent, for their system was given up meanwhile."""
        if not sent:
            return
        now = site.adapter.now()
        for sending in sent:
            self.pushed.fail(sending.action.record, self.pushed.down[site.connection])
        with self.ctx.store.transaction() as tx:
            tx.finish_intents(
                [replace(s.intent, status=IntentStatus.FAILED, done_at=now) for s in sent]
            )

    def _failures(self, sending: Sending, outcome: Outcome) -> list[Failure]:
        """What is to be tried again later: fields that were not taken, else the whole write."""
        if outcome.result is Result.DONE and not outcome.refused:
            return []
        action = sending.action
        place = action.record, action.connection
        detail: dict[str, Any] = {"op": str(action.op), "title": action.title}
        untaken: list[Failure] = []
        for write in action.writes:
            if write.remote in outcome.refused:
                reason = outcome.refused[write.remote]
                self.pushed.fail(action.record, f"{action.connection}: {write.field}: {reason}")
                about = {**detail, "field": write.field}
                untaken.append(Failure(field_key(*place, write.field), *place, reason, about))
        if self._settled(outcome, action) or (untaken and action.op is Op.UPDATE):
            return untaken
        about = {**detail, "fields": sorted(write.field for write in action.writes)}
        reason = outcome.reason or str(outcome.result)
        soon = outcome.result is Result.RETRY
        return [Failure(write_key(*place), *place, reason, about, soon)]

    def _settled(self, outcome: Outcome, action: Action) -> bool:
        """Whether nothing is wrong with the write: a system that does not answer is down whole."""
        down = outcome.result is Result.RETRY and action.connection in self.pushed.down
        return down or outcome.result in (Result.DONE, Result.UNKNOWN)

    def finish(self) -> None:
        """What is wholly done is not pending any more."""
        through = self.planned.work.through()
        done = (id for id in through if id not in self.pushed.failed)
        with self.ctx.store.transaction() as tx:
            while part := list(islice(done, PORTION)):
                tx.settle(part)
            tx.unpark(self.ctx.client.key, self._needless())

    def _needless(self) -> list[str]:
        """Parked writes and fields that nothing needs any more."""
        # What is kept elsewhere is new, so that nothing of it was parked before.
        work = self.planned.work.whole
        needed = {(id, name) for id, one in work.items() for name in one.into}
        seen = {id for id, one in work.items() if not one.decided.waiting}
        return [
            key
            for key, parked in self.parked.items()
            if key.startswith((WRITE, FIELD))
            and parked.record in seen
            and parked.connection in self.sites
            and (parked.record, parked.connection) not in needed
        ]

    def _note(self, pairs: Sequence[tuple[Sending, Outcome]]) -> None:
        """What did not go through, in the log and for the report."""
        for sending, outcome in pairs:
            action = sending.action
            if outcome.stale and outcome.result is Result.DONE:
                reason = outcome.reason or "edited meanwhile"
                self.pushed.fail(action.record, f"{action.connection}: {reason}")
            if outcome.result is Result.DONE:
                continue
            reason = f"{action.connection}: {outcome.reason or outcome.result}"
            self.pushed.fail(action.record, reason)
            log.warning(
                "push.failed",
                connection=action.connection,
                record=action.record,
                op=str(action.op),
                result=str(outcome.result),
                reason=outcome.reason,
            )


def _ended(now: datetime, sending: Sending, outcome: Outcome) -> Intent:
    """What to remember of the write: settled, or to be looked at again.

    A change that failed may have happened all the same: it can take several requests, and one
    that may be repeated may have been answered by nobody, each time.
    """
    made = sending.action.op is Op.CREATE and outcome.result is not Result.UNKNOWN
    otherwise = IntentStatus.FAILED if made else IntentStatus.SENT
    status = IntentStatus.DONE if outcome.result is Result.DONE else otherwise
    return replace(
        sending.intent,
        status=status,
        done_at=now if status is not IntentStatus.SENT else None,
        got=outcome.got,
        remote_id=outcome.id or sending.intent.remote_id,
        container=outcome.container or sending.intent.container,
    )


def _through(sending: Sending, outcome: Outcome) -> Iterator[str]:
    """Keys of parked work that went through with this write."""
    place = sending.action.record, sending.action.connection
    yield write_key(*place)
    for write in sending.action.writes:
        if write.remote not in outcome.refused:
            yield field_key(*place, write.field)


def _lines(
    ctx: Context, at: datetime, sending: Sending, outcome: Outcome
) -> Iterator[JournalEntry]:
    """A line of the journal for each field that was written; one for a write without any."""
    action = sending.action
    of = (ctx.client.key, at, "write", ctx.cycle, action.record, action.entity)
    # Of what somebody edited there is a key, who it was and in which role; not of our own writes.
    there = (action.connection, None, None, None)
    done = str(action.op)
    if action.op in (Op.ARCHIVE, Op.RESTORE):
        old, new = (PRESENT, ARCHIVED) if action.op is Op.ARCHIVE else (ARCHIVED, PRESENT)
        yield JournalEntry(*of, EXISTENCE, *there, old, new, done, action.rule, action.why)
    elif not action.writes:
        yield JournalEntry(*of, None, *there, None, None, done, action.rule, action.why)
    else:
        lost = outcome.refused or outcome.stale
        for w in action.writes:
            if lost and (w.remote in outcome.refused or w.remote in outcome.stale):
                continue
            was, now = _json(w.old), _json(w.new)
            yield JournalEntry(*of, w.field, *there, was, now, done, w.rule, w.why)


def _made(sent: Sequence[Sending], outcomes: Sequence[Outcome]) -> tuple[str, list[str]]:
    """The object of a batch, and the ids of the things that it made."""
    pairs = zip(sent, outcomes, strict=True)
    made = [o.id for s, o in pairs if s.action.op is Op.CREATE and o.id and o.result is Result.DONE]
    return sent[0].action.object, made


def _json(value: Seen) -> Json:
    return None if value is MISSING else dump(value)
