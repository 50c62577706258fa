"""What every adapter promises of writing."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from syncer.adapterkit.errors import AdapterError
from syncer.model.entities import ARCHIVED, PRESENT
from syncer.model.remote import Op, Raw, Result
from tests.contract.driving import (
    catalogue,
    create,
    field_of,
    now,
    pull,
    push,
    update,
    write,
)
from tests.contract.harness import Harness

FIELDS = ["title", "text", "date", "status", "people", "number", "single_option"]


@pytest.fixture(autouse=True)
def _makes_items(h: Harness) -> None:
    if not h.creatable:
        pytest.skip(f"{h.name} makes no items")


def test_a_create_shows_what_was_sent(h: Harness) -> None:
    """The answer to a create has the id, and shows each field just as the next pull does."""
    outcome = create(h, h.first)
    pulled = pull(h).of(outcome.id or "")
    assert outcome.got.keys() == h.first.keys()
    assert dict(outcome.got) == {name: pulled.fields[name] for name in h.first}
    assert dict(outcome.got) == dict(h.first)
    assert (pulled.container, pulled.existence) == (h.container, PRESENT)
    assert outcome.refused == outcome.stale == {}


def test_a_create_makes_one(h: Harness) -> None:
    """One create makes one record, and touches no other."""
    before = pull(h).items(h)
    id = create(h, {h.item.title: "Only one"}).id
    after = pull(h).items(h)
    assert after.keys() - before.keys() == {id}
    assert {i: r.fields for i, r in after.items() if i != id} == {
        i: r.fields for i, r in before.items()
    }


def test_an_update_changes_only_what_was_given(h: Harness) -> None:
    """All other fields of the record, and all other records, stay as they were."""
    id = create(h, h.first).id or ""
    before = pull(h).items(h)
    outcome = update(h, id, {h.item.title: h.second[h.item.title]})
    assert outcome.result is Result.DONE
    assert outcome.got == {h.item.title: h.second[h.item.title]}
    after = pull(h).items(h)
    assert after[id].fields == {**before[id].fields, **outcome.got}
    assert {i: r.fields for i, r in after.items() if i != id} == {
        i: r.fields for i, r in before.items() if i != id
    }


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_is_written_changed_and_emptied(h: Harness, name: str) -> None:
    """What the answer shows is what the next pull shows, for a first, a second and no value."""
    field = getattr(h.item, name)
    if field is None or field not in h.first:
        pytest.skip(f"{h.name} has no {name}")
    id = create(h, {h.item.title: "Written"}).id or ""
    values: list[Raw] = [h.first[field], h.second[field]]
    if name not in ("title", "status"):
        values.append(None)
    for value in values:
        outcome = update(h, id, {field: value})
        assert outcome.result is Result.DONE, outcome
        assert outcome.got == {field: value}
        assert pull(h).of(id).fields[field] == value
        assert now(h, id).fields[field] == value


def test_all_fields_change_in_one_write(h: Harness) -> None:
    """Many fields in one write all land."""
    id = create(h, h.first).id or ""
    outcome = update(h, id, h.second)
    assert dict(outcome.got) == dict(h.second)
    assert {name: now(h, id).fields[name] for name in h.second} == dict(h.second)


def test_an_archived_item_shows_as_archived(h: Harness) -> None:
    """An archived item is told as archived in the next poll, and can be brought back."""
    if not h.archivable:
        pytest.skip(f"{h.name} archives no items")
    id = create(h, {h.item.title: "Put away"}).id or ""
    cursors = pull(h).cursors
    if h.archive is not None and "field" in h.archive:
        pytest.skip(f"{h.name} archives by a field of its own")
    assert push(h, write(h, Op.ARCHIVE, id, archive=h.archive)).result is Result.DONE
    poll = pull(h, cursors)
    assert poll.of(id).existence == ARCHIVED
    assert pull(h).items(h)[id].existence == ARCHIVED
    assert push(h, write(h, Op.RESTORE, id, archive=h.archive)).result is Result.DONE
    assert pull(h, poll.cursors).of(id).existence == PRESENT


def test_a_lost_create_is_found(h: Harness) -> None:
    """After a create whose answer was lost, its record is found, and it alone."""
    one = write(h, Op.CREATE, fields=h.first)
    if h.running is not None and h.write_fault:
        h.running.fault({"drop": "after"}, **h.write_fault)
        outcome = push(h, one)
        assert outcome.result is Result.UNKNOWN
    else:
        assert push(h, one).result is Result.DONE
    h.settle()
    found = h.adapter.find(one, catalogue(h))
    assert len(found) == 1
    assert found[0].fields[h.item.title] == h.first[h.item.title]
    assert pull(h).items(h)[found[0].id].created_at is not None


def test_a_create_that_never_landed_is_not_found(h: Harness) -> None:
    """Nothing is found for a create that did not take effect."""
    one = write(h, Op.CREATE, fields=h.first)
    if h.running is not None and h.write_fault:
        h.running.fault({"drop": "before"}, **h.write_fault)
        assert push(h, one).result is Result.UNKNOWN
    h.settle()
    assert h.adapter.find(one, catalogue(h)) == []


def test_what_is_older_or_foreign_is_not_found(h: Harness) -> None:
    """A like thing that is older, or somebody else's, is not taken for a lost create."""
    create(h, h.first)
    later = datetime.now(UTC) + timedelta(minutes=10)
    late = replace(write(h, Op.CREATE, fields=h.first), since=later)
    assert h.adapter.find(late, catalogue(h)) == []
    foreign = dict(h.first) | {h.item.title: "Made by a person"}
    theirs = push(h, write(h, Op.CREATE, fields=foreign), h.as_user("maya"))
    assert theirs.result is Result.DONE
    h.settle()
    ours = write(h, Op.CREATE, fields=foreign)
    assert h.adapter.find(ours, catalogue(h)) == []


