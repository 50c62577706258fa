"""Record what became of each write before the next of that record: links, intents, journal."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import structlog

from syncer.engine.cases import Gathered, is_case
from syncer.engine.context import Context
from syncer.engine.furnishing import owe
from syncer.engine.parking import parked_again
from syncer.engine.planning import Planned
from syncer.engine.sending import Sending
from syncer.engine.sites import Site
from syncer.engine.written import Memory
from syncer.model.entities import ARCHIVED, EXISTENCE, PRESENT
from syncer.model.records import (
    Hold,
    Intent,
    IntentStatus,
    JournalEntry,
    Link,
    Parked,
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
        links: list[Link] = []
        intents: list[Intent] = []
        journal: list[JournalEntry] = []
        parked: list[Parked] = []
        holds: list[Hold] = []
        freed: list[str] = []
        for sending, outcome in zip(sent, outcomes, strict=True):
            intents.append(self._intent(site, sending, outcome))
            key = f"write:{sending.action.record}:{site.connection}"
            if outcome.result is Result.DONE:
                self.pushed.done += 1
                link = self.memory.link(site, sending, outcome)
                links.append(link)
                journal += self._journal(sending, outcome)
                holds += self._refused(sending, outcome)
                freed += [key] if key in self.parked else []
            else:
                self._note_failure(sending, outcome)
                if outcome.result is Result.REFUSED:
                    parked.append(self._park(key, sending, outcome))
        with self.ctx.store.transaction() as tx:
            tx.put_links(links)
            tx.finish_intents(intents)
            tx.journal(journal)
            tx.park(parked)
            tx.unpark(self.ctx.client.key, freed)
            tx.drop_holds(self.ctx.client.key, self._accepted(sent, outcomes))
            tx.put_holds(holds)
            owe(self.ctx, tx, site, *_made(sent, outcomes))

    def _accepted(self, sent: Sequence[Sending], outcomes: Sequence[Outcome]) -> list[str]:
        """Holds of fields that were refused before and are taken now."""
        return [
            refused_key(sending.action.record, sending.action.connection, write.field)
            for sending, outcome in zip(sent, outcomes, strict=True)
            if outcome.result is Result.DONE
            for write in sending.action.writes
        ]

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
        """Parked writes that nothing needs any more."""
        needed = {(a.record, a.connection) for a in self.planned.plan.actions}
        seen = {id for id, work in self.planned.work.items() if not work.decided.waiting}
        return [
            key
            for key, parked in self.parked.items()
            if not is_case(parked)
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

    def _park(self, key: str, sending: Sending, outcome: Outcome) -> Parked:
        action = sending.action
        detail = {"op": str(action.op), "title": action.title}
        return parked_again(
            self.ctx, self.parked.get(key), key, action.record, action.connection,
            outcome.reason, detail,
        )  # fmt: skip

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

    def _refused(self, sending: Sending, outcome: Outcome) -> list[Hold]:
        action = sending.action
        if outcome.stale:
            reason = outcome.reason or "edited meanwhile"
            self.pushed.failed[action.record].append(f"{action.connection}: {reason}")
        by_remote = {w.remote: w.field for w in action.writes}
        return [
            Hold(
                key=refused_key(action.record, action.connection, by_remote.get(remote, remote)),
                client=self.ctx.client.key,
                kind="refused",
                reason=reason,
                connection=action.connection,
                record=action.record,
                field=by_remote.get(remote, remote),
                since=self.ctx.now,
            )
            for remote, reason in outcome.refused.items()
        ]


def _made(sent: Sequence[Sending], outcomes: Sequence[Outcome]) -> tuple[str, list[str]]:
    """The object of a batch, and the ids of the things that it made."""
    pairs = zip(sent, outcomes, strict=True)
    made = [o.id for s, o in pairs if s.action.op is Op.CREATE and o.id and o.result is Result.DONE]
    return sent[0].action.object, made


def refused_key(record: str, connection: str, field: str) -> str:
    """The key of the hold that lists a field a vendor will not take."""
    return f"refused:{record}:{connection}:{field}"


def _json(value: Seen) -> Json:
    return None if value is MISSING else dump(value)
