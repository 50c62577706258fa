"""The quirks that the memory adapter can be given, and that its feed leaves nothing out."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.memory import ADAPTER, World, drop_world, put_world
from adapters.memory.adapter import MemoryAdapter
from adapters.memory.options import Options, ScopeOptions
from syncer.adapterkit.contract import Opening, PullRequest, Scope
from syncer.adapterkit.errors import LookFirst, SkipRecord, StopConnection, WaitAndRetry
from syncer.model.remote import Catalogue, FieldInfo, Op, Outcome, Result, Write
from syncer.model.values import Kind

SCOPE = Scope("bakery", ScopeOptions())
BOTH = frozenset({"project", "item"})


@pytest.fixture
def name() -> Iterator[str]:
    name = uuid4().hex
    yield name
    drop_world(name)


def opened(name: str, **options: Any) -> tuple[World, MemoryAdapter, str]:
    """A world with one project, and a connection to it."""
    world = World()
    put_world(name, world)
    adapter = MemoryAdapter(Opening("memory", Options(world=name, **options)))
    return world, adapter, world.create("tom", "project", {"name": "Relaunch"}).id


def field(adapter: MemoryAdapter, name: str) -> FieldInfo:
    fields = adapter.describe(SCOPE, BOTH).objects["item"].fields
    return next(info for info in fields if info.name == name)


def push(adapter: MemoryAdapter, op: Op, **more: Any) -> Outcome:
    known = adapter.describe(SCOPE, BOTH)
    return next(adapter.push([Write("intent", op, "item", **more)], known))


def create(adapter: MemoryAdapter, container: str, fields: dict[str, Any]) -> Outcome:
    return push(adapter, Op.CREATE, container=container, fields={"title": "T", **fields})


@pytest.mark.parametrize(
    ("finest", "kind", "sent", "shown"),
    [
        ("day", Kind.DATE, "2026-01-31T17:00:00.000Z", "2026-01-31"),
        ("instant", Kind.INSTANT, "2026-01-31T17:00:00.000Z", "2026-01-31T17:00:00.000Z"),
        ("either", Kind.WHEN, "2026-01-31", "2026-01-31"),
    ],
)
def test_dates_are_as_fine_as_told(
    name: str, finest: str, kind: Kind, sent: str, shown: str
) -> None:
    """A world that knows days only keeps the day; the description says so."""
    _, adapter, project = opened(name, finest=finest)
    assert field(adapter, "due").type.kind is kind
    assert create(adapter, project, {"due": sent}).got["due"] == shown


def test_an_instant_world_takes_no_days(name: str) -> None:
    """What a vendor cannot hold is refused with a reason, not bent."""
    _, adapter, project = opened(name, finest="instant")
    assert "not a day" in create(adapter, project, {"due": "2026-01-31"}).refused["due"]


def test_texts_are_trimmed_and_limited(name: str) -> None:
    """A world that trims shows what is left; one too long for it is refused."""
    _, adapter, project = opened(name, trim=True, max_text=8)
    assert field(adapter, "notes").max_length == 8
    assert create(adapter, project, {"notes": "  abc \n"}).got["notes"] == "abc"
    assert "at most 8" in create(adapter, project, {"notes": "abcdefghi"}).refused["notes"]


def test_a_single_person_is_no_set(name: str) -> None:
    """Where an item has one person, the field holds one id."""
    _, adapter, project = opened(name, single_person=True)
    assert not field(adapter, "people").type.many
    assert create(adapter, project, {"people": "u-tom"}).got["people"] == "u-tom"


def test_lists_may_be_the_same_everywhere(name: str) -> None:
    """Without lists of its own each project has the same four, and none can be added."""
    _, adapter, project = opened(name, lists=False)
    info = field(adapter, "list")
    assert [o.name for o in info.options] == ["To do", "Doing", "Review", "Done"]
    assert {o.container for o in info.options} == {None}
    assert (
        "no option Later" in create(adapter, project, {"list": {"name": "Later"}}).refused["list"]
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("due", "soon"),
        ("due", 5),
        ("notes", ["a"]),
        ("estimate", "much"),
        ("people", "u-tom"),
        ("people", ["u-nobody"]),
        ("done", "yes"),
        ("priority", "urgent"),
        ("parent", "i99"),
        ("colour", "red"),
    ],
)
def test_what_does_not_fit_is_refused(name: str, field: str, value: Any) -> None:
    """A value of another kind is refused for that field alone."""
    _, adapter, project = opened(name)
    outcome = create(adapter, project, {field: value})
    assert outcome.result is Result.DONE
    assert outcome.refused.keys() == {field}


def test_a_team_is_a_scope(name: str) -> None:
    """New projects are made in the team of the scope, and no other team sees them."""
    _, adapter, _ = opened(name)
    other = Scope("outdoor", ScopeOptions(team="other"))
    known = adapter.describe(other, BOTH)
    assert known.containers == {}
    made = next(adapter.push([Write("i", Op.CREATE, "project", fields={"name": "Film"})], known))
    assert adapter.describe(other, BOTH).containers == {made.id: "Film"}
    assert made.id not in adapter.describe(SCOPE, BOTH).containers


def test_an_archived_item_can_be_a_list(name: str) -> None:
    """Archiving into a list moves the item there."""
    world, adapter, project = opened(name)
    id = create(adapter, project, {}).id or ""
    push(adapter, Op.ARCHIVE, id=id, archive={"field": "list", "option": "Archived"})
    shown = next(
        o.name for o in field(adapter, "list").options if o.id == world.thing(id).fields["list"]
    )
    assert shown == "Archived"


def test_items_go_with_their_project(name: str) -> None:
    """Deleting a project tells of its items too."""
    world, adapter, project = opened(name)
    id = create(adapter, project, {}).id
    request = PullRequest(SCOPE, Catalogue(), {"project": frozenset(), "item": frozenset()})
    cursor = list(adapter.pull(request))[-1].cursor or {}
    world.delete("tom", project)
    later = PullRequest(SCOPE, Catalogue(), request.fields, {"team:main": cursor})
    assert {gone.id for gone in list(adapter.pull(later))[-1].gone} == {project, id}


@pytest.mark.parametrize(
    ("moment", "error", "result", "landed"),
    [
        ("before", WaitAndRetry("later"), Result.RETRY, 0),
        ("before", LookFirst("lost"), Result.UNKNOWN, 0),
        ("after", LookFirst("lost"), Result.UNKNOWN, 1),
        ("before", SkipRecord("no"), Result.REFUSED, 0),
    ],
)
def test_faults_are_outcomes(
    name: str, moment: str, error: Exception, result: Result, landed: int
) -> None:
    """A fault around a write is its outcome; one after it leaves the record made."""
    world, adapter, project = opened(name)
    known, before = adapter.describe(SCOPE, BOTH), len(world.things)

    def fault(when: str, call: str) -> None:
        if (when, call) == (moment, "create"):
            raise error

    world.fault = fault
    one = Write("x", Op.CREATE, "item", container=project, fields={"title": "T"})
    assert next(adapter.push([one], known)).result is result
    assert len(world.things) - before == landed
    world.fault = lambda _when, _call: None
    assert len(adapter.find(one, known)) == landed


def test_strangers_are_not_let_in(name: str) -> None:
    """A user that is not in the world stops the connection."""
    _, adapter, _ = opened(name, user="zoe")
    with pytest.raises(StopConnection, match="zoe"):
        adapter.whoami()


@given(
    edits=st.lists(
        st.tuples(
            st.sampled_from(["create", "change", "archive", "restore", "delete", "poll"]),
            st.integers(0, 20),
            st.sampled_from(["maya", "tom", "anna"]),
        ),
        max_size=40,
    ),
    page=st.integers(1, 7),
)
def test_polls_add_up_to_a_listing(edits: list[tuple[str, int, str]], page: int) -> None:
    """Whoever follows the feed knows what a whole listing shows, and every change once."""
    name = uuid4().hex
    world, adapter, project = opened(name, page=page)
    known = adapter.describe(SCOPE, BOTH)
    wanted = {k: frozenset(f.id for f in info.fields) for k, info in known.objects.items()}
    held: dict[str, Any] = {}
    cursors: dict[str, Any] = {}
    keys: list[str] = []

    def poll() -> None:
        for found in adapter.pull(PullRequest(SCOPE, known, wanted, cursors)):
            held.update({r.id: (r.fields, r.existence) for r in found.records})
            keys.extend(change.key for change in found.changes)
            for gone in found.gone:
                held.pop(gone.id, None)
            cursors.update({found.feed: found.cursor} if found.done else {})

    poll()
    start = len(world.history)
    for what, number, who in [*edits, ("poll", 0, "maya")]:
        items = [t.id for t in world.living("main") if t.object == "item"]
        id = items[number % len(items)] if items else ""
        if what == "create":
            world.create(who, "item", {"title": str(number)}, project)
        elif what == "poll":
            poll()
        elif id and what == "change":
            world.change(who, id, {"title": str(number), "people": [f"u-{who}"]})
        elif id:
            world.exist(who, id, {"restore": "present"}.get(what, what + "d"))
    listing = adapter.pull(PullRequest(SCOPE, known, wanted, {}, full=True))
    shown = {r.id: (r.fields, r.existence) for found in listing for r in found.records}
    drop_world(name)
    assert held == shown
    told = [str(e.number) for e in world.history[start:] if e.new != "deleted"]
    assert keys == told
    assert ADAPTER.decoder == 1
