"""Comments of cards: written, rewritten, looked up, and heard in the feed of a board."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.trello import actions, feed, hearing
from adapters.trello.adapter import TrelloAdapter
from adapters.trello.comments import said
from syncer.model.comments import Comment, Mention, Message, Paragraph, Post, Thread, ToDo, Words
from syncer.model.remote import Catalogue, Result
from tests.adapters.trello.driving import Desk, Pulled

_refs = count(1)
NOW = datetime.now(UTC)


@dataclass
class Talk:
    """A board on which people speak, as one adapter hears it poll after poll."""

    desk: Desk
    adapter: TrelloAdapter
    known: Catalogue
    thread: Thread
    cursors: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    def poll(self, *threads: Thread, **more: Any) -> Pulled:
        """What is heard since the last poll, under these threads or the usual one."""
        pulled = self.desk.pull(
            self.cursors, known=self.known, adapter=self.adapter,
            threads=threads or [self.thread], **more,
        )  # fmt: skip
        self.cursors = pulled.cursors
        return pulled

    def quiet(self, **more: Any) -> Pulled:
        """A poll that asks after no comments."""
        pulled = self.desk.pull(self.cursors, known=self.known, adapter=self.adapter, **more)
        self.cursors = pulled.cursors
        return pulled

    def say(self, text: str, who: str = "maya", thread: Thread | None = None) -> str:
        return self.desk.say(who, thread or self.thread, text)

    def edit(self, id: str, text: str, who: str = "maya") -> None:
        self.desk.as_(who).put(f"/actions/{id}", {"text": text})

    def post(self, *parts: Any, **more: Any) -> Post:
        message = Message((Paragraph(parts or (Words("Something waits."),)),))
        return Post(
            **({"ref": f"r{next(_refs)}", "thread": self.thread, "message": message} | more)
        )

    def write(self, *parts: Any, **more: Any) -> Any:
        [posted] = self.adapter.comment([self.post(*parts, **more)], self.known)
        return posted

    def requests(self, act: Any) -> list[str]:
        """What the adapter sends for something."""
        before = len(self.desk.running.requests)
        act()
        return self.desk.sent(before)


@pytest.fixture
def talk(desk: Desk) -> Talk:
    talk = Talk(desk, desk.adapter(), desk.catalogue(), desk.thread("Sitemap"))
    talk.quiet()
    return talk


def texts(comments: list[Comment]) -> list[str]:
    return [comment.text for comment in comments]


def test_cards_take_comments_and_boards_do_not(talk: Talk) -> None:
    """The catalogue says so, and a comment on a board is refused without a request."""
    objects = talk.known.objects
    assert (objects["card"].comments, objects["board"].comments) == (True, False)
    board = Thread("board", talk.desk.board())
    assert talk.requests(lambda: talk.write(thread=board)) == []
    assert talk.write(thread=board).result is Result.REFUSED
    assigned = talk.write(to_do=ToDo(talk.desk.id_of("maya"), "Answer"))
    assert (assigned.result, talk.desk.sandbox.notified(talk.thread.id)) == (Result.REFUSED, [])


def test_a_comment_is_one_request_and_names_cost_one_for_a_board(talk: Talk) -> None:
    """Who is on a board is asked once, for the first person mentioned there."""
    maya, tom = (Mention(talk.desk.id_of(who), who) for who in ("maya", "tom"))
    path = f"POST /1/cards/{talk.thread.id}/actions/comments"
    names = f"GET /1/boards/{talk.desk.board()}/memberships"
    assert talk.requests(talk.write) == [path]
    assert talk.requests(lambda: talk.write(maya)) == [names, path]
    assert talk.requests(lambda: talk.write(tom, Words(" and "), maya)) == [path]
    assert talk.desk.sandbox.notified(talk.thread.id) == ["maya", "tom"]


def test_who_is_not_on_the_board_is_named_and_the_outcome_says_so(talk: Talk) -> None:
    """Trello notifies members of the board only: others are called by name, and that is told."""
    freya = Mention(talk.desk.id_of("freya"), "Freya Holm")
    posted = talk.write(freya, Words(", please look."))
    assert (posted.result, posted.reason) == (
        Result.DONE, "not on the board, so not notified: Freya Holm",
    )  # fmt: skip
    assert texts(talk.poll().comments) == ["@Freya Holm, please look."]
    path = f"/boards/{talk.desk.board()}/members/{freya.id}"
    talk.desk.as_("maya").put(path, {"type": "normal"})
    assert talk.write(freya).reason == ""
    assert talk.desk.sandbox.notified(talk.thread.id) == ["freya"]


def test_the_board_of_a_thread_is_looked_up_where_it_is_not_known(talk: Talk) -> None:
    """A thread without its container can mention people as well."""
    bare = Thread("card", talk.thread.id)
    talk.write(Mention(talk.desk.id_of("maya"), "Maya"), thread=bare)
    assert talk.desk.sandbox.notified(talk.thread.id) == ["maya"]


def test_a_comment_that_was_deleted_is_said_again(talk: Talk) -> None:
    """An own comment that is to say something new but was taken away is written anew."""
    one = talk.post(Words("First"))
    [posted] = talk.adapter.comment([one], talk.known)
    talk.desk.as_("syncer").delete(f"/actions/{posted.comment}")
    [again] = talk.adapter.comment([replace(one, comment=posted.comment)], talk.known)
    assert again.result is Result.DONE
    assert again.comment != posted.comment
    [comment] = talk.adapter.comments([talk.thread], NOW - timedelta(days=1), talk.known)
    assert (comment.id, comment.ref) == (again.comment, one.ref)


def test_nobody_elses_comment_is_rewritten(talk: Talk) -> None:
    """Only its author can edit a comment: Trello refuses, and what a person said stays."""
    theirs = talk.say("approve")
    assert talk.write(Words("Mine"), comment=theirs).result is Result.REFUSED
    assert texts(talk.poll().comments) == ["approve"]


def test_where_comments_are_switched_off_they_are_refused(talk: Talk) -> None:
    """A board's setting may forbid comments; the outcome is a refusal with Trello's words."""
    talk.desk.as_("maya").put(f"/boards/{talk.desk.board()}", {"prefs/comments": "disabled"})
    posted = talk.write()
    assert posted.result is Result.REFUSED
    assert "permission" in posted.reason


def test_comments_cost_no_request_and_are_asked_for_only_where_somebody_listens(
    talk: Talk,
) -> None:
    """An idle poll is one request with threads as without; without, comments are not asked for."""
    board = f"GET /1/boards/{talk.desk.board()}"
    before = len(talk.desk.running.requests)
    assert talk.requests(talk.quiet) == [board]
    assert talk.requests(talk.poll) == [board]
    elsewhere = Thread("card", "f" * 24, "e" * 24)
    assert talk.requests(lambda: talk.poll(elsewhere)) == [board]
    log = talk.desk.running.requests[before:]
    asked = ["commentCard" in str(r["query"]) for r in log]
    assert asked == [False, True, False]


def test_each_comment_is_told_once(talk: Talk) -> None:
    """Polls overlap by a quarter of an hour; what was told is not told again, a late one is."""
    talk.poll()
    talk.say("one")
    assert texts(talk.poll().comments) == ["one"]
    talk.say("two")
    assert texts(talk.poll().comments) == ["two"]
    assert talk.poll().comments == []
    talk.desk.sandbox.tuning.delay = timedelta(minutes=3)
    talk.say("late")
    assert talk.poll().comments == []
    talk.desk.later(minutes=4)
    assert texts(talk.poll().comments) == ["late"]
    assert texts(talk.poll(full=True).comments) == []


def test_an_edited_comment_is_told_again_with_its_time(talk: Talk) -> None:
    """A comment that was changed soon after it was made is told anew, as it reads now."""
    talk.poll()
    id = talk.say("aprove")
    [first] = talk.poll().comments
    assert first.edited_at is None
    talk.edit(id, "approve")
    [second] = talk.poll().comments
    assert (second.id, second.text, second.at) == (id, "approve", first.at)
    assert second.edited_at is not None
    assert second.edited_at > second.at
    assert talk.poll().comments == []


def test_a_late_edit_is_heard_by_a_full_compare(talk: Talk) -> None:
    """Trello lists comments by when they were made: later edits show within a day, in full."""
    talk.poll()
    id = talk.say("aprove")
    talk.poll()
    talk.desk.later(hours=2)
    talk.poll()
    talk.edit(id, "approve")
    assert talk.poll().comments == []
    assert texts(talk.poll(full=True).comments) == ["approve"]


def test_a_deleted_comment_is_not_told(talk: Talk) -> None:
    """What a person took back before it was heard was not said."""
    talk.poll()
    id = talk.say("decline")
    talk.desk.as_("maya").delete(f"/actions/{id}")
    assert talk.poll().comments == []


def test_threads_come_and_go(talk: Talk) -> None:
    """What was said while nobody listened is told from the moment that is asked for."""
    talk.poll()
    talk.say("heard")
    talk.poll()
    at = talk.desk.sandbox.now()
    talk.quiet()
    talk.desk.later(hours=1)
    talk.say("unheard")
    talk.quiet()
    talk.desk.later(hours=1)
    talk.quiet()
    assert texts(talk.poll(since=at).comments) == ["heard", "unheard"]
    assert talk.poll(since=at).comments == []


def test_a_card_that_changed_boards_is_heard_there(talk: Talk) -> None:
    """What is said on a card after it went to another board of the scope is told, once."""
    desk = talk.desk
    home = desk.sandbox.scope_of("bakery")["workspace"]
    body = {"name": "Second board", "idOrganization": home, "prefs_permissionLevel": "org"}
    other = desk.as_("maya").post("/boards", body).json()["id"]
    talk.known = desk.catalogue()
    place = {"idList": next(iter(desk.lists(other).values())), "name": "There"}
    there = desk.as_("maya").post("/cards", place)
    listened = Thread("card", there.json()["id"], other)
    talk.poll(talk.thread, listened)
    desk.as_("maya").put(f"/cards/{talk.thread.id}", {"idBoard": other})
    talk.say("approve")
    told = talk.poll(talk.thread, listened).comments
    assert [(c.text, c.thread) for c in told] == [("approve", talk.thread)]
    assert talk.poll(replace(talk.thread, container=other), listened).comments == []


def test_a_first_look_at_a_busy_board_misses_nothing(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where more happened than one answer holds, comments are paged back to the moment asked for."""
    for text in ("one", "two", "three"):
        talk.say(text)
    for number in range(8):
        talk.desk.as_("maya").post(
            "/cards", {"idList": talk.desk.lists()["To do"], "name": f"{number}"}
        )
    at = talk.desk.sandbox.now() - timedelta(minutes=5)
    for module in (hearing, feed):
        monkeypatch.setattr(module, "MOST", 4)
    monkeypatch.setitem(feed._ACTIONS, "actions_limit", "4")
    talk.cursors = {}
    assert sorted(texts(talk.poll(since=at).comments)) == ["one", "three", "two"]