def test_a_deletion_is_told_or_absent(h: Harness) -> None:
    """What somebody deleted is told as gone, or is absent from a complete listing."""
    if h.delete is None:
        pytest.skip(f"{h.name} deletes nothing")
    id = create(h, {h.item.title: "Deleted"}).id or ""
    cursors = pull(h).cursors
    h.delete(id)
    poll = pull(h, cursors)
    full = pull(h, poll.cursors, full=True)
    assert (h.item_object, h.container) in full.listed
    assert id not in full.items(h)
    told = [gone for gone in poll.gone if gone.id == id]
    assert all(gone.by in (None, h.person("maya")) for gone in told)
    assert id not in poll.items(h)


def test_a_deleted_item_is_no_obstacle(h: Harness) -> None:
    """Archiving what is gone is done; updating it is refused; neither is an exception."""
    if h.delete is None:
        pytest.skip(f"{h.name} deletes nothing")
    id = create(h, {h.item.title: "Deleted"}).id or ""
    h.delete(id)
    if h.archivable:
        assert push(h, write(h, Op.ARCHIVE, id, archive=h.archive)).result is Result.DONE
    sent = write(h, Op.UPDATE, id, fields={h.item.title: "x"}, base={h.item.title: "Deleted"})
    outcome = push(h, sent)
    assert outcome.result is Result.REFUSED
    assert outcome.reason


@pytest.mark.parametrize("name", ["people", "labels"])
def test_set_fields_commute(h: Harness, name: str) -> None:
    """An addition to a set that somebody else changed meanwhile keeps both."""
    field = getattr(h.item, name)
    if field is None or not field_of(h, field).type.many:
        pytest.skip(f"{h.name} has no set of {name}")
    id = create(h, {h.item.title: "Shared"}).id or ""
    theirs: list[Raw] = [h.person("maya")] if name == "people" else [{"name": "Theirs"}]
    ours: list[Raw] = [h.person("syncer")] if name == "people" else [{"name": "Ours"}]
    shown = update(h, id, {field: theirs}, base={field: None}, adapter=h.as_user("maya"))
    assert shown.result is Result.DONE
    outcome = update(h, id, {field: ours}, base={field: None})
    both = now(h, id).fields[field]
    assert isinstance(both, list)
    assert len(both) == 2
    assert outcome.got[field] == both
    mine = sorted(set(both) - set(shown.got[field]))  # type: ignore[arg-type]
    assert update(h, id, {field: []}, base={field: mine}).got[field] == shown.got[field]


