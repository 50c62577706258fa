"""Where a record has a twin, or may get one: what the planner needs to know of each place."""

from collections.abc import Mapping

from syncer.engine.cases import Case, Gathered, Twin, load_cases
from syncer.engine.contact import Bar, Contacts
from syncer.engine.context import Context
from syncer.engine.decided import Decided
from syncer.engine.index import RECORD
from syncer.engine.newplaces import (
    Home,
    container_field,
    fixed_container,
    new_bindings,
    promising,
)
from syncer.engine.parking import FIELD, WRITE, field_key
from syncer.engine.sites import Site
from syncer.model.decisions import Bound, View
from syncer.model.entities import EXISTENCE, PRESENT
from syncer.model.mapping import EntityMapping
from syncer.model.records import Hold, Record
from syncer.reconcile.planner import Target
from syncer.reconcile.translate import record_context

CONDITION = "condition"
"""Kind of hold: whether a twin is to be made could not be answered."""


class Places:
    """Builds the targets of one cycle's records."""

    def __init__(
        self, ctx: Context, sites: Mapping[str, Site], gathered: Gathered, contacts: Contacts
    ) -> None:
        self.ctx = ctx
        self.contacts = contacts
        self.left: set[str] = set()
        self._others: dict[str, Case] = {}
        self._asked: set[str] = set()
        self._begun: dict[tuple[str, str, str | None, bool], Mapping[str, Bound]] = {}
        self._inward: dict[str, list[str]] = {}
        self._inside: dict[tuple[str, str], tuple[str | None, str | None]] = {}
        self.sites = {
            name: site for name, site in sites.items() if not site.adapter.capabilities.read_only
        }
        self.gathered = gathered
        self.lookups = {
            name: promising(ctx, s, gathered, contacts) for name, s in self.sites.items()
        }
        # Parked writes and fields whose next try is not due yet.
        parked = [p for p in ctx.store.parked(ctx.client.key) if p.next_try > ctx.now]
        writes = [p for p in parked if p.key.startswith(WRITE)]
        self.resting = {(p.record, p.connection) for p in writes}
        self.untaken = {p.key for p in parked if p.key.startswith(FIELD)}
        # Writes whose answer is still unknown: what they made is looked for first.
        self.unanswered = {
            (intent.record, intent.connection) for intent in ctx.store.intents(ctx.client.key)
        }

    def targets(self, case: Case, decided: Decided) -> dict[str, Target]:
        """Every connection that carries this record, or may."""
        record = decided.record
        level = self._depth(record)
        found: dict[str, Target] = {}
        for name, site in self.sites.items():
            mapping = site.mapping.entities.get(record.entity)
            if mapping is None:
                continue
            twin = case.twins.get(name)
            if self._waits(decided, name, twin):
                decided.waiting = True
                continue
            home = self._home(site, mapping, record)
            untaken = self._untaken(decided, name, mapping)
            decided.waiting |= bool(untaken)
            kept = frozenset(decided.kept.get(name, ())) | untaken
            if twin is not None:
                away = name in decided.put_away
                view = twin.view if (twin.live or away) and not twin.ended else None
                link = decided.links.get(name, twin.link)
                lookup, moving = self.lookups[name], self._moving(site, record, home, view)
                found[name] = Target(
                    name, mapping, lookup, view, link,
                    moving=moving, kept=kept, level=level, put_away=away,
                )  # fmt: skip
            elif self._homeless(home, site):
                decided.waiting = True
            elif self._may_create(name, mapping, decided) and self._free(case, home, decided, site):
                found[name] = self._new(site, mapping, home, kept, level)
        return found

    def _home(self, site: Site, mapping: EntityMapping, record: Record) -> Home:
        """What a twin of this record is in there: which field says so is looked up once."""
        key = (site.connection, mapping.entity)
        if key not in self._inside:
            name = container_field(self.ctx, site, mapping)
            self._inside[key] = (name, fixed_container(site, mapping))
        name, fixed = self._inside[key]
        value = record.value(name) if name and fixed is None else None
        return Home(name, fixed, value if isinstance(value, str) else None)

    def _free(self, case: Case, home: Home, decided: Decided, site: Site) -> bool:
        """Whether first contact lets a twin be made, and there is or will be a place for it."""
        bar = own = self.contacts.bar(case, site.connection)
        if own is Bar.NONE:
            bar = self._above(home, site)
        if bar is Bar.LEFT:
            decided.unplaced |= own is Bar.NONE
            self.left.add(case.record.id)
        decided.waiting |= bar is Bar.UNSURE
        return bar is Bar.NONE

    def _above(self, home: Home, site: Site) -> Bar:
        """What keeps the board or project away in which a twin would be made."""
        parent = home.parent
        if parent is None:
            return Bar.NONE
        if self.gathered.index.remote(parent, site.connection) is not None:
            return Bar.NONE
        if parent not in self.gathered.cases and parent not in self._asked:
            # With the first all are looked up that anything in this cycle is in.
            wanted = {parent} if self._asked else {parent, *self._parents()}
            self._asked |= wanted
            self._others |= load_cases(self.ctx, wanted, {}, {}, self.gathered.index)
        case = self.gathered.cases.get(parent) or self._others.get(parent)
        return self.contacts.bar(case, site.connection) if case else Bar.NONE

    def _parents(self) -> set[str]:
        """Records that those of this cycle refer to, and that are no matter of it themselves."""
        cases = self.gathered.cases
        found = {id for case in cases.values() for id in self.gathered.index.referred(case.record)}
        views = (twin.view for case in cases.values() for twin in case.twins.values() if twin.view)
        read = (shown.reading.value for view in views for shown in view.fields.values())
        found |= {id for id in read if isinstance(id, str) and id.startswith(RECORD)}
        return found - cases.keys()

    def _waits(self, decided: Decided, connection: str, twin: Twin | None) -> bool:
        """Whether nothing is written there now; a value that is new is tried all the same."""
        if not self.unanswered and not self.resting:
            return False
        place = (decided.record.id, connection)
        unsure, new = place in self.unanswered, any(v.changed for v in decided.verdicts)
        return (unsure and twin is None) or ((unsure or place in self.resting) and not new)

    def _untaken(self, decided: Decided, connection: str, mapping: EntityMapping) -> frozenset[str]:
        """Fields that this system did not take, until their next try or a value that is new."""
        if not self.untaken:
            return frozenset()
        id, new = decided.record.id, {v.field for v in decided.verdicts if v.changed}
        return frozenset(
            field
            for field in mapping.fields.keys() - new
            if field_key(id, connection, field) in self.untaken
        )

    def _homeless(self, home: Home, site: Site) -> bool:
        """Whether what it belongs to was deleted or left there: nothing can be made in it."""
        return bool(home.parent) and self.gathered.index.left(home.parent or "", site.connection)

    def _moving(
        self, site: Site, record: Record, home: Home, view: View | None
    ) -> Mapping[str, Bound]:
        """The fields of the container that a twin is to be moved to, if it is."""
        if view is None or not home.parent:
            return {}
        there = self.gathered.index.remote(home.parent, site.connection)
        if there in (None, view.container):
            return {}
        return site.bindings(self.ctx, record.entity, there)

    def _new(
        self, site: Site, mapping: EntityMapping, home: Home, kept: frozenset[str], level: int
    ) -> Target:
        parent = home.parent
        remote = self.gathered.index.remote(parent, site.connection) if parent else None
        container = home.fixed or remote
        info = site.info(mapping)
        if info.inside is None:
            container = container or info.home
        return Target(
            connection=site.connection,
            mapping=mapping,
            lookup=self.lookups[site.connection],
            bindings=self._bindings(site, mapping, container, parent),
            may_create=container is not None or parent is not None or info.inside is None,
            container=container,
            container_of=parent if container is None else None,
            # Where a thing is made says what it belongs to; it is not written a second time.
            kept=kept | {home.field or ""},
            level=level,
        )

    def _bindings(
        self, site: Site, mapping: EntityMapping, container: str | None, parent: str | None
    ) -> Mapping[str, Bound]:
        """The fields of a new twin: the same for all that are made in one place."""
        key = (site.connection, mapping.entity, container, parent is None)
        if key not in self._begun:
            found = new_bindings(self.ctx, site, mapping.entity, container, parent)
            self._begun[key] = found
        return self._begun[key]

    def _may_create(self, connection: str, mapping: EntityMapping, decided: Decided) -> bool:
        record = decided.record
        if record.value(EXISTENCE) != PRESENT or isinstance(mapping.create, bool):
            return record.value(EXISTENCE) == PRESENT and mapping.create is True
        values = {name: agreed.value for name, agreed in record.agreed.items()}
        spec = self.ctx.config.schema[record.entity]
        context = {record.entity: record_context(spec, values), **self.ctx.scope_context}
        try:
            return mapping.create(context)
        except ValueError as error:
            # Not to be answered is not yes: this record waits, the others go on.
            hold = self._unanswered(connection, record, str(error))
            decided.holds[hold.key] = hold
            decided.cleared.discard(hold.key)
            return False

    def _unanswered(self, connection: str, record: Record, reason: str) -> Hold:
        return Hold(
            key=f"{CONDITION}:{record.id}:{connection}:",
            client=self.ctx.client.key,
            kind=CONDITION,
            reason=reason,
            connection=connection,
            record=record.id,
            since=self.ctx.now,
        )

    def _depth(self, record: Record) -> int:
        """The entity's level in tens, and one more for each record of the entity above it."""
        spec = self.ctx.config.schema[record.entity]
        if spec.name not in self._inward:
            own = [name for name, f in spec.fields.items() if f.type.target == spec.name]
            self._inward[spec.name] = own
        inward = self._inward[spec.name]
        seen = {record.id}
        current = record
        while len(seen) < 10:
            above = next((current.value(n) for n in inward if current.value(n)), None)
            if not isinstance(above, str) or above in seen:
                break
            seen.add(above)
            if above not in self.gathered.cases:
                break
            current = self.gathered.cases[above].record
        return spec.level * 10 + len(seen) - 1
