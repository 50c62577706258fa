"""Decide: one record's edits through the rules, and what to remember of every twin."""

from datetime import timedelta

from msgspec.structs import replace

from syncer.engine.attribute import Telling
from syncer.engine.cases import Case, Gathered
from syncer.engine.context import Context
from syncer.engine.decided import Decided, Notebook
from syncer.engine.desk import Desk
from syncer.engine.existence import decide_existence
from syncer.engine.fields import FieldDecider
from syncer.engine.heads_up.answering import Answering
from syncer.engine.heads_up.expiring import expire
from syncer.engine.heads_up.noting import Noter
from syncer.engine.heads_up.scenes import scene
from syncer.engine.leaving import note_links
from syncer.engine.memory import Treatment, remember
from syncer.engine.quiet import is_quiet, open_fields
from syncer.engine.standing import holds_others
from syncer.engine.undoing import Undoing
from syncer.model.configuration import HeadsUp
from syncer.model.decisions import Verdict
from syncer.model.rules import Policy, Waiting


def decide_case(
    ctx: Context, case: Case, telling: Telling, gathered: Gathered, first: bool
) -> Decided:
    """All verdicts about one record.

    ``first`` says that this client was never in step before: values found then have no author.
    """
    desk = _desk(ctx, case, telling, gathered, first)
    decided, notebook = desk.notebook.decided, desk.notebook
    if not is_quiet(desk):
        noter = Noter(ctx, lambda: scene(ctx, case.record, desk.place), decided)
        _judge(desk, noter)
        decided.record = replace(case.record, agreed=decided.agreed)
        if case.new and holds_others(ctx, case.record.entity):
            gathered.made[case.record.id] = decided.record
        _keep(ctx, case, decided, notebook)
        noter.note(first)
        noter.of_scope(case)
    return _remembered(desk)


def quiet_case(ctx: Context, case: Case, telling: Telling, gathered: Gathered) -> Decided | None:
    """What to remember of a record in which nothing is to be decided; None where something is."""
    desk = _desk(ctx, case, telling, gathered, first=False)
    return _remembered(desk) if is_quiet(desk) else None


def _desk(ctx: Context, case: Case, telling: Telling, gathered: Gathered, first: bool) -> Desk:
    decided = Decided(case.record)
    decided.agreed = dict(case.record.agreed)
    notebook = Notebook(ctx, decided, case.proposals)
    decided.cleared |= {hold.key for hold in case.holds if hold.kind in FOUND_AGAIN}
    treatments: dict[str, dict[str, Treatment]] = {name: {} for name in case.twins}
    note_links(ctx, case, notebook)
    return Desk(ctx, case, telling, gathered, notebook, treatments, first)


def _remembered(desk: Desk) -> Decided:
    """What was decided, with what to remember of every twin."""
    decided = desk.notebook.decided
    for connection, twin in desk.case.twins.items():
        told, treatments = desk.told(connection), desk.treatments[connection]
        decided.links[connection] = remember(twin, told, treatments)
    return decided


def _judge(desk: Desk, noter: Noter) -> None:
    """Whether it is there, each of its fields, what was answered, and what is taken back."""
    decide_existence(desk)
    _decide_fields(desk)
    Answering(desk.ctx, desk.case, desk.notebook, noter).take(desk.case.hearings)
    expire(desk.ctx, desk.notebook)
    Undoing(desk).run()


def _decide_fields(desk: Desk) -> None:
    decider, case, edited = FieldDecider(desk), desk.case, desk.edited
    for name in open_fields(desk):
        if edited:
            desk.unread(name, desk.ctx.config.ownership.rules[(case.record.entity, name)])
        decider.decide(name)
    decider.leave()


PUT_BACK = ("proposed", "reverted")
MOST_PUT_BACKS = 3

KEPT, FIGHT = "kept", "fight"
"""Kinds of hold: an edit left standing until it can be told; one that robots keep making."""

FOUND_AGAIN = ("unreadable", "partly", "rivals", "contact", "condition", KEPT, FIGHT)
"""Kinds of hold that end unless this cycle finds the same again."""

LISTED_ONLY = ("partly", "refused")
"""Kinds of hold that keep nobody from writing the field."""


def _keep(ctx: Context, case: Case, decided: Decided, notebook: Notebook) -> None:
    """Fields that stay as they are in the proposer's tool while a proposal waits."""
    for proposal in notebook.still_open():
        rule = ctx.config.ownership.rules.get((case.record.entity, proposal.field))
        keep = ctx.config.heads_up is HeadsUp.KEEP or (rule and rule.waiting is Waiting.KEEP_HERE)
        if keep:
            decided.kept[proposal.connection].add(proposal.field)
    for verdict in decided.verdicts:
        for connection in verdict.keep_in:
            decided.kept[connection].add(verdict.field)
        for item in verdict.judged:
            if item.outcome == "reverted" and _left_standing(ctx, verdict):
                connection = item.step.connection
                known = ctx.config.people.get(item.step.editor.person or "")
                who = known.name if known else item.step.editor.shown
                reason = f"{who} may not set this ({Policy.REVERT})"
                notebook.hold(KEPT, verdict.field, connection, reason)
    _still_kept(ctx, case, decided, notebook)
    _end_fights(ctx, case, decided, notebook)
    for hold in decided.holds.values():
        if hold.field and hold.connection and hold.kind not in LISTED_ONLY:
            decided.kept[hold.connection].add(hold.field)


def _left_standing(ctx: Context, verdict: Verdict) -> bool:
    """Whether an overruled edit stays where it is, as long as its owner is not told there.

    A system that owns a field need not be told, and what it counts is nobody's to write.
    """
    roles = ctx.config.ownership.roles
    counted = all(role in roles and roles[role].system for role in verdict.rule.owners)
    return ctx.config.heads_up is HeadsUp.KEEP and not counted


def _still_kept(ctx: Context, case: Case, decided: Decided, notebook: Notebook) -> None:
    """An edit that was left standing stays, until the agreed value or the twin moves on."""
    for hold in case.holds:
        if hold.kind not in (KEPT, FIGHT) or hold.field is None or hold.connection is None:
            continue
        twin = case.twins.get(hold.connection)
        shown = twin.view.fields.get(hold.field) if twin and twin.view else None
        moved = case.record.agreed.get(hold.field) != decided.agreed.get(hold.field)
        stands = shown is None or shown.reading.value != case.record.value(hold.field)
        wanted = hold.kind == FIGHT or ctx.config.heads_up is HeadsUp.KEEP
        if wanted and stands and not moved:
            notebook.hold(hold.kind, hold.field, hold.connection, hold.reason)


def _end_fights(ctx: Context, case: Case, decided: Decided, notebook: Notebook) -> None:
    """What a robot or a stranger sets again after three put-backs in a day is left and listed."""
    for verdict in decided.verdicts:
        for item in verdict.judged:
            if item.outcome not in PUT_BACK or item.step.editor.person is not None:
                continue
            connection, who = item.step.connection, item.step.editor.shown
            past = ctx.store.journal(ctx.client.key, record=case.record.id, field=verdict.field)
            times = sum(
                1
                for entry in past
                if (entry.connection, entry.editor) == (connection, who)
                and entry.outcome in PUT_BACK
                and ctx.now - entry.at < timedelta(days=1)
            )
            if times >= MOST_PUT_BACKS:
                reason = f"put back {times} times in a day, and {who} sets it again"
                notebook.hold(FIGHT, verdict.field, connection, reason)
