"""The task that the service keeps in a project for heads-ups: one, and no record."""

from adapters.asana.headsup import MARK, NAME
from syncer.model.comments import Thread
from syncer.model.remote import Op
from tests.adapters.asana.bench import Bench
from tests.adapters.asana.talking import mention, post_on, told


def kept(bench: Bench, project: str | None = None) -> Thread:
    """As an adapter finds it that remembers nothing."""
    adapter = bench.adapter("syncer")
    found = adapter.heads_up_item(project or bench.project(), bench.catalogue())
    assert found is not None
    return found


def test_people_see_whose_it_is(bench: Bench) -> None:
    """It says in its notes what it is for, and by whom it is kept."""
    item = bench.stored(kept(bench).id)
    assert (item["name"], item["notes"].split("\n")[-1]) == (NAME, MARK)
    assert item["memberships"].keys() == {bench.project()}


def test_one_that_was_ticked_off_is_opened_again(bench: Bench) -> None:
    """Finished tasks are out of sight: what is told there must be seen."""
    first = kept(bench)
    bench.edit("maya", first.id, completed=True)
    assert kept(bench) == first
    assert bench.stored(first.id)["completed"] is False


def test_known_it_costs_one_request(bench: Bench) -> None:
    """As long as the adapter is open a second call only looks whether it is still there."""
    known = bench.catalogue()
    first = bench.service.heads_up_item(bench.project(), known)
    before = bench.mark()
    assert bench.service.heads_up_item(bench.project(), known) == first
    assert first is not None
    assert bench.sent(before) == [f"GET /tasks/{first.id}"]


def test_of_copies_the_oldest_counts_and_none_is_a_record(bench: Bench) -> None:
    """Somebody who copies it makes no second place to speak, and no task."""
    first = kept(bench)
    html = bench.stored(first.id)["html_notes"]
    copy = bench.make(name="Heads-up, copied", html_notes=html)
    assert kept(bench) == first
    assert not {first.id, copy} & bench.pull().records.keys()


def test_one_that_was_taken_elsewhere_is_made_anew(bench: Bench) -> None:
    """Each project has its own; one that was moved serves the project where it is."""
    first, elsewhere = kept(bench), bench.project("Spring campaign")
    bench.call("maya", "POST", f"/tasks/{first.id}/addProject", {"project": elsewhere})
    bench.call("maya", "POST", f"/tasks/{first.id}/removeProject", {"project": bench.project()})
    assert kept(bench).id != first.id
    assert kept(bench, elsewhere) == Thread("task", first.id, elsewhere)


def test_a_task_of_that_name_is_a_task(bench: Bench) -> None:
    """The name alone is no mark, whoever made it, and its create is found if it was lost."""
    theirs = bench.make(name=NAME)
    assert kept(bench).id != theirs
    made = bench.push(Op.CREATE, fields={"name": NAME})
    assert {theirs, made.id} <= bench.pull().records.keys()


def test_without_both_marks_it_is_theirs(bench: Bench) -> None:
    """Who renames it and writes other notes has made a task of it, and there will be another."""
    first = kept(bench)
    cursors = bench.pull().cursors
    bench.edit("maya", first.id, name="Budget", html_notes="<body>Ours</body>")
    assert first.id in bench.pull(cursors).records
    assert kept(bench).id != first.id


def test_its_notes_may_be_written_around(bench: Bench) -> None:
    """In any emphasis, between other lines and in any case the mark is the mark."""
    first = kept(bench)
    html = f"<body>Mind:\n<strong>* {MARK.upper()}</strong>\nand more</body>"
    bench.edit("maya", first.id, name="Budget", html_notes=html)
    assert kept(bench) == first
    assert first.id not in bench.pull().records


def test_a_new_projects_section_stays_unused(bench: Bench) -> None:
    """The one section that nobody named is still there for the first that is asked for."""
    team = bench.sandbox.scope_of("bakery")["team"]
    project = str(bench.call("maya", "POST", "/projects", {"name": "New", "team": team})["gid"])
    kept(bench, project)
    task = bench.push(
        Op.CREATE, container=project, fields={"name": "A", "section": {"name": "Doing"}}
    )
    assert task.refused == {}
    assert [s["name"] for s in bench.sandbox.store.sections(project)] == ["Doing"]


def test_what_is_told_there_costs_no_more(bench: Bench) -> None:
    """A poll after a comment there tells no change and reads nothing on its own."""
    item = kept(bench)
    cursors = bench.pull().cursors
    told(bench, post_on(item, mention(bench, "anna")))
    known = bench.catalogue()
    before = bench.mark()
    poll = bench.pull(cursors, known)
    assert item.id not in {*poll.records, *poll.gone, *(change.id for change in poll.changes)}
    assert f"GET /tasks/{item.id}" not in bench.sent(before)
