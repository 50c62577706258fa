"""Record: verdicts before any write, cursors last of all."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from syncer.engine import fingerprint
from syncer.engine.agreements import Change, new_agreements, verdict_lines
from syncer.engine.cases import Fault, Gathered
from syncer.engine.contact import Contacts
from syncer.engine.context import Context
from syncer.engine.heads_up.listening import keep_unheard, tells
from syncer.engine.matching import Matcher
from syncer.engine.observing import no_more
from syncer.engine.outside import remember_places
from syncer.engine.parking import CASE, Failure, parked_again, thing_key
from syncer.engine.planning import Planned
from syncer.engine.pull import Pulled, RemoteKey
from syncer.engine.works import Work
from syncer.model.decisions import Remap
from syncer.model.records import JournalEntry, Link, Parked
from syncer.model.remote import RemoteRecord
from syncer.state import Ahead

CHUNK = 500
"""Records in one commit."""


def record_verdicts(
    ctx: Context,
    planned: Planned,
    matcher: Matcher,
    down: Mapping[str, str],
) -> None:
    """Store what was decided: each record with its links, journal and proposals at once.

    What may be the same as something else is kept first: killed in between, nothing is made of it.
    """
    if found := matcher.pairs.found:
        with ctx.store.transaction() as tx:
            tx.put_candidates(found.values())
    for work, told in planned.work.chunks(CHUNK):
        _record_chunk(ctx, planned.work.ahead, work, told, bool(down))
        for one in work:
            one.recorded()
    matcher.gathered.index.let_go()
    with ctx.store.transaction() as tx:
        tx.put_holds(list(matcher.holds.values()))
        tx.drop_holds(ctx.client.key, matcher.settled - matcher.holds.keys())
        tx.drop_candidates(matcher.pairs.ended)
        tx.journal([_remap(ctx, remap) for remap in planned.plan.remaps])
        if ctx.decides and not down and not fingerprint.kept(ctx.store, ctx.client, ctx.decides):
            # With a system down, what changed rules come to there was not seen by anybody yet.
            fingerprint.keep(tx, ctx.client, ctx.decides)


def _record_chunk(
    ctx: Context, ahead: Ahead, work: list[Work], told: list[bytes], down: bool
) -> None:
    changes = [change for w in work if (change := _changed(w, down))]
    agreements = new_agreements(ctx.store, changes)
    with ctx.store.transaction() as tx:
        if told:
            tx.put_ahead(ahead, told, pending=down)
        tx.put_records([after for _, after in changes])
        tx.agree(agreements)
        tx.put_links([link for w in work for link in news_of(w)], ctx.client.key)
        tx.journal([entry for w in work for entry in w.decided.journal])
        tx.journal(verdict_lines(changes, ctx.cycle, ctx.now))
        tx.put_proposals([p for w in work for p in w.decided.proposals.values()])
        tx.put_holds([h for w in work for h in w.decided.holds.values()])
        tx.drop_holds(ctx.client.key, {k for w in work for k in w.decided.cleared})
        tx.drop_links(id for w in work for id in w.decided.dropped)
        tx.notify(n for w in work for n in w.decided.notices if tells(ctx))


def _changed(work: Work, down: bool) -> Change | None:
    """A record as it is stored and as it is to be; none where that is the same."""
    before, after = work.case.record, work.decided.record
    # With a system down, what it still needs is not known yet: look again.
    pending = bool(work.into) or work.decided.waiting or down
    after = after if after.pending is pending else replace(after, pending=pending)
    return (before, after) if work.case.new or after != before else None


def news_of(work: Work) -> Iterator[Link]:
    """Links that are not as they are stored; fields of which nothing is news are the very same."""
    for connection, link in work.decided.links.items():
        kept = work.case.twins[connection].kept
        if kept is None or link.fields is not kept.fields or link != kept:
            yield link


def _remap(ctx: Context, remap: Remap) -> JournalEntry:
    text = (
        f"the mapping now reads {remap.count} of {remap.entity}.{remap.field} in "
        f"{remap.connection} as {remap.now} (before: {remap.before})"
    )
    return JournalEntry(
        client=ctx.client.key,
        at=ctx.now,
        kind="remap",
        cycle=ctx.cycle,
        entity=remap.entity,
        field=remap.field,
        connection=remap.connection,
        outcome="remap",
        rule=remap.source,
        text=text,
    )


def record_cursors(
    ctx: Context, gathered: Gathered, pulls: Mapping[str, Pulled], contacts: Contacts
) -> None:
    """Move the cursors: everything they stand for is in the state now."""
    up = [name for name, pulled in pulls.items() if pulled.error is None]
    left = [h for id in gathered.failed for h in gathered.cases[id].hearings]
    with ctx.store.transaction() as tx:
        keep_unheard(ctx, tx, pulls, left)
        no_more(ctx, tx)
        tx.put_contacts(contacts.ended(up))
        for name, pulled in pulls.items():
            if pulled.error is None:
                remember_places(ctx, tx, pulled)
            if pulled.error is None:
                tx.put_cursors(ctx.client.key, name, _moved(ctx, pulled))


def _moved(ctx: Context, pulled: Pulled) -> dict[str, dict[str, Any] | None]:
    """The cursors that are not where they were: an idle feed gives the same one again."""
    before = ctx.store.cursors(ctx.client.key, pulled.connection) if pulled.cursors else {}
    return {feed: now for feed, now in pulled.cursors.items() if before.get(feed) != now}


def park_failed(ctx: Context, gathered: Gathered, pulls: Mapping[str, Pulled]) -> None:
    """Park records and things that could not be dealt with; free those that could."""
    before = {p.key: p for p in ctx.store.parked(ctx.client.key)}
    failures = [*_cases(gathered), *failed_things(ctx, gathered, pulls)]
    parked = [parked_again(ctx, before.get(f.key), f) for f in failures]
    freed = {CASE + id for id in gathered.due.records | _whole(gathered)}
    freed |= gathered.due.things.keys()
    if before:
        freed |= {thing_key((name, *key)) for name in pulls for key in _told(pulls[name])}
    with ctx.store.transaction() as tx:
        tx.park(parked)
        tx.journal([parked_entry(ctx, one) for one in parked if one.attempts == 1])
        tx.unpark(ctx.client.key, (freed & before.keys()) - {p.key for p in parked})


def _told(pulled: Pulled) -> Iterator[RemoteKey]:
    yield from pulled.records
    yield from pulled.records.over()
    yield from pulled.gone


def _whole(gathered: Gathered) -> set[str]:
    """Records of which every twin was told in this cycle."""
    return {id for id, case in gathered.cases.items() if case.whole}


def _cases(gathered: Gathered) -> Iterator[Failure]:
    for id, fault in gathered.failed.items():
        case = gathered.cases.get(id)
        if case is not None and not case.new:
            detail = {"entity": case.record.entity}
            yield Failure(CASE + id, id, fault.connection, fault.reason, detail)


def failed_things(
    ctx: Context, gathered: Gathered, pulls: Mapping[str, Pulled]
) -> Iterator[Failure]:
    """Things without a record: odd ones, those of a new record that failed, those not read."""
    found = dict(gathered.odd)
    for id, fault in gathered.failed.items():
        if gathered.cases[id].new:
            found |= {twin.link.key: fault for twin in gathered.cases[id].twins.values()}
    for place in gathered.due.things.values():
        if place in gathered.due.unread:
            found[place] = Fault(str(gathered.due.unread[place]))
    for place, fault in found.items():
        connection, object_name, remote_id = place
        record = pulls[connection].records.get((object_name, remote_id))
        detail: dict[str, Any] = {"object": object_name, "id": remote_id}
        detail |= {"title": title_of(ctx, connection, record), "url": record.url} if record else {}
        yield Failure(thing_key(place), None, connection, fault.reason, detail)


def title_of(ctx: Context, connection: str, record: RemoteRecord) -> str:
    """What people call a thing, as far as it can be read."""
    mapping = ctx.client.mappings[connection].by_object(record.object)
    if mapping is None:
        return ""
    line = mapping.fields.get(ctx.config.schema[mapping.entity].title)
    raw = record.fields.get(line.remote) if line else None
    return raw if isinstance(raw, str) else ""


def parked_entry(ctx: Context, parked: Parked) -> JournalEntry:
    """The line that says why something was parked for the first time."""
    return JournalEntry(
        client=ctx.client.key,
        at=ctx.now,
        kind="parked",
        cycle=ctx.cycle,
        record=parked.record,
        field=parked.detail.get("field"),
        connection=parked.connection or None,
        outcome="parked",
        text=parked.reason,
    )