def test_a_stale_base_is_reported_not_overwritten(h: Harness) -> None:
    """Where the author is not told, a text that changed meanwhile is left and shown."""
    field = h.item.no_history
    if field is None:
        pytest.skip(f"{h.name} tells the author of everything")
    id = create(h, {h.item.title: "Race", field: h.first[field]}).id or ""
    update(h, id, {field: h.second[field]}, adapter=h.as_user("maya"))
    values = {field: "Ours, late", h.item.title: "Race, won"}
    outcome = update(h, id, values, base={field: h.first[field], h.item.title: "Race"})
    assert outcome.stale == {field: h.second[field]}
    assert outcome.got == {h.item.title: "Race, won"}
    assert now(h, id).fields[field] == h.second[field]


@pytest.mark.parametrize("name", ["status", "labels", "single_option"])
def test_a_choice_that_is_not_there_is_made_once(h: Harness, name: str) -> None:
    """Where choices can be added, writing one by name makes it, and the next time uses it."""
    field = getattr(h.item, name)
    if field is None or not field_of(h, field).extensible:
        pytest.skip(f"{h.name} does not add choices to {name}")
    many = field_of(h, field).type.many
    wanted: Raw = [{"name": "Brand new"}] if many else {"name": "Brand new"}
    first, second = (create(h, {h.item.title: "New", field: wanted}) for _ in range(2))
    assert first.got[field] == second.got[field]
    options = [o for o in field_of(h, field).options if o.name == "Brand new"]
    assert [o.id for o in options] == (first.got[field] if many else [first.got[field]])
    assert options[0].container in (None, h.container)


def test_a_choice_by_name_is_the_one_that_is_there(h: Harness) -> None:
    """A choice that exists is found by its name, and none is added."""
    field = h.item.status
    if field is None:
        pytest.skip(f"{h.name} has no status")
    options = [o for o in field_of(h, field).options if o.container in (None, h.container)]
    wanted = next(o for o in options if o.id == h.second[field])
    outcome = create(h, {h.item.title: "Named", field: {"name": wanted.name}})
    assert outcome.got[field] == wanted.id
    after = [o for o in field_of(h, field).options if o.container in (None, h.container)]
    assert after == options


def test_a_refused_field_does_not_stop_the_rest(h: Harness) -> None:
    """A person that does not exist is refused with a reason; the title is still written."""
    field = h.item.people
    if field is None:
        pytest.skip(f"{h.name} has no people")
    id = create(h, {h.item.title: "Half"}).id or ""
    nobody: Raw = ["999999999999999999999999"] if field_of(h, field).type.many else "999999999999"
    outcome = update(h, id, {field: nobody, h.item.title: "Half done"})
    assert outcome.got == {h.item.title: "Half done"}
    assert outcome.refused.keys() == {field}
    assert outcome.refused[field]
    assert now(h, id).fields[h.item.title] == "Half done"


def test_a_batch_has_an_outcome_for_each(h: Harness) -> None:
    """As many writes as the adapter takes at once each get their own outcome."""
    size = h.adapter.capabilities.batch_of(Op.CREATE)
    writes = [
        write(h, Op.CREATE, fields={h.item.title: f"Batch {number}"})
        for number in range(min(size, 5))
    ]
    outcomes = {o.intent: o for o in h.adapter.push(writes, catalogue(h))}
    assert outcomes.keys() == {one.intent for one in writes}
    for one in writes:
        id = outcomes[one.intent].id or ""
        assert now(h, id).fields[h.item.title] == one.fields[h.item.title]


def test_texts_of_every_script_survive(h: Harness) -> None:
    """Texts in several scripts, quotes and angle brackets come back as they were sent."""
    text = 'Brød & <b>smør</b> "50 %" · 麺 · עוגה · 🥐'
    id = create(h, {h.item.title: text}).id or ""
    assert now(h, id).fields[h.item.title] == text


def test_read_only_refuses(h: Harness) -> None:
    """A connection that is read-only writes nothing, whatever it is asked."""
    if h.read_only is None:
        pytest.skip(f"{h.name} has no read-only connections")
    adapter = h.read_only()
    assert adapter.capabilities.read_only
    before = pull(h).items(h).keys()
    sent = len(h.running.requests) if h.running else 0
    try:
        outcomes = list(adapter.push([write(h, Op.CREATE, fields=h.first)], catalogue(h)))
    except AdapterError:
        outcomes = []
    assert {outcome.result for outcome in outcomes} <= {Result.REFUSED}
    assert pull(h).items(h).keys() == before
    methods = {str(r["method"]) for r in h.running.requests[sent:]} if h.running else set()
    assert methods <= {"GET", "POST"}
