"""Recover: writes that were intended and never answered are looked up, never repeated blindly."""

from collections.abc import Mapping
from dataclasses import replace

import structlog

from syncer.adapterkit.errors import AdapterError
from syncer.engine.context import Context
from syncer.engine.sending import write_of
from syncer.engine.sites import Site
from syncer.model.records import Intent, IntentStatus, JournalEntry, Link, LinkField
from syncer.model.remote import Op, Raw, RemoteRecord
from syncer.model.values import MISSING, Missing, same_raw

log = structlog.get_logger()


def recover(ctx: Context, sites: Mapping[str, Site]) -> int:
    """Settle every open intent of this client whose system can be reached.

    A create that landed becomes a link; one that did not is forgotten and planned again. An
    update that landed is remembered as ours; one that did not is planned again.
    """
    settled = 0
    for intent in ctx.store.intents(ctx.client.key, {IntentStatus.SENT}):
        site = sites.get(intent.connection)
        if site is None:
            continue
        try:
            _settle(ctx, site, intent)
            settled += 1
        except AdapterError as error:
            log.warning("recover.failed", connection=intent.connection, reason=str(error))
    return settled


def _settle(ctx: Context, site: Site, intent: Intent) -> None:
    if intent.op is Op.CREATE:
        _created(ctx, site, intent)
    else:
        _updated(ctx, site, intent)


def _created(ctx: Context, site: Site, intent: Intent) -> None:
    found = site.adapter.find(write_of(intent), site.catalogue)
    keys = {record.id: (site.connection, record.object, record.id) for record in found}
    linked = ctx.store.links(ctx.client.key, keys.values())
    free = [record for record in found if keys[record.id] not in linked]
    twins = ctx.store.links_of([intent.record])[intent.record]
    if any(link.connection == site.connection for link in twins):
        free = []
    failed = replace(intent, status=IntentStatus.FAILED, done_at=ctx.now)
    if not free:
        with ctx.store.transaction() as tx:
            tx.finish_intents([failed])
        return
    landed = min(free, key=lambda record: record.id)
    got = {name: landed.fields.get(name) for name in intent.fields}
    done = replace(
        failed,
        status=IntentStatus.DONE,
        remote_id=landed.id,
        container=landed.container,
        got=got,
    )
    with ctx.store.transaction() as tx:
        tx.put_links([_found(ctx, site, intent, landed)])
        tx.finish_intents([done])
        tx.journal([_entry(ctx, intent, "found the twin that an unanswered write had made")])


def _found(ctx: Context, site: Site, intent: Intent, landed: RemoteRecord) -> Link:
    link = Link(
        id=ctx.new_id("l"),
        record=intent.record,
        connection=site.connection,
        object=intent.object,
        remote_id=landed.id,
        container=landed.container or intent.container,
        existence=landed.existence,
        linked_at=intent.created_at,
        as_of=intent.created_at,
        url=landed.url,
    )
    fields = _memory(ctx, site, link, intent, landed)
    differ = [name for name, memory in fields.items() if memory.shown is not MISSING]
    bindings = site.bindings(ctx, _entity(ctx, intent), link.container)
    # Whoever changed it since: their edits may have been told while it was nobody's twin.
    return replace(link, fields=fields, verify=frozenset(bindings[n].info.id for n in differ))


def _updated(ctx: Context, site: Site, intent: Intent) -> None:
    ids = [intent.remote_id] if intent.remote_id else []
    records = list(site.adapter.fetch(intent.object, ids, site.request({}, full=False)))
    links = ctx.store.links(ctx.client.key, [(site.connection, intent.object, id) for id in ids])
    done = replace(intent, status=IntentStatus.FAILED, done_at=ctx.now)
    changed: list[Link] = []
    unread = site.adapter.capabilities.verify_writes and intent.op is Op.UPDATE
    for link in links.values():
        for record in records:
            fields = _memory(ctx, site, link, intent, record)
            if fields != link.fields:
                done = replace(
                    done,
                    status=IntentStatus.DONE,
                    got={name: record.fields.get(name) for name in intent.fields},
                )
            existence = record.existence if intent.op is not Op.UPDATE else link.existence
            verify = link.verify | (frozenset(intent.fields) if unread else frozenset())
            changed.append(replace(link, fields=fields, existence=existence, verify=verify))
    with ctx.store.transaction() as tx:
        tx.put_links(changed)
        tx.finish_intents([done])


def _memory(
    ctx: Context, site: Site, link: Link, intent: Intent, record: RemoteRecord
) -> dict[str, LinkField]:
    """Fields that show what the intent asked for were written by us."""
    fields = dict(link.fields)
    for name, bound in site.bindings(ctx, _entity(ctx, intent), link.container).items():
        remote, created = bound.info.id, intent.op is Op.CREATE
        if remote not in record.fields:
            continue
        raw, sent = record.fields[remote], intent.fields.get(remote, MISSING)
        if sent is not MISSING and same_raw(raw, sent):
            fields[name] = _written(fields.get(name), intent, sent, raw)
        elif sent is not MISSING and created:
            # The vendor's own form of it, or edited since: it differs from what we made it.
            begun = _written(None, intent, sent, MISSING)
            fields[name] = replace(begun, seen=_begun(sent, raw), shown=raw)
        elif created and raw is not None:
            fields[name] = LinkField(shown=raw)
    return fields


def _entity(ctx: Context, intent: Intent) -> str:
    return ctx.store.records([intent.record])[intent.record].entity


def _written(memory: LinkField | None, intent: Intent, sent: Raw, got: Raw | Missing) -> LinkField:
    return replace(
        memory or LinkField(),
        seen=got,
        read=MISSING,
        asked=sent,
        got=got,
        asked_at=intent.created_at,
        shown=MISSING,
    )


def _begun(sent: Raw, raw: Raw) -> Raw:
    """What a new twin showed first; of an option that was sent by name the id is not known."""
    items = sent if isinstance(sent, list) else [sent]
    return raw if any(isinstance(item, dict) for item in items) else sent


def _entry(ctx: Context, intent: Intent, text: str) -> JournalEntry:
    return JournalEntry(
        client=ctx.client.key,
        at=ctx.now,
        kind="link",
        cycle=ctx.cycle,
        record=intent.record,
        connection=intent.connection,
        outcome="recovered",
        text=text,
    )
