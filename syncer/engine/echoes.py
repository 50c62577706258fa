"""Echoes: records that show what was decided on, in portions that are let go one by one.

Most of what is told after many writes is what was written. Such a record leads to no verdict and
no write: what its twins showed is remembered at once, so that a cycle holds few of them at a
time. What is anything more than that is left to the cycle as a whole.
"""

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Final

from syncer.engine.attribute import Telling, attribute_known
from syncer.engine.cases import Case, Gathered, load_cases
from syncer.engine.contact import Contacts
from syncer.engine.context import Context
from syncer.engine.deciding import quiet_case
from syncer.engine.index import Index
from syncer.engine.planning import plan_case
from syncer.engine.pull import Pulled
from syncer.engine.pulled import let_go
from syncer.engine.record import news_of
from syncer.engine.sites import Site
from syncer.engine.spool import PORTION
from syncer.engine.targets import Places
from syncer.engine.views import translate_all
from syncer.engine.works import Work
from syncer.model.records import Link

ENOUGH: Final = 4
"""Portions after which it is known whether a cycle has any echoes to speak of: what people did
may be told before them."""


class Echoes:
    """Looks for echoes among the records of one cycle.

    Args:
        recording: whether what was seen may be remembered; else it is only looked at (a plan).
    """

    def __init__(
        self,
        ctx: Context,
        sites: Mapping[str, Site],
        pulls: Mapping[str, Pulled],
        contacts: Contacts,
        *,
        recording: bool,
    ) -> None:
        self.ctx = ctx
        self.sites = sites
        self.pulls = pulls
        self.contacts = contacts
        self.recording = recording
        self._alike = {place for one in contacts.candidates.values() for place in one.pair}
        self._looked = self._found = 0
        self._begun = False

    def settle(self, index: Index, ids: Collection[str]) -> dict[str, str]:
        """What is an echo among these, by id with its entity.

        Where hardly anything is, the rest is not looked at; all of a cycle may be asked about in
        several goes.
        """
        settled: dict[str, str] = {}
        if not self._worth(ids):
            return settled
        if not self._begun:
            self._begun = True
            index.prefetch(self.sites, self.pulls, ())
        wanted = sorted(id for id in ids if id not in self._busy)
        part = Gathered({}, index)
        places = Places(self.ctx, self.sites, part, self.contacts)
        for at in range(0, len(wanted), PORTION):
            portion = wanted[at : at + PORTION]
            found = self._portion(part, places, portion)
            settled |= found
            self._looked += len(portion)
            self._found += len(found)
            if len(found) * 2 < len(portion):
                break
        return settled

    def _worth(self, ids: Collection[str]) -> bool:
        """Whether there is much to look at, by rules and systems as they were all the time."""
        ctx = self.ctx
        complete = ctx.client.mappings.keys() <= self.sites.keys()
        plain = ctx.orders.undo is None and ctx.saved is None and not ctx.changed
        rare = self._looked >= ENOUGH * PORTION and self._found * 2 < self._looked
        return len(ids) > PORTION and complete and plain and not rare

    @cached_property
    def _busy(self) -> set[str]:
        """Records of which a write was never answered, or something is tried again later."""
        store, client = self.ctx.store, self.ctx.client.key
        parked = {one.record for one in store.parked(client) if one.record is not None}
        return parked | {intent.record for intent in store.intents(client)}

    def _portion(self, part: Gathered, places: Places, ids: list[str]) -> dict[str, str]:
        ctx, index = self.ctx, part.index
        part.failed.clear()
        part.cases = load_cases(ctx, ids, self.sites, self.pulls, index)
        index.load({id for case in part.cases.values() for id in index.referred(case.record)})
        translate_all(ctx, part)
        self.contacts.look_again(part.cases.values())
        telling, asked = attribute_known(ctx, part)
        settled: dict[str, Case] = {}
        links: list[Link] = []
        for id, case in part.cases.items():
            if id not in part.failed and id not in asked and self._everywhere(case):
                work = self._echo(part, places, case, telling)
                if work is not None and id not in part.failed:
                    settled[id] = case
                    links += news_of(work)
        self._remember(links)
        for case in part.cases.values():
            self._let_go(index, case, done=case.record.id in settled)
        part.cases = {}
        return {id: case.record.entity for id, case in settled.items()}

    def _everywhere(self, case: Case) -> bool:
        """Whether a record has a twin wherever it may have one, and nothing may be the same."""
        if any(twin.link.key in self._alike for twin in case.twins.values()):
            return False
        return all(
            name in case.twins
            for name, site in self.sites.items()
            if case.record.entity in site.mapping.entities
        )

    def _echo(self, part: Gathered, places: Places, case: Case, telling: Telling) -> Work | None:
        """What follows of a record, if it is nothing but what to remember of its twins."""
        try:
            decided = quiet_case(self.ctx, case, telling, part)
            if decided is None:
                return None
            work, unsaid = plan_case(self.ctx, part, places, decided)
        except Exception:  # noqa: BLE001 - the cycle as a whole finds the same, and says so
            return None
        more = work.actions or unsaid or decided.waiting or decided.unplaced
        noted = decided.journal or decided.holds or decided.cleared or decided.notices
        return None if more or noted else work

    def _remember(self, links: list[Link]) -> None:
        if links and self.recording:
            with self.ctx.store.transaction() as tx:
                tx.put_links(links, self.ctx.client.key)

    def _let_go(self, index: Index, case: Case, *, done: bool) -> None:
        links = [twin.link for twin in case.twins.values()]
        index.forget(case.record, links)
        if done:
            let_go(self.pulls, links)
