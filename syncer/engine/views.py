"""Views: what each twin shows, from what was pulled, else from what it showed last."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from syncer.engine.cases import Case, Gathered, Twin
from syncer.engine.context import Context
from syncer.engine.index import Index
from syncer.engine.leaving import take_back
from syncer.engine.sites import Site
from syncer.model.decisions import View
from syncer.model.entities import PRESENT
from syncer.model.records import Link, LinkStatus
from syncer.model.remote import RemoteRecord
from syncer.model.values import MISSING
from syncer.reconcile.translate import view


def translate_all(ctx: Context, gathered: Gathered) -> None:
    """Give every twin its view: from what was pulled, else from what it showed last."""
    scope = ctx.scope_context
    for case in gathered.cases.values():
        for twin in case.twins.values():
            if twin.joined and twin.view is not None and _whole(twin.view):
                continue
            try:
                twin.view = _view(ctx, case, twin, gathered.index, scope)
            except Exception as error:  # noqa: BLE001 - one bad record stops no other
                gathered.fail(case.record.id, error, twin.link.connection)
            if twin.view is None:
                continue
            left = twin.link.status is not LinkStatus.LINKED
            if twin.record is not None and left and _back(twin.view):
                take_back(twin, twin.record, gathered)


def by_title(gathered: Gathered) -> bool:
    """Whether some field that is looked at names records as people call them."""
    views = (t.view for case in gathered.cases.values() for t in case.twins.values() if t.view)
    looked = {id(view.bindings): view.bindings for view in views}
    return any(bound.by_title for bindings in looked.values() for bound in bindings.values())


def _whole(view: View) -> bool:
    """Whether all was understood when it was matched: what was not may be, once all is matched."""
    return all(not shown.reading.problem for shown in view.fields.values())


def _back(view: View) -> bool:
    """Whether a thing that was left is among the others again; one put away is not."""
    return view.in_scope and view.existence == PRESENT


def _view(
    ctx: Context, case: Case, twin: Twin, index: Index, scope: Mapping[str, Any]
) -> View | None:
    site = twin.site
    if site is None or case.record.entity not in site.mapping.entities:
        return None
    left = twin.link.status is not LinkStatus.LINKED
    undo = ctx.orders.undo
    if left and not twin.fresh and not (undo and undo.regards(case.record.id, site.connection)):
        return None
    mapping = site.mapping.entities[case.record.entity]
    record = twin.record or remembered(ctx, case.record.entity, site, twin.link)
    if twin.ended:
        # Edits told together with the end of it count, also of fields never seen before.
        touched = {change.field: None for change in twin.changes if change.key}
        record = replace(record, fields={**touched, **record.fields})
    bindings = site.bindings(ctx, case.record.entity, record.container)
    lookup = index.lookup(site, ctx)
    known = mapping if twin.fresh or mapping.when is None else replace(mapping, when=None)
    return view(record, site.connection, known, bindings, lookup, scope, site.info(mapping))


def remembered(ctx: Context, entity: str, site: Site, link: Link) -> RemoteRecord:
    """A record that was not told of this time counts as showing what it showed last."""
    bindings = site.bindings(ctx, entity, link.container)
    fields = {}
    for name, memory in link.fields.items():
        raw = memory.shown if memory.shown is not MISSING else memory.seen
        if name in bindings and raw is not MISSING:
            fields[bindings[name].info.id] = raw
    return RemoteRecord(
        object=link.object,
        id=link.remote_id,
        fields=fields,
        as_of=link.as_of or ctx.now,
        container=link.container,
        existence=link.existence,
        url=link.url,
    )
