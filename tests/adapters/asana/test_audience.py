"""Who can read what is written, beside members of the agency's workspace."""

import json
from collections.abc import Callable

import pytest

from syncer.model.comments import Audience, Thread
from tests.adapters.asana.bench import WORKSPACE, Bench
from tests.adapters.asana.talking import invite, thread_of


def look(bench: Bench, *threads: Thread) -> dict[Thread, Audience]:
    """As an adapter finds it that remembers nothing."""
    return bench.adapter("syncer").audience(bench.scope, threads)


def guests(bench: Bench, thread: Thread) -> list[str]:
    """Who is not of the agency there; all else is known."""
    found = look(bench, thread)[thread]
    assert (found.public, found.unknown) == (False, "")
    assert all(person.guest and person.name for person in found.guests)
    return [person.id for person in found.guests]


def place(bench: Bench) -> Thread:
    return Thread("project", bench.project(), bench.project())


def set_seat(bench: Bench, user: str, **flags: bool) -> None:
    """What the workspace says of a user of the agency."""
    seats = bench.sandbox.store.all("workspace_membership")
    next(seat for seat in seats if seat["user"] == bench.id_of(user)).update(flags)


def test_the_workspaces_own_people_are_the_agency(bench: Bench) -> None:
    """A project that is public to the workspace is open to its members, and not to its guests."""
    invite(bench)
    assert bench.stored(bench.project())["privacy_setting"] == "public_to_workspace"
    assert guests(bench, place(bench)) == []


def test_a_guest_of_one_task_reads_that_task(bench: Bench) -> None:
    """Who follows or has a task reads it and what is under it, and not the project."""
    guest, other = invite(bench), invite(bench, "lea@guest.example")
    task = bench.make(followers=[guest], assignee=other)
    below = bench.make(parent=task)
    assert guests(bench, thread_of(bench, task)) == [guest, other]
    assert guests(bench, thread_of(bench, below)) == [guest, other]
    assert guests(bench, place(bench)) == []


def test_a_task_in_several_projects_is_read_in_all(bench: Bench) -> None:
    """A guest of any project that a task is in reads it."""
    guest, elsewhere, task = invite(bench), bench.project("Spring campaign"), bench.make()
    bench.call("maya", "POST", "/memberships", {"parent": elsewhere, "member": guest})
    assert guests(bench, thread_of(bench, task)) == []
    bench.call("maya", "POST", f"/tasks/{task}/addProject", {"project": elsewhere})
    assert guests(bench, thread_of(bench, task)) == [guest]


@pytest.mark.parametrize(
    ("privacy", "open_to_team"),
    [("public_to_workspace", True), ("private_to_team", True), ("private", False)],
)
def test_guests_of_a_team_read_its_projects(bench: Bench, privacy: str, open_to_team: bool) -> None:
    """A team's guest reads all its projects but those that are private to their members."""
    guest, project = invite(bench), bench.project()
    bench.call("maya", "POST", f"/teams/{bench.stored(project)['team']}/addUser", {"user": guest})
    bench.call("maya", "PUT", f"/projects/{project}", {"privacy_setting": privacy})
    assert guests(bench, place(bench)) == ([guest] if open_to_team else [])


def test_a_team_may_be_a_member(bench: Bench) -> None:
    """A project's own list of members knows users only: those of a team are read from the team."""
    guest, project = invite(bench), bench.project()
    data = {"name": "Partners", "organization": WORKSPACE}
    team = bench.call("maya", "POST", "/teams", data)["gid"]
    bench.call("maya", "PUT", f"/projects/{project}", {"privacy_setting": "private"})
    bench.call("maya", "POST", f"/teams/{team}/addUser", {"user": guest})
    assert guests(bench, place(bench)) == []
    bench.call("maya", "POST", "/memberships", {"parent": project, "member": team})
    assert guests(bench, place(bench)) == [guest]


def test_who_has_left_reads_nothing(bench: Bench) -> None:
    """A deactivated guest is none; somebody of whom nothing is told is one."""
    project = bench.project()
    for user in ("anna", "ben"):
        set_seat(bench, user, is_guest=True)
    set_seat(bench, "ben", is_active=False)
    assert guests(bench, place(bench)) == [bench.id_of("anna")]
    stranger = bench.sandbox.store.add("user", name="Somebody", email="s@x.example")["gid"]
    bench.stored(project)["members"].append(stranger)
    assert sorted(guests(bench, place(bench))) == sorted([bench.id_of("anna"), stranger])


def test_in_somebody_elses_workspace_all_read_along(bench: Bench) -> None:
    """Where the service's own account is a guest, the place is as public as can be."""
    set_seat(bench, "syncer", is_guest=True)
    assert look(bench, place(bench)) == {place(bench): Audience(public=True)}


def new_kind(bench: Bench, _task: str) -> None:
    """Asana has thought of another way to share projects."""
    data = {"gid": bench.project(), "privacy_setting": "public_to_everybody"}
    answer = {"status": 200, "body": json.dumps({"data": data})}
    bench.running.fault(answer, times=9, method="GET", path="/projects/")


WRONG: dict[str, Callable[[Bench, str], object]] = {
    "privacy of a new kind": new_kind,
    "no such task": lambda bench, task: bench.call("maya", "DELETE", f"/tasks/{task}"),
    "no such place": lambda bench, _: bench.running.fault(
        {"status": 404}, times=9, method="GET", path="/projects/"
    ),
    "a refusal": lambda bench, _: bench.running.fault(
        {"status": 403}, times=9, method="GET", path="workspace_memberships"
    ),
    "a broken page": lambda bench, _: bench.running.fault(
        {"status": 200, "body": '{"data": [{"gid": "1"}]}'},
        times=9,
        method="GET",
        path="/memberships$",
    ),
}


@pytest.mark.parametrize("case", sorted(WRONG))
def test_what_is_not_told_is_not_open(bench: Bench, case: str) -> None:
    """Whatever keeps us from knowing is said, and is never taken for nobody."""
    task, other = bench.make(), thread_of(bench, bench.make())
    WRONG[case](bench, task)
    threads = [thread_of(bench, task), other]
    found = look(bench, *threads)
    assert found[threads[0]].unknown
    told = {(one.public, one.guests) for one in found.values()}
    assert told == {(False, ())}, "the second look says no more than the first"


def test_one_place_does_not_hide_another(bench: Bench) -> None:
    """What cannot be known of one thread is known of the next."""
    here = thread_of(bench, bench.make())
    gone = thread_of(bench, "1")
    found = look(bench, gone, here)
    assert found[gone].unknown
    assert found[here] == Audience()


def test_it_is_asked_once(bench: Bench) -> None:
    """Project, members, team and workspace are asked once for all threads; each task once."""
    threads = [thread_of(bench, bench.make()) for _ in range(3)]
    before = bench.mark()
    look(bench, *threads, place(bench))
    sent = bench.sent(before)
    assert len(sent) == len(set(sent)) == 3 + 5
