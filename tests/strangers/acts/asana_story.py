"""What people do in the projects of a client of the agency, and what they see there."""

from typing import Any

import asana

_TASK = (
    "name,notes,due_on,due_at,assignee.gid,tags.name,memberships.section.name,"
    "memberships.project.gid,custom_fields.name,custom_fields.display_value"
)
_PROJECT = "name,notes,due_on,start_on,custom_fields.name,custom_fields.display_value"


def look(crew: Any, who: str, team: str) -> dict[str, Any]:
    """The open projects of a team with their tasks, by name, read page by page."""
    ask = {"archived": False, "limit": 2, "opt_fields": _PROJECT}
    found = asana.ProjectsApi(crew[who]).get_projects_for_team(team, ask)
    return {project["name"]: _project(crew, who, project) for project in found}


def _project(crew: Any, who: str, project: dict[str, Any]) -> dict[str, Any]:
    ask = {"limit": 7, "opt_fields": _TASK}
    tasks = asana.TasksApi(crew[who]).get_tasks_for_project(project["gid"], ask)
    fields = {field["name"]: field["display_value"] for field in project["custom_fields"]}
    own = {"brief": project["notes"], "deadline": project["due_on"], "start": project["start_on"]}
    shown = [(task["name"], _task(crew, task, project["gid"])) for task in tasks]
    return own | {"fields": fields, "tasks": dict(shown)}


def _task(crew: Any, task: dict[str, Any], project: str) -> dict[str, Any]:
    people = {user["id"]: name for name, user in crew.stand["users"].items()}
    fields = {field["name"]: field["display_value"] for field in task["custom_fields"]}
    [seat] = [m for m in task["memberships"] if m["project"]["gid"] == project]
    return {
        "notes": task["notes"],
        "due": task["due_at"] or task["due_on"],
        "status": seat["section"]["name"],
        "labels": sorted(tag["name"] for tag in task["tags"]),
        "people": [people[task["assignee"]["gid"]]] if task["assignee"] else [],
        "hours": fields.get("Hours"),
        "priority": fields.get("Priority"),
    }


def _found(crew: Any, who: str, team: str, project: str) -> str:
    listed = asana.ProjectsApi(crew[who]).get_projects_for_team(team, {})
    return next(str(one["gid"]) for one in listed if one["name"] == project)


def _task_in(crew: Any, who: str, team: str, project: str, title: str) -> str:
    gid = _found(crew, who, team, project)
    listed = asana.TasksApi(crew[who]).get_tasks({"project": gid})
    return next(str(one["gid"]) for one in listed if one["name"] == title)


def _section(crew: Any, who: str, team: str, project: str, name: str) -> str:
    gid = _found(crew, who, team, project)
    listed = asana.SectionsApi(crew[who]).get_sections_for_project(gid, {})
    return next(str(one["gid"]) for one in listed if one["name"] == name)


def move_project(crew: Any, who: str, team: str, project: str, day: str) -> None:
    """Move a project's deadline."""
    gid = _found(crew, who, team, project)
    asana.ProjectsApi(crew[who]).update_project({"data": {"due_on": day}}, gid, {})


def move_task(crew: Any, who: str, team: str, project: str, title: str, day: str) -> None:
    """Move a task's deadline."""
    gid = _task_in(crew, who, team, project, title)
    asana.TasksApi(crew[who]).update_task({"data": {"due_on": day}}, gid, {})


def place(crew: Any, who: str, team: str, project: str, title: str, section: str) -> None:
    """Drag a task into a section."""
    gid = _task_in(crew, who, team, project, title)
    body = {"body": {"data": {"task": gid}}}
    asana.SectionsApi(crew[who]).add_task_for_section(
        _section(crew, who, team, project, section), body
    )


def comment(crew: Any, who: str, team: str, project: str, title: str, text: str) -> None:
    """Say something on a task."""
    gid = _task_in(crew, who, team, project, title)
    asana.StoriesApi(crew[who]).create_story_for_task({"data": {"text": text}}, gid, {})


def comments(crew: Any, who: str, team: str, project: str, title: str) -> list[list[str]]:
    """Who said what on a task, oldest first."""
    people = {user["id"]: name for name, user in crew.stand["users"].items()}
    ask = {"opt_fields": "type,text,created_by.gid"}
    gid = _task_in(crew, who, team, project, title)
    told = asana.StoriesApi(crew[who]).get_stories_for_task(gid, ask)
    return [[people[s["created_by"]["gid"]], s["text"]] for s in told if s["type"] == "comment"]


def dues(crew: Any, who: str, team: str, project: str, title: str) -> list[list[str]]:
    """Who moved a task's deadline from what to what, oldest first, as its history tells."""
    people = {user["id"]: name for name, user in crew.stand["users"].items()}
    ask = {"opt_fields": "resource_subtype,created_by.gid,old_dates.due_on,new_dates.due_on"}
    gid = _task_in(crew, who, team, project, title)
    told = asana.StoriesApi(crew[who]).get_stories_for_task(gid, ask)
    moved = [story for story in told if story["resource_subtype"] == "due_date_changed"]
    return [
        [people[s["created_by"]["gid"]], s["old_dates"]["due_on"], s["new_dates"]["due_on"]]
        for s in moved
    ]


def tidy(crew: Any, who: str, team: str, project: str) -> None:
    """Hand a task to Tom, tag it, set a priority, throw a task away."""
    tasks, home = asana.TasksApi(crew[who]), _found(crew, who, team, project)
    read = asana.ProjectsApi(crew[who]).get_project(home, {"opt_fields": "workspace"})
    tag = asana.TagsApi(crew[who]).create_tag(
        {"data": {"name": "Urgent", "workspace": read["workspace"]["gid"]}}, {}
    )
    launch = _task_in(crew, who, team, project, "Launch")
    tasks.add_tag_for_task({"data": {"tag": tag["gid"]}}, launch)
    tasks.update_task({"data": {"assignee": crew.id("tom")}}, launch, {})
    shop = _task_in(crew, who, team, project, "Shop set-up")
    shown = tasks.get_task(
        shop, {"opt_fields": "custom_fields.name,custom_fields.enum_options.name"}
    )
    field = next(one for one in shown["custom_fields"] if one["name"] == "Priority")
    low = next(one["gid"] for one in field["enum_options"] if one["name"] == "Low")
    tasks.update_task({"data": {"custom_fields": {field["gid"]: low}}}, shop, {})
    tasks.delete_task(_task_in(crew, who, team, project, "Icon set"))


def make(crew: Any, who: str, team: str, project: str, title: str) -> None:
    """Make a task."""
    home = _found(crew, who, team, project)
    asana.TasksApi(crew[who]).create_task({"data": {"name": title, "projects": [home]}}, {})


def put_away(crew: Any, who: str, team: str) -> list[str]:
    """The names of archived projects of a team."""
    found = asana.ProjectsApi(crew[who]).get_projects_for_team(team, {"archived": True})
    return sorted(project["name"] for project in found)
