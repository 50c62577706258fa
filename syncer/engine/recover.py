"""Recover: writes that were intended and never answered are looked up, never repeated blindly."""

from collections import defaultdict
from collections.abc import Callable, Mapping

import structlog
from msgspec.structs import replace

from syncer.adapterkit.errors import AdapterError
from syncer.engine.context import Context
from syncer.engine.furnishing import owe
from syncer.engine.parking import LOOK, Failure, parked_again
from syncer.engine.reread import REFUSED
from syncer.engine.sending import write_of
from syncer.engine.sites import Site
from syncer.model.decisions import Bound
from syncer.model.records import Intent, IntentStatus, JournalEntry, Link, LinkField, Parked
from syncer.model.remote import Op, Raw, RemoteRecord
from syncer.model.values import MISSING, Missing, same_raw
from syncer.reconcile.expressing import makes_option
from syncer.reconcile.members import by_us

log = structlog.get_logger()


def recover(ctx: Context, sites: Mapping[str, Site]) -> int:
    """Settle every open intent of this client whose system can be reached.

    A create that landed becomes a link; one that did not is forgotten and planned again. Of an
    update, what landed is remembered as ours; the rest is planned again. A system that does not
    answer is asked nothing more.
    """
    settled = 0
    before = {p.key: p for p in ctx.store.parked(ctx.client.key) if p.key.startswith(LOOK)}
    resting = {key for key, one in before.items() if one.next_try > ctx.now}
    changes: dict[tuple[str, str], list[Intent]] = defaultdict(list)
    work: list[tuple[Site, list[Intent], Settle]] = []
    for intent in ctx.store.intents(ctx.client.key, {IntentStatus.SENT}):
        site = sites.get(intent.connection)
        if site is None or LOOK + intent.id in resting:
            continue
        if intent.op is Op.CREATE:
            work.append((site, [intent], _created))
        else:
            changes[(intent.connection, intent.object)].append(intent)
    work += [(sites[place[0]], found, _changed) for place, found in changes.items()]
    down: set[str] = set()
    for site, found, settle in work:
        if site.connection not in down:
            try:
                if any(makes_option(raw) for i in found for raw in i.fields.values()):
                    # These writes may have made options: their ids are not known yet.
                    site.refreshed(ctx)
                settled += _settled(ctx, site, found, settle, before)
            except AdapterError as error:
                log.warning("recover.failed", connection=site.connection, reason=str(error))
                down.add(site.connection)
    return settled


Settle = Callable[[Context, Site, list[Intent]], None]


def _settled(
    ctx: Context, site: Site, found: list[Intent], settle: Settle, before: Mapping[str, Parked]
) -> int:
    """How many of these could be looked up; what a system refuses to show rests for a while."""
    try:
        settle(ctx, site, found)
    except REFUSED as error:
        log.warning("recover.refused", connection=site.connection, reason=str(error))
        if len(found) > 1:
            return sum(_settled(ctx, site, [intent], settle, before) for intent in found)
        _park(ctx, found[0], before.get(LOOK + found[0].id), error)
        return 0
    with ctx.store.transaction() as tx:
        tx.unpark(ctx.client.key, {LOOK + intent.id for intent in found} & before.keys())
    return len(found)


def _park(ctx: Context, intent: Intent, known: Parked | None, error: AdapterError) -> None:
    """Something about this very write keeps it from being looked up: not with every cycle."""
    reason = f"whether it was written cannot be found out: {error}"
    detail = {"op": str(intent.op), "object": intent.object}
    failure = Failure(LOOK + intent.id, intent.record, intent.connection, reason, detail)
    with ctx.store.transaction() as tx:
        tx.park([parked_again(ctx, known, failure)])


def _created(ctx: Context, site: Site, intents: list[Intent]) -> None:
    [intent] = intents
    found = site.adapter.find(write_of(intent), site.catalogue)
    keys = {record.id: (site.connection, record.object, record.id) for record in found}
    linked = ctx.store.links(ctx.client.key, keys.values())
    free = [record for record in found if keys[record.id] not in linked]
    twins = ctx.store.links_of([intent.record])[intent.record]
    if any(link.connection == site.connection for link in twins):
        free = []
    failed = replace(intent, status=IntentStatus.FAILED, done_at=site.adapter.now())
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
        tx.put_links([_found(ctx, site, intent, landed)], ctx.client.key)
        owe(ctx, tx, site, intent.object, [landed.id])
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


