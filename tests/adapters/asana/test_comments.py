"""Comments on tasks: what is sent, what is heard, and at which cost."""

import re
from datetime import timedelta

from adapters.asana.wording import LONGEST
from syncer.model.comments import Message, Paragraph, Post, Quoted, ToDo, Words
from syncer.model.remote import Result
from tests.adapters.asana.bench import Bench
from tests.adapters.asana.talking import heard, mention, poll, post_on, say, thread_of, told


def costs(bench: Bench, before: int) -> list[str]:
    """The requests since then that are not part of every poll."""
    usual = ("GET /events", "GET /tasks", "GET /teams", "GET /projects", "GET /tags")
    sent = [re.sub(r"\d{5,}", "GID", line) for line in bench.sent(before)]
    return [line for line in sent if line not in usual and not line.startswith(usual[2:])]


def test_a_mention_reaches_who_did_not_follow(bench: Bench) -> None:
    """Asana tells only followers of a mention by the API: so they are made that first."""
    task = bench.make()
    before = bench.mark()
    assert told(bench, post_on(thread_of(bench, task), mention(bench, "anna"))).result == "done"
    assert bench.sandbox.notified(task) == [bench.id_of("anna")]
    assert costs(bench, before) == ["POST /tasks/GID/addFollowers", "POST /tasks/GID/stories"]


def test_without_a_mention_it_is_one_request(bench: Bench) -> None:
    """Nobody is made a follower, and only those who follow are told as always."""
    task = bench.make()
    before = bench.mark()
    told(bench, post_on(thread_of(bench, task), Words("Nobody in particular.")))
    assert costs(bench, before) == ["POST /tasks/GID/stories"]
    assert bench.sandbox.notified(task) == []
    assert bench.sandbox.notified(task, "following") == [bench.id_of("maya")]


def test_who_may_only_comment_comments(bench: Bench) -> None:
    """A commenter cannot make followers and speaks all the same; a viewer is refused."""
    task, project = bench.make(), bench.project()
    seats = bench.call("maya", "GET", "/memberships", parent=project)
    [seat] = [s["gid"] for s in seats if s["member"]["gid"] == bench.id_of("syncer")]
    bench.stored(project)["default_access_level"] = "viewer"
    outcomes = []
    for level in ("commenter", "viewer"):
        bench.call("maya", "PUT", f"/memberships/{seat}", {"access_level": level})
        outcomes.append(told(bench, post_on(thread_of(bench, task), mention(bench, "anna"))))
    assert [posted.result for posted in outcomes] == [Result.DONE, Result.REFUSED]
    assert "permission" in outcomes[-1].reason


def test_what_asana_has_no_comments_for_is_refused(bench: Bench) -> None:
    """Projects take none, and nothing is assigned to anybody; nothing is sent."""
    thread = thread_of(bench, bench.make())
    bench.catalogue()
    before = bench.mark()
    board = post_on(type(thread)("project", bench.project()), Words("x"))
    task = post_on(thread, Words("x"), to_do=ToDo(bench.id_of("maya"), "x"))
    assert {told(bench, one).result for one in (board, task)} == {Result.REFUSED}
    assert costs(bench, before) == []
    objects = bench.catalogue().objects
    assert {name: info.comments for name, info in objects.items()} == {
        "task": True,
        "project": False,
    }


def test_the_markup_is_the_vendors(bench: Bench) -> None:
    """Escaped text, a list, a real mention, an address that is whole nowhere, the mark last."""
    thread = thread_of(bench, bench.make())
    lines = (
        Paragraph((mention(bench, "anna"), Words(" "), Words("now", strong=True))),
        Paragraph((Quoted("<b> & https://app.asana.com/0/1/2"),), item=True),
        Paragraph((Quoted("a@b.example www.b.example 3.5"),), item=True),
    )
    told(bench, Post("k7f3q2", thread, Message(lines)))
    [story] = [s for s in bench.sandbox.store.all("story") if s["type"] == "comment"]
    anna = bench.id_of("anna")
    assert story["html_text"].replace("\u2060", "|") == (
        f'<body><a data-asana-gid="{anna}" data-asana-accessible="true" data-asana-type="user"'
        f' href="https://app.asana.com/0/profile/{anna}">@Anna Brandt</a> <strong>now</strong>'
        "<ul><li>&lt;b&gt; &amp; https:|//app.|asana.|com/0/1/2</li>"
        "<li>a@|b.|example www.|b.|example 3.5</li></ul>\n<em>syncer k7f3q2</em></body>"
    )


