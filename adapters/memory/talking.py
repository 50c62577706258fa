"""What ``comment``, ``comments`` and ``audience`` do, and the comments that ``pull`` tells."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from adapters.memory.fields import PROJECT
from adapters.memory.markup import marked, read, written
from adapters.memory.talk import Said
from adapters.memory.world import World
from syncer.adapterkit.contract import PullRequest
from syncer.adapterkit.errors import SkipRecord
from syncer.model.comments import Audience, Comment, Post, Posted, Thread
from syncer.model.feeds import Page
from syncer.model.remote import Result


def posted(world: World, user: str, post: Post) -> Posted:
    """Write a post, or ours anew. Raises :class:`SkipRecord` if it cannot be."""
    markup = written(post.message, post.ref)
    if post.comment is None:
        said = world.talk.post(user, _place(world, post.thread), markup, post.to_do)
        return Posted(post.ref, Result.DONE, said.id, said.at)
    if _ref(world, user, world.talk.there(post.comment)) != post.ref:
        raise SkipRecord(f"the comment {post.comment} is not ours")
    said = world.talk.rewrite(post.comment, markup, post.to_do)
    return Posted(post.ref, Result.DONE, said.id, said.edited_at)


def _place(world: World, thread: Thread) -> str:
    if world.thing(thread.id).object != thread.object:
        raise SkipRecord(f"no {thread.object} {thread.id}", status=404)
    return thread.id


def said_since(
    world: World, user: str, threads: Collection[Thread], start: datetime | None
) -> Iterator[Comment]:
    """What was said, or said anew, under these threads from then on; the oldest first."""
    for thread in threads:
        for said in world.talk.under(thread.id):
            latest = said.edited_at or said.at
            if said.thing.object == thread.object and (start is None or latest >= start):
                yield _comment(world, user, thread, said)


def heard(world: World, user: str, team: str, request: PullRequest, last: Page) -> Page:
    """The last page of a pull with the comments it tells, and a cursor that knows of them."""
    known = max(0, len(world.talk.told) - world.lapses.unheard)
    number = _number(world, request.cursors.get(last.feed))
    start = request.since if number is None else None
    news = {said.id for said in world.talk.told[number or 0 : known]}
    threads = [t for t in request.threads if _team(world, t) == team]
    found = [c for c in said_since(world, user, threads, start) if c.id in news]
    cursor = {**(last.cursor or {}), "said": max(known, number or 0)}
    return replace(last, comments=tuple(found), cursor=cursor)


def _number(world: World, cursor: object) -> int | None:
    """The entry up to which all was told; ``None`` where the world has forgotten the cursor."""
    told = cursor if isinstance(cursor, dict) else {}
    line, number = told.get("number"), told.get("said")
    known = isinstance(line, int) and line > world.lapses.forgotten
    return number if known and isinstance(number, int) else None


def _team(world: World, thread: Thread) -> str | None:
    found = world.things.get(thread.id) or world.talk.kept.get(thread.id)
    return found.team if found else None


def readers(world: World, thread: Thread) -> Audience:
    """Who else can read there; a thread is an item or a project itself."""
    try:
        thing = world.thing(_place(world, thread))
    except SkipRecord as error:
        return Audience(unknown=error.reason)
    place = thing.id if thing.object == PROJECT else str(thing.container)
    guests = world.talk.guests.get(place, ())
    return Audience(public=place in world.talk.public, guests=tuple(guests))


def _comment(world: World, user: str, thread: Thread, said: Said) -> Comment:
    text, ref = marked(_read(world, said))
    if ref is None or said.by != world.users[user].id:
        text, ref = _read(world, said), None
    return Comment(thread, said.id, text, said.at, said.by, ref=ref, edited_at=said.edited_at)


def _ref(world: World, user: str, said: Said) -> str | None:
    return marked(_read(world, said))[1] if said.by == world.users[user].id else None


def _read(world: World, said: Said) -> str:
    names: dict[str, Any] = {person.id: person.name for person in world.users.values()}
    return read(said.markup, lambda id: names.get(id, id))
