"""Polling a project: two requests when nothing happened, and nothing missed when it did."""

from datetime import timedelta
from typing import Any

import pytest

from syncer.adapterkit.errors import AdapterError, SkipRecord, WaitAndRetry
from syncer.adapterkit.sandbox import Clock
from tests.adapters.asana.bench import Bench


def test_a_first_pull_takes_its_place_in_the_stream_first(bench: Bench) -> None:
    """Events, then the project, then its tasks: what happens during the crawl is not lost."""
    known = bench.catalogue()
    start = bench.mark()
    pulled = bench.pull(known=known)
    project = bench.project()
    assert bench.sent(start)[:3] == ["GET /events", f"GET /projects/{project}", "GET /tasks"]
    assert len(bench.sent(start)) == 3 * len(known.containers)
    assert pulled.listed == {("project", None), *(("task", id) for id in known.containers)}


def test_an_idle_poll_is_two_requests_a_project(bench: Bench) -> None:
    """One for what happened, one for what changed."""
    known = bench.catalogue()
    cursors = bench.pull(known=known).cursors
    start = bench.mark()
    again = bench.pull(cursors, known)
    assert sorted(bench.sent(start)) == ["GET /events"] * 2 + ["GET /tasks"] * 2
    assert again.listed == set()


def test_many_tasks_come_in_pages(bench: Bench) -> None:
    """A hundred tasks a page, each once, and the listing is complete only at the end."""
    for number in range(240):
        bench.make(name=f"T{number}")
    known = bench.catalogue()
    start = bench.mark()
    pulled = bench.pull(known=known)
    tasks = [r for r in pulled.records.values() if r.container == bench.project()]
    assert len(tasks) == 255
    assert bench.sent(start).count("GET /tasks") == 3 + 1


def test_subtasks_are_records_in_their_parents_project(bench: Bench) -> None:
    """Subtasks of every depth are found, one request for each parent."""
    parent = bench.task("Wireframes")
    child = bench.make(parent=parent, name="Child")
    deep = bench.make(parent=child, name="Grandchild")
    known = bench.catalogue()
    start = bench.mark()
    pulled = bench.pull(known=known)
    shown = {id: pulled.records[id] for id in (child, deep)}
    assert {record.container for record in shown.values()} == {bench.project()}
    assert [shown[id].fields["parent"] for id in (child, deep)] == [parent, child]
    assert shown[child].fields["section"] is None
    assert sum("subtasks" in line for line in bench.sent(start)) == 2


def test_a_subtask_is_followed_by_events(bench: Bench) -> None:
    """A changed subtask is in no listing of changes; the stream names it, and it is read."""
    child = bench.make(parent=bench.task("Wireframes"), name="Child")
    cursors = bench.pull().cursors
    bench.edit("anna", child, name="Renamed")
    new = bench.make(parent=child, name="Grandchild")
    poll = bench.pull(cursors)
    assert poll.records[child].fields["name"] == "Renamed"
    assert poll.records[new].container == bench.project()
    assert [c.by for c in poll.told(child, "name")][:1] == [bench.id_of("anna")]


def test_a_section_move_is_seen_though_nothing_else_moves(bench: Bench) -> None:
    """Moving a task does not make it modified; the stream tells, and the task is read."""
    task = bench.task("Wireframes")
    bench.sandbox.now.advance(timedelta(minutes=10))  # type: ignore[attr-defined]
    cursors = bench.pull().cursors
    bench.sandbox.now.advance(timedelta(minutes=10))  # type: ignore[attr-defined]
    bench.call("maya", "POST", f"/sections/{bench.section('Done')}/addTask", {"task": task})
    poll = bench.pull(cursors)
    assert poll.records[task].fields["section"] == bench.section("Done")
    assert bench.id_of("maya") in {change.by for change in poll.told(task, "section")}


def test_a_deletion_names_who_did_it(bench: Bench) -> None:
    """A deleted task is gone, with time and person; taken out of the trash it is back."""
    from adapters.asana.sandbox.api import Api
    from adapters.asana.sandbox.tasks import undelete

    task = bench.task("Wireframes")
    cursors = bench.pull().cursors
    bench.call("tom", "DELETE", f"/tasks/{task}")
    poll = bench.pull(cursors)
    gone = poll.gone[task]
    assert (gone.by, gone.moved) == (bench.id_of("tom"), False)
    assert gone.at is not None
    assert task not in poll.records
    undelete(Api(bench.sandbox.store, _Request(bench)), bench.stored(task))  # type: ignore[arg-type]
    back = bench.pull(poll.cursors)
    assert back.gone == {}
    assert back.records[task].fields["name"] == "Wireframes"


class _Request:
    def __init__(self, bench: Bench) -> None:
        self.user = bench.sandbox.users["tom"]


def test_a_task_that_leaves_the_scope_has_moved(bench: Bench) -> None:
    """Removed from its project a task is gone from here, not deleted."""
    task = bench.task("Wireframes")
    cursors = bench.pull().cursors
    bench.call("maya", "POST", f"/tasks/{task}/removeProject", {"project": bench.project()})
    gone = bench.pull(cursors).gone[task]
    assert gone.moved


def test_a_task_in_two_projects_counts_in_the_older(bench: Bench) -> None:
    """A task of several projects is one record; it follows when it leaves the first."""
    task, other = bench.task("Wireframes"), bench.project("Spring campaign")
    bench.call("maya", "POST", f"/tasks/{task}/addProject", {"project": other})
    pulled = bench.pull()
    assert pulled.records[task].container == bench.project()
    assert pulled.records[task].fields["section"] == bench.section("Review")
    bench.call("maya", "POST", f"/tasks/{task}/removeProject", {"project": bench.project()})
    poll = bench.pull(pulled.cursors)
    assert poll.records[task].container == other
    assert poll.records[task].fields["project"] == other


