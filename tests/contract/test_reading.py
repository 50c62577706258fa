"""What every adapter promises of reading."""

import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from msgspec.structs import replace
from xxhash import xxh3_64_intdigest

from syncer.adapterkit.commenting import Commenter
from syncer.adapterkit.contract import Adapter, AdapterSpec
from syncer.adapterkit.registry import adapter_spec, built_in_names
from syncer.model.remote import Author, RemoteRecord
from syncer.model.values import MISSING, Kind
from tests.contract.conftest import HARNESSES
from tests.contract.driving import (
    catalogue,
    changes_of,
    create,
    field_of,
    fits,
    now,
    pull,
    request,
    update,
)
from tests.contract.harness import Harness


def test_every_adapter_has_a_harness() -> None:
    """No adapter to records escapes the suite, and no harness is for one that is not there."""
    specs = map(adapter_spec, built_in_names())
    assert [spec.name for spec in specs if isinstance(spec, AdapterSpec)] == HARNESSES


def test_it_is_an_adapter(h: Harness) -> None:
    """It offers what the contract names, and knows whose credentials it was given."""
    assert isinstance(h.adapter, Adapter)
    me = h.adapter.whoami()
    assert h.person("syncer") in (me.id, *me.aliases)
    everybody = {id for person in h.adapter.people(h.scope) for id in (person.id, *person.aliases)}
    assert {h.person("maya")} <= everybody
    assert h.anonymous or h.person("syncer") in everybody


def test_whoever_takes_comments_answers_for_them(h: Harness) -> None:
    """Where an object takes comments the adapter writes them, and the suite sees what it does."""
    takes = any(info.comments for info in catalogue(h).objects.values())
    assert isinstance(h.adapter, Commenter) == takes, "its objects and its methods disagree"
    assert (h.talk is not None) == takes, "its harness does not say how people see comments"


def test_describe_lists_what_records_hold(h: Harness) -> None:
    """Every field of every record is described, and its value has the form for its kind."""
    known = catalogue(h)
    if h.container is not None:
        assert h.container in known.containers
    for record in pull(h).records:
        info = {f.id: f for f in known.objects[record.object].fields}
        assert record.fields.keys() <= info.keys()
        for name, raw in record.fields.items():
            where = info[name].container
            assert where in (None, record.container), f"{name} belongs to another container"
            assert fits(info[name], raw), f"{name}: {raw!r} is not a {info[name].type}"


def test_described_fields_can_be_told_apart(h: Harness) -> None:
    """A name means one field in a container, and the fields the harness names are there."""
    for info in catalogue(h).objects.values():
        assert len({f.id for f in info.fields}) == len(info.fields)
    item = catalogue(h).objects[h.item_object]
    ids = {f.id for f in item.fields}
    named = {value for value in vars(h.item).values() if value is not None}
    assert named <= ids
    assert item.inside == h.container_object or h.container is None


def test_options_and_people_in_records_are_known(h: Harness) -> None:
    """Option ids and user ids in records are those that describe and people tell of."""
    known = catalogue(h)
    everybody = {id for person in h.adapter.people(h.scope) for id in (person.id, *person.aliases)}
    for record in pull(h).records:
        for info in known.objects[record.object].fields:
            raw = record.fields.get(info.id)
            ids = raw if isinstance(raw, list) else [raw] if raw is not None else []
            if info.type.kind is Kind.ENUMERATION:
                here = {o.id for o in info.options if o.container in (None, record.container)}
                assert set(ids) <= here, info.name
            if info.type.kind is Kind.PERSON:
                assert set(ids) <= everybody, info.name


def test_a_first_pull_is_complete_and_says_so(h: Harness) -> None:
    """Every record comes once, every feed ends, and what was complete is named."""
    known, pulled = catalogue(h), pull(h)
    assert len(pulled.items(h)) >= 3
    keys = [(record.object, record.id) for record in pulled.records]
    assert len(keys) == len(set(keys))
    assert len(pulled.done) == len(set(pulled.done)) > 0
    places = {record.container for record in pulled.items(h).values()}
    assert {(h.item_object, place) for place in places} <= pulled.listed
    if h.container_object:
        assert (h.container_object, None) in pulled.listed
        boards = {r.id: r for r in pulled.records if r.object == h.container_object}
        assert boards.keys() == known.containers.keys()
        assert {board.container for board in boards.values()} == {None}
    full = pull(h, pulled.cursors, full=True)
    assert {(r.object, r.id) for r in full.records} == set(keys)
    assert full.listed == pulled.listed


class Decided:
    """What an adapter's pages said of things when they were last decided on."""

    any = True

    def __init__(self) -> None:
        self.marks: dict[tuple[str, str], int] = {}

    def mark(self, raw: bytes) -> int:
        """The fingerprint of a row."""
        return xxh3_64_intdigest(raw)

    def same(self, object: str, marks: Mapping[str, int]) -> list[str]:
        """Ids of what has the fingerprint that it had."""
        return [id for id, mark in marks.items() if self.marks.get((object, id)) == mark]


