"""The order of the stages of one cycle, and nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import structlog

from syncer.adapterkit.contract import Adapter
from syncer.adapterkit.errors import AdapterError
from syncer.adapterkit.redact import clean
from syncer.engine.attribute import Telling, attribute
from syncer.engine.cases import Gathered, gather, translate_all
from syncer.engine.compare import healed
from syncer.engine.context import Context
from syncer.engine.decided import Decided
from syncer.engine.deciding import decide_case
from syncer.engine.furnishing import furnish
from syncer.engine.matching import Matcher
from syncer.engine.outcomes import Pushed
from syncer.engine.planning import Planned, make_plan
from syncer.engine.pull import Pulled, pull_all
from syncer.engine.push import Pusher
from syncer.engine.record import park_cases, record_cursors, record_verdicts
from syncer.engine.recover import recover
from syncer.engine.sites import Site, open_site
from syncer.engine.workers import side_by_side
from syncer.model.configuration import Mode
from syncer.model.report import CycleReport, CycleResult, Judgement

log = structlog.get_logger()


@dataclass
class Decisions:
    """Everything a cycle thought, before anything is written."""

    sites: dict[str, Site]
    pulls: dict[str, Pulled]
    gathered: Gathered
    matcher: Matcher
    planned: Planned
    down: dict[str, str]


def think(ctx: Context, sites: dict[str, Site], down: dict[str, str]) -> Decisions:
    """Pull, translate, match, merge, decide, plan, guard: without any effect on a vendor."""
    pulls = pull_all(ctx, sites)
    down = down | {name: str(p.error) for name, p in pulls.items() if p.error is not None}
    up = {name: site for name, site in sites.items() if name not in down}
    gathered = gather(ctx, up, {name: pulls[name] for name in up})
    matcher = Matcher(ctx, up, pulls, gathered)
    matcher.run()
    translate_all(ctx, gathered)
    telling = attribute(ctx, up, gathered.cases.values())
    decided = _decide(ctx, gathered, telling)
    for id, reason in gathered.failed.items():
        if gathered.cases[id].new:
            matcher.set_aside(gathered.cases[id], reason)
    planned = make_plan(ctx, up, pulls, gathered, decided, matcher.holds)
    return Decisions(up, pulls, gathered, matcher, planned, down)


def _decide(ctx: Context, gathered: Gathered, telling: Telling) -> dict[str, Decided]:
    """Verdicts record by record; one that cannot be decided is set aside with its reason."""
    first = ctx.store.client(ctx.client.key).last_ok_at is None
    decided: dict[str, Decided] = {}
    for case in sorted(gathered.cases.values(), key=lambda c: _level(ctx, c.record.entity)):
        id = case.record.id
        if id not in gathered.failed:
            try:
                decided[id] = decide_case(ctx, case, telling, gathered, first)
            except Exception as error:
                log.debug("decide.failed", record=id, exc_info=error)
                log.warning("decide.failed", record=id, entity=case.record.entity, why=str(error))
                gathered.failed[id] = clean(f"{type(error).__name__}: {error}")
        ctx.progress("decide", len(decided), len(gathered.cases))
    return decided


def _level(ctx: Context, entity: str) -> int:
    return ctx.config.schema[entity].level


def _sites(ctx: Context, adapters: Mapping[str, Adapter]) -> tuple[dict[str, Site], dict[str, str]]:
    """Open every connection of the client; one that cannot be opened stops no other."""
    sites: dict[str, Site] = {}
    down: dict[str, str] = {}
    names = [name for name in sorted(ctx.client.mappings) if name in adapters]
    for name, result in side_by_side(names, lambda name: open_site(ctx, name, adapters[name])):
        if isinstance(result, Site):
            sites[name] = result
        elif isinstance(result, AdapterError):
            log.warning("connection.down", connection=name, reason=str(result))
            down[name] = str(result)
        else:
            raise result
    return sites, down


def plan_cycle(ctx: Context, adapters: Mapping[str, Adapter]) -> CycleReport:
    """What a run would do now; nothing is written to any vendor, and no verdict is recorded."""
    sites, down = _sites(ctx, adapters)
    return _report(ctx, think(ctx, sites, down), None, planned_only=True)


def run_cycle(ctx: Context, adapters: Mapping[str, Adapter]) -> CycleReport:
    """One whole cycle of one client."""
    sites, down = _sites(ctx, adapters)
    recovered = recover(ctx, sites)
    if ctx.client.mode is not Mode.OBSERVE:
        for site in sites.values():
            furnish(ctx, site)
    thought = think(ctx, sites, down)
    plan = thought.planned.plan
    if plan.refusals:
        return _report(ctx, thought, None, recovered=recovered)
    matcher = thought.matcher
    record_verdicts(ctx, thought.planned, matcher.holds, matcher.settled, thought.down)
    park_cases(ctx, thought.gathered)
    pushed = None
    if ctx.client.mode is not Mode.OBSERVE:
        pushed = Pusher(ctx, thought.sites, thought.gathered, thought.planned).run()
    record_cursors(ctx, thought.pulls)
    return _report(ctx, thought, pushed, planned_only=pushed is None, recovered=recovered)


def _report(
    ctx: Context,
    thought: Decisions,
    pushed: Pushed | None,
    *,
    planned_only: bool = False,
    recovered: int = 0,
) -> CycleReport:
    plan, work = thought.planned.plan, thought.planned.work
    failed = {id: tuple(texts) for id, texts in (pushed.failed if pushed else {}).items()}
    failed |= {id: (text,) for id, text in thought.gathered.failed.items()}
    return CycleReport(
        client=ctx.client.key,
        result=_result(thought, failed=bool(failed)),
        cycle=ctx.cycle,
        started=ctx.now,
        finished=ctx.clock(),
        planned_only=planned_only,
        full=any(ctx.full_of(name) for name in thought.sites),
        healed=healed(ctx, thought.sites, thought.planned, thought.pulls),
        plan=plan,
        judgements=tuple(_judgements(ctx, thought)),
        pulled={name: len(pulled.records) for name, pulled in thought.pulls.items()},
        created=sum(one.case.new for one in work.values()),
        written=pushed.done if pushed else 0,
        recovered=recovered,
        down=thought.down,
        failed=failed,
        problems=_faults(thought),
    )


def _result(thought: Decisions, *, failed: bool) -> CycleResult:
    if thought.planned.plan.refusals:
        return CycleResult.REFUSED
    return CycleResult.FAILED if failed or thought.down else CycleResult.DONE


def _faults(thought: Decisions) -> tuple[str, ...]:
    return tuple(text for site in thought.sites.values() for text in site.faults.values())


def _judgements(ctx: Context, thought: Decisions) -> Iterator[Judgement]:
    for work in thought.planned.work.values():
        record = work.decided.record
        title = str(record.value(ctx.config.schema[record.entity].title) or record.id)
        for verdict in work.decided.verdicts:
            yield Judgement(record.id, record.entity, title, verdict)
