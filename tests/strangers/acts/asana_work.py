"""Tasks, comments, history, events and refusals by Asana's client."""

import json
from typing import Any

import asana
from asana.rest import ApiException


def tasks(
    crew: Any, who: str, other: str, place: dict[str, str], project: str, rooms: dict[str, str]
) -> str:
    """A task through its whole life. Gives the gid of one that stays."""
    made = asana.TasksApi(crew[who])
    seat = {"project": project, "section": rooms["Doing"]}
    body = {"name": "Strange task", "notes": "Words", "memberships": [seat]}
    task = made.create_task({"data": body | {"assignee": crew.id(other)}}, {})
    gid = str(task["gid"])
    crew.same("who made it is told", crew.id(other), task["assignee"]["gid"])
    change = {"name": "Stranger task", "due_at": "2027-03-04T09:30:00.000Z"}
    changed = made.update_task({"data": change}, gid, {})
    crew.same("a timed task has a day", "2027-03-04", changed["due_on"])
    rich = "<body><strong>Bold</strong> &amp; <em>brave</em></body>"
    changed = made.update_task(
        {"data": {"html_notes": rich}}, gid, {"opt_fields": "html_notes,notes"}
    )
    crew.same("rich text", rich, changed["html_notes"])
    crew.same("and plain", "Bold & brave", changed["notes"])
    both = {"due_on": "2027-03-06", "due_at": None, "start_on": "2027-03-01"}
    changed = made.update_task({"data": both}, gid, {})
    crew.same("days only", ("2027-03-01", "2027-03-06", None), dates(changed))
    _places(crew, made, gid, project, rooms)
    child = made.create_subtask_for_task({"data": {"name": "Below"}}, gid, {})
    crew.same("what is below", {child["gid"]}, gids(made.get_subtasks_for_task(gid, {})))
    made.set_parent_for_task({"data": {"parent": None}}, child["gid"], {})
    crew.same("nothing any more", set(), gids(made.get_subtasks_for_task(gid, {})))
    made.delete_task(child["gid"])
    error = crew.refused("a deleted task", ApiException, lambda: made.get_task(child["gid"], {}))
    crew.same("is not found", 404, error.status)
    mine = made.get_tasks({"assignee": crew.id(other), "workspace": place["workspace"]})
    crew.so("among the assignee's", gid in gids(mine))
    return gid


def dates(task: dict[str, Any]) -> tuple[Any, ...]:
    """Start, due day and due time."""
    return task["start_on"], task["due_on"], task["due_at"]


def _places(crew: Any, made: Any, gid: str, project: str, rooms: dict[str, str]) -> None:
    asana.SectionsApi(made.api_client).add_task_for_section(
        rooms["Done"], {"body": {"data": {"task": gid}}}
    )
    ask = {"opt_fields": "memberships.(project|section).name"}
    [seat] = made.get_task(gid, ask)["memberships"]
    crew.same("its section", "Done", seat["section"]["name"])
    crew.same("of the section", {gid}, gids(made.get_tasks_for_section(rooms["Done"], {})))
    crew.so("by filter", gid in gids(made.get_tasks({"section": rooms["Done"]})))
    made.remove_project_for_task({"data": {"project": project}}, gid)
    crew.same(
        "in none", [], list(asana.ProjectsApi(made.api_client).get_projects_for_task(gid, {}))
    )
    made.add_project_for_task({"data": {"project": project, "section": rooms["Doing"]}}, gid)
    found = asana.ProjectsApi(made.api_client).get_projects_for_task(gid, {})
    crew.same("and back", {project}, gids(found))


