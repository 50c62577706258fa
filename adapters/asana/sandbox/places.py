"""Routes for where a task is: its projects and sections, its parent, its tags and followers."""

from typing import Any, Final

from starlette.responses import Response

from adapters.asana.sandbox.access import check
from adapters.asana.sandbox.api import Api, Table, refuse
from adapters.asana.sandbox.edits import event
from adapters.asana.sandbox.store import Ref, Thing
from adapters.asana.sandbox.values import gid_list

_MOST_PROJECTS: Final = 20


def check_project_limit(count: int) -> None:
    """A task is in 20 projects at most."""
    if count > _MOST_PROJECTS:
        refuse("A task can be in at most 20 projects")


def place(task: Thing, project: str, section: str, rank: int) -> None:
    """Write down where a task is, quietly."""
    task["memberships"][project] = section
    task["rank"][project] = rank


def add_to_project(api: Api, task: Thing, project: Thing, section: Thing) -> None:
    """Put a task at the bottom of a section; new to the project or moved in it."""
    gid = project["gid"]
    old = task["memberships"].get(gid)
    place(task, gid, section["gid"], api.store.ids.number())
    if old is None:
        api.store.happen(api.me, task, "added", parent=project)
        api.store.tell(
            api.me, task, "added_to_project", text="added to a project", project=Ref(gid)
        )
    elif old != section["gid"]:
        _tell_section(api, task, gid, old)
    api.store.happen(api.me, task, "added", parent=section)


def _tell_section(api: Api, task: Thing, project: str, old: str) -> None:
    new = task["memberships"][project]
    values = {"old_section": Ref(old), "new_section": Ref(new), "project": Ref(project)}
    api.store.happen(api.me, task, "removed", parent=api.store.things[old])
    api.store.tell(api.me, task, "section_changed", text="moved", **values)


def add_project(api: Api) -> Response:
    """``POST /tasks/{}/addProject``."""
    task, data = api.there("task"), api.data()
    project = api.named("project", data.get("project"), "project")
    check_project_limit(len({*task["memberships"], project["gid"]}))
    here = task["memberships"].get(project["gid"]) or api.store.sections(project["gid"])[0]["gid"]
    section = api.named("section", data.get("section") or here, "section")
    if section["project"] != project["gid"]:
        refuse("section: The section is not in the project")
    add_to_project(api, task, project, section)
    return api.nothing()


def remove_project(api: Api) -> Response:
    """``POST /tasks/{}/removeProject``; harmless if it is not in it."""
    task = api.there("task")
    project = api.named("project", api.data().get("project"), "project")
    gid = project["gid"]
    if task["memberships"].pop(gid, None) is not None:
        api.store.happen(api.me, task, "removed", parent=project, also={gid})
        api.store.tell(api.me, task, "removed_from_project", text="removed", project=Ref(gid))
    return api.nothing()


def add_task(api: Api) -> Response:
    """``POST /sections/{}/addTask``: to the top of the section, by default."""
    section = api.there("section")
    task = api.named("task", api.data().get("task"), "task")
    project = api.store.things[section["project"]]
    add_to_project(api, task, project, section)
    task["rank"][project["gid"]] *= -1
    return api.nothing()


def set_parent(api: Api) -> Response:
    """``POST /tasks/{}/setParent``."""
    task, data = api.there("task"), api.data()
    if "parent" not in data:
        refuse("parent: Missing input")
    parent = api.named("task", data["parent"], "parent") if data["parent"] is not None else None
    _check_no_circle(api, task, parent)
    before = api.store.things.get(task["parent"] or "")
    streams = api.store.streams(task)
    task["parent"] = parent["gid"] if parent else None
    if before is not None and before is not parent:
        api.store.happen(api.me, task, "removed", parent=before, also=streams)
    if parent is not None and before is not parent:
        api.store.happen(api.me, task, "added", parent=parent)
    event(api, task, "parent", **({"new_value": Ref(parent["gid"])} if parent else {}))
    return api.one(task)


def _check_no_circle(api: Api, task: Thing, parent: Thing | None) -> None:
    above = parent
    while above is not None:
        if above is task:
            refuse("parent: A task cannot be a subtask of itself")
        above = api.store.things.get(above["parent"] or "")


def add_tag(api: Api) -> Response:
    """``POST /tasks/{}/addTag``."""
    return _tag(api, add=True)


def remove_tag(api: Api) -> Response:
    """``POST /tasks/{}/removeTag``."""
    return _tag(api, add=False)


def _tag(api: Api, *, add: bool) -> Response:
    task = api.there("task")
    gid = api.named("tag", api.data().get("tag"), "tag")["gid"]
    if (gid in task["tags"]) != add:
        (task["tags"].append if add else task["tags"].remove)(gid)
        subtype = "added_to_tag" if add else "removed_from_tag"
        api.store.tell(api.me, task, subtype, text="tagged", tag=Ref(gid))
        _set_event(api, task, "tags", gid, add=add)
    return api.nothing()


def _set_event(api: Api, task: Thing, field: str, gid: str, *, add: bool) -> None:
    key: dict[str, Any] = {"added_value" if add else "removed_value": Ref(gid)}
    event(api, task, field, action="added" if add else "removed", **key)


def add_followers(api: Api) -> Response:
    """``POST /tasks/{}/addFollowers``."""
    return _follow(api, add=True)


def remove_followers(api: Api) -> Response:
    """``POST /tasks/{}/removeFollowers``."""
    return _follow(api, add=False)


def _follow(api: Api, *, add: bool) -> Response:
    task = api.there("task")
    check(api, task, "editor")
    sent = gid_list("followers", api.data().get("followers", []))
    for gid in [api.named("user", value, "followers")["gid"] for value in sent]:
        follow(api, task, gid, add=add)
    return api.one(task)


def follow(api: Api, task: Thing, gid: str, *, add: bool) -> None:
    """Make somebody a follower, or no longer one."""
    if (gid in task["followers"]) != add:
        (task["followers"].append if add else task["followers"].remove)(gid)
        subtype = "follower_added" if add else "follower_removed"
        api.store.tell(api.me, task, subtype, text="followers", follower=Ref(gid))
        _set_event(api, task, "followers", gid, add=add)


def projects_of(api: Api) -> Response:
    """``GET /tasks/{}/projects``."""
    return api.many(api.store.things[gid] for gid in api.there("task")["memberships"])


def tags_of(api: Api) -> Response:
    """``GET /tasks/{}/tags``."""
    return api.many(api.store.things[gid] for gid in api.there("task")["tags"])


ROUTES: Table = (
    ("POST", "/tasks/{gid}/addProject", add_project),
    ("POST", "/tasks/{gid}/removeProject", remove_project),
    ("POST", "/tasks/{gid}/setParent", set_parent),
    ("POST", "/tasks/{gid}/addTag", add_tag),
    ("POST", "/tasks/{gid}/removeTag", remove_tag),
    ("POST", "/tasks/{gid}/addFollowers", add_followers),
    ("POST", "/tasks/{gid}/removeFollowers", remove_followers),
    ("GET", "/tasks/{gid}/projects", projects_of),
    ("GET", "/tasks/{gid}/tags", tags_of),
    ("POST", "/sections/{gid}/addTask", add_task),
)
