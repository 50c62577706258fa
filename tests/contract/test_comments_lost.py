"""What every adapter promises when a comment does not go through, or nobody says so."""

import pytest
from msgspec.structs import replace

from syncer.adapterkit.errors import AdapterError, AskPerson
from syncer.model.comments import Posted, Words
from syncer.model.remote import Result
from tests.contract.driving import catalogue
from tests.contract.harness import Harness
from tests.contract.talking import (
    LONG_AGO,
    commenter,
    found,
    ids,
    lost,
    post,
    read,
    reads,
    talk_of,
    thread,
    tried,
    write,
    written,
)


@pytest.fixture(autouse=True)
def _speaks(h: Harness) -> None:
    talk_of(h)


def test_a_rewrite_of_what_is_gone_makes_no_other(h: Harness) -> None:
    """Where its item is gone, our comment is written anew or refused, and no other is made."""
    if h.delete is None:
        pytest.skip(f"{h.name} deletes nothing")
    one = post(h, thread=thread(h))
    id = written(h, one)
    h.delete(one.thread.id)
    outcome = write(h, replace(one, comment=id))
    assert outcome.result in (Result.REFUSED, Result.DONE)
    assert outcome.reason or outcome.comment == id
    assert len(talk_of(h).shown(one.thread)) <= 1


@pytest.mark.parametrize("moment", ["after", "before"])
def test_a_lost_answer_is_looked_up(h: Harness, moment: str) -> None:
    """A comment that nobody answered is unknown; it is found exactly if it landed."""
    one = post(h)
    lost(h, moment)
    outcome = write(h, one)
    landed = moment == "after"
    expected = {Result.UNKNOWN} if landed else {Result.UNKNOWN, Result.RETRY}
    assert outcome.result in expected, outcome
    assert outcome.reason
    assert len(found(h, one.ref)) == landed
    if not landed:
        written(h, one)
        assert len(found(h, one.ref)) == 1


def test_a_lost_rewrite_makes_no_second_comment(h: Harness) -> None:
    """A rewrite that nobody answered can be sent again: there is one comment, the new one."""
    if h.running is None:
        pytest.skip(f"{h.name} has no wire")
    one = post(h, Words("First"))
    again = replace(one, message=post(h, Words("Second")).message, comment=written(h, one))
    for method in ("PUT", "PATCH", "POST"):
        h.running.fault({"drop": "after"}, method=method)
    assert write(h, again).result in (Result.UNKNOWN, Result.DONE)
    h.running.desk.faults.clear()
    written(h, again)
    assert [reads(c.text) for c in found(h, one.ref)] == ["Second"]


def test_a_refusal_is_an_outcome_that_says_what_stands(h: Harness) -> None:
    """Whatever a vendor refuses with, the outcome is true of what stands there."""
    if h.running is None:
        pytest.skip(f"{h.name} has no wire")
    for status in (400, 403, 404, 500, 503):
        one = post(h)
        h.running.fault({"status": status}, **h.comment_fault)
        outcome = tried(lambda: write(h, one))  # noqa: B023
        h.running.desk.faults.clear()
        if isinstance(outcome, AskPerson):
            assert status == 403
            outcome = Posted(one.ref, Result.REFUSED, reason=outcome.reason)
        assert (outcome.result is Result.REFUSED) == (status in (400, 403, 404)), outcome
        assert outcome.result is Result.DONE or outcome.reason
        assert len(found(h, one.ref)) == (outcome.result is Result.DONE)


def test_an_unreadable_answer_is_not_silence(h: Harness) -> None:
    """Where the vendor does not tell what was said, that is an error: not as if ours was lost."""
    if h.running is None:
        pytest.skip(f"{h.name} has no wire")
    one, known = post(h), catalogue(h)
    written(h, one)
    h.settle()
    json = {"content-type": "application/json"}
    odd = [{"body": body, "headers": json} for body in ("null", "{}", "5", '"x"', '{"data": 5}')]
    faults = [{"status": 500}, {"cut": "page"}, *({"status": 200} | fault for fault in odd)]
    for fault in faults:
        h.running.fault(fault, times=20, **h.comments_fault)
        with pytest.raises(AdapterError):
            list(commenter(h).comments([one.thread], LONG_AGO, known))
        h.running.desk.faults.clear()
    assert len(found(h, one.ref)) == 1


def test_what_is_gone_takes_no_comments(h: Harness) -> None:
    """A comment under a deleted item is refused; what is said elsewhere is read all the same."""
    if h.delete is None:
        pytest.skip(f"{h.name} deletes nothing")
    gone, one = thread(h), post(h)
    id = written(h, one)
    h.delete(gone.id)
    outcome = write(h, post(h, thread=gone))
    assert outcome.result is Result.REFUSED
    assert outcome.reason
    assert id in ids(read(h, gone, one.thread))


def test_a_read_only_connection_says_nothing(h: Harness) -> None:
    """A connection that is read-only writes no comment, whatever it is asked."""
    if h.read_only is None:
        pytest.skip(f"{h.name} has no read-only connections")
    talk, adapter = talk_of(h), h.read_only()
    before = talk.shown(talk.thread)
    try:
        assert write(h, post(h), adapter).result is Result.REFUSED
    except AdapterError as error:
        assert error.reason  # noqa: PT017
    assert talk.shown(talk.thread) == before
