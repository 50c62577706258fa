"""Routes for projects, their sections and their members."""

from typing import Any, Final

from starlette.responses import Response

from adapters.asana.sandbox.api import Api, Table, refuse
from adapters.asana.sandbox.edits import custom_values, event
from adapters.asana.sandbox.store import Ref, Store, Thing
from adapters.asana.sandbox.values import both_notes, day, flag, gid_list, text

UNTITLED: Final = "Untitled section"
_PLAIN: Final = frozenset(
    "color default_view privacy_setting icon default_access_level "
    "minimum_access_level_for_customization minimum_access_level_for_sharing".split()
)
_KNOWN: Final = _PLAIN | frozenset(
    "name notes html_notes archived completed owner due_on due_date start_on custom_fields".split()
)
_CREATE_ONLY: Final = frozenset({"workspace", "team", "followers"})


def new_project(store: Store, workspace: str, team: str | None, **fields: Any) -> Thing:
    """A project with the one section that every new project has."""
    now = store.stamp()
    empty: Thing = dict.fromkeys(
        "color icon due_on start_on owner completed_at completed_by current_status "
        "current_status_update project_brief created_from_template".split()
    )
    texts = {"name": "", "notes": "", "html_notes": "<body></body>", "default_view": "list"}
    rights = {"privacy_setting": "public_to_workspace", "default_access_level": "editor"}
    flags = {"archived": False, "completed": False, "public": True}
    lists: Thing = {"members": [], "followers": [], "custom_fields": {}}
    own = {"workspace": workspace, "team": team, "created_at": now, "modified_at": now}
    project = store.add("project", **(empty | texts | rights | flags | lists | own | fields))
    new_section(store, project["gid"], UNTITLED)
    return project


def new_section(store: Store, project: str, name: str) -> Thing:
    """A section at the end of a project."""
    return store.add("section", name=name, project=project, created_at=store.stamp())


def create(api: Api) -> Response:
    """``POST /projects``: in an organisation a team is needed."""
    return _create(api, api.data())


def create_in(kind: str) -> Any:
    """A route that makes a project in the team or workspace of its path."""
    return lambda api: _create(api, api.data() | {kind: api.there(kind)["gid"]})


def _create(api: Api, data: Thing) -> Response:
    team = api.named("team", data["team"], "team") if data.get("team") else None
    if team is None and "workspace" not in data:
        refuse("workspace: Missing input")
    home = team["organization"] if team else data["workspace"]
    workspace = api.named("workspace", home, "workspace")
    if workspace["is_organization"] and team is None:
        refuse("Missing required team field")
    if data.get("public") is not None:
        refuse("public: Cannot write this property")
    draft: Thing = {"resource_type": "project", "gid": "", "due_on": None, "start_on": None}
    sent = {key: value for key, value in data.items() if key not in _CREATE_ONLY}
    changes = _checked(api, draft, sent)
    project = new_project(api.store, workspace["gid"], team["gid"] if team else None)
    project["owner"] = api.me
    project["members"] = list(dict.fromkeys([api.me, changes.get("owner") or api.me]))
    project.update(changes)
    api.store.happen(api.me, project, "added")
    return api.one(project, 201)


def _checked(api: Api, project: Thing, data: Thing) -> Thing:
    """The fields that a request sets, as they are kept; 400 for the first that is wrong."""
    for key in data:
        if key not in _KNOWN:
            refuse(f"{key}: Cannot write this property")
    changes = both_notes(api, data, blocks=False)
    changes |= {key: data[key] for key in _PLAIN & data.keys()}
    if "name" in data:
        changes["name"] = text("name", data["name"])
    changes |= {key: flag(key, data[key]) for key in ("archived", "completed") if key in data}
    if "owner" in data:
        owner = data["owner"]
        changes["owner"] = api.named("user", owner, "owner")["gid"] if owner is not None else None
    if "custom_fields" in data:
        changes["custom_fields"] = custom_values(api, project, data["custom_fields"])
    return changes | _dates(project, data)


