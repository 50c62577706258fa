"""Undo: what was agreed before, put into deciding as an edit by whoever asks for it.

It obeys the rules like any edit: an owner's goes through, another's becomes a proposal where the
rule says so, and nothing goes back over what somebody edited since.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from syncer.engine.cases import Case, Twin
from syncer.engine.context import Context
from syncer.engine.decided import Decided, Notebook
from syncer.engine.desk import Desk
from syncer.model.decisions import Step
from syncer.model.entities import ARCHIVED, EXISTENCE, PRESENT
from syncer.model.records import JournalEntry, LinkStatus
from syncer.model.rules import Rule
from syncer.model.undoing import BY_COMMAND, HAD_BACK, PUT_AWAY, UNDO, Undone, Wish
from syncer.model.values import Seen, Value, dump, joined, load
from syncer.reconcile.ownership import decide
from syncer.reconcile.proposing import proposer

NO_WAY = {"how": "none"}
"""How a mapping says that its object cannot be archived."""


class Undoing:
    """Takes back, in one case, what is wished for."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.ctx = desk.ctx
        self.case: Case = desk.case
        self.notebook: Notebook = desk.notebook
        self.decided: Decided = desk.notebook.decided

    def run(self) -> None:
        """After everything else was decided: what somebody edited goes before."""
        order = self.ctx.orders.undo
        if order is None:
            return
        id = self.case.record.id
        for name, wish in sorted(order.wishes.get(id, {}).items()):
            self._field(name, wish)
        for connection in sorted(order.made.get(id, ())):
            self._twin(connection)
        for connection in sorted(order.away.get(id, ())):
            self._again(connection)

    def _field(self, name: str, wish: Wish) -> None:
        """One field goes back, or is left with the reason."""
        rule = self.ctx.config.ownership.rules.get((self.case.record.entity, name))
        agreed = self.decided.agreed.get(name)
        if rule is None or agreed is None:
            self._left(name, wish, "it is not kept in step any more")
            return
        if dump(agreed.value) != wish.stands:
            by = f" by {agreed.by}" if agreed.by else ""
            self._left(name, wish, f"it was changed since{by}", dump(agreed.value))
            return
        busy = next((v for v in self.decided.verdicts if v.field == name and v.judged), None)
        if busy is not None:
            who = joined(dict.fromkeys(proposer(item.step) for item in busy.judged))
            self._left(name, wish, f"{who} edited it since")
            return
        if silent := self._silent(name):
            text = f"{joined(silent)} does not answer: nobody knows who edited it there since"
            self._left(name, wish, text)
            return
        try:
            back = self._value(name, wish)
        except (ValueError, KeyError):
            self._left(name, wish, "what stood before cannot be read any more")
            return
        self._decide(name, rule, wish, back, agreed.value)

    def _silent(self, name: str) -> list[str]:
        """Connections that show this field and do not answer now."""
        entity, mappings = self.case.record.entity, self.ctx.client.mappings
        return sorted(
            connection
            for connection, twin in self.case.twins.items()
            if twin.site is None
            and twin.link.status is LinkStatus.LINKED
            and connection in mappings
            and (mapping := mappings[connection].entities.get(entity)) is not None
            and name in {EXISTENCE, *mapping.fields}
        )

    def _value(self, name: str, wish: Wish) -> Value:
        """What is wished for. Raises ``ValueError`` and ``KeyError`` where it means nothing now."""
        if name == EXISTENCE:
            return {PRESENT: PRESENT, ARCHIVED: ARCHIVED}[str(wish.back)]
        return load(self.ctx.config.schema[self.case.record.entity].fields[name].type, wish.back)

    def _decide(self, name: str, rule: Rule, wish: Wish, back: Value, agreed: Value) -> None:
        step = self._step(back, agreed)
        proposals = [p for p in self.notebook.still_open() if p.field == name]
        rules, place, shows = self.ctx.config.ownership, self.desk.place, self.desk.shows(name)
        verdict = decide(rule, agreed, [step], proposals, rules, place, shows)
        if not (verdict.changed or verdict.drafts):
            self._left(name, wish, _whose(rule))
            return
        self.notebook.judged(verdict)
        if verdict.changed:
            self.notebook.agree(name, verdict.value, verdict.winner, rule)
        self._done(name, wish, "back" if verdict.changed else "proposed", rule)

    def _step(self, value: Seen, old: Seen) -> Step:
        assert self.ctx.orders.undo is not None
        return Step(value, BY_COMMAND, self.ctx.orders.undo.editor, self.ctx.now, old)

    def _twin(self, connection: str) -> None:
        """Put away a twin that the service made, if it is as it was made; it is not made again."""
        twin = self.case.twins.get(connection)
        reason = self._why_not(connection, twin)
        if twin is None or twin.view is None or reason:
            self._say("left", connection=connection, reason=reason)
            return
        rule = self.ctx.config.ownership.rules[self.case.record.entity, EXISTENCE]
        text = f"the twin made in {connection} is put away again"
        self.notebook.note(UNDO, EXISTENCE, text, connection, None, PUT_AWAY, str(rule.source))
        twin.link = replace(twin.link, status=LinkStatus.UNLINKED)
        self.decided.put_away.add(connection)
        self._say(PUT_AWAY, connection=connection)

    def _again(self, connection: str) -> None:
        """A twin that was put away is had back: it is linked again, and planning restores it."""
        twin = self.case.twins.get(connection)
        if twin is None or twin.view is None or twin.ended:
            reason = "it is not there any more" if twin is None or twin.ended else "no answer"
            self._say("left", connection=connection, reason=reason)
            return
        twin.link = replace(twin.link, status=LinkStatus.LINKED)
        self.notebook.note(UNDO, EXISTENCE, "linked again", connection, outcome=HAD_BACK)
        self._say("back", connection=connection)

    def _why_not(self, connection: str, twin: Twin | None) -> str:
        """Why a twin that was made stays; nothing if it may be put away."""
        left = twin is not None and twin.link.status is not LinkStatus.LINKED
        if twin is None or twin.ended or (left and not self._begun(connection)):
            return "it is not kept in step any more"
        if twin.view is None:
            return f"{connection} does not answer"
        if twin.view.existence == ARCHIVED:
            return "it is archived already"
        lines = [e for e in self.decided.journal if (e.kind, e.connection) == ("edit", connection)]
        editors = self.ctx.store.editors_in(self.case.record.id, connection)
        editors |= {str(line.editor) for line in lines}
        if twin.site and twin.site.mapping.entities[self.case.record.entity].archive == NO_WAY:
            return f"nothing is archived there ({connection}): put it away by hand"
        if editors:
            return f"it was edited there since by {joined(editors)}"
        rule = self.ctx.config.ownership.rules[self.case.record.entity, EXISTENCE]
        step = self._step(ARCHIVED, twin.view.existence)
        rules, place = self.ctx.config.ownership, self.desk.place
        verdict = decide(rule, twin.view.existence, [step], (), rules, place)
        return "" if verdict.changed else _whose(rule)

    def _begun(self, connection: str) -> bool:
        """Whether this was decided before, and perhaps killed before it was written."""
        return connection in self.ctx.store.put_away(self.ctx.client.key, self.case.record.id)

    def _left(self, name: str, wish: Wish, reason: str, stands: object = None) -> None:
        now = wish.stands if stands is None else stands
        self._say("left", field=name, stands=now, back=wish.back, reason=reason)

    def _done(self, name: str, wish: Wish, outcome: str, rule: Rule) -> None:
        reason = f"{joined(rule.owners)} must agree" if outcome == "proposed" else ""
        self._say(outcome, field=name, stands=wish.stands, back=wish.back, reason=reason)

    def _say(self, outcome: str, **more: object) -> None:
        record = self.case.record
        title = record.value(self.ctx.config.schema[record.entity].title)
        self.decided.undone.append(
            Undone(record.id, str(title or record.id), outcome, **more)  # type: ignore[arg-type]
        )


def note_undoing(ctx: Context, undone: Sequence[Undone]) -> None:
    """The journal's line about the command, before anything of it is recorded."""
    order = ctx.orders.undo
    if order is None:
        return
    acts = [each for each in undone if each.outcome != "left"]
    line = JournalEntry(
        client=ctx.client.key,
        at=ctx.now,
        kind=UNDO,
        cycle=ctx.cycle,
        editor=proposer(Step(None, BY_COMMAND, order.editor)),
        outcome=UNDO,
        text=f"{order.text}: {len(acts)} of {len(undone)}",
    )
    with ctx.store.transaction() as tx:
        tx.journal([line])


def _whose(rule: Rule) -> str:
    owners = joined(rule.owners)
    return f"it belongs to {owners} ({rule.source}): `--as` one of them may" if owners else "held"
