"""How an Asana token stands: whether it may do what is needed, and where it only looks."""

from collections.abc import Iterator, Sequence
from typing import Final

from adapters.asana.client import Asana, Row, segment
from adapters.asana.describe import workspace_of
from adapters.asana.shapes import PROJECT
from syncer.adapterkit.contract import Scope
from syncer.adapterkit.errors import AskPerson, SkipRecord
from syncer.adapterkit.standing import Lack, Standing, Wants
from syncer.model.remote import Catalogue

_HOME: Final = ("is_active", "is_guest", "is_view_only", "workspace.name")
_LOOKS: Final = ("viewer", "commenter")
"""Levels of a project's member who may not edit in it (guide, "Memberships")."""

_SCOPES: Final = "use a personal access token, a service account's, or an app with full permissions"


def standing(asana: Asana, wants: Wants) -> Standing:
    """One request, of a kind that an app with scopes is refused (guide, "OAuth scopes").

    Asana tells nothing of what is left of its limits.
    """
    try:
        homes = _seats(asana)
    except AskPerson as error:
        if error.status != 403:
            raise
        cause = "the token belongs to an app with scopes: it cannot read events and sections"
        return Standing(lacks=(Lack("permissions", cause, _SCOPES),))
    found = [lack for row in homes for lack in _home(row, wants)]
    return Standing("a user's, or a service account's", ("full permissions",), tuple(found))


def _seats(asana: Asana) -> list[Row]:
    pages = asana.pages(f"/users/{segment(asana.my_gid())}/workspace_memberships", _HOME)
    return [row for page in pages for row in page.data]


def _home(row: Row, wants: Wants) -> Iterator[Lack]:
    home = row.get("workspace")
    name = home.get("name") if isinstance(home, dict) else None
    if row.get("is_view_only") is True and wants.writes:
        cause = f"its seat in {name!r} is view-only: nothing can be written"
        yield Lack("seat", cause, "give it a full seat in the workspace's admin console")
    if row.get("is_guest") is True:
        cause = f"it is a guest of {name!r}: it sees only what is shared with it"
        way = "make it a member, or share every project of a client's scope with it"
        yield Lack("seat", cause, way, fault=False)


def lacks(asana: Asana, scope: Scope, catalogue: Catalogue, wants: Wants) -> list[Lack]:
    """A request for each project, of our own place in it; one for whether the plan has fields."""
    found: list[Lack] = []
    for gid, name in sorted(catalogue.containers.items()) if wants.writes else ():
        levels = _levels(asana, gid)
        if levels and all(level in _LOOKS for level in levels):
            cause = f"it is a {levels[0]} of the project {name!r}: nothing can be written"
            way = f"make it an editor of {name!r} (Share, in the project)"
            found.append(Lack("seat", cause, way))
    return [*found, *(_plan(asana, scope) if wants.customs else ())]


def _levels(asana: Asana, project: str) -> list[str]:
    query = {"parent": project, "member": asana.my_gid()}
    pages = asana.pages("/memberships", **query)
    return [str(row["access_level"]) for page in pages for row in page.data if _told(row)]


def _told(row: Row) -> bool:
    return isinstance(row.get("access_level"), str)


def _plan(asana: Asana, scope: Scope) -> Sequence[Lack]:
    """Free plans refuse custom fields with 402 (guide, "Custom fields")."""
    path = f"/workspaces/{segment(workspace_of(asana, scope.options))}/custom_fields"
    try:
        next(asana.pages(path, ("name",)), None)
    except (AskPerson, SkipRecord) as error:
        if error.status != 402:
            raise
        cause = "the workspace's plan has no custom fields"
        return [Lack("plan", cause, "move it to a paid plan, or map no custom fields")]
    return []


def template(object: str, name: str, catalogue: Catalogue) -> str:
    """Never: see :mod:`adapters.asana.push`."""
    del name, catalogue
    what = "a project" if object == PROJECT else f"a {object}"
    return f"making {what} from a template is not supported in Asana"
