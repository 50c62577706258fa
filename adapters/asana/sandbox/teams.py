"""Routes for who is in the workspace and in its teams, guests too."""

from typing import Final

from starlette.responses import Response

from adapters.asana.sandbox.api import Api, Route, Table, refuse
from adapters.asana.sandbox.store import Gid, Ref, Store, Thing
from adapters.asana.sandbox.values import text

HOME: Final = "workspace_membership"
TEAM: Final = "team_membership"


def join(store: Store, workspace: Gid, user: Gid, *, guest: bool) -> Thing:
    """Make somebody a member of the workspace, or its guest."""
    own = {"user": user, "workspace": workspace, "created_at": store.stamp()}
    flags = {"is_active": True, "is_admin": False, "is_guest": guest, "is_view_only": False}
    return store.add(HOME, **own, **flags, vacation_dates=None)


def is_guest(store: Store, user: Gid) -> bool:
    """Whether a user is a guest of the workspace; whoever is not in it at all is one."""
    return all(seat["is_guest"] for seat in store.all(HOME) if seat["user"] == user)


def in_team(store: Store, user: Gid, team: Gid) -> bool:
    """Whether a user is in a team."""
    found = store.find("team", team)
    return found is not None and any(one["user"] == user for one in people(store, found))


def people(store: Store, team: Thing) -> list[Thing]:
    """A record for everybody in a team: all members of the organisation, and guests it invited."""
    found = {one["user"]: one for one in store.all(TEAM) if one["team"] == team["gid"]}
    for seat in list(store.all(HOME)):
        if seat["user"] not in found and not seat["is_guest"]:
            found[seat["user"]] = _enter(store, team, seat["user"])
    return list(found.values())


def _enter(store: Store, team: Thing, user: Gid) -> Thing:
    flags = {"is_guest": is_guest(store, user), "is_limited_access": False, "is_admin": False}
    return store.add(TEAM, user=user, team=team["gid"], **flags)


def of_workspace(api: Api) -> Response:
    """``GET /workspaces/{}/workspace_memberships``: of all, or of one user."""
    home = api.there("workspace")["gid"]
    wanted = api.query.get("user")
    user = api.named("user", wanted, "user")["gid"] if wanted else None
    found = (one for one in api.store.all(HOME) if one["workspace"] == home)
    return api.many(one for one in found if user in (None, one["user"]))


def of_user(api: Api) -> Response:
    """``GET /users/{}/workspace_memberships``."""
    gid = api.there("user")["gid"]
    return api.many(one for one in api.store.all(HOME) if one["user"] == gid)


def of_team(api: Api) -> Response:
    """``GET /teams/{}/team_memberships``."""
    return api.many(people(api.store, api.there("team")))


def read(kind: str) -> Route:
    """A route that gives the membership in its path."""
    return lambda api: api.one(api.there(kind))


def invite(api: Api) -> Response:
    """``POST /workspaces/{}/addUser``: who has another domain than the organisation is a guest."""
    home, said = api.there("workspace"), text("user", api.data().get("user"))
    user = api.store.find("user", api.user_gid(said) or said)
    if user is None:
        name, at, domain = said.partition("@")
        if not at:
            refuse(f"user: Unknown object: {said}")
        own = {"name": name.replace(".", " ").title(), "email": said, "photo": None}
        member = {"workspaces": [Ref(home["gid"])], "custom_fields": []}
        user = api.store.add("user", **own, **member)
        join(api.store, home["gid"], user["gid"], guest=domain not in home["email_domains"])
    return api.one(user)


def invite_to_team(api: Api) -> Response:
    """``POST /teams/{}/addUser``."""
    team = api.there("team")
    gid = api.named("user", api.data().get("user"), "user")["gid"]
    known = {one["user"]: one for one in people(api.store, team)}
    return api.one(known.get(gid) or _enter(api.store, team, gid))


ROUTES: Table = (
    ("GET", "/workspaces/{gid}/workspace_memberships", of_workspace),
    ("POST", "/workspaces/{gid}/addUser", invite),
    ("GET", "/users/{gid}/workspace_memberships", of_user),
    ("GET", "/workspace_memberships/{gid}", read(HOME)),
    ("GET", "/teams/{gid}/team_memberships", of_team),
    ("POST", "/teams/{gid}/addUser", invite_to_team),
    ("GET", "/team_memberships/{gid}", read(TEAM)),
)