@pytest.mark.parametrize("how", ["old", "unknown"])
def test_a_lost_place_lists_everything(bench: Bench, how: str) -> None:
    """A token that is too old, or not good, is no error: the whole project is listed again."""
    known = bench.catalogue()
    cursors = bench.pull(known=known).cursors
    if how == "old":
        bench.sandbox.now.advance(timedelta(hours=25))  # type: ignore[attr-defined]
    else:
        bench.sandbox.store.tokens.clear()
    bench.edit("anna", bench.task("Wireframes"), name="Renamed")
    poll = bench.pull(cursors, known)
    assert poll.listed == {("project", None), *(("task", id) for id in known.containers)}
    assert poll.records[bench.task("Renamed")].fields["name"] == "Renamed"
    later = bench.pull(poll.cursors, known)
    assert later.listed == set()


def test_more_events_than_a_page_holds_are_all_read(bench: Bench) -> None:
    """A hundred events come for a token; the rest is asked for at once."""
    known = bench.catalogue()
    cursors = bench.pull(known=known).cursors
    task = bench.task("Wireframes")
    for number in range(60):
        bench.edit("maya", task, name=f"Name {number}")
    start = bench.mark()
    poll = bench.pull(cursors, known)
    assert len(poll.told(task, "name")) == 60  # one each, though there is a story of it too
    assert bench.sent(start).count("GET /events") == 2 + 1


def test_events_may_come_late(bench: Bench) -> None:
    """What the stream tells a minute later is read then, and by its own time."""
    bench.sandbox.tuning.delay = timedelta(minutes=1)
    child = bench.make(parent=bench.task("Wireframes"), name="Child")
    bench.sandbox.now.advance(timedelta(minutes=2))  # type: ignore[attr-defined]
    cursors = bench.pull().cursors
    bench.edit("anna", child, name="Late")
    soon = bench.pull(cursors)
    assert child not in soon.records
    bench.sandbox.now.advance(timedelta(minutes=2))  # type: ignore[attr-defined]
    assert bench.pull(soon.cursors).records[child].fields["name"] == "Late"


def test_a_deleted_project_is_gone(bench: Bench) -> None:
    """The stream says who deleted a project; later it is simply not there."""
    known = bench.catalogue()
    cursors = bench.pull(known=known).cursors
    gone = bench.project("Spring campaign")
    bench.call("tom", "DELETE", f"/projects/{gone}")
    assert bench.pull(known=known).gone[gone].object == "project"
    assert bench.pull(cursors, known).gone[gone].object == "project"


def test_a_hidden_project_stops_no_other(bench: Bench) -> None:
    """A project that we may no longer see is left out; absence means nothing then."""
    known = bench.catalogue()
    hidden = bench.project()
    bench.running.fault({"status": 403}, times=9, path=f"/projects/{hidden}$")
    bench.running.fault({"status": 403}, times=1, path="/events$")
    pulled = bench.pull(known=known)
    assert ("project", None) not in pulled.listed
    assert ("task", bench.project("Spring campaign")) in pulled.listed
    assert hidden not in pulled.cursors
    assert pulled.gone == {}


def test_separators_are_no_tasks(bench: Bench) -> None:
    """What Asana draws as a line between tasks is not a task."""
    task = bench.make(name="Old section:")
    bench.stored(task)["is_rendered_as_separator"] = True
    assert task not in bench.pull().records


BAD: tuple[Any, ...] = (
    {"data": None},
    {"data": [{"name": "no id"}]},
    {"data": [{"gid": 5}]},
    {"data": [{"gid": "1"}], "next_page": "more"},
    {"data": [{"gid": "1"}], "next_page": {"offset": 5}},
)


@pytest.mark.parametrize("body", BAD, ids=str)
def test_a_page_that_cannot_be_is_a_named_error(bench: Bench, body: Any) -> None:
    """A listing that is not what it claims to be is never taken for complete."""
    import json

    known = bench.catalogue()
    told = {
        "status": 200,
        "body": json.dumps(body),
        "headers": {"content-type": "application/json"},
    }
    bench.running.fault(told, times=9, path="/tasks$")
    with pytest.raises(WaitAndRetry):
        bench.pull(known=known)


def test_pages_that_go_round_are_a_named_error(bench: Bench) -> None:
    """An offset that comes again ends the crawl instead of never ending it."""
    import json

    known = bench.catalogue()
    body = json.dumps({"data": [{"gid": "1"}], "next_page": {"offset": "again"}})
    told = {"status": 200, "body": body, "headers": {"content-type": "application/json"}}
    bench.running.fault(told, times=99, path="/tasks$")
    with pytest.raises(WaitAndRetry, match="circles"):
        bench.pull(known=known)


def test_an_expired_offset_is_a_named_error(bench: Bench) -> None:
    """A crawl that took too long between two pages begins again in the next cycle."""
    for number in range(90):
        bench.make(name=f"T{number}")
    known = bench.catalogue()

    class Jumps(Clock):
        def __call__(self) -> Any:
            self.advance(timedelta(minutes=20))
            return super().__call__()

    bench.sandbox.now = Jumps()
    with pytest.raises(AdapterError, match="expired") as told:
        bench.pull(known=known)
    assert isinstance(told.value, SkipRecord)
