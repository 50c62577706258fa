"""What an adapter promises whose tool assigns to-dos because its comments reach nobody."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from syncer.model.comments import Quoted, ToDo, Words
from syncer.model.remote import Result
from tests.contract.harness import Harness
from tests.contract.talking import found, lost, person, post, reads, talk_of, write, written

DUE = datetime(2026, 12, 4, 16, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _assigns(h: Harness) -> None:
    talk_of(h)
    if not h.adapter.capabilities.to_dos:
        pytest.skip(f"{h.name} has no to-dos")


def to_do(h: Harness) -> ToDo:
    return ToDo(person(h, "maya").id, "Answer Ben <b>now</b>", DUE)


def test_a_to_do_is_assigned_until_it_is_done(h: Harness) -> None:
    """A to-do is assigned to exactly that user, is found by its ref, and is ticked off."""
    talk = talk_of(h)
    one = post(h, Words("Ben asks for "), Quoted("<b>24 July</b>"), to_do=to_do(h))
    id = written(h, one)
    assert talk.assigned(talk.thread) == ["maya"]
    [comment] = found(h, one.ref)
    assert comment.id == id
    assert "<b>24 July</b>" in reads(comment.text)
    over = replace(one, comment=id, to_do=replace(to_do(h), done=True))
    assert written(h, over) == id
    assert talk.assigned(talk.thread) == []
    assert len(found(h, one.ref)) == 1


def test_a_to_do_and_a_comment_have_refs_of_their_own(h: Harness) -> None:
    """A note and the to-do that goes with it are told apart."""
    note, task = post(h), post(h, to_do=to_do(h))
    first, second = written(h, note), written(h, task)
    assert first != second
    assert [c.id for c in found(h, note.ref)] == [first]
    assert [c.id for c in found(h, task.ref)] == [second]


@pytest.mark.parametrize("moment", ["after", "before"])
def test_a_lost_to_do_is_looked_up(h: Harness, moment: str) -> None:
    """A to-do that nobody answered is found exactly if it landed."""
    if h.running is None:
        lost(h, moment)
    else:
        h.running.fault({"drop": moment}, method="POST", path="/tasks")
    one = post(h, to_do=to_do(h))
    outcome = write(h, one)
    assert outcome.result in (Result.UNKNOWN, Result.RETRY)
    assert outcome.result is Result.UNKNOWN or moment == "before"
    assert len(found(h, one.ref)) == (moment == "after")
