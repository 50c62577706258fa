"""First values: twins that meet, fields newly mapped, and who may bring a value at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from syncer.engine.attribute import Telling, Told, entries_of
from syncer.engine.cases import Case, Gathered, Twin
from syncer.engine.context import Context
from syncer.engine.decided import Notebook
from syncer.engine.memory import Treatment
from syncer.engine.standing import place_of
from syncer.model.decisions import Change, Editor, FieldView, Judged, Step, Verdict, View
from syncer.model.rules import Policy, Rule
from syncer.model.values import MISSING, Seen, Value
from syncer.reconcile.contact import Meeting, alone, meet
from syncer.reconcile.expressing import showing
from syncer.reconcile.lookup import Lookup
from syncer.reconcile.merge import somebody, steps
from syncer.reconcile.precision import Shows
from syncer.reconcile.roles import Place, owning, policy, roles_of

NOBODY_TOLD = Told()
"""What is known of the edits of a twin whose system does not answer."""

NOBODYS = Editor(shown="first contact")
"""Whose a value is that was there before anybody was looked at."""


@dataclass(frozen=True)
class Desk:
    """What lies on the desk while one case is decided.

    ``first`` says that this client was never in step before.
    """

    ctx: Context
    case: Case
    telling: Telling
    gathered: Gathered
    notebook: Notebook
    treatments: Mapping[str, dict[str, Treatment]]
    first: bool
    _roles: dict[tuple[Editor, str], frozenset[str]] = field(default_factory=dict)

    @cached_property
    def place(self) -> Place:
        """Where the record stands, for roles: looked up where somebody's role is asked for."""
        return place_of(self.ctx, self.case, self.gathered)

    @cached_property
    def live(self) -> tuple[tuple[str, Twin, View], ...]:
        """The twins that are in step and what they show, in a stable order.

        Which ones these are is settled with the existence of the record, before its fields.
        """
        twins = sorted(self.case.twins.items())
        return tuple((name, t, t.view) for name, t in twins if t.live and t.view is not None)

    @cached_property
    def edited(self) -> bool:
        """Whether anything was counted, or any edit told, of any field of the record."""
        told = (self.told(connection) for connection in self.case.twins)
        return bool(self.case.counted) or any(any(each.entries.values()) for each in told)

    def told(self, connection: str) -> Told:
        """What is known about edits of the twin in this connection."""
        return self.telling.get((self.case.record.id, connection)) or NOBODY_TOLD

    def roles(self, step: Step) -> frozenset[str]:
        """The roles of whoever took a step; the same person's are looked up once."""
        key = (step.editor, step.connection)
        if key not in self._roles:
            self._roles[key] = roles_of(*key, self.ctx.config.ownership, self.place)
        return self._roles[key]

    def lookup(self, twin: Twin) -> Lookup:
        """How values of this twin are read."""
        return self.gathered.index.lookup(twin.site, self.ctx) if twin.site else Lookup()

    def shows(self, name: str) -> Shows:
        """How each twin shows a value of a field: it may be coarser than the whole."""
        return {
            connection: showing(twin.view.fields[name], self.lookup(twin))
            for connection, twin in self.case.twins.items()
            if twin.view is not None and name in twin.view.fields
        }

    def unreadable(self, name: str, connection: str, shown: FieldView) -> None:
        """Hold a value that has no canonical meaning."""
        edited = bool(entries_of(self.told(connection), shown))
        self.treatments[connection][name] = Treatment.RIVAL if edited else Treatment.UNDECIDED
        found = shown.reading
        self.notebook.hold("unreadable", name, connection, found.problem, found.strangers)

    def partly(self, name: str, connection: str, shown: FieldView) -> None:
        """List the members of a set that have no canonical meaning."""
        found = shown.reading
        self.notebook.hold("partly", name, connection, found.problem, found.strangers)

    def unread(self, name: str, rule: Rule) -> None:
        """Journal edits of a field where it is only written: they will be written over."""
        for connection, twin, view in self.live:
            shown = view.fields.get(name)
            if shown is None or shown.bound.mapping.reads:
                continue
            agreed = self.notebook.decided.agreed.get(name)
            memory, entries = twin.link.fields.get(name), entries_of(self.told(connection), shown)
            whole = agreed.value if agreed else None
            for step in steps(shown, connection, entries, memory, whole, self.lookup(twin)):
                text = "this field is only written there"
                self.notebook.entry("edit", name, step, "overruled", rule, text=text)


