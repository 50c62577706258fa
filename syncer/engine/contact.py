"""First contact of a client with its systems: what is old stock, and what becomes of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from syncer.engine.cases import Case
from syncer.engine.context import Context
from syncer.engine.latecomers import Places
from syncer.engine.sites import Site
from syncer.model.configuration import ClientConfig
from syncer.model.contact import Candidate, Contact, Decision, FirstContact, Pair, Place
from syncer.model.decisions import View
from syncer.model.mapping import EntityMapping
from syncer.model.remote import RemoteRecord
from syncer.reconcile.names import fits
from syncer.reconcile.stock import Look, takes_part
from syncer.state import Store

ALWAYS = "*"
"""Instead of a digest: met before first contact was kept; whatever is said was always so."""

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Bar(StrEnum):
    """Why a record gets no new twin: it is left alone, or somebody must say first what it is."""

    NONE = ""
    LEFT = "left"
    UNSURE = "unsure"


def widened(store: Store, client: ClientConfig) -> frozenset[str]:
    """Connections of which something else is said now than when a cycle last got to its end.

    So is a system that joins others: what they hold was told of long ago.
    """
    known = store.contacts(client.key)
    rules = {name: known[name].rules if name in known else "" for name in client.mappings}
    if not any(rules.values()):
        return frozenset()
    now = client.first_contact
    return frozenset(name for name, r in rules.items() if r not in (ALWAYS, now.digest(name)))


def begin(ctx: Context) -> None:
    """Remember when this client first met each system, before anything is done about it."""
    known = ctx.store.contacts(ctx.client.key)
    names = sorted(ctx.client.mappings.keys() - known.keys())
    if names:
        with ctx.store.transaction() as tx:
            tx.put_contacts([Contact(ctx.client.key, name, ctx.now) for name in names])


@dataclass
class Contacts:
    """What one cycle knows of first contact. ``candidates`` are those of the state, by id."""

    ctx: Context
    known: Mapping[str, Contact] = field(init=False)
    candidates: dict[str, Candidate] = field(init=False)
    unsure: frozenset[Place] = frozenset()
    told: frozenset[Place] = field(init=False)
    places: Places = field(init=False)
    _meeting: dict[str, bool] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        store, client = self.ctx.store, self.ctx.client.key
        self.known = store.contacts(client)
        self.candidates = {one.id: one for one in store.candidates(client)}
        talked_of = (place for one in self.candidates.values() for place in one.pair)
        self.places = Places(self.ctx, frozenset(talked_of))
        self.told = frozenset(place for pair in self._said(Decision.CREATED) for place in pair)
        self.still_open(self.candidates.values())

    # -- what people said ------------------------------------------------------------------

    def still_open(self, candidates: Iterable[Candidate]) -> None:
        """Take note of what may be something else as things stand now."""
        waiting = [one for one in candidates if one.decision is Decision.OPEN]
        self.unsure = frozenset(place for one in waiting for place in one.pair)

    @property
    def same(self) -> frozenset[Pair]:
        """Pairs that somebody called one thing."""
        return self._said(Decision.ACCEPTED)

    @property
    def apart(self) -> frozenset[Pair]:
        """Pairs that somebody called different."""
        return self._said(Decision.REJECTED, Decision.CREATED)

    def _said(self, *decisions: Decision) -> frozenset[Pair]:
        return frozenset(one.pair for one in self.candidates.values() if one.decision in decisions)

    # -- when systems were met -------------------------------------------------------------

    def ended(self, names: Iterable[str]) -> list[Contact]:
        """What is known now, and was not before, of connections of which all was recorded."""
        rules, client = self.ctx.client.first_contact, self.ctx.client.key
        now = [Contact(client, n, self.met_at(n), rules.digest(n)) for n in sorted(names)]
        return [each for each in now if each != self.known.get(each.connection)]

    def met_at(self, connection: str) -> datetime:
        """When this client first met a connection, by our clock."""
        known = self.known.get(connection)
        return known.met_at if known else self.ctx.now

    def meeting(self, connection: str) -> bool:
        """Whether what was there before us is met in this cycle, or met by a new rule."""
        if connection not in self._meeting:
            known = self.known.get(connection)
            rules = self.ctx.client.first_contact.digest(connection)
            self._meeting[connection] = known is None or known.rules not in (ALWAYS, rules)
        return self._meeting[connection]

    def first_seen(self, case: Case) -> bool:
        """Whether a new record is nothing but old stock: it was no edit of anybody."""
        twins = [twin for twin in case.twins.values() if twin.joined]
        new = case.new and bool(twins)
        return new and all(
            t.link.stock and (self.meeting(t.link.connection) or t.link.key in self.places.late)
            for t in twins
        )

    # -- what is old stock -----------------------------------------------------------------

    def is_stock(self, site: Site, record: RemoteRecord) -> bool:
        """Whether a thing was there when this client first met its system, or its place, there."""
        return self._before(site, record) or self.places.held(site, record)

    def _before(self, site: Site, record: RemoteRecord) -> bool:
        known = self.known.get(site.connection)
        met = self._there(site)
        if known is None or not known.rules:
            return record.created_at is None or record.created_at <= met
        return record.created_at is not None and record.created_at < met

    def mode(self, connection: str, entity: str) -> FirstContact:
        """What becomes of old stock."""
        return self.ctx.client.first_contact.of(connection, entity).mode

    def takes_part(self, site: Site, view: View, touched: datetime | None) -> bool:
        """Whether old stock takes part by the filter; what holds other things always does."""
        mapping = view.mapping
        rule = self.ctx.client.first_contact.of(site.connection, mapping.entity)
        if any(info.inside == mapping.object for info in site.catalogue.objects.values()):
            return True
        look = Look(self._lists(view), touched)
        return takes_part(rule, look, self._there(site), ZoneInfo(self.ctx.client.zone))

    def _there(self, site: Site) -> datetime:
        """When a system was first met, by its own clock."""
        return self.met_at(site.connection) + site.ahead

    def _lists(self, view: View) -> list[str] | None:
        """The names of the lists a thing is in: the options of the field that says how far it is."""
        done = self.ctx.config.schema[view.mapping.entity].done
        shown = view.fields.get(done[0]) if done else None
        if shown is None:
            return None
        raw = shown.raw if isinstance(shown.raw, list) else [shown.raw]
        return [option.name for option in shown.bound.options if option.id in raw]

    # -- what may be made ------------------------------------------------------------------

    def bar(self, case: Case, connection: str) -> Bar:
        """Why a record gets no new twin in a connection, if it does not."""
        places = {twin.link.key for twin in case.twins.values()}
        if places & self.told:
            return Bar.NONE
        entity = case.record.entity
        modes = [self.mode(t.link.connection, entity) for t in case.twins.values() if t.link.stock]
        if (case.record.since or _LONG_AGO) < self.met_at(connection):
            modes.append(self.mode(connection, entity))
        out = any(twin.link.stock and not twin.link.let_in for twin in case.twins.values())
        if out or FirstContact.MATCH_ONLY in modes:
            return Bar.LEFT
        return Bar.UNSURE if places & self.unsure else Bar.NONE

    def look_again(self, cases: Iterable[Case]) -> None:
        """Note of every twin that is old stock and was told of whether it is let in now."""
        for twin in (twin for case in cases for twin in case.twins.values()):
            told = twin.fresh and not twin.joined  # what joined was looked at when it was met
            if twin.link.stock and told and twin.site and twin.record and twin.view:
                let_in = self.takes_part(twin.site, twin.view, twin.record.modified_at)
                if let_in is not twin.link.let_in:
                    twin.link = replace(twin.link, let_in=let_in)

    def misnamed(self, sites: Mapping[str, Site]) -> Iterator[str]:
        """Lists that are chosen and that a system has nowhere."""
        for name, site in sorted(sites.items()):
            for entity, mapping in sorted(site.mapping.entities.items()):
                there = self._options(site, mapping)
                for pattern in self.ctx.client.first_contact.of(name, entity).lists:
                    if there and self.meeting(name) and not any(fits(pattern, o) for o in there):
                        known = ", ".join(sorted(there)[:10])
                        text = f'first_contact: no list of {mapping.object} is called "{pattern}"'
                        yield f"{name}: {text}; there are: {known}"

    def _options(self, site: Site, mapping: EntityMapping) -> set[str]:
        done = self.ctx.config.schema[mapping.entity].done
        line = mapping.fields.get(done[0]) if done else None
        if line is None or any(i.inside == mapping.object for i in site.catalogue.objects.values()):
            return set()
        fields = [f for f in site.info(mapping).fields if line.remote in (f.id, f.name)]
        return {option.name for info in fields for option in info.options}
