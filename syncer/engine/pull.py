"""Pull: what every system reports since the last cursors, side by side."""

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Any

import structlog
from msgspec.structs import replace

from syncer.adapterkit.errors import AdapterError, WaitAndRetry
from syncer.engine.context import Context
from syncer.engine.outside import find_outside
from syncer.engine.pulled import MOST_LOOKED_UP, Pulled
from syncer.engine.raws import Records, RemoteKey
from syncer.engine.reread import REFUSED, Place, reread
from syncer.engine.seen import Remembered
from syncer.engine.sites import Site
from syncer.engine.workers import side_by_side
from syncer.model.remote import FieldInfo, Gone, RemoteRecord
from syncer.model.values import Kind

log = structlog.get_logger()

__all__ = ["MOST_LOOKED_UP", "Pulled", "RemoteKey", "pull_all"]


def pull_all(ctx: Context, sites: dict[str, Site]) -> dict[str, Pulled]:
    """Poll every site. One that fails is reported in its ``error`` and stops no other."""
    cursors = {name: ctx.store.cursors(ctx.client.key, name) for name in sites}
    found: dict[str, Pulled] = {}
    for site, result in side_by_side(
        sites.values(), lambda s: _pull(ctx, s, cursors[s.connection])
    ):
        if isinstance(result, Pulled):
            found[site.connection] = result
        elif isinstance(result, AdapterError):
            log.warning("pull.failed", connection=site.connection, reason=str(result))
            found[site.connection] = Pulled(site.connection, error=result)
        else:
            raise result
    for name, pulled in found.items():
        if pulled.error is None:
            try:
                _settle(ctx, sites[name], pulled)
            except AdapterError as error:
                log.warning("pull.failed", connection=name, reason=str(error))
                pulled.error = error
    return found


def _pull(ctx: Context, site: Site, cursors: dict[str, dict[str, Any]]) -> Pulled:
    pulled = Pulled(site.connection, Records(partial(ctx.spool, placed=False), ctx.whole))
    unfinished: set[str] = set()
    seen = Remembered(ctx, site)
    request = replace(site.request(cursors, full=ctx.full_of(site.connection)), seen=seen)
    for page in site.adapter.pull(request):
        pulled.add(seen.sifted(page))
        if pulled.eventful:
            ctx.store.begun()
        unfinished = unfinished - {page.feed} if page.done else unfinished | {page.feed}
        ctx.progress(f"pull {site.connection}", pulled.count, 0)
    site.ahead = site.adapter.now() - ctx.clock()
    # What we keep for heads-ups is no record, also where people took our mark away.
    for kept in ctx.store.rooms(ctx.client.key, site.connection).values():
        pulled.records.pop(kept.key, None)
    if unfinished:
        # Who changed what was told may stand on the pages that are missing.
        raise WaitAndRetry(f"{min(unfinished)} ended before its last page")
    return pulled


def _settle(ctx: Context, site: Site, pulled: Pulled) -> None:
    """What a complete listing lacks is absent; what the catalogue does not know is asked for."""
    pulled.settle()
    find_outside(ctx, site, pulled)
    for object_name, container in pulled.listed:
        # What was put away there need not be listed any more.
        _miss(ctx, pulled, object_name, container)
    if not site.catalogue.containers:
        # Nothing was polled, so no feed can say that all boards or projects are out of sight.
        for place in {info.inside for info in site.catalogue.objects.values() if info.inside}:
            _miss(ctx, pulled, place, None)
    _looked_up(site, pulled)
    _gone_with_their_container(ctx, site, pulled)
    unknown, people = _named_in(site, pulled)
    if unknown:
        log.info("definitions.refreshed", connection=site.connection, why="unknown name")
        site.refreshed(ctx)
        _, people = _named_in(site, pulled)
    strangers = _strangers(site, pulled, people)
    if strangers:
        log.info("people.refreshed", connection=site.connection, why="unknown person")
        site.meet(ctx, strangers)


def _miss(ctx: Context, pulled: Pulled, object_name: str, container: str | None) -> None:
    place = (ctx.client.key, pulled.connection, object_name, container)
    pulled.miss(object_name, lambda: ctx.store.each_linked_id(*place))


def _looked_up(site: Site, pulled: Pulled) -> None:
    """What a listing lacked is asked for by name: pages shift while they are read, things move.

    Of very many absent things nothing is asked, nor of all that a place had: that is for the
    guard, and for a person.
    """
    wanted: dict[str, list[str]] = defaultdict(list)
    for object_name, remote_id in sorted(pulled.absent - pulled.emptied):
        wanted[object_name].append(remote_id)
    for object_name, ids in wanted.items():
        if len(ids) > MOST_LOOKED_UP:
            continue
        unread: dict[Place, AdapterError] = {}
        there = reread({site.connection: site}, {(site.connection, object_name): ids}, unread)
        for _, record in there:
            key = (object_name, record.id)
            pulled.absent.discard(key)
            if record.container is None or record.container in site.catalogue.containers:
                pulled.records[key] = record
            else:
                pulled.gone[key] = Gone(object_name, record.id, moved=True)
        # What the system will not show is out of sight; one that does not answer says nothing.
        for error in unread.values():
            if not isinstance(error, REFUSED):
                raise error


def _gone_with_their_container(ctx: Context, site: Site, pulled: Pulled) -> None:
    """What was in a board or project that is absent is absent too."""
    for object_name, remote_id in list(pulled.absent):
        for info in site.catalogue.objects.values():
            if info.inside == object_name:
                _miss(ctx, pulled, info.name, remote_id)


def _unknown(site: Site, record: RemoteRecord) -> bool:
    """Whether a record names an option or container that the catalogue lacks."""
    if record.container is not None and record.container not in site.catalogue.containers:
        return True
    for spec, items in _named(site, record, Kind.ENUMERATION):
        names = {option.id for option in spec.options}
        if any(isinstance(item, str) and item not in names for item in items):
            return True
    return False


def _named(site: Site, record: RemoteRecord, kind: Kind) -> Iterator[tuple[FieldInfo, list[Any]]]:
    info = site.catalogue.objects.get(record.object)
    for spec in info.fields if info else ():
        raw = record.fields.get(spec.id)
        if spec.type.kind is kind and raw is not None:
            yield spec, raw if isinstance(raw, list) else [raw]


def _named_in(site: Site, pulled: Pulled) -> tuple[bool, set[str]]:
    """Whether a record names what the catalogue lacks, and the people that records name."""
    unknown, people = False, set[str]()
    for record in pulled.records.values():
        unknown = unknown or _unknown(site, record)
        for _, items in _named(site, record, Kind.PERSON):
            people.update(map(str, items))
    return unknown, people


def _strangers(site: Site, pulled: Pulled, people: set[str]) -> frozenset[str]:
    """People that records or changes name and we have not met, nor looked for in vain."""
    named = people | {c.by for changes in pulled.changes.values() for c in changes if c.by}
    known = site.directory
    return frozenset(named) - set(known.names) - set(known.to_person) - site.strangers - site.me
