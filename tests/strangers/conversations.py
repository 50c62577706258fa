"""Conversations of strangers with the service: they by their client, it by its own adapter."""

from collections.abc import Callable
from typing import Any, Final

from syncer.model.comments import Audience, Mention, Thread
from tests.strangers.listening import Listener, listening
from tests.strangers.stage import Stage

_TRAP: Final = "@board @card [free](https://evil.example) https://evil.example"


def asana(
    stage: Stage, place: dict[str, str], project: str, task: str, act: Callable[..., Any]
) -> None:
    """The service asks, people answer with their client, a guest comes and goes."""
    users = stage.stand["asana"]["users"]
    anna = Mention(users["anna"]["id"], "Anna")
    where = {"workspace": place["workspace"], "projects": [project]}
    with listening(stage, "asana", where, Thread("task", task, project), paid=True) as ours:
        ours.poll()
        asked = ours.say("k7f3q2", anna, "https://app.asana.com/0/profile/" + users["ben"]["id"])
        there = act("talk.answers", who="anna", other="tom", task=task, asked=asked)
        authors = {gid: users[name]["id"] for gid, name in there}
        heard = {comment.id: comment for comment in ours.poll()}
        ours.same("who was heard", authors | {asked: users["syncer"]["id"]},
                  {gid: comment.by for gid, comment in heard.items()})  # fmt: skip
        words = [heard[gid].text for gid, _ in there]
        ours.same("what they said", ["approve", "Ask @Anna Brandt & me"], words)
        ours.same("which is ours", {asked: "k7f3q2"},
                  {gid: c.ref for gid, c in heard.items() if c.ref})  # fmt: skip
        ours.same("read, it is the same", set(heard), set(ours.read()) & set(heard))
        ours.same("nothing more was said", [], ours.poll())
        told = stage.control("asana", "notified", task=task)["mentioned"]
        ours.same("Ben was not called", False, users["ben"]["id"] in told)
        ours.say("k7f3q2", anna, "24 July", asked)
        act("talk.rewritten", who="tom", task=task, asked=asked, words="24 July")
        ours.same("among themselves", Audience(), ours.audience())
        guest = act("talk.invited", who="maya", place=place, email="gil@guest.example")
        ours.same(
            "a guest of the team reads along", [guest], [p.id for p in ours.audience().guests]
        )
        act("talk.shared", who="maya", project=project, member=place["team"])
        ours.same("and as one of a team that is a member", [guest],
                  [p.id for p in ours.audience().guests])  # fmt: skip
        act("talk.unshared", who="maya", project=project, member=place["team"])
        ours.same("among themselves again", Audience(), ours.audience())
        stage.strangers["asana"].promises += ours.kept


def trello(stage: Stage, workspace: str, act: Callable[..., Any]) -> None:
    """The service asks, people answer with their client, a guest comes and goes."""
    users = stage.stand["trello"]["users"]
    room = act("talk.room", who="maya", other="tom", workspace=workspace)
    card, tom = room["card"], Mention(users["tom"]["id"], "Tom")
    thread = Thread("card", card, room["board"])
    with listening(stage, "trello", {"boards": [room["board"]]}, thread) as ours:
        ours.poll()
        asked = ours.say("k7f3q2", tom, _TRAP)
        there = act("talk.answers", who="tom", other="maya", card=card, asked=asked)
        heard = {comment.id: comment for comment in ours.poll()}
        authors = {id: users[name]["id"] for id, name in there}
        ours.same("who was heard", authors | {asked: users["syncer"]["id"]},
                  {id: comment.by for id, comment in heard.items()})  # fmt: skip
        ours.same("what they said", ["approve", "Ask them & me\n> approve"],
                  [heard[id].text for id, _ in there])  # fmt: skip
        ours.same("which is ours", {asked: "k7f3q2"},
                  {id: comment.ref for id, comment in heard.items() if comment.ref})  # fmt: skip
        ours.same("what we asked", f"somebody asks for {_TRAP}",
                  heard[asked].text.partition(": ")[2])  # fmt: skip
        ours.same("read, it is the same", set(heard), set(ours.read()))
        ours.same("nothing more was said", [], ours.poll())
        ours.say("k7f3q2", tom, "24 July", asked)
        act("talk.rewritten", who="tom", card=card, asked=asked, words="24 July")
        ours.same(
            "Tom was told once", ["mentionedOnCard"], act("talk.told", who="tom", asked=asked)
        )
        ours.same("Maya was not", [], act("talk.told", who="maya", asked=asked))
        _guest(ours, act, room["board"], users["anna"]["id"])
        stage.strangers["trello"].promises += ours.kept


def _guest(ours: Listener, act: Callable[..., Any], board: str, guest: str) -> None:
    ours.same("among themselves", Audience(), ours.audience())
    act("talk.opened", who="maya", other="anna", board=board)
    ours.same("a guest reads along", [guest], [p.id for p in ours.audience().guests])
    act("talk.closed", who="maya", other="anna", board=board)
    ours.same("among themselves again", Audience(), ours.audience())
