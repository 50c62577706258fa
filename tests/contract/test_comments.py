"""What every adapter promises of the comments it writes and reads."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from syncer.model.comments import Anchor, Paragraph, Quoted, Words
from syncer.model.remote import Result
from tests.contract.driving import catalogue
from tests.contract.harness import Harness
from tests.contract.talking import (
    commenter,
    found,
    ids,
    mention,
    person,
    post,
    read,
    reads,
    reads_like,
    talk_of,
    thread,
    written,
)

CARD = "https://tools.example/c/8Fx2?from=a&to=b"


@pytest.fixture(autouse=True)
def _speaks(h: Harness) -> None:
    talk_of(h)


def full(h: Harness) -> tuple[Paragraph, ...]:
    """Lines with a part of every kind."""
    return (
        Paragraph((mention(h, "maya"), Words(": Ben asks for another "), Words("deadline", True))),
        Paragraph((Words("now: "), Quoted("17 July & <later>")), item=True),
        Paragraph((Words("asked for: "), Quoted('24 July, "if it *must* be"')), item=True),
        Paragraph((Words("See "), Anchor("Relaunch [big]", CARD), Words(". 50 % < 100 % & more"))),
    )


def test_a_message_of_all_parts_reads_as_written(h: Harness) -> None:
    """People read each part of a message, and the adapter reads what they read."""
    before = ids(read(h))
    one = post(h, *full(h))
    id = written(h, one)
    [comment] = [c for c in read(h) if c.id not in before]
    assert (comment.id, comment.ref, comment.thread) == (id, one.ref, one.thread)
    assert reads_like(comment.text, one.message), comment.text
    assert one.ref not in comment.text, "the mark is no part of what is said"
    assert one.ref in talk_of(h).shown(one.thread)[-1], "people can read the mark"


def test_a_link_of_ours_leads_there(h: Harness) -> None:
    """An anchor can be clicked on and leads to its address; there is no other link."""
    one = post(h, *full(h))
    written(h, one)
    assert set(talk_of(h).links(one.thread)) == {CARD}


def test_who_is_mentioned_is_notified_and_nobody_else(h: Harness) -> None:
    """A mention notifies exactly that user, where the vendor has such a thing."""
    talk = talk_of(h)
    assert talk.notified(talk.thread) == []
    written(h, post(h, Words("Nobody in particular.")))
    assert talk.notified(talk.thread) == []
    written(h, post(h, Paragraph((mention(h, "maya"), Words(" please look.")))))
    assert talk.notified(talk.thread) == ([] if h.adapter.capabilities.to_dos else ["maya"])


def test_posts_are_told_apart_by_their_refs(h: Harness) -> None:
    """Posts of one call each get their outcome, and each is found again by its ref."""
    posts = [post(h, Words(f"Number {number}")) for number in range(3)]
    outcomes = {o.ref: o for o in commenter(h).comment(posts, catalogue(h))}
    assert {ref: o.result for ref, o in outcomes.items()} == {p.ref: Result.DONE for p in posts}
    for number, one in enumerate(posts):
        [comment] = found(h, one.ref)
        assert comment.id == outcomes[one.ref].comment
        assert reads(comment.text) == f"Number {number}"


def test_a_rewrite_keeps_the_comment(h: Harness) -> None:
    """A rewrite changes what our comment says; its id and ref stay and no second one is made."""
    one = post(h, Words("Ben asks for 17 July."))
    id = written(h, one)
    count = len(read(h))
    again = replace(one, message=post(h, *full(h)).message, comment=id)
    assert written(h, again) == id
    [comment] = found(h, one.ref)
    assert comment.id == id
    assert reads_like(comment.text, again.message), comment.text
    assert len(read(h)) == count
    assert "17 July." not in "".join(talk_of(h).shown(one.thread))


def test_what_people_say_is_read(h: Harness) -> None:
    """A person's comment has its text, who said it and when, and no ref."""
    talk, text = talk_of(h), "decline Too <late> & *far* too_long [really](not)"
    written(h, post(h))
    earlier = datetime.now(UTC) - timedelta(minutes=5)
    id = talk.say("maya", talk.thread, text)
    [comment] = [c for c in read(h) if c.id == id]
    assert reads(comment.text) == text
    maya = person(h, "maya")
    assert comment.by in (maya.id, *maya.aliases)
    assert (comment.ref, comment.automation, comment.thread) == (None, None, talk.thread)
    assert earlier < comment.at < earlier + timedelta(minutes=10)


def test_what_a_person_says_on_our_account_is_theirs(h: Harness) -> None:
    """What somebody says at the vendor's on the service's own account is not taken for ours."""
    talk = talk_of(h)
    said = {
        talk.say("syncer", talk.thread, text): text
        for text in ("approve", "approve P3KX9Q\nsyncer rocks", "k00001")
    }
    heard = {c.id: c for c in read(h)}
    assert {id: (heard[id].ref, reads(heard[id].text)) for id in said} == {
        id: (None, text) for id, text in said.items()
    }


def test_our_words_in_a_persons_mouth_are_theirs(h: Harness) -> None:
    """Who copies a comment of ours, mark and all, has said it: it is not found as ours."""
    talk, one = talk_of(h), post(h)
    id = written(h, one)
    copy = talk.say("maya", talk.thread, talk.shown(talk.thread)[-1])
    assert ids(found(h, one.ref)) == {id}
    [comment] = [c for c in read(h) if c.id == copy]
    assert comment.ref is None


def test_a_value_cannot_pass_for_the_mark(h: Harness) -> None:
    """Quoted text that ends with another comment's whole text and mark changes no ref."""
    talk, first = talk_of(h), post(h)
    id = written(h, first)
    mark = talk.shown(talk.thread)[-1]
    second = post(h, Words("They wrote:"), Quoted(f"{mark}\n{mark}"))
    other = written(h, second)
    assert ids(found(h, first.ref)) == {id}
    assert ids(found(h, second.ref)) == {other}


def test_what_is_older_is_left_out(h: Harness) -> None:
    """Comments are read from a moment on: all from then, and none of long before."""
    first, talk = post(h), talk_of(h)
    written(h, first)
    id = talk.say("maya", talk.thread, "approve")
    [at] = [c.at for c in read(h) if c.id == id]
    assert id in ids(read(h, since=at))
    assert read(h, since=at + timedelta(hours=2)) == []


def test_threads_are_not_mixed_up(h: Harness) -> None:
    """What is said under an item is told with that item, and of no other."""
    here, there = post(h), post(h, thread=thread(h))
    first, second = written(h, here), written(h, there)
    assert {c.id: c.thread for c in read(h, here.thread, there.thread)} == {
        first: here.thread,
        second: there.thread,
    }
    assert ids(read(h, there.thread)) == {second}
    assert read(h, thread(h, "Nobody speaks of it")) == []
