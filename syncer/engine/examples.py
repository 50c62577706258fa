"""Examples of the rules, tried: what people do is decided exactly as a cycle decides it.

No tool is asked and none is written to. What a cycle does before it decides (reading the tools,
finding out who edited) is given by the example; what it does afterwards (telling, writing) is
taken to have gone well.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import uuid4

from msgspec.structs import replace

from syncer.engine.answers import AnswerRefused, Answers
from syncer.engine.cases import Case, Gathered
from syncer.engine.context import Context
from syncer.engine.decided import Decided, Notebook
from syncer.engine.existence import existence_verdict
from syncer.engine.heads_up.scenes import scene, scene_of
from syncer.engine.index import Index
from syncer.engine.standing import place_of
from syncer.model.configuration import Configuration
from syncer.model.decisions import Step, Verdict
from syncer.model.entities import EXISTENCE, PRESENT
from syncer.model.examples import Doing, Example, Fate, Tried
from syncer.model.notices import Notice, NoticeKind
from syncer.model.records import Agreed, Proposal, ProposalStatus, Record
from syncer.model.values import MISSING, Value
from syncer.reconcile.notices import ended_notices, notices_of
from syncer.reconcile.ownership import decide
from syncer.reconcile.roles import Place
from syncer.state import Store

FATES: Final = {
    "taken": Fate.APPLIED,
    "first": Fate.APPLIED,
    "notified": Fate.APPLIED,
    "agrees": Fate.APPLIED,
    "proposed": Fate.HELD,
    "held": Fate.HELD,
    "reverted": Fate.PUT_BACK,
    "overruled": Fate.PUT_BACK,
    "overtaken": Fate.OVERTAKEN,
    "overwritten": Fate.OVERTAKEN,
}
"""What a verdict says of an edit, as examples call it."""

NOTES: Final = (NoticeKind.WAITS, NoticeKind.PUT_BACK)
"""What whoever edited hears of their own edit, at the place of it."""

_ANSWERED: Final = {"approve": Fate.APPLIED, "decline": Fate.PUT_BACK, "withdraw": Fate.PUT_BACK}
_MINUTE: Final = timedelta(minutes=1)


def attempt(config: Configuration, store: Store, example: Example) -> Tried:
    """What really happens in an example.

    Args:
        store: a state that is used for nothing else; what is held is kept there meanwhile.
    """
    return _Rehearsal(config, store, example).all()


def plain_day(config: Configuration) -> date:
    """A working day after everybody came back, and after whoever leaves has left."""
    people = config.people.values()
    ends = [last for person in people for _, last in person.away]
    day = max([*ends, *(p.left for p in people if p.left), date(2026, 1, 1)]) + timedelta(days=1)
    balance = config.balance
    while day.weekday() not in balance.workdays or day in balance.holidays:
        day += timedelta(days=1)
    return day


class _Rehearsal:
    """One example under way."""

    def __init__(self, config: Configuration, store: Store, example: Example) -> None:
        self.config = config
        self.store = store
        self.example = example
        self.now = datetime.combine(example.day or plain_day(config), time(12), UTC)
        self.ids = 0
        # Whatever else was tried in this state, also this very example, is another matter.
        self.mark = uuid4().hex[:12]
        self.record, self.around = _records(config, example, self.mark)
        self.fates: dict[int, Fate] = {}
        self.why: dict[int, str] = {}
        self.told: frozenset[str] = frozenset()
        self.rule = config.ownership.rules[example.entity, _subject(example)]

    def all(self) -> Tried:
        """Everything that is done, one thing after the other."""
        with self.store.transaction() as tx:
            tx.put_records([*self.around.values(), self.record])
        edits: dict[int, Doing] = {}
        for index, doing in enumerate(self.example.doings):
            if doing.after_run or doing.reply:
                self._run(edits)
                edits = {}
            if doing.reply:
                self._answer(index, doing)
            else:
                edits[index] = doing
        self._run(edits)
        fates = tuple(self.fates[index] for index in range(len(self.example.doings)))
        agreed = self.record.value(_subject(self.example))
        return Tried(self.example, fates, self.rule, self.told, agreed, self.why)

    def _run(self, edits: Mapping[int, Doing]) -> None:
        """Decide what was edited since the last time, field by field."""
        self.told = frozenset() if edits else self.told
        steps = {i: Step(d.value, d.connection, d.by, self._moment()) for i, d in edits.items()}
        for name in dict.fromkeys(doing.field for doing in edits.values()):
            ours = [step for index, step in steps.items() if edits[index].field == name]
            verdict = self._decide(name, ours)
            outcomes = {id(item.step): item.outcome for item in verdict.judged}
            self.fates |= {
                i: FATES[outcomes[id(step)]] for i, step in steps.items() if id(step) in outcomes
            }

    def _decide(self, name: str, steps: Sequence[Step]) -> Verdict:
        """The verdict about one field, and what follows from it."""
        ctx, rule = self._context(), self.config.ownership.rules[self.record.entity, name]
        held = self.store.proposals(self.record.client, [self.record.id])
        about = [proposal for proposal in held if proposal.field == name]
        place, rules = self._place(ctx), self.config.ownership
        known = self.record.agreed.get(name)
        if name == EXISTENCE:
            here = known.value if known else None
            verdict = existence_verdict(rule, here, steps, about, rules, place)
        else:
            agreed = known.value if known else MISSING
            verdict = decide(rule, agreed, steps, about, rules, place)
        notebook = Notebook(ctx, Decided(self.record, agreed=dict(self.record.agreed)), about)
        notebook.judged(verdict)
        touched = list(notebook.decided.proposals.values())
        opened = [one for one in touched if one.status is ProposalStatus.OPEN]
        ended = [one for one in touched if one.status is not ProposalStatus.OPEN]
        self._tell(notices_of(scene(ctx, self.record, place), verdict, opened, ended))
        if verdict.changed:
            notebook.agree(name, verdict.value, verdict.winner, rule)
        self._keep(notebook.decided)
        return verdict

    def _tell(self, notices: Iterable[Notice]) -> None:
        """Remember who hears something, beside a note to whoever's own edit does not count."""
        self.told |= {n.to for n in notices if n.to is not None and n.kind not in NOTES}

    def _keep(self, decided: Decided) -> None:
        """Remember what was decided; everybody is told of what is held at once."""
        self.record = replace(self.record, agreed=decided.agreed)
        told = self._moment()
        proposals = [_delivered(one, told) for one in decided.proposals.values()]
        with self.store.transaction() as tx:
            tx.put_records([self.record])
            tx.put_proposals(proposals)

    def _answer(self, index: int, doing: Doing) -> None:
        """An answer by whoever gives it, as it is taken from the command line."""
        held = self.store.proposals(self.record.client, [self.record.id])
        meant = [one for one in held if doing.of in (None, one.proposer)]
        answers = Answers(self.config, self.store, clock=self._moment)
        person = doing.by.person or doing.by.shown
        give = {
            "approve": answers.approve,
            "decline": answers.decline,
            "withdraw": answers.withdraw,
        }[doing.reply]
        try:
            if not meant:
                raise AnswerRefused("nothing is held")
            answer = give(meant[-1].id, person)
        except AnswerRefused as refused:
            self.fates[index], self.why[index] = Fate.REFUSED, str(refused)
        else:
            self.fates[index] = _ANSWERED[doing.reply]
            self.told = frozenset()
            about = scene_of(self._context(), self.record)
            for ended in (answer.proposal, *answer.superseded):
                self._tell(ended_notices(about, ended, self.rule))
        self.record = self.store.records([self.record.id])[self.record.id]

    def _context(self) -> Context:
        client = self.config.clients[self.example.client]
        return Context(
            self.config, client, self.store, "", self._moment(), lambda: self.now, self._id
        )

    def _place(self, ctx: Context) -> Place:
        cases = {id: Case(record) for id, record in self.around.items()}
        index = Index(self.store, self.example.client)
        return place_of(ctx, Case(self.record), Gathered(cases, index))

    def _moment(self) -> datetime:
        """Later than whatever was before."""
        self.now += _MINUTE
        return self.now

    def _id(self, prefix: str) -> str:
        self.ids += 1
        return f"{prefix}_{self.mark}_{self.ids}"


