"""Routes for tasks: making, reading, changing, deleting, listing."""

from datetime import UTC, datetime
from typing import Any, Final

from starlette.responses import Response

from adapters.asana.sandbox.api import Api, Table, refuse
from adapters.asana.sandbox.edits import apply, checked
from adapters.asana.sandbox.places import add_to_project, check_project_limit
from adapters.asana.sandbox.store import Ref, Store, Thing
from adapters.asana.sandbox.values import gid_list, moment

_LIST_BY: Final = ("project", "section", "tag")
_ONE_OF: Final = (
    "You should specify one of project, tag, section, user_task_list, or assignee + workspace"
)


def new_task(store: Store, workspace: str, **fields: Any) -> Thing:
    """A task without content."""
    now = store.stamp()
    empty: Thing = dict.fromkeys(
        ("assignee", "due_on", "due_at", "start_on", "start_at", "parent", "completed_at")
    )
    lists: Thing = {"tags": [], "followers": [], "memberships": {}, "rank": {}, "custom_fields": {}}
    plain = {"name": "", "notes": "", "html_notes": "<body></body>", "completed": False}
    made = {"completed_by": None, "created_by": None, "created_at": now, "modified_at": now}
    kind = {"resource_subtype": "default_task", "workspace": workspace}
    return store.add("task", **(empty | lists | plain | made | kind | fields))


def create(api: Api) -> Response:
    """``POST /tasks``."""
    return _create(api, api.data())


def create_subtask(api: Api) -> Response:
    """``POST /tasks/{}/subtasks``."""
    return _create(api, api.data() | {"parent": api.there("task")["gid"]})


def _create(api: Api, data: Thing) -> Response:
    parent = api.named("task", data["parent"], "parent") if data.get("parent") else None
    places = [] if parent else _places(api, data)
    if not parent and not places and "workspace" not in data:
        refuse("You should specify one of workspace, parent, projects")
    home = next(api.store.all("workspace"))["gid"]
    if "workspace" in data:
        home = api.named("workspace", data["workspace"], "workspace")["gid"]
    tags = [api.named("tag", t, "tags")["gid"] for t in gid_list("tags", data.get("tags", []))]
    followers = gid_list("followers", data.get("followers", []))
    follow = [api.named("user", f, "followers")["gid"] for f in followers]
    sent = {key: value for key, value in data.items() if key != "workspace"}
    # Fields depend on the projects, so the draft gets its places before it is checked.
    draft = new_task(Store(api.store.now, api.store.ids), home)
    draft |= {"memberships": {p["gid"]: s["gid"] for p, s in places}}
    if data.get("resource_subtype") in ("milestone", "approval"):
        draft["resource_subtype"] = data["resource_subtype"]
        draft |= {"approval_status": "pending"} if draft["resource_subtype"] == "approval" else {}
    changes = checked(api, draft, sent, creating=True)
    return api.one(_made(api, draft, changes, parent, places, tags, follow), 201)


def _places(api: Api, data: Thing) -> list[tuple[Thing, Thing]]:
    """Project and section of each membership that is asked for."""
    found: list[tuple[Thing, Thing]] = []
    for place, gid in enumerate(gid_list("projects", data.get("projects", []))):
        project = api.named("project", gid, f"projects: [{place}]")
        found.append((project, api.store.sections(project["gid"])[0]))
    for wish in gid_list("memberships", data.get("memberships", [])):
        if not isinstance(wish, dict):
            refuse("memberships: Value is not a JSON object")
        project = api.named("project", wish.get("project"), "memberships")
        section = api.store.sections(project["gid"])[0]
        if wish.get("section") is not None:
            section = api.named("section", wish["section"], "memberships")
            if section["project"] != project["gid"]:
                refuse(f"memberships: Section {section['gid']} is not in the project")
        found = [entry for entry in found if entry[0] is not project]
        found.append((project, section))
    check_project_limit(len(found))
    return found


