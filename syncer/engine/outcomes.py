"""Record what became of each write before the next of that record: links, intents, journal."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from syncer.engine.cases import Gathered, Twin
from syncer.engine.context import Context
from syncer.engine.planning import Planned
from syncer.engine.sites import Site
from syncer.model.decisions import Bound, FieldWrite
from syncer.model.entities import ARCHIVED, PRESENT
from syncer.model.records import (
    Hold,
    Intent,
    IntentStatus,
    JournalEntry,
    Link,
    LinkField,
    Parked,
    Record,
)
from syncer.model.remote import Op, Outcome, Raw, Result
from syncer.model.values import MISSING, Json, Seen, dump
from syncer.reconcile.lookup import Lookup
from syncer.reconcile.reading import read

if TYPE_CHECKING:
    from syncer.engine.push import Pushed, Sending

log = structlog.get_logger()

FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=24)


class Recorder:
    """Turns outcomes into state, one commit a batch."""

    def __init__(
        self,
        ctx: Context,
        sites: Mapping[str, Site],
        gathered: Gathered,
        planned: Planned,
        pushed: "Pushed",
    ) -> None:
        self.ctx = ctx
        self.sites = sites
        self.gathered = gathered
        self.planned = planned
        self.pushed = pushed
        self.links: dict[tuple[str, str], Link] = {}
        self.parked = {p.key: p for p in ctx.store.parked(ctx.client.key)}

    def landed(self, site: Site, sent: Sequence["Sending"], outcomes: Sequence[Outcome]) -> None:
        """Record one batch."""
        links: list[Link] = []
        intents: list[Intent] = []
        journal: list[JournalEntry] = []
        parked: list[Parked] = []
        holds: list[Hold] = []
        freed: list[str] = []
        for sending, outcome in zip(sent, outcomes, strict=True):
            intents.append(self._intent(sending, outcome))
            key = f"write:{sending.action.record}:{site.connection}"
            if outcome.result is Result.DONE:
                self.pushed.done += 1
                link = self._link(site, sending, outcome)
                self.links[(link.record, link.connection)] = link
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

    def _accepted(self, sent: Sequence["Sending"], outcomes: Sequence[Outcome]) -> list[str]:
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

    def _intent(self, sending: "Sending", outcome: Outcome) -> Intent:
        status = {
            Result.DONE: IntentStatus.DONE,
            Result.UNKNOWN: IntentStatus.SENT,
        }.get(outcome.result, IntentStatus.FAILED)
        return replace(
            sending.intent,
            status=status,
            done_at=self.ctx.clock() if status is not IntentStatus.SENT else None,
            got=outcome.got,
            remote_id=outcome.id or sending.intent.remote_id,
            container=outcome.container or sending.intent.container,
        )

    def _note_failure(self, sending: "Sending", outcome: Outcome) -> None:
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

    def _park(self, key: str, sending: "Sending", outcome: Outcome) -> Parked:
        before = self.parked.get(key)
        attempts = before.attempts + 1 if before else 1
        pause = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
        return Parked(
            key=key,
            client=self.ctx.client.key,
            record=sending.action.record,
            connection=sending.action.connection,
            reason=outcome.reason,
            attempts=attempts,
            next_try=self.ctx.now + pause,
            since=before.since if before else self.ctx.now,
            detail={"op": str(sending.action.op), "title": sending.action.title},
        )

    def _link(self, site: Site, sending: "Sending", outcome: Outcome) -> Link:
        action, intent = sending.action, sending.intent
        work = self.planned.work[action.record]
        known = self.links.get((action.record, site.connection))
        link = known or work.decided.links.get(site.connection)
        if link is None or action.op is Op.CREATE:
            link = self._made(site, sending, outcome)
        fields = dict(link.fields)
        bindings = site.bindings(self.ctx, action.entity, link.container)
        sent = dict(zip((w.field for w in action.writes), action.writes, strict=True))
        for name, write in sent.items():
            bound = bindings.get(name)
            if bound is not None and bound.info.id in intent.fields:
                fields[name] = self._written(fields.get(name), bound, write, sending, outcome)
        existence = {Op.ARCHIVE: ARCHIVED, Op.RESTORE: PRESENT}.get(action.op, link.existence)
        verify = link.verify
        if site.adapter.capabilities.verify_writes and action.op is Op.UPDATE:
            verify |= frozenset(intent.fields)
        return replace(
            link, fields=fields, existence=existence, verify=verify, url=outcome.url or link.url
        )

    def _made(self, site: Site, sending: "Sending", outcome: Outcome) -> Link:
        action = sending.action
        link = Link(
            id=self.ctx.new_id("l"),
            record=action.record,
            connection=site.connection,
            object=action.object,
            remote_id=outcome.id or "",
            container=outcome.container or sending.intent.container,
            linked_at=outcome.as_of or self.ctx.now,
            as_of=outcome.as_of or self.ctx.now,
            url=outcome.url,
        )
        self.gathered.index.learn(link)
        case = self.gathered.cases.get(action.record)
        if case is not None:
            case.twins[site.connection] = Twin(link, site)
        return link

    def _written(
        self,
        memory: LinkField | None,
        bound: Bound,
        write: FieldWrite,
        sending: "Sending",
        outcome: Outcome,
    ) -> LinkField:
        """What is remembered of one field after its write was answered."""
        remote = bound.info.id
        known = memory or LinkField()
        asked = sending.intent.fields[remote]
        if remote in outcome.stale:
            return replace(known, shown=outcome.stale[remote])
        if remote in outcome.refused:
            return replace(known, asked=asked, got=known.seen, asked_at=sending.intent.created_at)
        got = outcome.got.get(remote, asked)
        reading = read(bound, got, self._lookup(sending)).value
        return LinkField(
            seen=got,
            read=MISSING if reading is MISSING else dump(reading),
            asked=_asked(asked, got),
            got=got,
            asked_at=sending.intent.created_at,
            cut=write.cut,
        )

    def _lookup(self, sending: "Sending") -> Lookup:
        site = self.sites[sending.action.connection]
        return self.gathered.index.lookup(site, self.ctx)

    def _journal(self, sending: "Sending", outcome: Outcome) -> list[JournalEntry]:
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

    def _refused(self, sending: "Sending", outcome: Outcome) -> list[Hold]:
        action = sending.action
        if outcome.stale:
            self.pushed.failed[action.record].append(f"{action.connection}: edited meanwhile")
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


def refused_key(record: str, connection: str, field: str) -> str:
    """The key of the hold that lists a field a vendor will not take."""
    return f"refused:{record}:{connection}:{field}"


def _asked(asked: Raw, got: Raw) -> Raw:
    """A new option was asked for by name; from now on it has an id."""
    if isinstance(asked, dict) and "name" in asked:
        return got
    if isinstance(asked, list) and any(isinstance(item, dict) for item in asked):
        return got
    return asked


def _json(value: Seen) -> Json:
    return None if value is MISSING else dump(value)