def test_the_account_of_the_service_is_asked_for_once_and_only_for_a_mark(talk: Talk) -> None:
    """Whose a mark is costs one request in a lifetime; comments of people cost none."""
    talk.poll()
    talk.say("Hm.")
    assert len(talk.requests(talk.poll)) == 1
    talk.write()
    assert len(talk.requests(talk.poll)) == 2
    talk.write()
    assert len(talk.requests(talk.poll)) == 1


def test_robots_speak_as_robots(talk: Talk) -> None:
    """What Trello's automation says is no person's answer."""
    talk.poll()
    talk.say("approve", who="butler")
    [comment] = talk.poll().comments
    assert (comment.by, comment.automation) == (None, "Butler")


@pytest.mark.parametrize(
    "data", [{}, {"text": None}, {"text": 5}, {"text": "", "dateLastEdited": "soon"}]
)
def test_odd_comments_are_read_as_far_as_they_go(data: dict[str, Any]) -> None:
    """A comment without a text, or with an edit at no time, is told with what can be read."""
    entry = {"id": "6b02a2981768c21fc40000a1", "type": "commentCard", "data": data}
    [action] = actions.read([entry | {"date": "2026-11-01T08:00:00.000Z"}])
    comment = said(action, Thread("card", "c"), lambda: "me")
    assert (comment.id, comment.text, comment.edited_at) == (entry["id"], "", None)
    assert (comment.by, comment.automation) == (None, None)
