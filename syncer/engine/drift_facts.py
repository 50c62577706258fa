"""What is known of each field of each twin, for judging how it stands."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from syncer.engine.cases import Case, Gathered, Twin
from syncer.engine.context import Context
from syncer.engine.decided import Decided
from syncer.engine.matching import Matcher
from syncer.engine.parking import CASE, field_key, write_key
from syncer.engine.sites import Site
from syncer.engine.targets import Places
from syncer.model.configuration import Mode
from syncer.model.decisions import Change, FieldView
from syncer.model.drift import Cause, Drift, Standing
from syncer.model.entities import ARCHIVED, EXISTENCE, PRESENT, EntitySpec
from syncer.model.mapping import Direction
from syncer.model.records import Hold, LinkField, LinkStatus, Parked, Proposal
from syncer.model.values import MISSING, Seen
from syncer.reconcile.drifting import Facts
from syncer.reconcile.history import SKEW
from syncer.reconcile.merge import compare
from syncer.reconcile.needs import to_update


class Shown(Struct):
    """One field of one twin: what it shows, what is agreed, and what is known about it.

    ``twin`` is None where a record lacks one; ``note`` says what the system cannot hold.
    """

    case: Case
    connection: str
    field: str
    shown: Seen
    agreed: Seen
    facts: Facts
    twin: Twin | None = None
    note: str = ""

    def withhold(self, why: str) -> None:
        """Others can read it there."""
        self.facts, self.note = replace(self.facts, withheld=why), why or self.note


class Known:
    """What a cycle would know of one client, without having decided anything."""

    def __init__(
        self, ctx: Context, sites: Mapping[str, Site], gathered: Gathered, matcher: Matcher
    ) -> None:
        self.ctx = ctx
        self.sites = sites
        self.gathered = gathered
        self.matcher = matcher
        store, key = ctx.store, ctx.client.key
        self.last_ok: datetime | None = store.client(key).last_ok_at
        self.paused = store.paused(key)
        self.parked: dict[str, Parked] = {one.key: one for one in store.parked(key)}
        self.unanswered = {(i.record, i.connection) for i in store.intents(key)}
        self.proposals: dict[tuple[str, str], list[Proposal]] = defaultdict(list)
        for one in store.proposals(key):
            self.proposals[one.record, one.field].append(one)

    @cached_property
    def places(self) -> Places:
        """Where records may get twins."""
        return Places(self.ctx, self.sites, self.gathered, self.matcher.contacts)

    def spec(self, case: Case) -> EntitySpec:
        """What is known of records of its kind."""
        return self.ctx.config.schema[case.record.entity]

    def title(self, case: Case) -> str:
        """What people call a record; of one that is new, what a twin of it shows."""
        name = self.spec(case).title
        views = [twin.view for twin in case.twins.values() if twin.view]
        shown = [v.fields[name].reading.value for v in views if name in v.fields]
        return str(case.record.value(name) or next(iter(shown), None) or case.record.id)

    def hold(self, case: Case, connection: str, field: str) -> Hold | None:
        """What is held about a field in a connection, or about the field everywhere."""
        return next(
            (
                h
                for h in case.holds
                if h.connection in (None, connection)
                and h.field in (None, field)
                and h.kind != "partly"  # listed only: it keeps nobody from writing
            ),
            None,
        )

    def stuck(self, case: Case, connection: str, field: str) -> Parked | None:
        """What is parked about a field in a connection."""
        id = case.record.id
        keys = (field_key(id, connection, field), write_key(id, connection), CASE + id)
        return next((self.parked[key] for key in keys if key in self.parked), None)

    def waits(self, case: Case, connection: str, field: str) -> Facts:
        """Whatever may keep a field from being brought into step."""
        return Facts(
            proposal=bool(self.proposals.get((case.record.id, field))),
            held=self.hold(case, connection, field) is not None,
            parked=self.stuck(case, connection, field) is not None,
            unanswered=(case.record.id, connection) in self.unanswered,
            paused=self.paused is not None,
            observed=self.ctx.client.mode is Mode.OBSERVE,
            joined=case.new,
            owed=case.record.pending,
        )

    def late(self, twin: Twin, memory: LinkField | None) -> bool:
        """Whether a change is older than the last good cycle, which heard nothing of it."""
        site, at = twin.site, twin.view.modified_at if twin.view else None
        if self.last_ok is None or site is None or at is None:
            return False
        if memory is not None and memory.shown is not MISSING:
            return False  # it was heard of, and waits
        return at + SKEW + site.adapter.capabilities.lag < self.last_ok + site.ahead

    def settles(self, case: Case, twin: Twin, field: str) -> bool:
        """Whether an edit is still left alone, in case somebody is in the middle of typing."""
        rule = self.ctx.config.ownership.rules.get((case.record.entity, field))
        at = twin.view.modified_at if twin.view else None
        if rule is None or at is None or twin.site is None:
            return False
        age: timedelta = self.ctx.now + twin.site.ahead - at
        return age < rule.settle

    def lacking(self, case: Case) -> Iterator[Shown]:
        """The connections in which a record has no twin, though its kind has a place there."""
        if case.new or case.record.value(EXISTENCE) != PRESENT:
            return
        decided = Decided(case.record)
        targets = self.places.targets(case, decided)
        for name, site in self.sites.items():
            if name in case.twins or case.record.entity not in site.mapping.entities:
                continue
            waits = self.waits(case, name, EXISTENCE)
            made = name in targets and targets[name].may_create
            facts = replace(waits, mapped=made or waits.unanswered)
            yield Shown(case, name, EXISTENCE, MISSING, PRESENT, facts)

    def unread(self) -> Iterator[Drift]:
        """Records and things that could not be looked at, each with the reason."""
        for id, fault in self.gathered.failed.items():
            case = self.gathered.cases[id]
            waits = CASE + id in self.parked
            yield Drift(
                fault.connection, case.record.entity, id, self.title(case), "", MISSING, MISSING,
                Standing.PENDING if waits else Standing.FAULT,
                Cause.PARKED if waits else Cause.UNREAD, fault.reason,
            )  # fmt: skip
        for (connection, object_name, id), odd in self.gathered.odd.items():
            yield Drift(
                connection, object_name, "", id, "", MISSING, MISSING, Standing.FAULT,
                Cause.UNREAD, odd.reason, id=id,
            )  # fmt: skip
        for hold in self.matcher.holds.values():
            yield Drift(
                hold.connection or "", hold.object or "", "", hold.remote_id or "", EXISTENCE,
                PRESENT, MISSING, Standing.PENDING, Cause.HELD, hold.reason, id=hold.remote_id or "",
            )  # fmt: skip


def of_existence(known: Known, case: Case, twin: Twin) -> Shown:
    """Whether a twin is there as agreed."""
    link, view = twin.link, twin.view
    shown = ARCHIVED if twin.ended or view is None else view.existence
    agreed = case.record.value(EXISTENCE)
    gone = link.status is LinkStatus.GONE and not twin.fresh
    away = link.status is LinkStatus.UNLINKED
    out = view is not None and not view.in_scope
    kept = twin.site is not None and _never_archived(twin.site, case)
    facts = replace(
        known.waits(case, link.connection, EXISTENCE),
        same=shown == agreed and not out,
        agreed=agreed is not None,
        left=away or gone,
        direction=Direction.PULL if kept and agreed == ARCHIVED else Direction.BOTH,
        change=Change.EDITED if shown != link.existence or out else Change.SAME,
        late=known.late(twin, None),
    )
    return Shown(case, link.connection, EXISTENCE, shown, agreed, facts, twin)


def _never_archived(site: Site, case: Case) -> bool:
    mapping = site.mapping.entities.get(case.record.entity)
    return mapping is None or mapping.archive.get("how") == "none"


def of_field(known: Known, case: Case, twin: Twin, name: str) -> Shown:
    """How one field of one twin stands against what is agreed."""
    assert twin.view is not None
    assert twin.site is not None
    view, connection = twin.view, twin.link.connection
    agreed = case.record.value(name)
    facts = known.waits(case, connection, name)
    if name not in view.fields:
        mapped = name in view.mapping.fields
        unsaid = agreed is None or name not in case.record.agreed
        there = name in view.bindings
        facts = replace(facts, same=unsaid, mapped=mapped, there=there or not mapped)
        note = twin.site.faults.get(f"{case.record.entity}.{name}", "") if mapped else ""
        return Shown(case, connection, name, MISSING, agreed, facts, twin, note)
    shown = view.fields[name]
    facts, note = _compared(known, case, twin, shown, facts)
    return Shown(case, connection, name, shown.reading.value, agreed, facts, twin, note)


def _compared(
    known: Known, case: Case, twin: Twin, shown: FieldView, facts: Facts
) -> tuple[Facts, str]:
    """The agreed value as this very field would show it, by what a plan would write."""
    assert twin.site is not None
    name = shown.bound.mapping.field
    memory = twin.link.fields.get(name)
    lookup = known.gathered.index.lookup(twin.site, known.ctx)
    need = to_update(case.record, shown, twin.link.fields, lookup)
    value, change = shown.reading.value, compare(memory, shown)
    if value is None and change is Change.NEW and shown.bound.mapping.direction is Direction.PULL:
        change = Change.SAME  # what is empty, and was never looked at, says nothing
    unread = value is MISSING
    note = "; ".join(need.notes) or shown.reading.problem
    edited = change in (Change.EDITED, Change.UNREADABLE)
    told = replace(
        facts,
        same=not unread and value == case.record.value(name),
        agreed=name in case.record.agreed,
        direction=shown.bound.mapping.direction,
        problem=shown.reading.problem if unread else "",
        keeps=unread and not shown.reading.problem,
        differs=need.write is not None,
        note=note,
        change=change,
        late=edited and known.late(twin, memory),
        settling=edited and known.settles(case, twin, name),
    )
    return told, note
