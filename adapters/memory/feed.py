"""What ``pull`` and ``history`` tell: whole listings, and what came after a number."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from msgspec.structs import replace

from adapters.memory.fields import FIELDS, ITEM, PROJECT
from adapters.memory.things import DELETED, Entry, Thing
from adapters.memory.world import World
from syncer.adapterkit.contract import HistoryRequest, PullRequest
from syncer.model.entities import EXISTENCE
from syncer.model.feeds import Page
from syncer.model.remote import Change, Gone, RemoteRecord

Listed = frozenset[tuple[str, str | None]]


def record(thing: Thing, as_of: datetime, fields: Iterable[str] | None = None) -> RemoteRecord:
    """A record with these fields, or all."""
    wanted = FIELDS[thing.object] if fields is None else fields
    return RemoteRecord(
        object=thing.object,
        id=thing.id,
        fields={name: thing.fields[name] for name in wanted if name in thing.fields},
        as_of=as_of,
        container=thing.container,
        existence=thing.existence,
        modified_at=thing.modified_at,
        created_at=thing.created_at,
        created_by=thing.created_by,
    )


def change(entry: Entry, *, hidden: bool) -> Change:
    """A line of the history; only that it was touched where the author is hidden."""
    thing = entry.thing
    if hidden:
        return Change(thing.object, thing.id, entry.field, entry.at)
    return Change(
        thing.object,
        thing.id,
        entry.field,
        entry.at,
        by=entry.by,
        key=str(entry.number),
        old=entry.old,
        new=entry.new,
    )


def pages(world: World, team: str, request: PullRequest, size: int) -> list[Page]:
    """Every page of the team's feed as the world stands now; the last one has the cursor.

    A full pull lists everything, and still tells what changed since the last poll.
    """
    feed = f"team:{team}"
    known = max(0, len(world.history) - world.lapses.behind)
    since = _number(world, request.cursors.get(feed))
    news = world.history[since:known] if since is not None else []
    wanted = [e for e in news if e.thing.object in request.fields]
    entries = [e for e in wanted if e.thing.team == team]
    number = known if since is None else max(known, since)
    last = _news(world, feed, request, entries, {"number": number})
    last = replace(last, gone=(*last.gone, *_left(world, team, wanted)))
    listed: Listed = frozenset()
    if request.full or since is None:
        things = [t for t in _listing(world, team) if t.object in request.fields]
        listed = _complete(world, team, request)
    else:
        touched = {e.thing.id: e.thing for e in entries}
        things = [t for t in touched.values() if t.existence != DELETED]
    at = world.clock()
    records = [record(t, at, request.fields[t.object]) for t in things]
    cuts = [records[cut : cut + size] for cut in range(0, len(records), size)]
    whole = replace(last, listed=listed)
    return [*(Page(feed, records=tuple(cut)) for cut in cuts), whole]


def _listing(world: World, team: str) -> list[Thing]:
    """Everything in the order in which this vendor lists it."""
    found = [] if world.lapses.empty else world.living(team)
    return found[::-1] if world.quirks.newest_first else found


def history(world: World, requests: Sequence[HistoryRequest]) -> Iterator[Change]:
    """Every line that was asked for, the oldest first per record."""
    told = {*FIELDS[PROJECT], *FIELDS[ITEM], EXISTENCE} - world.quirks.no_history
    for request in requests:
        for entry in world.history:
            wanted = entry.thing.id == request.id and entry.field in request.fields & told
            later = request.since is None or entry.at > request.since
            if wanted and later and entry.new != DELETED:
                yield change(entry, hidden=False)


def _number(world: World, cursor: object) -> int | None:
    number = cursor.get("number") if isinstance(cursor, dict) else None
    known = isinstance(number, int) and world.lapses.forgotten < number <= len(world.history)
    return number if known else None


def _complete(world: World, team: str, request: PullRequest) -> Listed:
    projects = [thing.id for thing in world.living(team) if thing.object == PROJECT]
    listed: set[tuple[str, str | None]] = {(PROJECT, None)}
    listed |= {(ITEM, project) for project in projects}
    return frozenset(pair for pair in listed if pair[0] in request.fields)


def _left(world: World, team: str, entries: Iterable[Entry]) -> Iterator[Gone]:
    """Items that were moved into a project of another team; one that is back has not left."""
    for entry in entries:
        before = world.things.get(str(entry.old)) if entry.field == "project" else None
        if before is not None and before.team == team != entry.thing.team:
            yield Gone(entry.thing.object, entry.thing.id, entry.at, entry.by, moved=True)


def _news(
    world: World, feed: str, request: PullRequest, entries: Iterable[Entry], cursor: dict[str, int]
) -> Page:
    gone, changes = [], []
    for entry in entries:
        if entry.new == DELETED:
            gone.append(Gone(entry.thing.object, entry.thing.id, entry.at, entry.by))
        elif entry.field in (EXISTENCE, *request.fields[entry.thing.object]):
            changes.append(change(entry, hidden=entry.field in world.quirks.no_history))
    return Page(feed, gone=tuple(gone), changes=tuple(changes), done=True, cursor=cursor)
