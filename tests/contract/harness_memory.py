"""The memory adapter under the contract suite."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.memory import ADAPTER, World, drop_world, put_world
from adapters.memory.options import Options, ScopeOptions
from adapters.memory.world import no_fault
from syncer.adapterkit.contract import Adapter, Opening, Scope
from syncer.adapterkit.errors import LookFirst
from syncer.model.comments import Thread
from tests.contract.harness import Harness, Names, Talk


@contextmanager
def harness(tmp_path: Path) -> Iterator[Harness]:
    """A world with two projects of one team, and one of another."""
    world, name = World(), str(tmp_path)
    put_world(name, world)
    hidden = frozenset({"notes"})

    def opened(user: str, *, read_only: bool = False) -> Adapter:
        options = Options(world=name, user=user, read_only=read_only, page=2, no_history=hidden)
        return ADAPTER.open(Opening("memory", options))

    adapter = opened("syncer")
    project = world.create("tom", "project", {"name": "Relaunch"})
    world.create("tom", "project", {"name": "Quiet"})
    other = world.create("tom", "project", {"name": "Elsewhere"}, team="other")
    for number in range(1, 4):
        fields = {
            "title": f"Item {number}",
            "notes": "Some *words*",
            "due": "2026-11-0" + str(number),
        }
        world.create("tom", "item", fields | {"people": ["u-maya"]}, project.id)
    world.create("tom", "item", {"title": "Not ours"}, other.id)
    lists = [option.id for option in world.choices("item", "list", project.id)]
    yield Harness(
        name="memory",
        adapter=adapter,
        as_user=opened,
        person=lambda user: world.users[user].id,
        scope=Scope("bakery", ScopeOptions()),
        item_object="item",
        item=Names(
            title="title",
            text="notes",
            date="due",
            status="list",
            people="people",
            labels="labels",
            number="estimate",
            single_option="priority",
            no_history="notes",
        ),
        first={
            "title": "First",
            "notes": "First *text*\n\nwith two paragraphs",
            "due": "2026-12-01",
            "list": lists[1],
            "people": ["u-maya"],
            "estimate": "2.5",
            "priority": "low",
        },
        second={
            "title": "Second",
            "notes": "Second text",
            "due": "2026-12-02T08:30:00.000Z",
            "list": lists[2],
            "people": ["u-maya", "u-syncer"],
            "estimate": "3",
            "priority": "high",
        },
        container_object="project",
        container=project.id,
        delete=lambda id: world.delete("maya", id) and None,
        revoke=lambda: world.revoked.add("syncer"),
        count=lambda: len(world.calls),
        idle_requests=1,
        read_only=lambda: opened("syncer", read_only=True),
        talk=_talk(world, project.id),
        lose=lambda call, moment: _lose(world, call, moment),
    )
    drop_world(name)


def _talk(world: World, project: str) -> Talk:
    talk = world.talk
    item = next(t.id for t in world.things.values() if t.container == project)
    return Talk(
        thread=Thread("item", item, project),
        place=Thread("project", project, project),
        say=lambda user, thread, text: talk.say(user, thread.id, text),
        shown=lambda thread: talk.shown(thread.id),
        notified=lambda thread: talk.notified(thread.id),
        links=lambda thread: talk.links(thread.id),
        assigned=lambda thread: talk.assigned(thread.id),
        invite_guest=lambda: talk.invite(project).id,
        make_public=lambda: talk.public.add(project),
    )


def _lose(world: World, call: str, moment: str) -> None:
    def fault(when: str, name: str) -> None:
        if (when, name) == (moment, call):
            world.fault = no_fault
            raise LookFirst("no answer")

    world.fault = fault
