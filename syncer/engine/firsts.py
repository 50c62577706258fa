"""First values: twins that meet, fields newly mapped, and who may bring a value at all."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from syncer.engine.desk import NOBODYS, Desk
from syncer.engine.memory import Treatment
from syncer.model.decisions import Change, Editor, FieldView, Judged, Step, Verdict
from syncer.model.records import Agreed
from syncer.model.rules import Policy, Rule
from syncer.model.values import MISSING, Seen, Value
from syncer.reconcile.contact import Meeting, alone, meet
from syncer.reconcile.merge import somebody
from syncer.reconcile.roles import owning, policy


class Lone(Struct):
    """The only twin of a record, with what is the same for every field of it.

    Args:
        by: who brought what it shows, with the roles by which that counts.
        judged: what they brought may be refused.
    """

    connection: str
    fields: Mapping[str, FieldView]
    by: Editor
    roles: frozenset[str]
    judged: bool


class FirstValues:
    """Agrees on values that nothing was agreed about before."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._lone: Lone | None = None

    def meet(self, name: str, rule: Rule) -> None:
        """Twins meet over a field that was never agreed: a filled value, the owner's home."""
        if len(self.desk.live) != 1 or not self.take(name, rule):
            self.judge(name, rule)

    def take(self, name: str, rule: Rule) -> bool:
        """What a lone twin shows is agreed as it is; says no where that takes a closer look."""
        lone = self._lone = self._lone or self._alone()
        found = lone.fields.get(name)
        if found is None or found.reading.problem or not found.bound.mapping.reads:
            return False
        value, role = found.reading.value, owning(rule, lone.roles)
        if value is None or value is MISSING:
            self.desk.notebook.agree(name, value, None, rule)
            return True
        if lone.judged and role is None and rule.shared is None:
            return False
        by, now = lone.by.person or lone.by.shown, self.desk.ctx.now
        agreed = Agreed(value, by, role, lone.connection, now, str(rule.source))
        self.desk.notebook.decided.agreed[name] = agreed
        return True

    def _alone(self) -> Lone:
        [(connection, _, view)] = self.desk.live
        step = self._brought(connection, None)
        judged = not self.desk.first and self.desk.case.new
        return Lone(connection, view.fields, step.editor, self.desk.roles(step), judged)

    def judge(self, name: str, rule: Rule) -> None:
        """The same for any number of twins, and for a value that may not be brought at all."""
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
        if winner and self._to_confirm(winner, rule):
            verdict = Verdict(name, rule, meeting.value, True, winner, (winner,))
            self.desk.notebook.judged(verdict)
        self.desk.notebook.agree(name, meeting.value, winner, rule)
        self._lost(name, rule, meeting.losers)

    def _to_confirm(self, winner: Judged, rule: Rule) -> bool:
        """Whether somebody who does not own a field gave a new record the first value of it."""
        step = winner.step
        given = step.editor is not NOBODYS and step.value not in (None, MISSING)
        brought = given and self.desk.case.new and not self.desk.first
        return brought and bool(rule.owners) and winner.role is None

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
        return None if connection is None else self._brought(connection, value)

    def _brought(self, connection: str, value: Seen) -> Step:
        twin = self.desk.case.twins[connection]
        maker = twin.view.created_by if twin.view else None
        if self.desk.first or maker is None or twin.site is None:
            return Step(value, connection, NOBODYS)
        by = somebody(maker, twin.site.directory)
        # Many run the service on the account of a person: what is new to us is that person's.
        ours = maker in twin.site.me and not (by.person and self.desk.case.new)
        return Step(value, connection, NOBODYS if ours else by)

    def made(self, connection: str, edits: Sequence[Step]) -> tuple[Step, ...]:
        """What the maker of a new thing had given a field, before the first of these edits of it."""
        old = edits[0].old if edits and self.desk.case.new else None
        if old is None or old is MISSING:
            return ()
        step, twin = self._brought(connection, old), self.desk.case.twins[connection]
        at = twin.record.created_at if twin.record else None
        return () if step.editor is NOBODYS else (replace(step, at=at),)

    def _refused(self, rule: Rule, step: Step) -> bool:
        if rule.shared is not None or step.value is None or not self.desk.case.new:
            return False
        roles = self.desk.roles(step)
        return owning(rule, roles) is None and policy(rule, roles) is Policy.REVERT
