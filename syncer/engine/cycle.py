"""The order of the stages of one cycle, and nothing else."""

from collections.abc import Mapping

import structlog
from msgspec.structs import replace

from syncer.adapterkit.contract import Adapter
from syncer.adapterkit.errors import AdapterError
from syncer.adapterkit.measuring import Measurer
from syncer.engine.attribute import Telling, attribute
from syncer.engine.cases import Case, Counted, Gathered, gather
from syncer.engine.contact import Contacts, begin
from syncer.engine.context import Context
from syncer.engine.decided import Decided
from syncer.engine.deciding import decide_case
from syncer.engine.echoes import Echoes
from syncer.engine.furnishing import furnish
from syncer.engine.heads_up.listening import heard, listen
from syncer.engine.heads_up.lost import recover_posts
from syncer.engine.heads_up.telling import tell
from syncer.engine.matching import Matcher
from syncer.engine.measured import Measured
from syncer.engine.newborn import tell_newborns
from syncer.engine.newcomers import in_turn, large, wait_for_turn
from syncer.engine.observing import note_observed, observes, stopping
from syncer.engine.planning import Planner
from syncer.engine.pull import Pulled, pull_all
from syncer.engine.push import Pusher
from syncer.engine.record import park_failed, record_cursors, record_verdicts
from syncer.engine.recover import recover
from syncer.engine.reporting import Decisions, findings, report
from syncer.engine.saving import accept, as_saved
from syncer.engine.sites import Site, at_hand, open_site, why_down
from syncer.engine.sources import measure
from syncer.engine.undoing import note_undoing
from syncer.engine.unlooked import claim
from syncer.engine.views import by_title, translate_all
from syncer.engine.workers import in_order
from syncer.model.report import CycleReport

log = structlog.get_logger()


def think(
    ctx: Context,
    sites: dict[str, Site],
    down: dict[str, str],
    measured: Measured,
    *,
    recording: bool = True,
) -> Decisions:
    """Pull, translate, match, merge, decide, plan, guard: without any effect on a vendor.

    ``recording`` says that what led to nothing may be remembered as seen before all the rest.
    """
    listen(ctx, sites)
    pulls = pull_all(ctx, sites)
    spooled = recording and large(ctx, sites, pulls)
    up, gathered, matcher, telling = _understand(
        ctx, sites, pulls, measured.counted, recording=recording, spooled=spooled
    )
    down = down | {name: why_down(ctx, name, p.error) for name, p in pulls.items() if p.error}
    told = {} if ctx.orders.undo is not None else _of(pulls, up)
    planner = Planner(ctx, up, told, gathered, matcher.contacts, spooled=spooled)
    _decide(ctx, gathered, telling, matcher, planner)
    planned = planner.plan(matcher.holds)
    found = findings(ctx, up, pulls, planned)
    return Decisions(up, pulls, gathered, matcher, planned, down, measured, found)


def _understand(
    ctx: Context,
    sites: dict[str, Site],
    pulls: dict[str, Pulled],
    counted: Counted,
    *,
    recording: bool,
    spooled: bool,
) -> tuple[dict[str, Site], Gathered, Matcher, Telling]:
    """Which record each thing is, what it shows, and who edited it.

    A system whose history cannot be had counts as not answering: without it an owner's edit
    would be taken for nobody's. The others are then looked at without it.
    """
    while True:
        up = {name: site for name, site in sites.items() if pulls[name].error is None}
        told = _of(pulls, up)
        contacts = Contacts(ctx)
        echoes = Echoes(ctx, up, told, contacts, recording=recording)
        gathered = gather(ctx, up, told, counted, heard(ctx, up, told), echoes.settle)
        newcomers = wait_for_turn(ctx, gathered) if spooled else None
        matcher = Matcher(ctx, up, pulls, gathered, contacts, newcomers)
        matcher.run()
        gathered.unlinked.let_go()
        claim(ctx, up, gathered)
        translate_all(ctx, gathered)
        matcher.contacts.look_again(gathered.cases.values())
        tell_newborns(gathered.cases.values(), pulls)
        telling, lost = attribute(ctx, up, gathered)
        if not lost:
            return up, gathered, matcher, telling
        for name, error in lost.items():
            pulls[name].error = error


def _of(pulls: Mapping[str, Pulled], sites: Mapping[str, Site]) -> dict[str, Pulled]:
    return {name: pulls[name] for name in sites}


def _decide(
    ctx: Context, gathered: Gathered, telling: Telling, matcher: Matcher, planner: Planner
) -> None:
    """Verdicts record by record, each planned at once; what cannot be decided is set aside.

    Where some things name others as people call them, all are decided before the first is
    planned: what is told of them goes by the names of before.
    """
    first = ctx.store.client(ctx.client.key).last_ok_at is None
    undoing = ctx.orders.undo is not None
    later: list[Decided] = []
    apart = undoing or by_title(gathered)
    count = len(gathered.cases) + len(matcher.newcomers or ())
    turns = in_turn(ctx, matcher.sites, matcher.pulls, gathered, telling, matcher.newcomers)
    for number, case in enumerate(turns):
        decided = _decided(ctx, case, telling, gathered, None if first else matcher.contacts)
        if decided is not None:
            later.append(decided) if apart else planner.add(decided)
        ctx.progress("decide", number + 1, count)
    if undoing:
        matcher.forget()
    for decided in later:
        planner.add(decided)


