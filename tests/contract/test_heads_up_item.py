"""What every adapter promises of the one item that the service keeps in a board or project."""

import re
from collections.abc import Callable

import pytest

from syncer.model.comments import Thread
from syncer.model.remote import Op, Result
from tests.contract.driving import catalogue, pull, request
from tests.contract.driving import write as edit
from tests.contract.harness import Harness
from tests.contract.talking import commenter, found, ids, lost, post, talk_of, tried, written


@pytest.fixture
def keep(h: Harness) -> Callable[[], Thread]:
    """Asks for the kept item, as an adapter with nothing in mind; there is such a thing."""
    talk_of(h)
    if h.container is None or commenter(h).heads_up_item(h.container, catalogue(h)) is None:
        pytest.skip(f"{h.name} keeps no item")
    container = h.container

    def asked() -> Thread:
        kept = commenter(h, h.as_user("syncer")).heads_up_item(container, catalogue(h))
        assert kept is not None
        assert kept.container == container
        return kept

    return asked


def unseen(h: Harness, kept: Thread) -> None:
    """No pull or fetch gives the kept item as a record."""
    first = pull(h)
    assert kept.id not in first.items(h)
    assert kept.id not in pull(h, full=True).items(h)
    wanted = request(h, catalogue(h))
    assert list(h.adapter.fetch(h.item_object, [kept.id], wanted)) == []


def test_there_is_one(h: Harness, keep: Callable[[], Thread]) -> None:
    """Asked again, also by another process, it is the same item."""
    assert keep() == keep()


def test_one_that_nobody_answered_is_found(h: Harness) -> None:
    """Where the answer to making it was lost, the next call finds it and makes no second one."""
    talk_of(h)
    if h.container is None:
        pytest.skip(f"{h.name} has no containers")
    container, known = h.container, catalogue(h)
    before = creates(h)
    lost(h, "after", "heads_up_item")
    tried(lambda: commenter(h).heads_up_item(container, known))
    if h.running is not None:
        h.running.desk.faults.clear()
    made = creates(h) - before
    h.settle()
    kept = commenter(h, h.as_user("syncer")).heads_up_item(container, known)
    if kept is None:
        pytest.skip(f"{h.name} keeps no item")
    assert creates(h) - before == made
    assert made == (1 if h.running else 0)


def creates(h: Harness) -> int:
    """How many items the service asked the stand-in to make."""
    wanted = {"method": "POST", **h.write_fault}
    return sum(
        r["method"] == wanted["method"] and re.search(wanted["path"], str(r["path"])) is not None
        for r in (h.running.requests if h.running else ())
    )


def test_it_is_no_record(h: Harness, keep: Callable[[], Thread]) -> None:
    """It is in no listing, feed or lookup, from the moment it is made."""
    cursors = pull(h).cursors
    kept = keep()
    poll = pull(h, cursors)
    assert kept.id not in poll.items(h)
    assert kept.id not in {change.id for change in poll.changes}
    unseen(h, kept)


@pytest.mark.parametrize("name", ["title", "text"])
def test_it_stays_as_long_as_one_mark_stands(
    h: Harness, keep: Callable[[], Thread], name: str
) -> None:
    """Where people change its title, or all its text, it is no record, and no second is made.

    That holds for another process too, which knows no more than the cursors of the last poll.
    """
    kept, cursors = keep(), pull(h).cursors
    field = {"title": h.item.title, "text": h.item.text}[name]
    if field is None:
        pytest.skip(f"{h.name} has no such field")
    one = edit(h, Op.UPDATE, kept.id, fields={field: "Ours now"})
    [outcome] = h.as_user("maya").push([one], catalogue(h))
    assert outcome.result is Result.DONE, outcome
    assert dict(outcome.got) == {field: "Ours now"}
    poll = pull(h, cursors)
    assert kept.id not in poll.items(h)
    assert kept.id not in {change.id for change in poll.changes}
    unseen(h, kept)
    other = h.as_user("syncer")
    pages = list(other.pull(request(h, catalogue(h), poll.cursors)))
    assert kept.id not in {record.id for page in pages for record in page.records}
    assert commenter(h, other).heads_up_item(kept.container or "", catalogue(h)) == kept


def test_people_can_answer_there(h: Harness, keep: Callable[[], Thread]) -> None:
    """It takes comments, and what people say there is told by a pull."""
    talk, kept = talk_of(h), keep()
    cursors = pull(h, threads=[kept]).cursors
    one = post(h, thread=kept)
    ours, theirs = written(h, one), talk.say("maya", kept, "approve")
    assert ids(found(h, one.ref, kept)) == {ours}
    assert {ours, theirs} == ids(pull(h, cursors, threads=[kept]).comments)


def test_a_deleted_one_is_made_anew(h: Harness, keep: Callable[[], Thread]) -> None:
    """Where people delete it there is a new one when it is needed again."""
    if h.delete is None:
        pytest.skip(f"{h.name} deletes nothing")
    kept = keep()
    h.delete(kept.id)
    h.settle()
    new = keep()
    assert new.id != kept.id
    written(h, post(h, thread=new))
    unseen(h, new)
