"""Record what became of each write before the next of that record: links, intents, journal."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

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
from syncer.engine.written import Memory
from syncer.model.decisions import Action
from syncer.model.entities import ARCHIVED, EXISTENCE, PRESENT
from syncer.model.records import (
    Intent,
    IntentStatus,
    JournalEntry,
    Link,
    Record,
)
from syncer.model.remote import Op, Outcome, Result
from syncer.model.values import MISSING, Json, Seen, dump

log = structlog.get_logger()


@dataclass
class Pushed:
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
    """Turns outcomes into state, one commit a batch."""

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
        """Record one batch."""
        pairs = list(zip(sent, outcomes, strict=True))
        links: list[Link] = []
        journal: list[JournalEntry] = []
        for sending, outcome in pairs:
            if outcome.result is Result.DONE:
                self.pushed.done += 1
                links.append(self.memory.link(site, sending, outcome))
                journal += self._journal(sending, outcome)
                self._note_stale(sending, outcome)
            else:
                self._note_failure(sending, outcome)
        failures = [f for sending, outcome in pairs for f in self._failures(sending, outcome)]
        parked = [parked_again(self.ctx, self.parked.get(f.key), f) for f in failures]
        freed = {key for sending, outcome in pairs for key in self._done(sending, outcome)}
        with self.ctx.store.transaction() as tx:
            tx.put_links(links)
            tx.finish_intents([self._intent(site, *pair) for pair in pairs])
            tx.journal(journal)
            tx.journal([parked_entry(self.ctx, one) for one in parked if one.attempts == 1])
            tx.park(parked)
            tx.unpark(self.ctx.client.key, freed & self.parked.keys())
            owe(self.ctx, tx, site, *_made(sent, outcomes))

    def _failures(self, sending: Sending, outcome: Outcome) -> list[Failure]:
        """What is to be tried again later: fields that were not taken, else the whole write."""
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

    def _done(self, sending: Sending, outcome: Outcome) -> set[str]:
        """Keys of parked work that went through with this write."""
        if outcome.result is not Result.DONE:
            return set()
        action = sending.action
        place = action.record, action.connection
        taken = {w.field for w in action.writes if w.remote not in outcome.refused}
        return {write_key(*place), *(field_key(*place, name) for name in taken)}

    def finish(self) -> None:
        """What is wholly done is not pending any more."""
        done: list[Record] = []
        for id, work in self.planned.work.items():
            waiting = work.decided.waiting or id in self.pushed.failed
            if work.actions and not waiting:
                done.append(replace(work.decided.record, pending=False))
        with self.ctx.store.transaction() as tx:
            tx.put_records(done)
            tx.unpark(self.ctx.client.key, self._needless())

    def _needless(self) -> list[str]:
        """Parked writes and fields that nothing needs any more."""
        needed = {(a.record, a.connection) for a in self.planned.plan.actions}
        seen = {id for id, work in self.planned.work.items() if not work.decided.waiting}
        return [
            key
            for key, parked in self.parked.items()
            if key.startswith((WRITE, FIELD))
            and parked.record in seen
            and parked.connection in self.sites
            and (parked.record, parked.connection) not in needed
        ]

    def _intent(self, site: Site, sending: Sending, outcome: Outcome) -> Intent:
        """What to remember of the write: settled, or to be looked at again.

        A change that failed may have happened all the same: it can take several requests, and
        one that may be repeated may have been answered by nobody, each time.
        """
        made = sending.action.op is Op.CREATE and outcome.result is not Result.UNKNOWN
        otherwise = IntentStatus.FAILED if made else IntentStatus.SENT
        status = IntentStatus.DONE if outcome.result is Result.DONE else otherwise
        return replace(
            sending.intent,
            status=status,
            done_at=site.adapter.now() if status is not IntentStatus.SENT else None,
            got=outcome.got,
            remote_id=outcome.id or sending.intent.remote_id,
            container=outcome.container or sending.intent.container,
        )

    def _note_failure(self, sending: Sending, outcome: Outcome) -> None:
        action = sending.action
        text = f"{action.connection}: {outcome.reason or outcome.result}"
        self.pushed.failed[action.record].append(text)
        log.warning(
            "push.failed",
            connection=action.connection,
            record=action.record,
            op=str(action.op),
            result=str(outcome.result),
            reason=outcome.reason,
        )

    def _journal(self, sending: Sending, outcome: Outcome) -> list[JournalEntry]:
        action = sending.action
        base = JournalEntry(
            client=self.ctx.client.key,
            at=self.ctx.clock(),
            kind="write",
            cycle=self.ctx.cycle,
            record=action.record,
            entity=action.entity,
            connection=action.connection,
            outcome=str(action.op),
            rule=action.rule,
            text=action.why,
        )
        if action.op in (Op.ARCHIVE, Op.RESTORE):
            ends = (PRESENT, ARCHIVED) if action.op is Op.ARCHIVE else (ARCHIVED, PRESENT)
            return [replace(base, field=EXISTENCE, old=ends[0], new=ends[1])]
        if not action.writes:
            return [base]
        refused = set(outcome.refused) | set(outcome.stale)
        return [
            replace(
                base, field=w.field, old=_json(w.old), new=_json(w.new), rule=w.rule, text=w.why
            )
            for w in action.writes
            if w.remote not in refused
        ]

    def _note_stale(self, sending: Sending, outcome: Outcome) -> None:
        if outcome.stale:
            reason = outcome.reason or "edited meanwhile"
            self.pushed.fail(sending.action.record, f"{sending.action.connection}: {reason}")


def _made(sent: Sequence[Sending], outcomes: Sequence[Outcome]) -> tuple[str, list[str]]:
    """The object of a batch, and the ids of the things that it made."""
    pairs = zip(sent, outcomes, strict=True)
    made = [o.id for s, o in pairs if s.action.op is Op.CREATE and o.id and o.result is Result.DONE]
    return sent[0].action.object, made


def _json(value: Seen) -> Json:
    return None if value is MISSING else dump(value)
