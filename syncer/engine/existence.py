"""Whether a record is there: creating, archiving and deleting, decided like any field."""

from collections.abc import Sequence

from msgspec.structs import replace

from syncer.engine.attribute import Told, existence_entries
from syncer.engine.cases import Case, Twin
from syncer.engine.context import Context
from syncer.engine.decided import Notebook
from syncer.engine.desk import NOBODYS, Desk
from syncer.model.decisions import Editor, Judged, Step, Verdict
from syncer.model.entities import ARCHIVED, EXISTENCE, PRESENT
from syncer.model.records import LinkStatus, Proposal
from syncer.model.remote import Change as Entry
from syncer.model.rules import Ownership, Rule
from syncer.model.values import Value
from syncer.reconcile.lookup import Lookup
from syncer.reconcile.merge import editor, somebody
from syncer.reconcile.ownership import decide
from syncer.reconcile.roles import Place


def decide_existence(desk: Desk) -> None:
    """Agree whether this record is there, by the rule of its entity's existence."""
    ctx, case, notebook = desk.ctx, desk.case, desk.notebook
    rule = ctx.config.ownership.rules[(case.record.entity, EXISTENCE)]
    agreed = notebook.decided.agreed.get(EXISTENCE)
    if agreed is None:
        _begin(desk, rule)
        return
    steps = [
        step
        for name, twin in sorted(case.twins.items())
        for step in _steps(twin, desk.told(name), agreed.value is not None)
        if not _tidied(ctx, case, twin, notebook, step)
    ]
    if not steps:
        return
    proposals = [p for p in case.proposals if p.field == EXISTENCE]
    rules = ctx.config.ownership
    verdict = existence_verdict(rule, agreed.value, steps, proposals, rules, desk.place)
    notebook.judged(verdict)
    if verdict.changed:
        notebook.agree(EXISTENCE, verdict.value, verdict.winner, rule)


def existence_verdict(
    rule: Rule,
    agreed: Value,
    steps: Sequence[Step],
    proposals: Sequence[Proposal],
    ownership: Ownership,
    place: Place,
) -> Verdict:
    """What is agreed about whether a record is there; nothing, while nobody accepted it yet."""
    if agreed is None:
        steps = [_begun_anew(step) for step in steps]
        proposals = [_seen(proposal) for proposal in proposals]
    return decide(rule, agreed, steps, proposals, ownership, place)


def _begin(desk: Desk, rule: Rule) -> None:
    """A new record: whoever made it had to be allowed to, except at first contact."""
    case, notebook = desk.case, desk.notebook
    shown = [(name, twin) for name, twin in sorted(case.twins.items()) if twin.view is not None]
    if desk.first or not case.new or len(shown) != 1:
        step = Step(PRESENT, shown[0][0], NOBODYS) if shown else None
        notebook.agree(EXISTENCE, PRESENT, Judged(step, "first") if step else None, rule)
        return
    name, twin = shown[0]
    step = Step(PRESENT, name, _maker(twin), twin.record.created_at if twin.record else None)
    rules = desk.ctx.config.ownership
    verdict = existence_verdict(rule, None, [step], (), rules, desk.place)
    notebook.judged(verdict)
    # Not accepted yet is agreed to be nothing: the thing stays where it is and spreads nowhere.
    notebook.agree(EXISTENCE, verdict.value, verdict.winner, rule)


def _begun_anew(step: Step) -> Step:
    """A step of a thing that nobody accepted yet: put away, it is what was agreed, nothing."""
    return replace(step, value=None) if step.value == ARCHIVED else step


def _seen(proposal: Proposal) -> Proposal:
    """A thing that is proposed by being there tells its owner by being there."""
    return replace(proposal, delivered=proposal.version, delivered_at=proposal.opened_at)


def _maker(twin: Twin) -> Editor:
    if twin.record is None or twin.site is None:
        return Editor()
    return somebody(twin.record.created_by, twin.site.directory)


def _steps(twin: Twin, told: Told, accepted: bool) -> list[Step]:
    """Archiving, restoring and deleting of one twin since it was last decided on.

    ``accepted`` is no while the record is only proposed: then a twin that joins is a step too.
    """
    link = twin.link
    if link.status is not LinkStatus.LINKED:
        return []
    if twin.joined and not accepted and twin.record is not None:
        return [Step(PRESENT, link.connection, _maker(twin), twin.record.created_at)]
    entries = [e for e in existence_entries(twin, told) if e.new in (PRESENT, ARCHIVED)]
    if twin.ended:
        return _ended(twin, [entry for entry in entries if entry.new == ARCHIVED])
    if twin.view is None:
        return []
    chain, shown = [], link.existence
    for entry in entries:
        if entry.new != shown:
            chain.append(_step(twin, str(entry.new), entry, shown))
            shown = str(entry.new)
    if shown != twin.view.existence:
        chain.append(_step(twin, twin.view.existence, None, shown))
    return chain


def _ended(twin: Twin, entries: list[Entry]) -> list[Step]:
    """A deletion, by whom the vendor names, and whoever archived it before that."""
    told, gone = entries, twin.gone
    if gone is not None and gone.by is not None and (not told or told[-1].by != gone.by):
        me = twin.site.me if twin.site else frozenset()
        told = [entry for entry in told if entry.by not in me]
        told.append(Entry(gone.object, gone.id, EXISTENCE, gone.at, by=gone.by, new=ARCHIVED))
    was = twin.link.existence
    return [_step(twin, ARCHIVED, e, was) for e in told] or [_step(twin, ARCHIVED, None, was)]


def _step(twin: Twin, value: str, entry: Entry | None, old: str) -> Step:
    link = twin.link
    if entry is None or twin.site is None:
        return Step(value, link.connection, Editor(), link.as_of, old)
    who = editor(entry, Lookup(directory=twin.site.directory))
    return Step(value, link.connection, who, entry.at, old, entry.key)


def _tidied(ctx: Context, case: Case, twin: Twin, notebook: Notebook, step: Step) -> bool:
    """A done thing that people tidy away is unlinked quietly; the others keep theirs."""
    done = ctx.config.schema[case.record.entity].done
    back = twin.view is not None and not twin.ended and twin.view.existence == PRESENT
    if step.value != ARCHIVED or done is None or back:
        return False
    name, values = done
    agreed = notebook.decided.agreed.get(name)
    if agreed is None or agreed.value not in values:
        return False
    twin.link = replace(twin.link, status=LinkStatus.UNLINKED)
    twin.gone, twin.absent = None, False
    notebook.entry("edit", EXISTENCE, step, "tidied away")
    return True