def test_what_is_as_it_was_is_left_out_of_nothing(h: Harness) -> None:
    """In full, each thing is told anew or told to be as it was, never neither; an edit is told."""
    known, seen = catalogue(h), Decided()
    wanted = replace(request(h, known, full=True), seen=seen)
    before: set[tuple[str, str]] = set()
    for page in h.adapter.pull(wanted):
        assert not page.same
        seen.marks |= page.marks
        before |= {(record.object, record.id) for record in page.records}
    id = min(id for object, id in before if object == h.item_object)
    update(h, id, {h.item.title: "Other words"})
    h.settle()
    pages = list(h.adapter.pull(wanted))
    told = {(record.object, record.id) for page in pages for record in page.records}
    same = {(object, id) for page in pages for object, ids in page.same.items() for id in ids}
    assert before == told | same
    assert not told & same
    assert (h.item_object, id) in told


def test_an_idle_poll_is_quiet_and_cheap(h: Harness) -> None:
    """With nothing new a poll tells nothing new, lists nothing and costs what the guide says."""
    known = catalogue(h)
    first = pull(h, known=known)
    second = pull(h, first.cursors, known=known)
    h.settle()
    before = h.requests()
    third = pull(h, second.cursors, known=known)
    assert h.requests() - before <= h.idle_requests
    assert third.gone == []
    told = {change.key for change in (*first.changes, *second.changes)}
    assert {change.key for change in third.changes} <= told | {""}
    for record in third.records:
        assert _plain(record) == _plain(first.of(record.id)), "told again, but otherwise"
    sent = [f"{r['method']} {r['path']}" for r in h.running.requests] if h.running else []
    idle = sent[len(sent) - (h.requests() - before) :] if sent else []
    for pattern in h.idle_unwanted:
        assert [line for line in idle if re.search(pattern, line)] == []


def test_cursors_are_json(h: Harness) -> None:
    """What a poll gives for the next survives being stored."""
    cursors = pull(h).cursors
    assert json.loads(json.dumps(cursors)) == cursors


@pytest.mark.parametrize("name", ["title", "date", "status", "people", "number", "single_option"])
def test_an_edit_arrives_with_its_editor(h: Harness, name: str) -> None:
    """Maya's edit is in the next poll with her name, the old and the new value."""
    field = getattr(h.item, name)
    if field is None or field not in h.second:
        pytest.skip(f"{h.name} has no {name}")
    if field_of(h, field).author is Author.NO:
        pytest.skip(f"{h.name} cannot tell who changes {name}")
    id = create(h, {h.item.title: "An edit", field: h.first[field]}).id or ""
    cursors = pull(h).cursors
    before = now(h, id)
    done = update(h, id, {field: h.second[field]}, adapter=h.as_user("maya"))
    assert done.refused == {}
    poll = pull(h, cursors)
    assert poll.of(id).fields[field] == h.second[field]
    changes = changes_of(h, poll, id, field, before.as_of - timedelta(seconds=2))
    last = changes[-1]
    assert (last.by, last.automation) == (h.person("maya"), None)
    assert last.new == h.second[field]
    assert last.old in (before.fields[field], MISSING)
    assert last.at is not None
    assert last.at.utcoffset() == timedelta(0)


def test_edits_within_one_interval_are_told_in_order(h: Harness) -> None:
    """Two people's edits between two polls are both told, the oldest first."""
    title = h.item.title
    if field_of(h, title).author is not Author.YES:
        pytest.skip(f"{h.name} keeps no history of titles")
    id = create(h, {title: "Zero"}).id or ""
    cursors = pull(h).cursors
    since = now(h, id).as_of
    maya = h.as_user("maya")
    for text, who in [("One", maya), ("Two", h.adapter), ("Three", maya)]:
        update(h, id, {title: text}, adapter=who)
    told = changes_of(h, pull(h, cursors), id, title, since - timedelta(seconds=2))
    news = [(change.new, change.by) for change in told if change.new != "Zero"]
    service = None if h.anonymous else h.person("syncer")
    people = [h.person("maya"), service, h.person("maya")]
    assert news == list(zip(["One", "Two", "Three"], people, strict=True))


def test_fetch_gives_what_is_there(h: Harness) -> None:
    """Records asked for by id are as they are now; what is not there is left out."""
    pulled = pull(h)
    ids = sorted(pulled.items(h))[:2]
    gone = create(h, {h.item.title: "Soon gone"}).id or ""
    if h.delete is not None:
        h.delete(gone)
        ids.append(gone)
    found = list(h.adapter.fetch(h.item_object, ids, request(h, catalogue(h))))
    assert {r.id for r in found} == set(ids) - {gone}
    for record in found:
        assert record.fields == pulled.of(record.id).fields
    assert list(h.adapter.fetch(h.item_object, [], request(h, catalogue(h)))) == []


def test_it_is_safe_to_call_from_several_threads(h: Harness) -> None:
    """Pulls side by side each see everything."""
    expected = pull(h).items(h).keys()
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(lambda _: pull(h).items(h).keys(), range(3)))
    assert results == [expected] * 3


def _plain(record: RemoteRecord) -> tuple[object, ...]:
    return record.fields, record.container, record.existence