def test_what_is_too_long_is_cut_where_it_matters_least(bench: Bench) -> None:
    """Quotes give way first: how to answer is still there, and the mark."""
    thread = thread_of(bench, bench.make())
    lines = (Paragraph((Quoted("<" * LONGEST),)), Paragraph((Words("Answer `approve`."),)))
    told(bench, Post("k1", thread, Message(lines)))
    [comment] = heard(bench, thread)
    assert comment.ref == "k1"
    assert comment.text.endswith("<…\nAnswer `approve`.")
    many = tuple(Paragraph((Words("x" * 1000),)) for _ in range(100))
    told(bench, Post("k2", thread, Message(many)))
    last = heard(bench, thread)[-1]
    assert (last.ref, last.text[-3:]) == ("k2", "x\n…")


def test_mentions_read_as_people_read_them(bench: Bench) -> None:
    """The plain view of Asana has addresses where people see names; and nobody wrote by robot."""
    task = bench.make()
    profile = f"https://app.asana.com/0/profile/{bench.id_of('tom')}"
    said = say(bench, "maya", task, f"approve {profile} & thanks")
    bench.stored(said)["created_by"] = None
    [comment] = heard(bench, thread_of(bench, task))
    assert comment.text == "approve @Tom Lindqvist & thanks"
    assert (comment.by, comment.automation) == (None, "Asana")


def test_a_comment_costs_one_request(bench: Bench) -> None:
    """None when nobody spoke, one for one comment, one for several on a task."""
    task = bench.make()
    thread = thread_of(bench, task)
    _, _, cursors = poll(bench, {}, thread)
    for texts, cost in (
        ((), []),
        (("approve",), ["GET /stories/GID"]),
        (("a", "b", "c"), ["GET /tasks/GID/stories"]),
    ):
        for text in texts:
            say(bench, "maya", task, text)
        before = bench.mark()
        comments, _, cursors = poll(bench, cursors, thread)
        assert [comment.text for comment in comments] == list(texts)
        assert costs(bench, before) == [*cost]


def test_an_edit_is_told_again_with_its_time(bench: Bench) -> None:
    """When a comment was edited only events tell; what it says now is what counts."""
    task = bench.make()
    thread = thread_of(bench, task)
    said = say(bench, "maya", task, "aprove")
    _, _, cursors = poll(bench, {}, thread)
    bench.sandbox.now.advance(timedelta(hours=1))  # type: ignore[attr-defined]
    bench.call("maya", "PUT", f"/stories/{said}", {"text": "approve"})
    [comment], _, _ = poll(bench, cursors, thread)
    assert (comment.id, comment.text) == (said, "approve")
    assert comment.edited_at is not None
    assert timedelta(minutes=59) < comment.edited_at - comment.at < timedelta(minutes=61)
    assert [c.edited_at for c in heard(bench, thread)] == [None]


def test_what_was_taken_back_is_not_told(bench: Bench) -> None:
    """A comment that was deleted before the poll was never heard; the poll goes on."""
    task = bench.make()
    thread = thread_of(bench, task)
    _, _, cursors = poll(bench, {}, thread)
    bench.call("maya", "DELETE", f"/stories/{say(bench, 'maya', task, 'approve')}")
    comments, pages, _ = poll(bench, cursors, thread)
    assert comments == []
    assert any(page.done for page in pages)


def test_an_expired_token_is_made_up_for(bench: Bench) -> None:
    """Where the place in the events is lost, each thread is read from the moment asked for."""
    old, task = bench.make(), bench.make()
    threads = thread_of(bench, old), thread_of(bench, task)
    say(bench, "maya", old, "long ago")
    _, _, cursors = poll(bench, {}, *threads)
    bench.sandbox.now.advance(timedelta(hours=25))  # type: ignore[attr-defined]
    since = bench.sandbox.now()
    said = say(bench, "maya", task, "approve")
    before = bench.mark()
    comments, _, _ = poll(bench, cursors, *threads, since=since)
    assert [comment.id for comment in comments] == [said]
    assert costs(bench, before).count("GET /tasks/GID/stories") == 2


def test_a_task_that_was_moved_is_still_heard(bench: Bench) -> None:
    """A thread is known by its task: the events of the project it is in now tell of it."""
    task, other = bench.make(), bench.project("Spring campaign")
    thread = thread_of(bench, task)
    _, _, cursors = poll(bench, {}, thread)
    bench.call("maya", "POST", f"/tasks/{task}/addProject", {"project": other})
    bench.call("maya", "POST", f"/tasks/{task}/removeProject", {"project": bench.project()})
    said = say(bench, "maya", task, "approve")
    comments, _, _ = poll(bench, cursors, thread)
    assert [comment.id for comment in comments] == [said]


def test_what_hangs_on_a_task_is_not_said(bench: Bench) -> None:
    """An attachment has the type of a comment; who hangs one on has answered nothing."""
    task = bench.make()
    said = say(bench, "maya", task, "approve")
    other = bench.stored(say(bench, "maya", task, "approve.pdf"))
    other["resource_subtype"] = "attachment_added"
    assert [comment.id for comment in heard(bench, thread_of(bench, task))] == [said]