def sets(crew: Any, who: str, other: str, task: str, tag: str) -> None:
    """Tags and followers of a task."""
    made = asana.TasksApi(crew[who])
    made.add_tag_for_task({"data": {"tag": tag}}, task)
    found = asana.TagsApi(crew[who]).get_tags_for_task(task, {})
    crew.same("its tags", {tag}, gids(found))
    crew.same("tasks of the tag", {task}, gids(made.get_tasks_for_tag(tag, {"limit": 1})))
    made.remove_tag_for_task({"data": {"tag": tag}}, task)
    crew.same("untagged", [], made.get_task(task, {})["tags"])
    made.remove_follower_for_task({"data": {"followers": [crew.id(other)]}}, task, {})
    told = made.add_followers_for_task({"data": {"followers": [crew.id(other)]}}, task, {})
    crew.so("a follower", crew.id(other) in gids(told["followers"]))


def values(crew: Any, who: str, task: str, known: dict[str, str]) -> None:
    """Values of custom fields of every type: written as a map, read as a list."""
    made, kinds = asana.TasksApi(crew[who]), asana.CustomFieldsApi(crew[who])
    options = {
        kind: [o["gid"] for o in kinds.get_custom_field(known[kind], {})["enum_options"]]
        for kind in ("enum", "multi_enum")
    }
    sent = {
        known["text"]: "Words",
        known["number"]: 12.346,
        known["enum"]: options["enum"][1],
        known["multi_enum"]: options["multi_enum"],
        known["date"]: {"date": "2027-03-04"},
        known["people"]: [crew.id(who)],
    }
    read = made.update_task({"data": {"custom_fields": sent}}, task, {})
    shown = {f["type"]: f["display_value"] for f in read["custom_fields"]}
    me = crew.stand["users"][who]["full_name"]
    expected = {"text": "Words", "number": "12.35", "enum": "Blue", "multi_enum": "Red, Blue"}
    crew.same("as people see it", expected | {"date": "2027-03-04", "people": me}, shown)
    numbers = [f["number_value"] for f in read["custom_fields"] if f["type"] == "number"]
    crew.same("rounded to its precision", [12.35], numbers)
    made.update_task({"data": {"custom_fields": {known["enum"]: None}}}, task, {})
    ask = {"opt_fields": "custom_fields.enum_value,custom_fields.type"}
    left = made.get_task(task, ask)["custom_fields"]
    crew.same("cleared", [None], [f["enum_value"] for f in left if f["type"] == "enum"])
    wrong = {"data": {"custom_fields": {"1": "x"}}}
    error = crew.refused("no such field", ApiException, lambda: made.update_task(wrong, task, {}))
    crew.so("says which", "Custom field with ID 1" in str(error.body))


def stories(crew: Any, who: str, other: str, task: str) -> None:
    """Comments and history: written, edited, read page by page; nobody edits another's."""
    mine, theirs = asana.StoriesApi(crew[who]), asana.StoriesApi(crew[other])
    first = mine.create_story_for_task({"data": {"text": "First & ünïcödé"}}, task, {})
    second = theirs.create_story_for_task(
        {"data": {"html_text": "<body><strong>Second</strong></body>", "is_pinned": True}}, task, {}
    )
    mine.update_story({"data": {"text": "First, mended"}}, first["gid"], {})
    read = mine.get_story(first["gid"], {"opt_fields": "text,is_edited,created_by.gid,type"})
    crew.same("edited", ("First, mended", True), (read["text"], read["is_edited"]))
    error = crew.refused(
        "another's comment",
        ApiException,
        lambda: theirs.update_story({"data": {"text": "Not mine"}}, first["gid"], {}),
    )
    crew.same("is forbidden", 403, error.status)
    ask = {"limit": 4, "opt_fields": "resource_subtype,created_at,created_by.gid,text,new_name"}
    told = list(mine.get_stories_for_task(task, ask))
    crew.same(
        "oldest first", sorted(t["created_at"] for t in told), [t["created_at"] for t in told]
    )
    kinds = {story["resource_subtype"] for story in told}
    wanted = {"name_changed", "due_date_changed", "notes_changed", "section_changed", "assigned"}
    crew.same("what happened", wanted, kinds & wanted)
    crew.same("each once", len(told), len(gids(told)))
    crew.same("both comments", {first["gid"], second["gid"]}, comments(told))
    mine.delete_story(first["gid"])
    crew.same("one fewer", {second["gid"]}, comments(mine.get_stories_for_task(task, {})))