class FirstValues:
    """Agrees on values that nothing was agreed about before."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def meet(self, name: str, rule: Rule) -> None:
        """Twins meet over a field that was never agreed: a filled value, the owner's home."""
        shown, modified = self._shown(name)
        if not shown:
            return
        meeting = self._meeting(name, rule, shown, modified)
        if meeting is None:
            return
        step = self._origin(meeting.winner, meeting.value)
        if not self.desk.first and step is not None and self._refused(rule, step):
            self.desk.notebook.judged(Verdict(name, rule, None, judged=(Judged(step, "reverted"),)))
            self.desk.notebook.agree(name, None, None, rule)
            return
        winner = Judged(step, "first", owning(rule, self.desk.roles(step))) if step else None
        self.desk.notebook.agree(name, meeting.value, winner, rule)
        self._lost(name, rule, meeting.losers)

    def fill(self, name: str, rule: Rule) -> None:
        """A field newly mapped, or a twin that joins, fills what was empty."""
        shown, modified = self._shown(name)
        new = {c for c in shown if self.desk.told(c).differences.get(name) is Change.NEW}
        filled = {c: v for c, v in shown.items() if c in new and v is not None}
        if not filled:
            return
        meeting = self._meeting(name, rule, filled, modified)
        if meeting is None:
            return
        step = self._origin(meeting.winner, meeting.value)
        self.desk.notebook.agree(
            name, meeting.value, Judged(step, "filled") if step else None, rule
        )
        self._lost(name, rule, meeting.losers)

    def joined(self, name: str, connection: str, shown: FieldView, rule: Rule) -> None:
        """What a twin that joins shows overrides nothing that is agreed, and is not forgotten."""
        agreed, value = self.desk.notebook.decided.agreed[name].value, shown.reading.value
        if agreed is None or value is None or value is MISSING:
            return
        if self.desk.shows(name)[connection](agreed) != value:
            self._lost(name, rule, [(connection, value)])

    def _meeting(
        self,
        name: str,
        rule: Rule,
        shown: Mapping[str, Seen],
        modified: Mapping[str, datetime | None],
    ) -> Meeting | None:
        """How these values meet; where that takes a person, they are held and there is none."""
        if len(shown) == 1:
            return alone(*next(iter(shown.items())))
        rules, place = self.desk.ctx.config.ownership, self.desk.place
        meeting = meet(rule, rules, shown, modified, place, self.desk.shows(name))
        if meeting.held:
            self._hold(name, shown, meeting.held)
            return None
        return meeting

    def _hold(self, name: str, connections: Iterable[str], why: str) -> None:
        for connection in connections:
            self.desk.treatments[connection][name] = Treatment.UNDECIDED
            self.desk.notebook.hold("contact", name, connection, why)

    def _lost(self, name: str, rule: Rule, losers: Iterable[tuple[str, Value]]) -> None:
        for connection, value in losers:
            loser = Step(value, connection, Editor())
            self.desk.notebook.entry("first_contact", name, loser, "overruled", rule)

    def _shown(self, name: str) -> tuple[dict[str, Seen], dict[str, datetime | None]]:
        shown: dict[str, Seen] = {}
        modified: dict[str, datetime | None] = {}
        for connection, _, view in self.desk.live:
            found = view.fields.get(name)
            if found is None or not found.bound.mapping.reads:
                continue
            if found.reading.value is MISSING and found.reading.problem:
                self.desk.unreadable(name, connection, found)
            elif found.reading.problem:
                self.desk.partly(name, connection, found)
            if found.reading.value is not MISSING:
                shown[connection] = found.reading.value
                modified[connection] = view.modified_at
        return shown, modified

    def _origin(self, connection: str | None, value: Seen) -> Step | None:
        """Who brought a first value: whoever made the record, where that is known."""
        if connection is None:
            return None
        twin = self.desk.case.twins[connection]
        maker = twin.view.created_by if twin.view else None
        if self.desk.first or maker is None or twin.site is None or maker in twin.site.me:
            return Step(value, connection, NOBODYS)
        return Step(value, connection, somebody(maker, twin.site.directory))

    def _refused(self, rule: Rule, step: Step) -> bool:
        if rule.shared is not None or step.value is None or not self.desk.case.new:
            return False
        roles = self.desk.roles(step)
        return owning(rule, roles) is None and policy(rule, roles) is Policy.REVERT
