"""Routes for workspaces, teams, users and tags."""

from collections.abc import Callable

from starlette.responses import Response

from adapters.asana.sandbox.api import Api, Table, refuse
from adapters.asana.sandbox.store import Store, Thing
from adapters.asana.sandbox.teams import people
from adapters.asana.sandbox.values import text


def new_tag(store: Store, workspace: str, name: str, color: str | None = None) -> Thing:
    """A tag. Names are not unique."""
    own: Thing = {
        "name": name,
        "workspace": workspace,
        "color": color,
        "notes": "",
        "followers": [],
    }
    tag = store.add("tag", created_at=store.stamp(), **own)
    tag["permalink_url"] = f"https://app.asana.com/1/{workspace}/tag/{tag['gid']}"
    return tag


def read(kind: str) -> Callable[[Api], Response]:
    """A route that gives the thing in its path."""
    return lambda api: api.one(api.there(kind))


def workspaces(api: Api) -> Response:
    """``GET /workspaces``."""
    return api.many(api.store.all("workspace"))


def teams(api: Api) -> Response:
    """``GET /workspaces/{}/teams``."""
    home = api.there("workspace")["gid"]
    return api.many(team for team in api.store.all("team") if team["organization"] == home)


def users(api: Api) -> Response:
    """``GET /users``, in all: everybody is in the one workspace, and so in its teams."""
    for kind in ("workspace", "team"):
        if kind in api.query:
            api.named(kind, api.query[kind], kind)
    return api.many(api.store.all("user"))


def users_of(kind: str) -> Callable[[Api], Response]:
    """A route that lists the users of the workspace or team in its path, by name, all at once."""

    def listing(api: Api) -> Response:
        place = api.there(kind)
        found = list(api.store.all("user"))
        if kind == "team":
            inside = {one["user"] for one in people(api.store, place)}
            found = [user for user in found if user["gid"] in inside]
        return api.every(sorted(found, key=lambda user: str(user["name"])))

    return listing


def tags(api: Api) -> Response:
    """``GET /tags``."""
    if "workspace" not in api.query:
        refuse("workspace: Missing input")
    return _tags(api, api.named("workspace", api.query["workspace"], "workspace"))


def tags_of(api: Api) -> Response:
    """``GET /workspaces/{}/tags``."""
    return _tags(api, api.there("workspace"))


def _tags(api: Api, workspace: Thing) -> Response:
    return api.many(tag for tag in api.store.all("tag") if tag["workspace"] == workspace["gid"])


def create_tag(api: Api) -> Response:
    """``POST /tags``."""
    data = api.data()
    return _new_tag(api, data, api.named("workspace", data.get("workspace"), "workspace"))


def create_tag_in(api: Api) -> Response:
    """``POST /workspaces/{}/tags``."""
    return _new_tag(api, api.data(), api.there("workspace"))


def _new_tag(api: Api, data: Thing, workspace: Thing) -> Response:
    name = text("name", data.get("name"))
    return api.one(new_tag(api.store, workspace["gid"], name, data.get("color")), 201)


def update_tag(api: Api) -> Response:
    """``PUT /tags/{}``."""
    tag, data = api.there("tag"), api.data()
    for key in ("name", "color", "notes"):
        if key in data:
            tag[key] = data[key] if key == "color" else text(key, data[key])
    return api.one(tag)


def delete_tag(api: Api) -> Response:
    """``DELETE /tags/{}``."""
    tag = api.there("tag")
    for task in api.store.all("task"):
        task["tags"] = [gid for gid in task["tags"] if gid != tag["gid"]]
    tag["deleted"] = True
    return api.nothing()


ROUTES: Table = (
    ("GET", "/workspaces", workspaces),
    ("GET", "/workspaces/{gid}", read("workspace")),
    ("GET", "/workspaces/{gid}/teams", teams),
    ("GET", "/workspaces/{gid}/users", users_of("workspace")),
    ("GET", "/workspaces/{gid}/tags", tags_of),
    ("POST", "/workspaces/{gid}/tags", create_tag_in),
    ("GET", "/teams/{gid}", read("team")),
    ("GET", "/teams/{gid}/users", users_of("team")),
    ("GET", "/users", users),
    ("GET", "/users/{gid}", read("user")),
    ("GET", "/tags", tags),
    ("POST", "/tags", create_tag),
    ("GET", "/tags/{gid}", read("tag")),
    ("PUT", "/tags/{gid}", update_tag),
    ("DELETE", "/tags/{gid}", delete_tag),
)
