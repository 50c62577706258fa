"""One field of one record: first value, edits and their steps, rewrites, holds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from syncer.engine.attribute import Telling, Told, entries_of
from syncer.engine.cases import Case, Gathered, Twin
from syncer.engine.context import Context
from syncer.engine.decided import Notebook
from syncer.engine.memory import Treatment
from syncer.model.decisions import Change, Editor, FieldView, Judged, Step, Verdict
from syncer.model.mapping import Direction
from syncer.model.remote import Author
from syncer.model.rules import Policy, Rule
from syncer.model.values import MISSING, Json, Seen, dump, is_set, load, readable
from syncer.reconcile.contact import meet
from syncer.reconcile.lookup import Lookup
from syncer.reconcile.merge import steps, unattributed
from syncer.reconcile.ownership import decide
from syncer.reconcile.roles import Place, owning, policy, roles_of

READ = (Direction.BOTH, Direction.PULL)


def watched(case: Case) -> list[str]:
    """The mapped fields that some twin shows, in a stable order."""
    return sorted({name for twin in case.twins.values() if twin.view for name in twin.view.fields})


class FieldDecider:
    """Decides the fields of one case one after the other."""

    def __init__(
        self,
        ctx: Context,
        case: Case,
        telling: Telling,
        gathered: Gathered,
        notebook: Notebook,
        place: Place,
        treatments: Mapping[str, dict[str, Treatment]],
        first: bool,
    ) -> None:
        self.ctx = ctx
        self.case = case
        self.telling = telling
        self.gathered = gathered
        self.notebook = notebook
        self.place = place
        self.treatments = treatments
        self.first = first

    def decide(self, name: str) -> None:
        """Settle one field: agree on a first value, or judge what was edited since."""
        rule = self.ctx.config.ownership.rules[(self.case.record.entity, name)]
        if name not in self.notebook.decided.agreed:
            self._first(name, rule)
            return
        agreed = self.notebook.decided.agreed[name].value
        found: list[Step] = []
        for connection, twin in sorted(self.case.twins.items()):
            if twin.view is None or name not in twin.view.fields or not twin.live:
                continue
            found += self._edits(name, connection, twin, rule)
        if agreed is None and not found:
            self._fill(name, rule)
            return
        proposals = [p for p in self.case.proposals if p.field == name]
        if found:
            if self._unsettled(name, rule, found):
                return
            verdict = decide(rule, agreed, found, proposals, self.ctx.config.ownership, self.place)
            self.notebook.judged(verdict)
            if verdict.changed:
                self.notebook.agree(name, verdict.value, verdict.winner, rule)

    def _told(self, connection: str) -> Told:
        return self.telling.get((self.case.record.id, connection)) or Told()

    def _lookup(self, twin: Twin) -> Lookup:
        if twin.site is None:
            return Lookup()
        return self.gathered.index.lookup(twin.site, self.ctx)

    def _edits(self, name: str, connection: str, twin: Twin, rule: Rule) -> list[Step]:
        """The steps that people took in this field of this twin, if any."""
        assert twin.view is not None
        shown = twin.view.fields[name]
        told = self._told(connection)
        change = told.differences.get(name, Change.SAME)
        memory = twin.link.fields.get(name)
        if change is Change.UNREADABLE:
            self._hold(name, connection, shown)
            return []
        if change is Change.REMAPPED and memory is not None and memory.read is not MISSING:
            self._remap(name, connection, shown, memory.read)
        if shown.reading.problem and shown.reading.leftover:
            self.notebook.hold("partly", name, connection, shown.reading.problem)
        if shown.bound.mapping.direction not in READ:
            return []
        if memory is not None and memory.cut and change is Change.EDITED:
            text = "only the beginning is shown there, so an edit there cannot be taken"
            self.notebook.hold("unreadable", name, connection, text)
            self.treatments[connection][name] = Treatment.UNDECIDED
            return []
        entries = entries_of(told, shown)
        agreed = self.notebook.decided.agreed[name].value
        if entries:
            chain = steps(shown, connection, entries, memory, agreed, self._lookup(twin))
            return list(chain)
        if change is not Change.EDITED:
            return []
        return self._unsigned(name, connection, twin, shown, rule, told)

    def _unsigned(
        self, name: str, connection: str, twin: Twin, shown: FieldView, rule: Rule, told: Told
    ) -> list[Step]:
        """An edit without an entry in the vendor's record of edits."""
        silent = shown.bound.info.id in told.asked and shown.bound.info.author is Author.YES
        if silent and rule.shared is None:
            self.treatments[connection][name] = Treatment.REWRITE
            text = f"{connection} itself rewrote it to {readable(shown.reading.value)}"
            self.notebook.note("rewrite", name, text, connection)
            return []
        at = _moment(twin, self.ctx.now)
        memory = twin.link.fields.get(name)
        agreed = self.notebook.decided.agreed[name].value
        return [unattributed(shown, connection, memory, agreed, self._lookup(twin), at)]

    def _unsettled(self, name: str, rule: Rule, found: list[Step]) -> bool:
        """Whether the newest edit is too fresh to touch: somebody may still be typing."""
        newest = max((step.at for step in found if step.at), default=None)
        if not rule.settle or newest is None or self.ctx.now - newest >= rule.settle:
            return False
        for connection in self.case.twins:
            self.treatments[connection][name] = Treatment.UNDECIDED
            self.notebook.decided.kept[connection].add(name)
        self.notebook.decided.waiting = True
        return True

    def _hold(self, name: str, connection: str, shown: FieldView) -> None:
        self.treatments[connection][name] = Treatment.UNDECIDED
        self.notebook.hold("unreadable", name, connection, shown.reading.problem)

    def _remap(self, name: str, connection: str, shown: FieldView, before: Json) -> None:
        """The same raw value reads differently: what a set gained was there all the time."""
        now = shown.reading.value
        if shown.bound.type.many:
            was = load(shown.bound.type, before)
            gained = (now if is_set(now) else frozenset()) - (was if is_set(was) else frozenset())
            agreed = self.notebook.decided.agreed[name]
            whole = agreed.value if is_set(agreed.value) else frozenset()
            self.notebook.decided.agreed[name] = replace(agreed, value=(whole | gained) or None)
            return
        source = str(shown.bound.mapping.source)
        entity = self.case.record.entity
        self.notebook.decided.remaps.append(
            (connection, entity, name, str(before), readable(now), source)
        )

    def _first(self, name: str, rule: Rule) -> None:
        """Twins meet over a field that was never agreed: a filled value, the owner's home."""
        shown, modified = self._shown(name)
        if not shown:
            return
        self._spare(name, shown)
        meeting = meet(rule, self.ctx.config.ownership, shown, modified, self.place)
        if meeting.held:
            for connection in shown:
                self.treatments[connection][name] = Treatment.UNDECIDED
                self.notebook.hold("contact", name, connection, meeting.held)
            return
        step = self._origin(meeting.winner, meeting.value)
        if not self.first and step is not None and self._refused(rule, step):
            self.notebook.judged(Verdict(name, rule, None, judged=(Judged(step, "reverted"),)))
            self.notebook.agree(name, None, None, rule)
            return
        winner = Judged(step, "first", owning(rule, self._roles(step))) if step else None
        self.notebook.agree(name, meeting.value, winner, rule)
        for connection, value in meeting.losers:
            loser = Step(value, connection, Editor())
            self.notebook.entry("first_contact", name, loser, "overruled", rule)

    def _fill(self, name: str, rule: Rule) -> None:
        """A field newly mapped, or a twin that joins, fills what was empty."""
        shown = {
            connection: twin.view.fields[name].reading.value
            for connection, twin in self.case.twins.items()
            if twin.view
            and name in twin.view.fields
            and self._told(connection).differences.get(name) is Change.NEW
            and twin.view.fields[name].bound.mapping.direction in READ
        }
        filled = {c: v for c, v in shown.items() if v is not MISSING and v is not None}
        if len({str(dump(v)) for v in filled.values()}) == 1:
            connection = min(filled)
            step = self._origin(connection, filled[connection])
            winner = Judged(step, "filled") if step else None
            self.notebook.agree(name, filled[connection], winner, rule)

    def _shown(self, name: str) -> tuple[dict[str, Seen], dict[str, datetime | None]]:
        shown: dict[str, Seen] = {}
        modified: dict[str, datetime | None] = {}
        for connection, twin in self.case.twins.items():
            if twin.view is None or name not in twin.view.fields or not twin.live:
                continue
            found = twin.view.fields[name]
            if found.bound.mapping.direction not in READ:
                continue
            if found.reading.problem:
                self._hold(name, connection, found)
            if found.reading.value is not MISSING:
                shown[connection] = found.reading.value
                modified[connection] = twin.view.modified_at
        return shown, modified

    def _spare(self, name: str, shown: dict[str, Seen]) -> None:
        """A tool that can show only one of a set says nothing against the others."""
        whole = [value for value in shown.values() if is_set(value)]
        for connection, value in list(shown.items()):
            view = self.case.twins[connection].view
            single = view is not None and not view.fields[name].bound.info.type.many
            if single and is_set(value) and any(value < other for other in whole):
                del shown[connection]

    def _origin(self, connection: str | None, value: Seen) -> Step | None:
        """Who brought a first value: whoever made the record, where that is known."""
        if connection is None:
            return None
        twin = self.case.twins[connection]
        maker = twin.view.created_by if twin.view else None
        if self.first or maker is None or twin.site is None or maker in twin.site.me:
            return Step(value, connection, Editor(shown="first contact"))
        directory = twin.site.directory
        person = directory.person(maker)
        return Step(value, connection, Editor(person, None, person or directory.shown(maker)))

    def _roles(self, step: Step) -> frozenset[str]:
        return roles_of(step.editor, step.connection, self.ctx.config.ownership, self.place)

    def _refused(self, rule: Rule, step: Step) -> bool:
        if rule.shared is not None or step.value is None or not self.case.new:
            return False
        roles = self._roles(step)
        return owning(rule, roles) is None and policy(rule, roles) is Policy.REVERT


def _moment(twin: Twin, now: datetime) -> datetime:
    """When an unsigned edit happened at the latest; the start of the window if nobody says."""
    if twin.view is not None and twin.view.modified_at is not None:
        return twin.view.modified_at
    return twin.link.as_of or now
