"""Routes for who is in a project and how (wire guide, section on memberships), and new teams."""

from typing import Final

from starlette.responses import Response

from adapters.asana.sandbox.api import Api, Table, refuse
from adapters.asana.sandbox.store import Store, Thing
from adapters.asana.sandbox.values import text

LEVELS: Final = ("admin", "editor", "commenter", "viewer")


def listing(api: Api) -> Response:
    """``GET /memberships``: of one project, perhaps of one member of it."""
    if "parent" not in api.query:
        refuse("parent: Missing input")
    found = seats(api.store, api.named("project", api.query["parent"], "parent"))
    member = api.query.get("member")
    return api.many(entry for entry in found if member in (None, entry["member"]))


def seats(store: Store, project: Thing) -> list[Thing]:
    """A record for each member, user or team; those of people who have left are gone."""
    known = {e["member"]: e for e in store.all("membership") if e["parent"] == project["gid"]}
    for gid in set(known) - set(project["members"]):
        if store.find("team", gid) is None:
            known.pop(gid)["deleted"] = True
    for gid in project["members"]:
        if gid not in known:
            level = "admin" if gid == project["owner"] else project["default_access_level"]
            known[gid] = _new(store, project, gid, level)
    return list(known.values())


def _new(store: Store, project: Thing, member: str, level: str) -> Thing:
    own = {"parent": project["gid"], "member": member, "access_level": level}
    return store.add("membership", resource_subtype="project_membership", **own)


def create(api: Api) -> Response:
    """``POST /memberships``: a user, or a whole team, joins a project."""
    data = api.data()
    project = api.named("project", data.get("parent"), "parent")
    level = _level(data.get("access_level", project["default_access_level"]))
    team = api.store.find("team", str(data.get("member")))
    member = (team or api.named("user", data.get("member"), "member"))["gid"]
    if team is None and member not in project["members"]:
        project["members"].append(member)
    known = [e for e in seats(api.store, project) if e["member"] == member]
    entry = known[0] if known else _new(api.store, project, member, level)
    entry["access_level"] = level
    return api.one(entry, 201)


def _level(value: object) -> str:
    return str(value) if value in LEVELS else refuse(f"access_level: Not recognized: {value}")


def read(api: Api) -> Response:
    """``GET /memberships/{}``."""
    return api.one(api.there("membership"))


def update(api: Api) -> Response:
    """``PUT /memberships/{}``: what they may do."""
    entry = api.there("membership")
    entry["access_level"] = _level(api.data().get("access_level"))
    return api.one(entry)


def delete(api: Api) -> Response:
    """``DELETE /memberships/{}``: they leave."""
    entry = api.there("membership")
    members = api.store.things[entry["parent"]]["members"]
    if entry["member"] in members:
        members.remove(entry["member"])
    entry["deleted"] = True
    return api.nothing()


def create_team(api: Api) -> Response:
    """``POST /teams``: in an organisation."""
    data = api.data()
    home = api.named("workspace", data.get("organization"), "organization")["gid"]
    name = text("name", data["name"]) if data.get("name") else refuse("name: Missing input")
    own = {"description": text("description", data.get("description", "")), "visibility": "public"}
    team = api.store.add("team", name=name, organization=home, **own)
    team["permalink_url"] = f"https://app.asana.com/1/{home}/team/{team['gid']}"
    return api.one(team, 201)


def teams_of_user(api: Api) -> Response:
    """``GET /users/{}/teams``: everybody is in every team of the organisation."""
    api.there("user")
    if "organization" not in api.query:
        refuse("organization: Missing input")
    home = api.named("workspace", api.query["organization"], "organization")["gid"]
    return api.many(team for team in api.store.all("team") if team["organization"] == home)


ROUTES: Table = (
    ("GET", "/memberships", listing),
    ("POST", "/memberships", create),
    ("GET", "/memberships/{gid}", read),
    ("PUT", "/memberships/{gid}", update),
    ("DELETE", "/memberships/{gid}", delete),
    ("POST", "/teams", create_team),
    ("GET", "/users/{gid}/teams", teams_of_user),
)