def _dates(project: Thing, data: Thing) -> Thing:
    due_given = "due_on" in data or "due_date" in data
    due = project["due_on"]
    if due_given:
        due = day("due_on", data.get("due_on", data.get("due_date")))
    start = day("start_on", data["start_on"]) if "start_on" in data else project["start_on"]
    if "start_on" in data and not due_given:
        refuse("You must provide a due_on when setting or unsetting start_on")
    if start and not due:
        refuse("start_on: A project must have a due date to have a start date")
    if start and due and start >= due:
        refuse("start_on: Start date must be before the due date")
    both = {"due_on": due, "start_on": start}
    return {key: both[key] for key in both if key in data or (key == "due_on" and due_given)}


def read(api: Api) -> Response:
    """``GET /projects/{}``."""
    return api.one(api.there("project"))


def update(api: Api) -> Response:
    """``PUT /projects/{}``."""
    project = api.there("project")
    changes = _checked(api, project, api.data())
    custom = changes.pop("custom_fields", {})
    changed = {key for key, value in changes.items() if project[key] != value}
    project.update(changes)
    for key in sorted(changed - {"notes"}):
        event(api, project, "notes" if key == "html_notes" else key, **_new(project, key))
    for gid, value in custom.items():
        if (project["custom_fields"].get(gid) or None) != (value or None):
            project["custom_fields"][gid] = value
            event(api, project, "custom_fields", new_value=Ref(gid))
            changed.add(gid)
    if changed:
        project["modified_at"] = api.store.stamp()
    return api.one(project)


def _new(project: Thing, key: str) -> Thing:
    """The new value of a field, where it is a thing."""
    return {"new_value": Ref(project[key])} if key == "owner" and project[key] else {}


def delete(api: Api) -> Response:
    """``DELETE /projects/{}``: tasks that are nowhere else stay, without a project."""
    project = api.there("project")
    api.store.happen(api.me, project, "deleted")
    for task in api.store.in_project(project["gid"]):
        del task["memberships"][project["gid"]]
    project["deleted"] = True
    return api.nothing()


def listing(api: Api) -> Response:
    """``GET /projects``."""
    query = api.query
    kinds = [kind for kind in ("workspace", "team") if kind in query]
    if not kinds:
        refuse("You should specify one of workspace, team")
    return _listed(api, api.named(kinds[-1], query[kinds[-1]], kinds[-1]))


def listing_of(kind: str) -> Any:
    """A route that lists the projects of the team or workspace in its path."""
    return lambda api: _listed(api, api.there(kind))


def _listed(api: Api, place: Thing) -> Response:
    key = "team" if place["resource_type"] == "team" else "workspace"
    found = [p for p in api.store.all("project") if p[key] == place["gid"]]
    archived = api.query.get("archived")
    if archived is not None:
        # Asana's own client for Python writes a truth as Python does: "True".
        found = [p for p in found if p["archived"] == (archived.lower() == "true")]
    return api.many(found)


def add_members(api: Api) -> Response:
    """``POST /projects/{}/addMembers``, and the like for followers."""
    return _members(api, add=True)


def remove_members(api: Api) -> Response:
    """``POST /projects/{}/removeMembers``."""
    return _members(api, add=False)


def _members(api: Api, *, add: bool) -> Response:
    project, data = api.there("project"), api.data()
    for name in gid_list("members", data.get("members", data.get("followers", []))):
        gid = api.named("user", name, "members")["gid"]
        if (gid in project["members"]) != add:
            (project["members"].append if add else project["members"].remove)(gid)
    return api.one(project)


ROUTES: Table = (
    ("GET", "/projects", listing),
    ("POST", "/projects", create),
    ("GET", "/workspaces/{gid}/projects", listing_of("workspace")),
    ("POST", "/workspaces/{gid}/projects", create_in("workspace")),
    ("GET", "/teams/{gid}/projects", listing_of("team")),
    ("POST", "/teams/{gid}/projects", create_in("team")),
    ("GET", "/projects/{gid}", read),
    ("PUT", "/projects/{gid}", update),
    ("DELETE", "/projects/{gid}", delete),
    ("POST", "/projects/{gid}/addMembers", add_members),
    ("POST", "/projects/{gid}/removeMembers", remove_members),
    ("POST", "/projects/{gid}/addFollowers", add_members),
    ("POST", "/projects/{gid}/removeFollowers", remove_members),
)
