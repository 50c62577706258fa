"""Routes for status updates of projects (guide, 4.11): posted and deleted, never changed."""

from datetime import datetime
from html import escape
from typing import Final

from starlette.responses import Response

from adapters.asana.sandbox.api import Api, Table, refuse
from adapters.asana.sandbox.store import Ref, Thing
from adapters.asana.sandbox.values import moment, plain_of, rich, text

KIND: Final = "status_update"
_KNOWN: Final = frozenset("parent title text html_text status_type".split())
_STATUSES: Final = frozenset("on_track at_risk off_track on_hold complete dropped".split())


def listing(api: Api) -> Response:
    """``GET /status_updates``: of one project, the newest first."""
    if "parent" not in api.query:
        refuse("parent: Missing input")
    project = api.named("project", api.query["parent"], "parent")
    since = moment("created_since", api.query.get("created_since"))
    found = [s for s in api.store.all(KIND) if s["parent"] == Ref(project["gid"])]
    if since:
        found = [s for s in found if _at(s["created_at"]) >= _at(since)]
    return api.many(reversed(found))


def _at(told: str) -> datetime:
    return datetime.fromisoformat(told)


def create(api: Api) -> Response:
    """``POST /status_updates``: text and status are needed, a title is made up."""
    data = api.data()
    for key in data:
        if key not in _KNOWN:
            refuse(f"{key}: Cannot write this property")
    for key in ("parent", "text", "status_type"):
        if key not in data:
            refuse(f"{key}: Missing input")
    project = api.named("project", data["parent"], "parent")
    if data["status_type"] not in _STATUSES:
        refuse(f"status_type: Not a valid status: {data['status_type']}")
    now = api.store.now()
    said = _said(api, data) | {"status_type": data["status_type"]}
    said["title"] = text("title", data.get("title", f"Status Update - {now:%b} {now.day}"))
    made = api.store.add(KIND, **said, **_about(api, project))
    return api.one(made, 201)


def _about(api: Api, project: Thing) -> Thing:
    who, at = Ref(api.me), api.store.stamp()
    likes: Thing = {"liked": False, "likes": [], "num_likes": 0}
    hearts: Thing = {"hearted": False, "hearts": [], "num_hearts": 0}
    own = {"author": who, "created_by": who, "created_at": at, "modified_at": at}
    kind = {"resource_subtype": "project_status_update", "parent": Ref(project["gid"])}
    return own | kind | likes | hearts


def _said(api: Api, data: Thing) -> Thing:
    plain = text("text", data["text"])
    if data.get("html_text") is None:
        return {"text": plain, "html_text": f"<body>{escape(plain, quote=False)}</body>"}
    html = rich(api, "html_text", data["html_text"], blocks=False)
    return {"text": plain_of(html), "html_text": html}


def read(api: Api) -> Response:
    """``GET /status_updates/{}``."""
    return api.one(api.there(KIND))


def delete(api: Api) -> Response:
    """``DELETE /status_updates/{}``: the one before it is the project's status again."""
    api.there(KIND)["deleted"] = True
    return api.nothing()


ROUTES: Table = (
    ("GET", "/status_updates", listing),
    ("POST", "/status_updates", create),
    ("GET", "/status_updates/{gid}", read),
    ("DELETE", "/status_updates/{gid}", delete),
)
