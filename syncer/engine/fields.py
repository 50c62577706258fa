"""One field of one record: first value, edits and their steps, rewrites, holds."""

from datetime import datetime

from msgspec.structs import replace

from syncer.engine.attribute import Told, entries_of
from syncer.engine.cases import Twin
from syncer.engine.desk import Desk
from syncer.engine.firsts import FirstValues
from syncer.engine.memory import Treatment
from syncer.engine.settling import unsettled
from syncer.model.decisions import Change, FieldView, Step, Verdict
from syncer.model.records import LinkField, LinkStatus
from syncer.model.remote import Author
from syncer.model.rules import Rule, Shared
from syncer.model.values import MISSING, Json, is_set, joined, load, readable
from syncer.reconcile.merge import steps, unattributed
from syncer.reconcile.ownership import decide
from syncer.reconcile.roles import owning


class FieldDecider:
    """Decides the fields of one case one after the other."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.ctx = desk.ctx
        self.case = desk.case
        self.notebook = desk.notebook
        self.treatments = desk.treatments
        self.firsts = FirstValues(desk)

    def decide(self, name: str) -> None:
        """Settle one field: agree on a first value, or judge what was edited since."""
        rule = self.ctx.config.ownership.rules[(self.case.record.entity, name)]
        if name not in self.notebook.decided.agreed:
            if not (self.desk.edited and self._begun(name, rule)):
                self.firsts.meet(name, rule)
            return
        agreed = self.notebook.decided.agreed[name].value
        found = self._counted(name)
        for connection, twin, view in self.desk.live:
            if name in view.fields:
                found += self._edits(name, connection, twin, rule)
        if agreed is None and not found:
            self.firsts.fill(name, rule)
            return
        proposals = [p for p in self.case.proposals if p.field == name]
        if found:
            if unsettled(self.desk, name, rule, found):
                return
            found = self._in_time(name, rule, found)
            rules, shows = self.ctx.config.ownership, self.desk.shows(name)
            verdict = decide(rule, agreed, found, proposals, rules, self.desk.place, shows)
            if verdict.held and self._held_before(name, verdict):
                return
            self.notebook.judged(verdict)
            if verdict.changed:
                self.notebook.agree(name, verdict.value, verdict.winner, rule)

    def _begun(self, name: str, rule: Rule) -> bool:
        """Whether edits give a field its first value: anybody's where none was, else an owner's."""
        found = self._counted(name) + [
            step
            for connection, twin, view in self.desk.live
            if name in view.fields
            for step in self._told(name, connection, twin, view.fields[name])
        ]
        if not found:
            return False
        rules, shows = self.ctx.config.ownership, self.desk.shows(name)
        verdict = decide(rule, MISSING, found, (), rules, self.desk.place, shows)
        unsure = any(h.kind == "contact" and h.field == name for h in self.case.holds)
        owned = verdict.winner is not None and verdict.winner.role in rule.owners
        if verdict.held or verdict.value is MISSING or (unsure and rule.owners and not owned):
            for item in verdict.judged:
                self.notebook.entry("edit", name, item.step, "held", rule, item.role)
            return False
        self.notebook.judged(verdict)
        self.notebook.agree(name, verdict.value, verdict.winner, rule)
        return True

    def _counted(self, name: str) -> list[Step]:
        """What a system that only counts says of a field."""
        step = self.case.counted.get(name)
        return [step] if step else []

    def _told(self, name: str, connection: str, twin: Twin, shown: FieldView) -> tuple[Step, ...]:
        """The steps that a system's own record tells of a field nothing was agreed about."""
        entries = entries_of(self.desk.told(connection), shown)
        if not entries or shown.reading.value is MISSING or not shown.bound.mapping.reads:
            return ()
        memory, lookup = twin.link.fields.get(name), self.desk.lookup(twin)
        found = steps(shown, connection, entries, memory, None, lookup, twin.link.as_of)
        return (*self.firsts.made(connection, found), *found)

    def _in_time(self, name: str, rule: Rule, found: list[Step]) -> list[Step]:
        """Without what is seen late: a newer word of as much weight was agreed meanwhile."""
        agreed = self.notebook.decided.agreed[name]
        weighty = rule.shared is Shared.LATEST or agreed.role in rule.owners
        if not weighty or agreed.at is None or agreed.by is None:
            return found
        late: list[Step] = []
        for step in found:
            older = (
                step.at is not None and step.at < agreed.at and step.connection != agreed.connection
            )
            if not older:
                continue
            mine = owning(rule, self.desk.roles(step))
            if rule.shared is Shared.LATEST or mine:
                late.append(step)
                self.notebook.entry("edit", name, step, "overtaken", rule, mine)
        return [step for step in found if step not in late]

    def leave(self) -> None:
        """Journal what was edited in a twin right before it left: it counts for nothing here."""
        for connection, twin in sorted(self.case.twins.items()):
            if twin.view is None or twin.link.status is not LinkStatus.UNLINKED:
                continue
            for name, shown in sorted(twin.view.fields.items()):
                entries = entries_of(self.desk.told(connection), shown)
                memory, lookup = twin.link.fields.get(name), self.desk.lookup(twin)
                agreed = self.notebook.decided.agreed.get(name)
                whole = agreed.value if agreed else None
                for step in steps(shown, connection, entries, memory, whole, lookup):
                    self.notebook.entry("edit", name, step, "left")

    def _held_before(self, name: str, verdict: Verdict) -> bool:
        """Leave rivals undecided; says whether they are the same as in an earlier cycle."""
        for connection in verdict.keep_in:
            self.treatments[connection][name] = Treatment.RIVAL
            self.notebook.decided.kept[connection].add(name)
        known = any(h.kind == "rivals" and h.field == name for h in self.case.holds)
        if known:
            self.notebook.hold("rivals", name, None, verdict.held)
        return known

    def _edits(self, name: str, connection: str, twin: Twin, rule: Rule) -> list[Step]:
        """The steps that people took in this field of this twin, if any."""
        assert twin.view is not None
        shown = twin.view.fields[name]
        told = self.desk.told(connection)
        change = told.differences.get(name, Change.SAME)
        memory = twin.link.fields.get(name)
        if change is Change.UNREADABLE or _meaningless(shown):
            self.desk.unreadable(name, connection, shown)
            return []
        if change is Change.REMAPPED and memory is not None and memory.read is not MISSING:
            self._remap(name, connection, shown, memory.read)
        if shown.reading.problem and shown.reading.leftover:
            self.desk.partly(name, connection, shown)
        if not shown.bound.mapping.reads:
            return []
        if change is Change.NEW:
            self.firsts.joined(name, connection, shown, rule)
        if memory is not None and memory.cut and change is Change.EDITED:
            text = "only the beginning is shown there, so an edit there cannot be taken"
            self.notebook.hold("unreadable", name, connection, text)
            self.treatments[connection][name] = Treatment.UNDECIDED
            return []
        entries = entries_of(told, shown)
        agreed = self.notebook.decided.agreed[name].value
        if entries:
            lookup, since = self.desk.lookup(twin), twin.link.as_of
            return list(steps(shown, connection, entries, memory, agreed, lookup, since))
        if change is not Change.EDITED:
            return []
        return self._unsigned(name, connection, twin, shown, told)

    def _unsigned(
        self, name: str, connection: str, twin: Twin, shown: FieldView, told: Told
    ) -> list[Step]:
        """An edit without an entry in the vendor's record of edits."""
        info, memory = shown.bound.info, twin.link.fields.get(name)
        silent = info.id in told.asked and info.author is Author.YES
        rewritten = silent and (not info.writable or _ours(twin, memory))
        if rewritten or info.id in told.ours:
            self.treatments[connection][name] = Treatment.REWRITE
            text = f"{connection} itself rewrote it to {readable(shown.reading.value)}"
            self.notebook.note("rewrite", name, text, connection)
            return []
        if silent and memory is not None and memory.shown is MISSING:
            # The vendor's record may be late: it is asked once more before this is nobody's.
            self.treatments[connection][name] = Treatment.UNDECIDED
            self.notebook.decided.kept[connection].add(name)
            self.notebook.decided.waiting = True
            return []
        at = _moment(twin, self.ctx.now)
        agreed = self.notebook.decided.agreed[name].value
        return [unattributed(shown, connection, memory, agreed, self.desk.lookup(twin), at)]

    def _remap(self, name: str, connection: str, shown: FieldView, before: Json) -> None:
        """The same raw value reads differently: what a set gained was there all the time."""
        now = shown.reading.value
        if shown.bound.type.many:
            was = load(shown.bound.type, before)
            gained = (now if is_set(now) else frozenset()) - (was if is_set(was) else frozenset())
            agreed = self.notebook.decided.agreed[name]
            whole = agreed.value if is_set(agreed.value) else frozenset()
            self.notebook.decided.agreed[name] = replace(agreed, value=(whole | gained) or None)
            if not gained:
                return
            before, now = joined(was if is_set(was) else ()) or "nothing", gained
        source, entity = str(shown.bound.mapping.source), self.case.record.entity
        self.notebook.decided.remaps.append(
            (connection, entity, name, str(before), readable(now), source)
        )


def _meaningless(shown: FieldView) -> bool:
    """Whether a value means nothing here: its option got another name, its record is gone."""
    return shown.reading.value is MISSING and shown.reading.problem != ""


def _ours(twin: Twin, memory: LinkField | None) -> bool:
    """Whether we wrote a field after its state was last seen, so that this may come of that."""
    if memory is None or memory.asked is MISSING:
        return False
    seen, wrote = twin.link.as_of, memory.asked_at
    return seen is None or wrote is None or wrote >= seen


def _moment(twin: Twin, now: datetime) -> datetime:
    """When an unsigned edit happened at the latest; the start of the window if nobody says."""
    if twin.view is not None and twin.view.modified_at is not None:
        return twin.view.modified_at
    return twin.link.as_of or now
