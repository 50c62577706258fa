"""The stand-in behaves as the guide says Asana does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from adapters.asana.sandbox import AsanaSandbox
from adapters.asana.sandbox.select import parse
from syncer.adapterkit.sandbox import agency_world, serve
from tests.adapters.asana.bench import WORKSPACE, Bench


def said(answer: tuple[int, Any]) -> tuple[int, str]:
    status, body = answer
    return status, body["errors"][0]["message"]


@pytest.mark.parametrize(
    ("method", "path", "data", "expected"),
    [
        ("GET", "/tasks/999", None, (404, "task: Unknown object: 999")),
        ("GET", "/tasks/abc", None, (400, "task: Not a recognized ID: abc")),
        ("GET", "/nonsense", None, (404, "No matching route for request")),
        ("DELETE", "/tasks", None, (404, "No matching route for request")),
        (
            "POST",
            "/tasks",
            {"name": "x"},
            (400, "You should specify one of workspace, parent, projects"),
        ),
        ("POST", "/tasks", {"projects": [5]}, (400, "projects: [0]: Not a valid GID type: 5")),
        ("POST", "/tasks", {"projects": ["5"]}, (400, "projects: [0]: Unknown object: 5")),
        ("PUT", "/tasks/{task}", {"tags": []}, (400, "tags: Cannot write this property")),
        (
            "PUT",
            "/tasks/{task}",
            {"created_at": "x"},
            (400, "created_at: Cannot write this property"),
        ),
        (
            "PUT",
            "/tasks/{task}",
            {"due_on": "01/02/2026"},
            (400, "due_on: Date must be in ISO-8601 (yyyy-mm-dd) format, not: 01/02/2026"),
        ),
        (
            "PUT",
            "/tasks/{task}",
            {"due_on": "2026-01-02", "due_at": "2026-01-02T00:00:00Z"},
            (400, "You may only provide one of due_on or due_at!"),
        ),
        (
            "PUT",
            "/tasks/{task}",
            {"custom_fields": {"9": 1}},
            (400, "Custom field with ID 9 is not on given object"),
        ),
        ("PUT", "/tasks/{task}", {"html_notes": "<body><br></body>"}, (400, "XML is invalid")),
        (
            "PUT",
            "/tasks/{task}",
            {"html_notes": "<body><p>x</p></body>"},
            (400, "html_notes: XML tag p is not supported"),
        ),
        ("POST", "/projects", {"workspace": WORKSPACE}, (400, "Missing required team field")),
        ("GET", "/events?resource=999", None, (400, "resource: Unknown object: 999")),
    ],
)
def test_errors(bench: Bench, method: str, path: str, data: Any, expected: Any) -> None:
    """Errors have Asana's shape, status and words."""
    place = path.format(task=bench.task("Wireframes"))
    assert said(bench.answer("maya", method, place, data)) == expected


def test_a_bad_token_is_401(bench: Bench) -> None:
    """Without good credentials nothing is answered but that."""
    bench.sandbox.revoked.add("maya")
    assert said(bench.answer("maya", "GET", "/users/me")) == (401, "Not Authorized")


def test_field_selection() -> None:
    """Groups, nesting and commas select what they name."""
    wanted = parse("name,memberships.(project|section).gid,assignee.name")
    assert sorted(wanted.names) == ["assignee", "memberships", "name"]
    assert sorted(wanted.names["memberships"].names) == ["project", "section"]
    assert list(wanted.names["memberships"].names["project"].names) == ["gid"]


def test_answers_are_compact_full_or_chosen(bench: Bench) -> None:
    """Lists are compact, one record is full but for what is opt-in, and choice is exact."""
    task, project = bench.task("Wireframes"), bench.project()
    [row, *_] = bench.call("maya", "GET", "/tasks", project=project, limit="1")
    assert row.keys() == {"gid", "resource_type", "name", "resource_subtype"}
    full = bench.call("maya", "GET", f"/tasks/{task}")
    assert full["assignee"].keys() == {"gid", "resource_type", "name"}
    assert not {"html_notes", "num_subtasks"} & full.keys()
    fields = "html_notes,parent.name,memberships.(project|section).name,unheard_of"
    chosen = bench.call("maya", "GET", f"/tasks/{task}", opt_fields=fields)
    assert chosen.keys() == {"gid", "html_notes", "parent", "memberships"}
    assert chosen["memberships"][0]["section"] == {"gid": bench.section("Review"), "name": "Review"}


def test_pages(bench: Bench) -> None:
    """Pages have a limit of 1 to 100 and an offset that cannot be made up or reused elsewhere."""
    project = bench.project()
    for limit in ("0", "101", "x"):
        assert bench.answer("maya", "GET", "/tasks", project=project, limit=limit)[0] == 400
    _, first = bench.answer("maya", "GET", "/tasks", project=project, limit="10")
    offset = first["next_page"]["offset"]
    _, second = bench.answer("maya", "GET", "/tasks", project=project, limit="10", offset=offset)
    assert second["next_page"] is None
    assert len(first["data"] + second["data"]) == 15
    invalid = (400, "offset: Your pagination token is invalid.")
    for bad in ({"offset": "made-up"}, {"offset": offset, "completed_since": "now"}):
        answer = bench.answer("maya", "GET", "/tasks", project=project, limit="10", **bad)
        assert said(answer) == invalid
    bench.sandbox.now.advance(timedelta(minutes=16))  # type: ignore[attr-defined]
    answer = bench.answer("maya", "GET", "/tasks", project=project, limit="10", offset=offset)
    assert said(answer) == (400, "offset: Your pagination token has expired.")


