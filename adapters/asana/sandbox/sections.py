"""Routes for sections."""

from starlette.responses import Response

from adapters.asana.sandbox.api import Api, Table, refuse
from adapters.asana.sandbox.projects import new_section
from adapters.asana.sandbox.store import Thing
from adapters.asana.sandbox.values import text


def listing(api: Api) -> Response:
    """``GET /projects/{}/sections``."""
    return api.many(api.store.sections(api.there("project")["gid"]))


def create(api: Api) -> Response:
    """``POST /projects/{}/sections``."""
    project, data = api.there("project"), api.data()
    section = new_section(api.store, project["gid"], _name(data))
    api.store.happen(api.me, section, "added", parent=project)
    return api.one(section, 201)


def _name(data: Thing) -> str:
    name = text("name", data["name"]) if "name" in data else refuse("name: Missing input")
    return name if name.strip() else refuse("name: Cannot be blank")


def read(api: Api) -> Response:
    """``GET /sections/{}``."""
    return api.one(api.there("section"))


def update(api: Api) -> Response:
    """``PUT /sections/{}``: its name."""
    section = api.there("section")
    section["name"] = _name(api.data())
    api.store.happen(api.me, section, "changed", change={"field": "name", "action": "changed"})
    return api.one(section)


def delete(api: Api) -> Response:
    """``DELETE /sections/{}``: only if it is empty, and never the last."""
    section = api.there("section")
    project = section["project"]
    inside = [
        t for t in api.store.in_project(project) if t["memberships"][project] == section["gid"]
    ]
    if inside or len(api.store.sections(project)) == 1:
        refuse("section: You cannot delete a section with tasks in it, or the last one")
    api.store.happen(api.me, section, "deleted")
    section["deleted"] = True
    return api.nothing()


def insert(api: Api) -> Response:
    """``POST /projects/{}/sections/insert``: before or after another one."""
    project, data = api.there("project")["gid"], api.data()
    section = _named(api, project, data, "section")
    sides = [side for side in ("before_section", "after_section") if side in data]
    if len(sides) != 1:
        refuse("You should specify one of before_section, after_section")
    other, known = _named(api, project, data, sides[0]), api.store.kinds["section"]
    if other is not section:
        known.remove(section)
        known.insert(known.index(other) + (sides[0] == "after_section"), section)
    return api.nothing()


def _named(api: Api, project: str, data: Thing, key: str) -> Thing:
    section = api.named("section", data.get(key), key)
    return section if section["project"] == project else refuse(f"{key}: Not in the project")


ROUTES: Table = (
    ("GET", "/projects/{gid}/sections", listing),
    ("POST", "/projects/{gid}/sections", create),
    ("POST", "/projects/{gid}/sections/insert", insert),
    ("GET", "/sections/{gid}", read),
    ("PUT", "/sections/{gid}", update),
    ("DELETE", "/sections/{gid}", delete),
)