def _decided(
    ctx: Context, case: Case, telling: Telling, gathered: Gathered, contacts: Contacts | None
) -> Decided | None:
    """What follows of one record; without ``contacts`` this client was never in step before."""
    id = case.record.id
    if reason := gathered.blocked(case):
        gathered.fail(id, reason)
    if id in gathered.failed:
        return None
    try:
        met = contacts is None or contacts.first_seen(case)
        return decide_case(ctx, case, telling, gathered, met)
    except Exception as error:
        log.debug("decide.failed", record=id, exc_info=error)
        log.warning("decide.failed", record=id, entity=case.record.entity, why=str(error))
        gathered.fail(id, error)
        return None
    finally:
        for connection in case.twins:
            telling.pop((id, connection), None)


def open_sites(
    ctx: Context, adapters: Mapping[str, Adapter]
) -> tuple[dict[str, Site], dict[str, str]]:
    """Open every connection of the client; one that cannot be opened stops no other."""
    sites: dict[str, Site] = {}
    down: dict[str, str] = {}
    names = [name for name in sorted(ctx.client.mappings) if name in adapters]
    known = all(at_hand(ctx, name) for name in names)  # no thread is worth its start then
    opened = in_order(
        names, lambda name: open_site(ctx, name, adapters[name]), 1 if known else len(names)
    )
    for name, result in opened:
        if isinstance(result, Site):
            sites[name] = result
        elif isinstance(result, AdapterError):
            log.warning("connection.down", connection=name, reason=str(result))
            down[name] = why_down(ctx, name, result)
        else:
            raise result
    return sites, down


def _furnish(ctx: Context, sites: Mapping[str, Site]) -> None:
    for site in () if observes(ctx) else sites.values():
        furnish(ctx, site)


def plan_cycle(
    ctx: Context, adapters: Mapping[str, Adapter], sources: Mapping[str, Measurer]
) -> CycleReport:
    """What a run would do now; nothing is written to any vendor, and no verdict is recorded."""
    measured = measure(ctx, sources)
    sites, down = open_sites(ctx, adapters)
    thought = think(ctx, sites, down, measured, recording=False)
    return replace(report(ctx, thought, None, planned_only=True), saved=as_saved(ctx, thought))


def run_cycle(
    ctx: Context, adapters: Mapping[str, Adapter], sources: Mapping[str, Measurer]
) -> CycleReport:
    """One whole cycle of one client."""
    measured = measure(ctx, sources)
    begin(ctx)
    sites, down = open_sites(ctx, adapters)
    recovered = recover(ctx, sites) + recover_posts(ctx, sites)
    if ctx.saved is None:
        _furnish(ctx, sites)
    thought = think(ctx, sites, down, measured)
    if ctx.saved is not None:
        moved = accept(ctx, ctx.saved, thought)
        if moved:
            return report(ctx, thought, None, recovered=recovered, moved=moved)
        _furnish(ctx, thought.sites)
    plan = thought.planned.plan
    if stopping(ctx, plan):
        return report(ctx, thought, None, recovered=recovered)
    matcher = thought.matcher
    record_verdicts(ctx, thought.planned, matcher, thought.down)
    park_failed(ctx, thought.gathered, _of(thought.pulls, thought.sites))
    if observes(ctx):
        observed = note_observed(ctx, plan)
        record_cursors(ctx, thought.gathered, thought.pulls, matcher.contacts)
        return report(ctx, thought, None, recovered=recovered, observed=observed)
    pushed = Pusher(ctx, thought.sites, thought.gathered, thought.planned).run()
    told = tell(ctx, thought.sites)
    record_cursors(ctx, thought.gathered, thought.pulls, matcher.contacts)
    return report(ctx, thought, pushed, told, recovered=recovered)


def undo_cycle(ctx: Context, adapters: Mapping[str, Adapter]) -> CycleReport:
    """Take back what the orders name, and nothing else: all the rest is as if it had not run.

    Everything is read, for what somebody edited since goes before; no cursor moves, so that the
    next cycle reads, decides and tells the rest.
    """
    sites, down = open_sites(ctx, adapters)
    recovered = recover(ctx, sites)
    thought = think(ctx, sites, down, measure(ctx, {}))
    if thought.planned.plan.refusals or observes(ctx):
        return report(ctx, thought, None, planned_only=True, recovered=recovered)
    note_undoing(
        ctx, [u for one in thought.planned.work.whole.values() for u in one.decided.undone]
    )
    record_verdicts(ctx, thought.planned, thought.matcher, thought.down)
    pushed = Pusher(ctx, thought.sites, thought.gathered, thought.planned).run()
    return report(ctx, thought, pushed, recovered=recovered)
