"""What every adapter promises of the answers that a pull tells."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from syncer.model.comments import Words
from tests.contract.driving import catalogue, pull
from tests.contract.harness import Harness
from tests.contract.talking import ids, person, post, read, reads, talk_of, thread, written


@pytest.fixture(autouse=True)
def _speaks(h: Harness) -> None:
    talk_of(h)


def test_what_is_said_comes_with_the_next_pull(h: Harness) -> None:
    """From the cursor on each comment under a thread is told: ours by ref, theirs by person."""
    talk = talk_of(h)
    wanted = [talk.thread]
    first = pull(h, threads=wanted, known=catalogue(h))
    earlier = {c.id for c in first.comments}
    one = post(h, Words("Ben asks."))
    ours, theirs = written(h, one), talk.say("maya", talk.thread, "approve <gladly>")
    poll = pull(h, first.cursors, threads=wanted)
    told = {c.id: c for c in poll.comments if c.id not in earlier}
    assert told.keys() == {ours, theirs}
    assert told[ours].ref == one.ref
    assert reads(told[ours].text) == "Ben asks."
    maya = person(h, "maya")
    assert told[theirs].ref is None
    assert told[theirs].by in (maya.id, *maya.aliases)
    assert reads(told[theirs].text) == "approve <gladly>"
    assert {c.thread for c in told.values()} == {talk.thread}
    assert {c.id: c.at for c in told.values()} == {c.id: c.at for c in read(h) if c.id in told}
    last = talk.say("tom", talk.thread, "decline")
    next_poll = pull(h, poll.cursors, threads=wanted)
    assert last in ids(next_poll.comments)
    assert ids(next_poll.comments) <= told.keys() | earlier | {last}
    if not h.adapter.capabilities.lag:
        assert ids(poll.comments) == {ours, theirs}, "told again without need"
        assert ids(next_poll.comments) == {last}, "told again without need"


def test_nothing_is_told_that_was_not_asked_after(h: Harness) -> None:
    """Comments under other items are not told, and none at all where no thread is named."""
    talk, other = talk_of(h), thread(h)
    cursors = pull(h, threads=[talk.thread]).cursors
    talk.say("maya", other, "Not here")
    here = talk.say("maya", talk.thread, "Here")
    assert pull(h, cursors).comments == []
    assert ids(pull(h, cursors, threads=[talk.thread]).comments) == {here}


def test_a_full_pull_hears_the_same(h: Harness) -> None:
    """A pull that lists everything tells what was said since the cursor as well."""
    talk = talk_of(h)
    cursors = pull(h, threads=[talk.thread]).cursors
    said = talk.say("maya", talk.thread, "approve")
    assert said in ids(pull(h, cursors, full=True, threads=[talk.thread]).comments)


def test_without_a_cursor_a_moment_is_enough(h: Harness) -> None:
    """Where a feed has no cursor, what was said since a moment is told."""
    talk = talk_of(h)
    said = talk.say("maya", talk.thread, "approve")
    at = next(c.at for c in read(h) if c.id == said)
    h.settle()
    assert said in ids(pull(h, threads=[talk.thread], since=at).comments)
    late = pull(h, threads=[talk.thread], since=at + timedelta(hours=2))
    assert late.comments == []


def test_a_rewrite_is_no_news(h: Harness) -> None:
    """Our comment written anew is told as ours if it is told, and is no second one."""
    talk, one = talk_of(h), post(h, Words("First"))
    id = written(h, one)
    cursors = pull(h, threads=[talk.thread]).cursors
    written(h, replace(one, message=post(h, Words("Second")).message, comment=id))
    told = pull(h, cursors, threads=[talk.thread]).comments
    assert {(c.id, c.ref) for c in told} <= {(id, one.ref)}


def test_what_is_said_changes_no_record(h: Harness) -> None:
    """A comment is no edit: the next pull tells no change, and records are as they were."""
    talk = talk_of(h)
    first = pull(h, threads=[talk.thread])
    written(h, post(h))
    talk.say("maya", talk.thread, "approve")
    poll = pull(h, first.cursors, threads=[talk.thread])
    assert {c.key for c in poll.changes} <= {c.key for c in first.changes} | {""}
    for record in poll.records:
        assert record.fields == first.of(record.id).fields


def test_an_idle_poll_stays_cheap(h: Harness) -> None:
    """With threads to ask after and nothing new, a poll costs what the harness states."""
    talk, known = talk_of(h), catalogue(h)
    written(h, post(h))
    talk.say("maya", talk.thread, "Hm.")
    first = pull(h, known=known, threads=[talk.thread])
    second = pull(h, first.cursors, known=known, threads=[talk.thread])
    h.settle()
    before = h.requests()
    third = pull(h, second.cursors, known=known, threads=[talk.thread])
    most = h.idle_threads_requests
    assert h.requests() - before <= (h.idle_requests if most is None else most)
    assert ids(third.comments) <= ids([*first.comments, *second.comments])
