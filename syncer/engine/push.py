"""Push: carry out a plan, wave by wave; every write is intended before it is sent."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice

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
from syncer.engine.waves import Group, grouped, waves
from syncer.engine.workers import Flight
from syncer.model.decisions import Action
from syncer.model.remote import Op, Outcome, Result

log = structlog.get_logger()

PATIENCE = 3
"""Calls without a usable answer, one after the other, after which a system is left for now."""

AHEAD = 100
"""Writes that are intended in one commit, if as many are not under way at once anyway."""

ANSWERS = 100
SOON = 1.0
"""So many answers are recorded in one commit, or what came within so many seconds: what was not
recorded when the process is killed is looked up in the next cycle, a request for each."""

Landed = Iterator[tuple[list[Sending], list[Outcome]]]
Called = tuple[list[Outcome], AdapterError | None]
"""An outcome for each write of a batch, and what broke the call off."""


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
        for _, groups in waves(self.actions):
            later = self._wave(groups)
            if later:
                self._wave(grouped(withhold(self.ctx, self.sites, later)[0]))
        self.recorder.finish()
        return self.pushed

    def _wave(self, groups: Iterable[Group]) -> list[Action]:
        """One level. Returns updates for what was made and lacked fields that it has now."""
        later: list[Action] = []
        for group in groups:
            site, op = self.sites[group.connection], group.op
            for sent, outcomes in self._send(site, group.actions, op):
                self.recorder.landed(site, sent, outcomes)
                self.ctx.progress("push", self.pushed.done, len(self.actions))
                for sending, outcome in zip(sent, outcomes, strict=True):
                    if op is Op.CREATE and outcome.id and sending.later:
                        later.append(follow_up(sending, outcome.id, outcome.container))
            furnish(self.ctx, site)
        return later

    def _send(self, site: Site, group: Iterable[Action], op: Op) -> Landed:
        """Send a group in batches, several in flight; each is intended before it is sent."""
        capabilities = site.adapter.capabilities
        size, most = capabilities.batch_of(op), max(1, capabilities.in_flight)
        ready = (sending for action in group if (sending := self._prepare(site, action)))
        while ahead := list(islice(ready, max(size * most, AHEAD - AHEAD % size))):
            with self.ctx.store.transaction() as tx:
                tx.put_intents([sending.intent for sending in ahead])
            yield from self._answered(site, list(_batches(ahead, size)), most)

    def _answered(self, site: Site, batches: list[list[Sending]], most: int) -> Landed:
        """What came back, as it is to be recorded; a system that was given up is not asked."""
        unsent: list[Sending] = []
        flight = Flight(batches, lambda one: self._call(site, one), lambda r: self._heed(site, r))
        together = max(1, ANSWERS // len(batches[0]))
        for landed in flight.landing(most, together, SOON):
            unsent += [one for batch, result in landed if result is None for one in batch]
            found = [(batch, result[0]) for batch, result in landed if isinstance(result, tuple)]
            if found:
                sent, outcomes = zip(*found, strict=True)
                yield list(chain(*sent)), list(chain(*outcomes))
            for result in (result for _, result in landed if isinstance(result, Exception)):
                raise result
        self.recorder.unsent(site, unsent)

    def _prepare(self, site: Site, action: Action) -> Sending | None:
        if site.connection in self.pushed.down:
            self.pushed.fail(action.record, self.pushed.down[site.connection])
            return None
        try:
            return prepare(self.ctx, site, self.gathered, action)
        except NotYet as error:
            self.pushed.fail(action.record, str(error))
            return None

    def _call(self, site: Site, batch: list[Sending]) -> Called | None:
        """An outcome for each write, also where the call broke off; none if it was not made."""
        if site.connection in self.pushed.down:
            return None
        self.ctx.boundary("write.before")
        writes = [sending.write for sending in batch]
        found: dict[str, Outcome] = {}
        stopped: AdapterError | None = None
        try:
            for outcome in site.adapter.push(writes, site.catalogue):
                found[outcome.intent] = outcome
        except AdapterError as error:
            stopped = error
        self.ctx.boundary("write.after")
        rest = stopped or LookFirst("the adapter gave no outcome for this write")
        return [found.get(s.intent.id) or _failed(s, rest) for s in batch], stopped

    def _heed(self, site: Site, result: Called | Exception | None) -> None:
        """Give a system up for this cycle: its credential is refused, or it answers nothing."""
        if result is None or isinstance(result, Exception):
            return
        outcomes, stopped = result
        if isinstance(stopped, StopConnection):
            self.pushed.down[site.connection] = why_down(self.ctx, site.connection, stopped)
            return
        answered = any(o.result in (Result.DONE, Result.REFUSED) for o in outcomes)
        self.silent[site.connection] = 0 if answered else self.silent[site.connection] + 1
        if self.silent[site.connection] >= PATIENCE:
            reason = next((o.reason for o in outcomes if o.reason), "no answer")
            self.pushed.down.setdefault(site.connection, reason)
            log.warning("push.given_up", connection=site.connection, reason=reason)


def _batches(sendings: Iterable[Sending], size: int) -> Iterator[list[Sending]]:
    left = iter(sendings)
    while batch := list(islice(left, size)):
        yield batch


def _failed(sending: Sending, error: AdapterError) -> Outcome:
    # A write may take several requests: the credential may be refused after the first of them.
    if isinstance(error, LookFirst | StopConnection):
        return Outcome(sending.intent.id, Result.UNKNOWN, reason=str(error))
    again = isinstance(error, WaitAndRetry)
    return Outcome(sending.intent.id, Result.RETRY if again else Result.REFUSED, reason=str(error))
