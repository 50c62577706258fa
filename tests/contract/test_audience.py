"""What every adapter promises of who can read what is written."""

from typing import Any

import pytest

from syncer.model.comments import Audience, Thread
from tests.contract.harness import Harness
from tests.contract.talking import audience, talk_of, thread


@pytest.fixture(autouse=True)
def _speaks(h: Harness) -> None:
    talk_of(h)


def test_the_agency_is_among_itself(h: Harness) -> None:
    """Where only the agency's own members are, nobody else is told of: it is open to write."""
    talk = talk_of(h)
    wanted = [talk.thread, *([talk.place] if talk.place else [])]
    assert audience(h, *wanted) == dict.fromkeys(wanted, Audience())
    assert audience(h) == {}


def test_a_guest_is_told_of(h: Harness) -> None:
    """Somebody from outside who is in the place is named, for each thread in it, at once."""
    talk = talk_of(h)
    if talk.invite_guest is None:
        pytest.skip(f"{h.name} has no guests")
    guest = talk.invite_guest()
    for found in audience(h, talk.thread, *([talk.place] if talk.place else [])).values():
        assert [id for p in found.guests for id in (p.id, *p.aliases) if id == guest] == [guest]
        assert found.unknown == ""


def test_the_public_is_told_of(h: Harness) -> None:
    """A place that anybody can read is told as public, for each thread in it, at once."""
    talk = talk_of(h)
    if talk.make_public is None:
        pytest.skip(f"{h.name} has nothing public")
    assert audience(h, talk.thread)[talk.thread].public is False
    talk.make_public()
    found = audience(h, talk.thread, *([talk.place] if talk.place else []))
    assert {one.public for one in found.values()} == {True}


def test_what_the_vendor_will_not_say_is_unknown(h: Harness) -> None:
    """Where the vendor refuses to say who can read, that is told with why, and is no error."""
    for status in (403, 404, 500):
        found = faulty(h, {"status": status})
        assert found.keys() == {talk_of(h).thread}
        assert found[talk_of(h).thread].unknown, status


def test_an_odd_answer_opens_nothing(h: Harness) -> None:
    """An answer that does not say who can read is never taken for nobody."""
    json = {"content-type": "application/json"}
    for body in ("null", "[]", "{}", "5", '{"data": 5}', "[null]", '{"id": null}', "[{}]"):
        found = faulty(h, {"status": 200, "body": body, "headers": json})
        assert found[talk_of(h).thread].unknown, body


def faulty(h: Harness, fault: dict[str, Any]) -> dict[Thread, Audience]:
    """Who can read where the vendor's answer to that is another one."""
    talk = talk_of(h)
    if h.running is None or not h.audience_fault:
        pytest.skip(f"{h.name} asks nobody")
    h.running.fault(fault, times=20, **h.audience_fault)
    try:
        return audience(h, talk.thread)
    finally:
        h.running.desk.faults.clear()


def test_what_is_not_there_is_unknown(h: Harness) -> None:
    """Of a deleted item nobody knows who can read it, or its place says so; it is no error."""
    if h.delete is None:
        pytest.skip(f"{h.name} deletes nothing")
    talk, gone = talk_of(h), thread(h)
    h.delete(gone.id)
    found = audience(h, gone, talk.thread)
    assert found.keys() == {gone, talk.thread}
    assert found[talk.thread] == Audience()


def test_a_place_is_looked_at_once(h: Harness) -> None:
    """Several threads in one place cost no more than one, but for what each has of its own."""
    talk = talk_of(h)
    threads = [talk.thread, thread(h), thread(h)]
    before = h.requests()
    audience(h, threads[0])
    one = h.requests() - before
    audience(h, *threads)
    assert h.requests() - before - one <= one + 2 * h.own_audience


def test_it_is_looked_at_each_time(h: Harness) -> None:
    """An adapter that has looked before sees who came since."""
    talk = talk_of(h)
    change = talk.invite_guest or talk.make_public
    if change is None:
        pytest.skip(f"{h.name} is always among itself")
    known = h.adapter.audience(h.scope, [talk.thread])  # type: ignore[attr-defined]
    assert known == {talk.thread: Audience()}
    change()
    found = h.adapter.audience(h.scope, [talk.thread])  # type: ignore[attr-defined]
    assert found[talk.thread] != Audience()
