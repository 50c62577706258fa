"""What a cycle tells of itself when it ends."""

from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from syncer.engine.cases import Gathered
from syncer.engine.compare import healed
from syncer.engine.context import Context
from syncer.engine.heads_up.telling import Told
from syncer.engine.matching import Matcher
from syncer.engine.measured import Measured
from syncer.engine.observing import Observed, stopping
from syncer.engine.outcomes import Pushed
from syncer.engine.planning import Planned
from syncer.engine.pull import Pulled
from syncer.engine.recalling import MATCH
from syncer.engine.record import failed_things
from syncer.engine.sites import Site
from syncer.model.contact import Tally
from syncer.model.notices import Notice
from syncer.model.remote import Op
from syncer.model.report import CycleReport, CycleResult, Judgement
from syncer.model.saved import Moved
from syncer.model.undoing import UNDO, Undone


class Findings(Struct, frozen=True):
    """What a report says of single records, gathered before what they came of is let go."""

    healed: int
    created: int
    judgements: tuple[Judgement, ...]
    undone: tuple[Undone, ...]
    notices: tuple[Notice, ...]


def findings(
    ctx: Context, sites: Mapping[str, Site], pulls: Mapping[str, Pulled], planned: Planned
) -> Findings:
    """What was decided, for people."""
    work = planned.work.whole.values()
    return Findings(
        healed(ctx, sites, planned, pulls),
        planned.work.created,
        tuple(_judgements(ctx, planned)),
        tuple(u for one in work for u in one.decided.undone),
        tuple(n for one in work for n in one.decided.notices),
    )


class Decisions(Struct):
    """Everything a cycle thought, before anything is written."""

    sites: dict[str, Site]
    pulls: dict[str, Pulled]
    gathered: Gathered
    matcher: Matcher
    planned: Planned
    down: dict[str, str]
    measured: Measured
    found: Findings


def report(
    ctx: Context,
    thought: Decisions,
    pushed: Pushed | None,
    told: Told | None = None,
    *,
    planned_only: bool = False,
    recovered: int = 0,
    observed: Observed | None = None,
    moved: tuple[Moved, ...] = (),
) -> CycleReport:
    """How a cycle went; without ``pushed`` and ``told`` nothing was written to any system."""
    pushed, told = pushed or Pushed(), told or Told()
    failed = {id: tuple(texts) for id, texts in pushed.failed.items()} | _set_aside(ctx, thought)
    down = {**thought.down, **pushed.down, **told.down}
    return replace(
        _thought(ctx, thought),
        result=_result(ctx, thought, failed=bool(failed or down), moved=bool(moved)),
        finished=ctx.clock(),
        planned_only=planned_only or observed is not None,
        observed=observed is not None,
        news=observed.news if observed else (),
        written=pushed.done,
        recovered=recovered,
        down={**down, **thought.measured.down},
        moved=moved,
        failed=failed,
        told=told.posted,
        untold=told.untold,
    )


def counts_of(ctx: Context, report: CycleReport) -> dict[str, int]:
    """What the state keeps of a cycle in numbers; only an undoing has the last one."""
    counts = {
        "pulled": sum(report.pulled.values()),
        "created": report.created,
        "written": report.written,
        "failed": len(report.failed),
        "healed": report.healed,
        "holds": len(report.plan.holds) if report.plan else 0,
    }
    return counts | ({UNDO: len(report.undone)} if ctx.orders.undo is not None else {})


def _thought(ctx: Context, thought: Decisions) -> CycleReport:
    """What was read and decided."""
    found = thought.found
    return CycleReport(
        client=ctx.client.key,
        result=CycleResult.DONE,
        cycle=ctx.cycle,
        started=ctx.now,
        full=any(ctx.full_of(name) for name in thought.sites),
        healed=found.healed,
        plan=thought.planned.plan,
        judgements=found.judgements,
        pulled={name: pulled.count for name, pulled in thought.pulls.items()},
        created=found.created,
        problems=(
            *_faults(thought),
            *thought.matcher.contacts.misnamed(thought.sites),
            *thought.measured.problems,
        ),
        undone=found.undone,
        tally=_tally(thought),
        notices=found.notices,
    )


def _tally(thought: Decisions) -> Tally | None:
    """A first contact in figures; None where nothing of old stock was met in this cycle."""
    matcher, plan = thought.matcher, thought.planned.plan
    if not any(matcher.contacts.meeting(name) for name in thought.sites):
        return None
    ops: Counter[bool] = Counter()
    for (_, op), count in plan.counts().items():
        ops[op is Op.CREATE] += count
    return Tally(
        matched=matcher.matched,
        candidates=matcher.pairs.waiting,
        create=ops[True],
        change=ops[False],
        held=sum(not (hold.kind == MATCH and hold.candidates) for hold in plan.holds),
        left=len(matcher.left) + thought.planned.left,
    )


def _result(ctx: Context, thought: Decisions, *, failed: bool, moved: bool) -> CycleResult:
    if moved or stopping(ctx, thought.planned.plan):
        return CycleResult.REFUSED
    troubled = failed or thought.down or thought.measured.down
    return CycleResult.FAILED if troubled else CycleResult.DONE


def _faults(thought: Decisions) -> tuple[str, ...]:
    return tuple(text for site in thought.sites.values() for text in site.faults.values())


def _set_aside(ctx: Context, thought: Decisions) -> dict[str, tuple[str, ...]]:
    """What could not be dealt with; a thing without a record by its title and place."""
    gathered = thought.gathered
    failed: dict[str, tuple[str, ...]] = {}
    failed |= {id: (f.reason,) for id, f in gathered.failed.items() if not gathered.cases[id].new}
    for failure in failed_things(ctx, gathered, thought.pulls):
        what = failure.detail.get("title") or failure.detail["id"]
        failed[f"{what} (new in {failure.connection})"] = (failure.reason,)
    return failed


def _judgements(ctx: Context, planned: Planned) -> Iterator[Judgement]:
    for work in planned.work.whole.values():
        record = work.decided.record
        title = str(record.value(ctx.config.schema[record.entity].title) or record.id)
        for verdict in work.decided.verdicts:
            yield Judgement(record.id, record.entity, title, verdict)
