"""How the memory world can be told to speak: to-dos, late feeds, odd replies, guests."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace

from adapters.memory import World, drop_world, put_world
from adapters.memory.adapter import MemoryAdapter
from adapters.memory.options import Options, ScopeOptions
from syncer.adapterkit.contract import Opening, PullRequest, Scope
from syncer.adapterkit.errors import AskPerson, LookFirst, SkipRecord, StopConnection
from syncer.model.comments import (
    Audience,
    Comment,
    Mention,
    Message,
    Paragraph,
    Post,
    Posted,
    Thread,
    ToDo,
    Words,
)
from syncer.model.feeds import Page
from syncer.model.remote import Catalogue, Result

SCOPE = Scope("bakery", ScopeOptions())
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
KNOWN = Catalogue()


@dataclass
class Corner:
    """A world with one project and one item, and a connection to it."""

    world: World
    adapter: MemoryAdapter
    project: Thread
    item: Thread

    def post(self, ref: str = "k1", **more: Any) -> Posted:
        line = Paragraph((Mention("u-maya", "Maya"), Words(" please.")))
        one = Post(ref, **({"thread": self.item, "message": Message((line,))} | more))
        return next(self.adapter.comment([one], KNOWN))

    def pull(self, cursor: dict[str, Any] | None = None, **more: Any) -> Page:
        """The last page."""
        cursors = {"team:main": cursor} if cursor else {}
        threads = frozenset({self.item})
        request = PullRequest(SCOPE, KNOWN, {}, cursors, threads=threads, **more)
        return list(self.adapter.pull(request))[-1]

    def told(self) -> list[Comment]:
        return list(self.adapter.comments([self.item, self.project], LONG_AGO, KNOWN))


@pytest.fixture
def corner() -> Iterator[Callable[..., Corner]]:
    name = uuid4().hex

    def opened(**options: Any) -> Corner:
        world = World()
        put_world(name, world)
        adapter = MemoryAdapter(Opening("memory", Options(world=name, **options)))
        project = world.create("tom", "project", {"name": "Relaunch"}).id
        item = world.create("tom", "item", {"title": "Menu"}, project).id
        return Corner(
            world, adapter, Thread("project", project, project), Thread("item", item, project)
        )

    yield opened
    drop_world(name)


def test_a_world_can_be_one_of_to_dos(corner: Callable[..., Corner]) -> None:
    """There nobody is notified: who must answer is assigned a to-do, until it is done."""
    it = corner(to_dos=True, comments=frozenset({"project", "item"}))
    assert it.adapter.capabilities.to_dos
    to_do = ToDo("u-maya", "Answer Ben")
    assert it.post("note").result is Result.DONE
    task = it.post("task", thread=it.project, to_do=to_do)
    talk = it.world.talk
    assert (talk.notified(it.item.id), talk.assigned(it.project.id)) == ([], ["maya"])
    assert {c.ref for c in it.told()} == {"note", "task"}
    it.post("task", thread=it.project, to_do=replace(to_do, done=True), comment=task.comment)
    assert talk.assigned(it.project.id) == []
    assert it.adapter.heads_up_item(it.project.id, KNOWN) is None


def test_people_tick_off_and_take_back(corner: Callable[..., Corner]) -> None:
    """A to-do that a person ticked off is done; a comment that a person deleted is gone."""
    it = corner(to_dos=True)
    task = it.post(to_do=ToDo("u-maya", "Answer Ben")).comment or ""
    it.world.talk.tick(task)
    assert it.world.talk.assigned(it.item.id) == []
    it.world.talk.unsay(task)
    assert it.told() == []
    gone = it.post(comment=task)
    assert (gone.result, bool(gone.reason)) == (Result.REFUSED, True)


def test_to_dos_and_comments_are_refused_where_there_are_none(
    corner: Callable[..., Corner],
) -> None:
    """A usual world takes no to-dos, and comments under items alone."""
    it = corner()
    assert it.post(to_do=ToDo("u-maya", "Answer Ben")).result is Result.REFUSED
    assert it.post(thread=it.project).result is Result.REFUSED
    described = it.adapter.describe(SCOPE, frozenset({"project", "item"})).objects
    assert {name: info.comments for name, info in described.items()} == {
        "project": False,
        "item": True,
    }


def test_a_feed_may_be_late_with_comments(corner: Callable[..., Corner]) -> None:
    """The newest comments can be kept back, and come with a later poll, once."""
    it = corner()
    cursor = it.pull().cursor
    it.world.talk.say("maya", it.item.id, "one")
    it.world.talk.say("maya", it.item.id, "two")
    it.world.lapses.unheard = 1
    first = it.pull(cursor)
    it.world.lapses.over()
    second = it.pull(first.cursor)
    assert [[c.text for c in page.comments] for page in (first, second)] == [["one"], ["two"]]
    assert it.pull(second.cursor).comments == ()


def test_a_forgotten_cursor_leaves_the_moment(corner: Callable[..., Corner]) -> None:
    """Where the world has forgotten the cursor, what was said since a moment is told."""
    it = corner()
    it.world.talk.say("maya", it.item.id, "one")
    cursor = it.pull().cursor
    since = it.world.clock()
    it.world.talk.say("maya", it.item.id, "two")
    it.world.lapses.forgotten = len(it.world.history)
    assert [c.text for c in it.pull(cursor, since=since).comments] == ["two"]
    old = {"number": (cursor or {})["number"]}
    it.world.lapses.forgotten = -1
    assert [c.text for c in it.pull(old, since=since).comments] == ["two"]


def test_an_edited_comment_is_told_again(corner: Callable[..., Corner]) -> None:
    """A person who mends a comment is heard anew, under the same id."""
    it = corner()
    id = it.world.talk.say("maya", it.item.id, "aprove")
    cursor = it.pull().cursor
    it.world.talk.edit(id, "approve")
    [comment] = it.pull(cursor).comments
    assert (comment.id, comment.text) == (id, "approve")
    assert comment.edited_at is not None
    assert comment.edited_at > comment.at


def test_replies_can_be_odd(corner: Callable[..., Corner]) -> None:
    """What the world answers to a post can be another thing, or nothing."""
    it = corner()
    it.world.lapses.reply = lambda posted: replace(posted, comment=None)
    assert it.post().comment is None
    it.world.lapses.reply = lambda _: None
    posts = [replace(it.world.lapses.posts[0], ref="k2")]
    assert list(it.adapter.comment(posts, KNOWN)) == []
    assert [c.ref for c in it.told()] == ["k1", "k2"]
    assert [post.ref for post in it.world.lapses.posts] == ["k1", "k2"]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_calls_fail_as_writes_do(corner: Callable[..., Corner], moment: str) -> None:
    """A fault around a comment is its outcome; one around a look at readers is unknown."""
    it = corner()

    def fault(when: str, call: str) -> None:
        if when == moment and call in ("comment", "audience"):
            raise LookFirst("no answer") if call == "comment" else AskPerson("not told")

    it.world.fault = fault
    assert it.post().result is Result.UNKNOWN
    assert it.adapter.audience(SCOPE, [it.item]) == {it.item: Audience(unknown="not told")}
    assert len(it.told()) == (moment == "after")


def test_who_is_not_let_in_says_nothing(corner: Callable[..., Corner]) -> None:
    """With bad credentials every call stops the connection."""
    it = corner()
    it.world.revoked.add("syncer")
    for call in (
        it.post,
        it.told,
        lambda: it.adapter.audience(SCOPE, [it.item]),
        lambda: it.adapter.heads_up_item(it.project.id, KNOWN),
    ):
        with pytest.raises(StopConnection):
            call()


def test_readers_are_those_of_the_project(corner: Callable[..., Corner]) -> None:
    """Guests and the public of one project read its items, and nothing elsewhere."""
    it = corner()
    other = it.world.create("tom", "project", {"name": "Other"}).id
    guest = it.world.talk.invite(it.project.id)
    it.world.talk.public.add(other)
    there, nowhere = Thread("project", other, other), Thread("item", "i99", other)
    found = it.adapter.audience(SCOPE, [it.item, there, nowhere])
    assert found[it.item] == Audience(guests=(guest,))
    assert found[there] == Audience(public=True)
    assert found[nowhere].unknown
    assert guest.guest
    assert guest in it.adapter.people(SCOPE)


def test_the_kept_item_is_put_back_and_nobodys_record(corner: Callable[..., Corner]) -> None:
    """An archived one is put back; the world's records and history know nothing of it."""
    it = corner()
    before = len(it.world.things), len(it.world.history)
    kept = it.adapter.heads_up_item(it.project.id, KNOWN)
    assert kept is not None
    it.world.archive("maya", kept.id)
    assert it.adapter.heads_up_item(it.project.id, KNOWN) == kept
    assert it.post(thread=kept).result is Result.DONE
    assert (len(it.world.things), len(it.world.history)) == before
    with pytest.raises(SkipRecord):
        it.adapter.heads_up_item("p99", KNOWN)


def test_a_read_only_connection_keeps_nothing(corner: Callable[..., Corner]) -> None:
    """It asks a person instead of making an item."""
    it = corner(read_only=True)
    with pytest.raises(AskPerson):
        it.adapter.heads_up_item(it.project.id, KNOWN)
    assert it.world.talk.kept == {}