def test_the_day_of_a_timed_task_is_the_readers(bench: Bench) -> None:
    """With a due time, ``due_on`` is the day it is where the reader lives."""
    bench.sandbox.tuning.zones[bench.id_of("anna")] = "Pacific/Kiritimati"
    task = bench.make(due_at="2026-12-01T20:00:00Z")
    shown = [bench.call(who, "GET", f"/tasks/{task}")["due_on"] for who in ("maya", "anna")]
    assert shown == ["2026-12-01", "2026-12-02"]


def test_what_makes_a_task_modified(bench: Bench) -> None:
    """Values and comments do, and being put into a project; subtasks and sections do not."""
    task = bench.make()

    def modified() -> str:
        return str(bench.stored(task)["modified_at"])

    cases: list[tuple[bool, Callable[[], object]]] = [
        (True, lambda: bench.edit("maya", task, name="B")),
        (False, lambda: bench.edit("maya", task, name="B")),
        (True, lambda: bench.call("maya", "POST", f"/tasks/{task}/stories", {"text": "hi"})),
        (False, lambda: bench.make(parent=task)),
        (
            False,
            lambda: bench.call(
                "maya", "POST", f"/sections/{bench.section('Done')}/addTask", {"task": task}
            ),
        ),
        (
            True,
            lambda: bench.call(
                "maya",
                "POST",
                f"/tasks/{task}/addProject",
                {"project": bench.project("Spring campaign")},
            ),
        ),
    ]
    for moves, act in cases:
        before = modified()
        act()
        assert (modified() != before) is moves


def test_events_name_the_field_and_rarely_the_value(bench: Bench) -> None:
    """A stream begins with 412; then it says who and which field, values only of things."""
    project, task = bench.project(), bench.task("Wireframes")
    status, start = bench.answer("maya", "GET", "/events", resource=project)
    assert status == 412
    assert start["errors"][0]["message"].startswith("Sync token invalid or too old.")
    bench.edit("tom", task, due_on="2027-01-01")
    bench.edit("tom", task, assignee=bench.id_of("anna"))
    _, told = bench.answer("maya", "GET", "/events", resource=project, sync=start["sync"])
    changes = [event["change"] for event in told["data"] if event["action"] == "changed"]
    assert changes[0] == {"field": "due_on", "action": "changed"}
    assert changes[1]["new_value"]["gid"] == bench.id_of("anna")
    assert {event["user"]["gid"] for event in told["data"]} == {bench.id_of("tom")}
    assert told["has_more"] is False
    _, again = bench.answer("maya", "GET", "/events", resource=project, sync=start["sync"])
    assert again["data"] == told["data"]


def test_a_subtask_made_with_projects_is_not_in_them(bench: Bench) -> None:
    """With a parent given, projects are dropped without a word."""
    parent = bench.task("Wireframes")
    made = bench.call(
        "maya", "POST", "/tasks", {"name": "S", "parent": parent, "projects": [bench.project()]}
    )
    assert made["projects"] == []


def test_comments_are_their_authors(bench: Bench) -> None:
    """Anybody may comment; only the author may change or delete it."""
    task = bench.task("Wireframes")
    html = {"html_text": f'<body>Hi <a data-asana-gid="{bench.id_of("tom")}"/></body>'}
    story = bench.call("maya", "POST", f"/tasks/{task}/stories", html)
    assert story["text"] == f"Hi https://app.asana.com/0/profile/{bench.id_of('tom')}"
    for method, data in (("PUT", {"text": "x"}), ("DELETE", None)):
        assert bench.answer("anna", method, f"/stories/{story['gid']}", data)[0] == 403
    assert bench.call("maya", "PUT", f"/stories/{story['gid']}", {"text": "x"})["is_edited"]
    assert bench.answer("maya", "DELETE", f"/stories/{story['gid']}")[0] == 200


def test_sections_are_deleted_only_when_empty(bench: Bench) -> None:
    """A section with tasks in it stays."""
    assert bench.answer("maya", "DELETE", f"/sections/{bench.section('Done')}")[0] == 400


def test_approvals_and_completion_go_together(bench: Bench) -> None:
    """Completing an approval approves it; any verdict completes it."""
    task = bench.make(resource_subtype="approval")
    bench.edit("maya", task, completed=True)
    assert bench.call("maya", "GET", f"/tasks/{task}")["approval_status"] == "approved"
    bench.edit("maya", task, approval_status="pending")
    assert bench.call("maya", "GET", f"/tasks/{task}")["completed"] is False


def test_a_free_plan_is_slower() -> None:
    """A free organisation's 151st request in a minute is refused, and told how long to wait."""
    sandbox = AsanaSandbox(paid=False)
    sandbox.start_with(agency_world())
    with serve(sandbox) as running:
        bench = Bench(sandbox, running)
        for _ in range(150):
            assert bench.answer("maya", "GET", "/users/me")[0] == 200
        assert bench.answer("maya", "GET", "/users/me")[0] == 429
        assert bench.answer("anna", "GET", "/users/me")[0] == 200


def test_reset_begins_again_alike(bench: Bench) -> None:
    """After a reset everything is as it was, ids included."""
    before = bench.sandbox.state()
    bench.make()
    bench.sandbox.start_with(bench.sandbox.world)
    after = bench.sandbox.state()
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert before.keys() == after.keys()
