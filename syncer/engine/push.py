"""Push: carry out a plan, wave by wave; every write is intended before it is sent."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import structlog

from syncer.adapterkit.errors import AdapterError, LookFirst, StopConnection, WaitAndRetry
from syncer.engine.cases import Gathered
from syncer.engine.confidential import withhold
from syncer.engine.context import Context
from syncer.engine.furnishing import furnish
from syncer.engine.outcomes import Pushed, Recorder
from syncer.engine.planning import Planned
from syncer.engine.sending import NotYet, Sending, follow_up, prepare
from syncer.engine.sites import Site, why_down
from syncer.engine.workers import in_flight
from syncer.model.decisions import Action
from syncer.model.remote import Op, Outcome, Result

log = structlog.get_logger()

PATIENCE = 3
"""Calls without a usable answer, one after the other, after which a system is left for now."""

Landed = Iterator[tuple[list[Sending], list[Outcome]]]


class Pusher:
    """Carries out one plan level by level: what others refer to is made first."""

    def __init__(
        self, ctx: Context, sites: Mapping[str, Site], gathered: Gathered, planned: Planned
    ) -> None:
        self.ctx = ctx
        self.sites = sites
        self.gathered = gathered
        self.actions = planned.plan.actions
        self.pushed = Pushed()
        self.silent: Counter[str] = Counter()
        self.recorder = Recorder(ctx, sites, gathered, planned, self.pushed)

    def run(self) -> Pushed:
        """Send everything; what fails is noted and stops no other record."""
        levels: dict[int, list[Action]] = defaultdict(list)
        for action in self.actions:
            levels[action.level].append(action)
        for level in sorted(levels):
            later = self._wave(levels[level])
            if later:
                self._wave(withhold(self.ctx, self.sites, later)[0])
        self.recorder.finish()
        return self.pushed

    def _wave(self, actions: Sequence[Action]) -> list[Action]:
        """One level. Returns updates for what was made and lacked fields that it has now."""
        groups: dict[tuple[str, Op, str], list[Action]] = defaultdict(list)
        for action in actions:
            groups[(action.connection, action.op, action.object)].append(action)
        later: list[Action] = []
        for (connection, op, _), group in groups.items():
            site = self.sites[connection]
            for sent, outcomes in self._send(site, group, op):
                self.recorder.landed(site, sent, outcomes)
                self.ctx.progress("push", self.pushed.done, len(self.actions))
                for sending, outcome in zip(sent, outcomes, strict=True):
                    if op is Op.CREATE and outcome.id and sending.later:
                        later.append(follow_up(sending, outcome.id, outcome.container))
            furnish(self.ctx, site)
        return later

    def _send(self, site: Site, group: Sequence[Action], op: Op) -> Landed:
        """Send a group in batches, several in flight; intents are committed before the first."""
        capabilities = site.adapter.capabilities
        size, most = capabilities.batch_of(op), max(1, capabilities.in_flight)
        ready = [sending for action in group if (sending := self._prepare(site, action))]
        chunks = [ready[at : at + size] for at in range(0, len(ready), size)]
        for at in range(0, len(chunks), most):
            flight = chunks[at : at + most]
            if site.connection in self.pushed.down:
                for sending in (sending for chunk in flight for sending in chunk):
                    self.pushed.fail(sending.action.record, self.pushed.down[site.connection])
                continue
            with self.ctx.store.transaction() as tx:
                tx.put_intents([sending.intent for chunk in flight for sending in chunk])
            for chunk, result in in_flight(flight, lambda part: self._call(site, part), most):
                if isinstance(result, Exception):
                    raise result
                outcomes, stopped = result
                self._heed(site, outcomes, stopped)
                yield chunk, outcomes

    def _prepare(self, site: Site, action: Action) -> Sending | None:
        if site.connection in self.pushed.down:
            self.pushed.fail(action.record, self.pushed.down[site.connection])
            return None
        try:
            return prepare(self.ctx, site, self.gathered, action)
        except NotYet as error:
            self.pushed.fail(action.record, str(error))
            return None

    def _call(self, site: Site, chunk: list[Sending]) -> tuple[list[Outcome], AdapterError | None]:
        """An outcome for each write, also where the call broke off, and what broke it off."""
        self.ctx.boundary("write.before")
        writes = [sending.write for sending in chunk]
        found: dict[str, Outcome] = {}
        stopped: AdapterError | None = None
        try:
            for outcome in site.adapter.push(writes, site.catalogue):
                found[outcome.intent] = outcome
        except AdapterError as error:
            stopped = error
        self.ctx.boundary("write.after")
        rest = stopped or LookFirst("the adapter gave no outcome for this write")
        return [found.get(s.intent.id) or _failed(s, rest) for s in chunk], stopped

    def _heed(self, site: Site, outcomes: list[Outcome], stopped: AdapterError | None) -> None:
        """Give a system up for this cycle: its credential is refused, or it answers nothing."""
        if isinstance(stopped, StopConnection):
            self.pushed.down[site.connection] = why_down(self.ctx, site.connection, stopped)
            return
        answered = any(o.result in (Result.DONE, Result.REFUSED) for o in outcomes)
        self.silent[site.connection] = 0 if answered else self.silent[site.connection] + 1
        if self.silent[site.connection] >= PATIENCE:
            reason = next((o.reason for o in outcomes if o.reason), "no answer")
            self.pushed.down.setdefault(site.connection, reason)
            log.warning("push.given_up", connection=site.connection, reason=reason)


def _failed(sending: Sending, error: AdapterError) -> Outcome:
    # A write may take several requests: the credential may be refused after the first of them.
    if isinstance(error, LookFirst | StopConnection):
        return Outcome(sending.intent.id, Result.UNKNOWN, reason=str(error))
    again = isinstance(error, WaitAndRetry)
    return Outcome(sending.intent.id, Result.RETRY if again else Result.REFUSED, reason=str(error))