def comments(told: Any) -> set[str]:
    """The gids of the comments among some stories."""
    return gids(story for story in told if story["resource_subtype"] == "comment_added")


def pages(crew: Any, who: str, project: str, count: int, limit: int) -> None:
    """More tasks than one page holds, each once and in order; nothing without a limit is cut."""
    made = asana.TasksApi(crew[who])
    before = len(list(made.get_tasks_for_project(project, {})))
    for number in range(count):
        made.create_task({"data": {"name": f"Page {number:02}", "projects": [project]}}, {})
    read = list(made.get_tasks_for_project(project, {"limit": limit, "opt_fields": "name"}))
    crew.same("every task once", before + count, len(gids(read)))
    names = [task["name"] for task in read if task["name"].startswith("Page")]
    crew.same("in the order of the project", sorted(names), names)
    few = list(made.get_tasks({"project": project, "limit": limit}, item_limit=limit + 1))
    crew.same("a limit of one's own", limit + 1, len(few))
    since = {"project": project, "modified_since": "2037-01-01T00:00:00.000Z"}
    crew.same("nothing from the future", [], list(made.get_tasks(since)))


def events(crew: Any, who: str, project: str, task: str) -> None:
    """The stream of a project: a first token by 412, then what happened since."""
    streams = asana.EventsApi(crew[who])
    fresh = lambda: streams.get_events(project, {}, full_payload=True)  # noqa: E731
    error = crew.refused("without a token", ApiException, fresh)
    crew.same("is a failed precondition", 412, error.status)
    first = json.loads(error.body)
    told = asana.TasksApi(crew[who]).update_task({"data": {"name": "Seen to happen"}}, task, {})
    crew.same("renamed", "Seen to happen", told["name"])
    seen = list(streams.get_events(project, {"sync": first["sync"]}))
    changed = [e for e in seen if e["resource"]["gid"] == task and e["action"] == "changed"]
    crew.same("the task's change", ["name"], [e["change"]["field"] for e in changed])
    crew.same("by whom", {crew.id(who)}, {e["user"]["gid"] for e in seen})
    crew.same("by itself the client asks again", [], list(streams.get_events(project, {})))


def refusals(crew: Any, who: str, project: str, task: str) -> None:
    """A wrong token, what is not there, what cannot be."""
    forged = crew.log_in(**{**crew.stand["users"][who], "token": "2/1/forged"})
    tries: dict[str, Any] = {
        "a wrong token, 401": lambda: asana.UsersApi(forged).get_user("me", {}),
        "nothing there, 404": lambda: asana.TasksApi(crew[who]).get_task("1", {}),
        "no such project, 400": lambda: asana.TasksApi(crew[who]).create_task(
            {"data": {"name": "x", "projects": ["1"]}}, {}
        ),
        "no such day, 400": lambda: asana.TasksApi(crew[who]).update_task(
            {"data": {"due_on": "31.12.2027"}}, task, {}
        ),
        "too large a page, 400": lambda: list(
            asana.TasksApi(crew[who]).get_tasks_for_project(project, {"limit": 101})
        ),
        "a project's tags, 400": lambda: asana.TasksApi(crew[who]).update_task(
            {"data": {"tags": ["1"]}}, task, {}
        ),
    }
    for what, act in tries.items():
        error = crew.refused(what, ApiException, act)
        crew.same(what, int(what[-3:]), error.status)
        crew.so(f"{what}: says why", b'"message"' in error.body)


def limited(crew: Any, who: str) -> None:
    """Who is told to wait is told for how long."""
    error = crew.refused(
        "too many", ApiException, lambda: asana.UsersApi(crew[who]).get_user("me", {})
    )
    crew.same("with 429", 429, error.status)
    crew.so("and for how long", int(error.headers["Retry-After"]) > 0)


def gids(things: Any) -> set[str]:
    """The gids of some things."""
    return {str(thing["gid"]) for thing in things}
