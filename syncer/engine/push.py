"""Push: carry out a plan, wave by wave; every write is intended before it is sent."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from syncer.adapterkit.errors import AdapterError, LookFirst, StopConnection, WaitAndRetry
from syncer.engine.cases import Gathered
from syncer.engine.context import Context
from syncer.engine.newplaces import PROMISED, needs_of
from syncer.engine.outcomes import Recorder
from syncer.engine.planning import Planned
from syncer.engine.sites import Site
from syncer.engine.workers import in_flight
from syncer.model.decisions import Action
from syncer.model.records import Intent
from syncer.model.remote import Op, Outcome, Raw, Result, Write

log = structlog.get_logger()


@dataclass(frozen=True)
class Sending:
    """An action on its way: the intent that was recorded and the write that is sent."""

    action: Action
    intent: Intent
    write: Write


@dataclass
class Pushed:
    """What became of the plan; ``failed`` maps a record id to the reasons."""

    done: int = 0
    failed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    down: dict[str, str] = field(default_factory=dict)


def push_all(
    ctx: Context, sites: Mapping[str, Site], gathered: Gathered, planned: Planned
) -> Pushed:
    """Carry out the plan level by level: what others refer to is made first."""
    pushed = Pushed()
    recorder = Recorder(ctx, sites, gathered, planned, pushed)
    levels: dict[int, list[Action]] = defaultdict(list)
    for action in planned.plan.actions:
        levels[action.level].append(action)
    total = len(planned.plan.actions)
    for level in sorted(levels):
        made = _wave(ctx, sites, gathered, levels[level], recorder, pushed, total)
        for connection, containers in made.items():
            _furnish(ctx, sites[connection], containers)
    recorder.finish()
    return pushed


def _wave(
    ctx: Context,
    sites: Mapping[str, Site],
    gathered: Gathered,
    actions: Sequence[Action],
    recorder: Recorder,
    pushed: Pushed,
    total: int,
) -> dict[str, list[str]]:
    """One level. Returns the containers that were made, per connection."""
    made: dict[str, list[str]] = defaultdict(list)
    groups: dict[tuple[str, Op, str], list[Action]] = defaultdict(list)
    for action in actions:
        groups[(action.connection, action.op, action.object)].append(action)
    for (connection, op, object_name), group in groups.items():
        site = sites[connection]
        if connection in pushed.down:
            for action in group:
                pushed.failed[action.record].append(pushed.down[connection])
            continue
        for sent, outcomes in _send(ctx, site, gathered, group, op, pushed):
            recorder.landed(site, sent, outcomes)
            ctx.progress("push", pushed.done, total)
            if op is Op.CREATE and _holds_others(site, object_name):
                made[connection] += [outcome.id for outcome in outcomes if outcome.id]
    return made


def _holds_others(site: Site, object_name: str) -> bool:
    return any(info.inside == object_name for info in site.catalogue.objects.values())


def _send(
    ctx: Context,
    site: Site,
    gathered: Gathered,
    group: Sequence[Action],
    op: Op,
    pushed: Pushed,
) -> Iterator[tuple[list[Sending], list[Outcome]]]:
    """Send a group in batches, several in flight; intents are committed before the first."""
    capabilities = site.adapter.capabilities
    size, most = capabilities.batch_of(op), max(1, capabilities.in_flight)
    sendings = [s for a in group if (s := _prepare(ctx, site, gathered, a, pushed))]
    chunks = [sendings[at : at + size] for at in range(0, len(sendings), size)]
    for at in range(0, len(chunks), most):
        flight = chunks[at : at + most]
        if site.connection in pushed.down:
            for sending in (s for chunk in flight for s in chunk):
                pushed.failed[sending.action.record].append(pushed.down[site.connection])
            continue
        with ctx.store.transaction() as tx:
            tx.put_intents([s.intent for chunk in flight for s in chunk])
        for chunk, result in in_flight(flight, lambda c: _call(ctx, site, c), most):
            if isinstance(result, list):
                yield chunk, result
            elif isinstance(result, AdapterError):
                if isinstance(result, StopConnection):
                    pushed.down[site.connection] = str(result)
                yield chunk, [_failed(s, result) for s in chunk]
            else:
                raise result


def _call(ctx: Context, site: Site, chunk: list[Sending]) -> list[Outcome]:
    ctx.boundary("write.before")
    found = {o.intent: o for o in site.adapter.push([s.write for s in chunk], site.catalogue)}
    ctx.boundary("write.after")
    missing = LookFirst("the adapter gave no outcome for this write")
    return [found.get(s.intent.id) or _failed(s, missing) for s in chunk]


def _failed(sending: Sending, error: AdapterError) -> Outcome:
    if isinstance(error, LookFirst):
        return Outcome(sending.intent.id, Result.UNKNOWN, reason=str(error))
    again = isinstance(error, WaitAndRetry)
    return Outcome(sending.intent.id, Result.RETRY if again else Result.REFUSED, reason=str(error))


def _prepare(
    ctx: Context, site: Site, gathered: Gathered, action: Action, pushed: Pushed
) -> Sending | None:
    """Resolve what was promised (new containers, new twins) and make the intent."""
    container = action.container
    if action.container_of is not None:
        container = gathered.index.remote(action.container_of, site.connection)
        if container is None:
            pushed.failed[action.record].append("what it belongs to could not be made there")
            return None
    fields: dict[str, Raw] = {}
    for write in action.writes:
        remote = _field_id(site, action, write.remote, container)
        raw = _promised(gathered, site, write.raw)
        if remote is None or (raw is None and write.raw is not None):
            pushed.failed[action.record].append(f"{write.field}: not there yet")
        else:
            fields[remote] = raw
    intent = _intent(ctx, action, container, fields)
    return Sending(action, intent, write_of(intent, action))


def _intent(
    ctx: Context, action: Action, container: str | None, fields: Mapping[str, Raw]
) -> Intent:
    return Intent(
        id=ctx.new_id("i"),
        client=ctx.client.key,
        cycle=ctx.cycle,
        record=action.record,
        connection=action.connection,
        op=action.op,
        object=action.object,
        remote_id=action.remote_id,
        container=container,
        fields=fields,
        created_at=ctx.clock(),
    )


def write_of(intent: Intent, action: Action | None = None) -> Write:
    """The write an intent stands for."""
    base = dict(action.base) if action else {}
    return Write(
        intent=intent.id,
        op=intent.op,
        object=intent.object,
        id=intent.remote_id,
        container=intent.container,
        fields=intent.fields,
        base=base,  # type: ignore[arg-type]
        template=action.template if action else None,
        archive=action.archive if action else None,
        since=intent.created_at,
    )


def _field_id(site: Site, action: Action, remote: str, container: str | None) -> str | None:
    if not remote.startswith(PROMISED):
        return remote
    info = site.catalogue.objects.get(action.object)
    found = info.candidates(remote.removeprefix(PROMISED), container, custom=True) if info else []
    return found[0].id if len(found) == 1 else None


def _promised(gathered: Gathered, site: Site, raw: Raw) -> Raw:
    if isinstance(raw, str) and raw.startswith(PROMISED):
        return gathered.index.remote(raw.removeprefix(PROMISED), site.connection)
    if isinstance(raw, list):
        found = [_promised(gathered, site, item) for item in raw]
        return [item for item in found if item is not None]
    return raw


def _furnish(ctx: Context, site: Site, containers: Sequence[str]) -> None:
    """Give new containers the custom fields that the mapping needs, then look at them."""
    needs = [need for container in containers for need in needs_of(ctx, site, container)]
    site.refreshed(ctx)
    if needs:
        try:
            for line in site.adapter.provision(site.scope, needs, dry_run=False):
                log.info("provision.made", connection=site.connection, what=line)
        except AdapterError as error:
            log.warning("provision.failed", connection=site.connection, reason=str(error))
        site.refreshed(ctx)
