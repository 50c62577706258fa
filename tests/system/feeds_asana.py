"""How Asana's feed fails: tokens, events that are lost or late, times that do not move."""

from datetime import timedelta
from typing import Any

from tests.system.feeds import CLIENT, OTHER, PROJECT, Feeds, way

UNKNOWN = "somebody unknown"


def section(feeds: Feeds, name: str) -> str:
    """The gid of a section of the project."""
    store = feeds.box("asana").store
    rows = store.sections(feeds.id("asana", PROJECT, "project"))
    return str(next(row["gid"] for row in rows if row["name"] == name))


def move(feeds: Feeds, title: str, to: str, who: str = "maya") -> None:
    """Somebody drags a task into another section: its ``modified_at`` stays."""
    task = feeds.id("asana", title)
    feeds.call("asana", who, "POST", f"/sections/{section(feeds, to)}/addTask", {"task": task})


def lists(feeds: Feeds) -> list[tuple[str, bool]]:
    """(project, whole) of every listing of tasks since the last look."""
    rows = [row for row in feeds.running["asana"].requests if row["user"] == "syncer"]
    found: list[Any] = [row["query"] for row in rows if str(row["path"]).endswith("/tasks")]
    return [(str(q["project"]), "modified_since" not in q) for q in found if "project" in q]


def status(feeds: Feeds, title: str) -> Any:
    """What is agreed about how far a task is."""
    return feeds.record(CLIENT, title)[0].value("status")


@way("asana", "a token that Asana does not know", "6.1")
def unknown_token(feeds: Feeds) -> None:
    """412: that project alone is listed whole, once; edits and deletions of the gap are found."""
    title, gone = feeds.task(), feeds.task()
    project = feeds.id("asana", PROJECT, "project")
    cursor = feeds.store.cursors(CLIENT, "asana")[project]
    feeds.box("asana").store.tokens.pop(cursor["sync"])
    feeds.edit("asana", "maya", CLIENT, title, due="2027-03-04")
    feeds.call("asana", "maya", "DELETE", f"/tasks/{feeds.id('asana', gone)}")
    feeds.forget()
    feeds.cycle()
    other = feeds.id("asana", OTHER, "project")
    assert sorted(lists(feeds)) == sorted([(project, True), (other, False)])
    feeds.in_step(title, asana=("due", "2027-03-04"), trello=("due", "2027-03-04T17:00:00.000Z"))
    assert feeds.told(title, "deadline") == [("maya", "taken")]
    assert feeds.told(gone, "existence") == [(UNKNOWN, "proposed")]
    feeds.forget()
    feeds.settle()
    assert lists(feeds) != []
    assert not any(whole for _, whole in lists(feeds))


@way("asana", "a token older than 24 hours", "6.1")
def old_token(feeds: Feeds) -> None:
    """After a quiet weekend each project is listed once, and who edited is known all the same."""
    title = feeds.task()
    feeds.cycle()
    move(feeds, title, "Doing")
    feeds.later(hours=25)
    feeds.forget()
    report = feeds.cycle()
    assert not report.full
    assert sorted(whole for _, whole in lists(feeds)) == [True, True]
    assert feeds.told(title, "status") == [("maya", "taken")]
    feeds.settle()


@way("asana", "an event that is lost", "6.1: at most once")
def lost_event(feeds: Feeds) -> None:
    """A move between sections of which no event tells: found later, with its editor."""
    title = feeds.task()
    feeds.later(minutes=10)
    feeds.cycle()
    feeds.box("asana").tuning.losing = True
    move(feeds, title, "Review")
    feeds.box("asana").tuning.losing = False
    feeds.later(minutes=5)
    feeds.cycle()
    assert status(feeds, title) == "todo"
    feeds.healed(1)
    assert status(feeds, title) == "review"
    assert feeds.told(title, "status") == [("maya", "taken")]
    feeds.settle()


@way("asana", "a deletion whose event is lost", "6.2: blind to deletions")
def lost_deletion(feeds: Feeds) -> None:
    """Only a complete listing shows it; nobody is named, so it is proposed, and nothing spreads."""
    title = feeds.task()
    feeds.cycle()
    feeds.box("asana").tuning.losing = True
    feeds.call("asana", "maya", "DELETE", f"/tasks/{feeds.id('asana', title)}")
    feeds.box("asana").tuning.losing = False
    feeds.later(minutes=5)
    feeds.cycle()
    assert feeds.told(title, "existence") == []
    feeds.healed(1)
    assert feeds.told(title, "existence") == [(UNKNOWN, "proposed")]
    assert feeds.existence("trello", title) == "present"
    feeds.settle()


