"""What lies on the desk while one case is decided."""

from collections.abc import Mapping

from msgspec import Struct, field

from syncer.engine.attribute import Telling, Told, entries_of
from syncer.engine.cases import Case, Gathered, Twin
from syncer.engine.context import Context
from syncer.engine.decided import Notebook
from syncer.engine.memory import Treatment
from syncer.engine.standing import place_of
from syncer.model.decisions import Editor, FieldView, Step, View
from syncer.model.rules import Rule
from syncer.reconcile.expressing import showing
from syncer.reconcile.lookup import Lookup
from syncer.reconcile.merge import steps
from syncer.reconcile.precision import Shows
from syncer.reconcile.roles import Place, roles_of

NOBODY_TOLD = Told()
"""What is known of the edits of a twin whose system does not answer."""

NOBODYS = Editor(shown="first contact")
"""Whose a value is that was there before anybody was looked at."""


class Desk(Struct):
    """One case with all by which it is decided; what is looked up is looked up once.

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
    _place: Place | None = None
    _live: tuple[tuple[str, Twin, View], ...] | None = None
    _edited: bool | None = None

    @property
    def place(self) -> Place:
        """Where the record stands, for roles: looked up where somebody's role is asked for."""
        if self._place is None:
            self._place = place_of(self.ctx, self.case, self.gathered)
        return self._place

    @property
    def live(self) -> tuple[tuple[str, Twin, View], ...]:
        """The twins that are in step and what they show, in a stable order.

        Which ones these are is settled with the existence of the record, before its fields.
        """
        if self._live is None:
            twins = sorted(self.case.twins.items())
            self._live = tuple((n, t, t.view) for n, t in twins if t.live and t.view is not None)
        return self._live

    @property
    def edited(self) -> bool:
        """Whether anything was counted, or any edit told, of any field of the record."""
        if self._edited is None:
            told = (self.told(connection) for connection in self.case.twins)
            told_any = any(each.entries and any(each.entries.values()) for each in told)
            self._edited = bool(self.case.counted) or told_any
        return self._edited

    def told(self, connection: str) -> Told:
        """What is known about edits of the twin in this connection."""
        return self.telling.get((self.case.record.id, connection)) or NOBODY_TOLD

    def roles(self, step: Step) -> frozenset[str]:
        """The roles of whoever took a step; the same person's are looked up once.

        Those of a value that nobody set are the same for all records of a system.
        """
        key = (step.editor, step.connection)
        known = self.gathered.nobodys if step.editor is NOBODYS else self._roles
        if key not in known:
            known[key] = roles_of(*key, self.ctx.config.ownership, self.place)
        return known[key]

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