def _subject(example: Example) -> str:
    """The field that is set last."""
    return next(doing.field for doing in reversed(example.doings) if not doing.reply)


def _delivered(proposal: Proposal, at: datetime) -> Proposal:
    return replace(proposal, delivered=proposal.version, delivered_at=at)


def _records(
    config: Configuration, example: Example, mark: str
) -> tuple[Record, dict[str, Record]]:
    """The record in question, and what it belongs to by id; ``mark`` makes the ids new."""
    ids: dict[str, str] = {}
    waiting = [example.entity]
    while waiting:
        entity = waiting.pop(0)
        ids.setdefault(entity, f"r_{entity}_{mark}")
        for name, target in _references(config, entity):
            if target not in ids:
                named = example.given.get((entity, name))
                ids[target] = str(named or f"r_{target}_{mark}")
                waiting.append(target)
    made = {entity: _record(config, example, entity, ids) for entity in ids}
    record = made.pop(example.entity)
    return record, {each.id: each for each in made.values()}


def _references(config: Configuration, entity: str) -> Iterator[tuple[str, str]]:
    """The fields by which a record belongs to another, with its entity."""
    for name, field in config.schema[entity].fields.items():
        if field.type.target is not None and field.type.target != entity:
            yield name, field.type.target


def _record(config: Configuration, example: Example, entity: str, ids: Mapping[str, str]) -> Record:
    """A record of which everything is agreed that is given; nothing else of a new one."""
    spec, new = config.schema[entity], entity == example.entity and example.new
    values: dict[str, Value] = {} if new else dict.fromkeys(spec.fields)
    if not new:
        values |= {name: ids[target] for name, target in _references(config, entity)}
        values |= {spec.title: ids[entity], EXISTENCE: PRESENT}
    values |= {name: value for (of, name), value in example.given.items() if of == entity}
    agreed = {name: Agreed(value) for name, value in values.items()}
    return Record(ids[entity], example.client, entity, agreed)