@way("asana", "a removal from the project whose event is lost", "6.2: blind to removals")
def lost_removal(feeds: Feeds) -> None:
    """No listing tells it from a deletion: proposed as nobody's, and nothing spreads."""
    title = feeds.task()
    task, project = feeds.id("asana", title), feeds.id("asana", PROJECT, "project")
    feeds.cycle()
    feeds.box("asana").tuning.losing = True
    feeds.call("asana", "maya", "POST", f"/tasks/{task}/removeProject", {"project": project})
    feeds.box("asana").tuning.losing = False
    feeds.later(minutes=5)
    feeds.cycle()
    feeds.healed(1)
    assert feeds.told(title, "existence") == [(UNKNOWN, "proposed")]
    assert feeds.existence("trello", title) == "present"
    feeds.settle()


@way("asana", "a project's own field whose event is lost", "4.2: no history, 6.1")
def lost_project_event(feeds: Feeds) -> None:
    """Projects have no stories: the edit is found, and held as nobody's."""
    project = feeds.id("asana", OTHER, "project")
    feeds.cycle()
    feeds.box("asana").tuning.losing = True
    feeds.call("asana", "maya", "PUT", f"/projects/{project}", {"due_on": "2027-04-09"})
    feeds.box("asana").tuning.losing = False
    feeds.later(minutes=5)
    feeds.healed(1)
    assert feeds.told(OTHER, "deadline", "project") == [(UNKNOWN, "proposed")]
    feeds.settle()


@way("asana", "events that come late", "6.1: mostly under ten minutes")
def late_events(feeds: Feeds) -> None:
    """Ten minutes late, in the next poll after that: once, with editor and time."""
    title, tuning = feeds.task(), feeds.box("asana").tuning
    feeds.cycle()
    tuning.delay = timedelta(minutes=10)
    move(feeds, title, "Doing", "tom")
    feeds.later(minutes=5)
    feeds.cycle()
    assert feeds.told(title, "status") == []
    feeds.later(minutes=6)
    feeds.cycle()
    assert feeds.told(title, "status") == [("tom", "taken")]
    feeds.later(minutes=11)
    feeds.settle()
    tuning.delay = timedelta(0)


@way("asana", "more events than one answer holds", "6.1: 100 a token, has_more")
def many_events(feeds: Feeds) -> None:
    """Two hundred and more events between two polls: the first of them counts like the last."""
    first, busy = feeds.task(), feeds.task()
    feeds.cycle()
    feeds.edit("asana", "maya", CLIENT, first, due="2027-05-06")
    store = feeds.box("asana").store
    task, anna = store.find("task", feeds.id("asana", busy)), feeds.box("asana").users["anna"].id
    for _ in range(260):
        store.happen(anna, task, "changed", change={"field": "liked", "action": "changed"})
    feeds.forget()
    feeds.cycle()
    asked = [path for _, path in feeds.requests("asana") if path.endswith("/events")]
    assert len(asked) == 3 + 1
    assert feeds.told(first, "deadline") == [("maya", "taken")]
    feeds.settle()


@way("asana", "a change exactly at the cursor", "6.2: inclusive")
def at_the_cursor(feeds: Feeds) -> None:
    """The very millisecond at which the last poll ended, and no event of it: found by the next."""
    title = feeds.task()
    feeds.cycle()
    cursor = feeds.store.cursors(CLIENT, "asana")[feeds.id("asana", PROJECT, "project")]
    feeds.box("asana").tuning.losing = True
    feeds.edit("asana", "maya", CLIENT, title, due="2027-06-07")
    feeds.box("asana").tuning.losing = False
    feeds.box("asana").store.things[feeds.id("asana", title)]["modified_at"] = cursor["since"]
    feeds.cycle()
    assert feeds.told(title, "deadline") == [("maya", "taken")]
    feeds.settle()


@way("asana", "the same change told twice", "6.2: overlap")
def told_twice(feeds: Feeds) -> None:
    """The overlap shows an edit again, by then with another one: each is judged once."""
    title = feeds.task()
    feeds.cycle()
    feeds.edit("asana", "maya", CLIENT, title, due="2027-07-08")
    feeds.cycle()
    old = feeds.store.cursors(CLIENT, "asana")
    feeds.edit("asana", "tom", CLIENT, title, due="2027-07-09")
    feeds.cycle()
    with feeds.store.transaction() as tx:
        tx.put_cursors(CLIENT, "asana", old)
    feeds.cycle()
    assert feeds.told(title, "deadline") == [("maya", "taken"), ("tom", "taken")]
    feeds.settle()


WAYS = (
    unknown_token,
    old_token,
    lost_event,
    lost_deletion,
    lost_removal,
    lost_project_event,
    late_events,
    many_events,
    at_the_cursor,
    told_twice,
)