def _changed(ctx: Context, site: Site, intents: list[Intent]) -> None:
    """Changes of things of one kind: all are read again in one go, each is compared."""
    ids = list(dict.fromkeys(intent.remote_id for intent in intents if intent.remote_id))
    request, place = site.request({}, full=False), intents[0].object
    records = {record.id: record for record in site.adapter.fetch(place, ids, request)}
    links = ctx.store.links(ctx.client.key, [(site.connection, place, id) for id in ids])
    kept = {key[2]: link for key, link in links.items()}
    done: list[Intent] = []
    for intent in intents:
        id = intent.remote_id or ""
        settled = replace(intent, status=IntentStatus.FAILED, done_at=site.adapter.now())
        if id in records and id in kept:
            before, kept[id] = kept[id], compared(ctx, site, kept[id], intent, records[id])
            if kept[id].fields != before.fields:
                got = {name: records[id].fields.get(name) for name in intent.fields}
                settled = replace(settled, status=IntentStatus.DONE, got=got)
        done.append(settled)
    with ctx.store.transaction() as tx:
        tx.put_links(list(kept.values()), ctx.client.key)
        tx.finish_intents(done)


def compared(ctx: Context, site: Site, link: Link, intent: Intent, record: RemoteRecord) -> Link:
    """The link once what a record shows has been compared with what was asked of it.

    What it showed before that may be an edit when it shows it again: its mark counts no more.
    """
    update = intent.op is Op.UPDATE
    unread = intent.fields if update and site.adapter.capabilities.verify_writes else ()
    return replace(
        link,
        fields=_memory(ctx, site, link, intent, record),
        existence=link.existence if update else record.existence,
        verify=link.verify | frozenset(unread),
        mark=None,
    )


def _memory(
    ctx: Context, site: Site, link: Link, intent: Intent, record: RemoteRecord
) -> dict[str, LinkField]:
    """Fields that show what the intent asked for were written by us."""
    fields = dict(link.fields)
    for name, bound in site.bindings(ctx, _entity(ctx, intent), link.container).items():
        remote, created = bound.info.id, intent.op is Op.CREATE
        if remote not in record.fields:
            continue
        raw, sent = record.fields[remote], _by_id(bound, intent.fields.get(remote, MISSING))
        if sent is not MISSING and same_raw(raw, sent):
            fields[name] = replace(_written(fields.get(name), intent, sent, raw), remote=remote)
        elif sent is not MISSING and created and same_raw(raw, None):
            # A create can take several requests: this one's turn did not come.
            fields[name] = LinkField(shown=raw)
        elif sent is not MISSING and created:
            # The vendor's own form of it, or edited since: it differs from what we made it.
            begun = _written(None, intent, sent, MISSING)
            fields[name] = replace(begun, seen=_begun(sent, raw), shown=raw, remote=remote)
        elif bound.info.type.many and sent is not MISSING and name in fields:
            # Perhaps written member by member: what was sent of it is ours, all else is not.
            seen, known = fields[name].seen, [option.id for option in bound.info.options]
            part = by_us(None if seen is MISSING else seen, sent, raw, known)
            fields[name] = replace(fields[name], seen=part, read=MISSING)
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
    return raw if makes_option(sent) else sent


def _by_id(bound: Bound, sent: Raw | Missing) -> Raw | Missing:
    """What was sent, with the ids of options that are there now in place of their names."""
    if sent is MISSING or not makes_option(sent):
        return sent
    ids = {option.name: option.id for option in bound.options}
    items = sent if isinstance(sent, list) else [sent]
    found = [ids.get(item["name"], item) if isinstance(item, dict) else item for item in items]
    return sorted(found, key=str) if isinstance(sent, list) else found[0]


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