def _made(
    api: Api,
    draft: Thing,
    changes: Thing,
    parent: Thing | None,
    places: list[tuple[Thing, Thing]],
    tags: list[str],
    followers: list[str],
) -> Thing:
    """Put a checked draft into the store. A new task has stories of its first values too."""
    store, me = api.store, api.me
    draft |= {"memberships": {}, "created_by": Ref(me), "tags": tags}
    draft["followers"] = list(dict.fromkeys([me, *followers]))
    draft["parent"] = parent["gid"] if parent else None
    store.keep(draft)
    if parent:
        store.happen(me, draft, "added", parent=parent)
    for project, section in places:
        add_to_project(api, draft, project, section)
    for key in ("name", "notes", "html_notes"):
        draft[key] = changes.pop(key, draft[key])
    apply(api, draft, changes)
    return draft


def read(api: Api) -> Response:
    """``GET /tasks/{}``."""
    return api.one(api.there("task"))


def update(api: Api) -> Response:
    """``PUT /tasks/{}``: only the keys that are given."""
    task = api.there("task")
    apply(api, task, checked(api, task, api.data(), creating=False))
    return api.one(task)


def delete(api: Api) -> Response:
    """``DELETE /tasks/{}``: to the trash, with what is under it."""
    _trash(api, api.there("task"))
    return api.nothing()


def _trash(api: Api, task: Thing) -> None:
    for child in api.store.subtasks(task["gid"]):
        _trash(api, child)
    api.store.happen(api.me, task, "deleted")
    task["deleted"] = True
    task["modified_at"] = api.store.stamp()


def undelete(api: Api, task: Thing) -> None:
    """Take a task out of the trash, as people do in the product; no route does it."""
    task["deleted"] = False
    api.store.happen(api.me, task, "undeleted")


def listing(api: Api) -> Response:
    """``GET /tasks``: exactly one of project, section and tag, or a person and a workspace."""
    query = api.query
    by = [name for name in _LIST_BY if name in query]
    person = "assignee" in query and "workspace" in query
    if len(by) + person != 1 or ("assignee" in query) != ("workspace" in query):
        refuse(_ONE_OF)
    if person:
        gid = api.named("user", query["assignee"], "assignee")["gid"]
        return _filtered(api, [t for t in api.store.all("task") if t["assignee"] == gid])
    thing = api.named(by[0], query[by[0]], by[0])
    return _filtered(api, _tasks_of(api, thing))


def listing_of(kind: str) -> Any:
    """A route that lists the tasks of the project, section or tag in its path."""
    return lambda api: _filtered(api, _tasks_of(api, api.there(kind)))


def _tasks_of(api: Api, thing: Thing) -> list[Thing]:
    gid, kind = thing["gid"], thing["resource_type"]
    if kind == "project":
        return api.store.in_project(gid)
    if kind == "tag":
        return [task for task in api.store.all("task") if gid in task["tags"]]
    inside = api.store.in_project(thing["project"])
    return [task for task in inside if task["memberships"][thing["project"]] == gid]


def _filtered(api: Api, tasks: list[Thing]) -> Response:
    since, done_since = api.query.get("modified_since"), api.query.get("completed_since")
    if since is not None:
        start = _instant("modified_since", since)
        tasks = [t for t in tasks if _instant("modified_at", t["modified_at"]) >= start]
    if done_since is not None:
        start = api.store.now() if done_since == "now" else _instant("completed_since", done_since)
        open_or_later = (
            t for t in tasks if not t["completed"] or _instant("", t["completed_at"]) >= start
        )
        tasks = list(open_or_later)
    return api.many(tasks)


def _instant(where: str, value: str) -> datetime:
    return datetime.fromisoformat(moment(where, value) or "").astimezone(UTC)


def subtasks(api: Api) -> Response:
    """``GET /tasks/{}/subtasks``."""
    return api.many(api.store.subtasks(api.there("task")["gid"]))


ROUTES: Table = (
    ("GET", "/tasks", listing),
    ("POST", "/tasks", create),
    ("GET", "/tasks/{gid}", read),
    ("PUT", "/tasks/{gid}", update),
    ("DELETE", "/tasks/{gid}", delete),
    ("GET", "/tasks/{gid}/subtasks", subtasks),
    ("POST", "/tasks/{gid}/subtasks", create_subtask),
    ("GET", "/projects/{gid}/tasks", listing_of("project")),
    ("GET", "/sections/{gid}/tasks", listing_of("section")),
    ("GET", "/tags/{gid}/tasks", listing_of("tag")),
)
