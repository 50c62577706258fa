"""What the token's user can see: teams, projects, people (guide, 4.1 and 4.2)."""

from collections.abc import Iterator
from typing import Final

from adapters.asana.client import Asana, Row, segment
from adapters.asana.decode import gid_of
from adapters.asana.describe import person
from syncer.model.remote import RemotePerson
from syncer.model.surveys import Spot

_PROJECT: Final = ("name", "owner")


def spots(asana: Asana) -> Iterator[Spot]:
    """Teams, each followed by its projects; of a workspace without teams its projects alone.

    A request a team: a listing of a whole organisation's projects may time out (guide, 4.2).
    When something last happened is not told: a project's own time does not move with its tasks.
    """
    for home in _workspaces(asana):
        gid, teams = home["gid"], list(_teams(asana, home))
        for team in teams:
            projects = list(_projects(asana, f"/teams/{segment(team['gid'])}"))
            yield Spot(
                kind="team",
                id=team["gid"],
                name=_name(team),
                scope={"workspace": gid, "team": team["gid"]},
                size=len(projects),
                unit="projects",
            )
            yield from (_project(row, gid, team["gid"]) for row in projects)
        if not teams:
            here = _projects(asana, f"/workspaces/{segment(gid)}")
            yield from (_project(row, gid) for row in here)


def everybody(asana: Asana) -> Iterator[RemotePerson]:
    """A request for each hundred users of a workspace."""
    seen: set[str] = set()
    for home in _workspaces(asana):
        for page in asana.pages("/users", ("name", "email"), workspace=home["gid"]):
            yield from (person(row) for row in page.data if row["gid"] not in seen)
            seen |= {row["gid"] for row in page.data}


def _workspaces(asana: Asana) -> Iterator[Row]:
    for page in asana.pages("/workspaces", ("name", "is_organization")):
        # An id stands in scopes as digits; anything else would not be taken there.
        yield from (row for row in page.data if row["gid"].isdigit())


def _teams(asana: Asana, home: Row) -> Iterator[Row]:
    """Only an organisation has teams."""
    if home.get("is_organization") is True:
        for page in asana.pages(f"/workspaces/{segment(home['gid'])}/teams", ("name",)):
            yield from (row for row in page.data if row["gid"].isdigit())


def _projects(asana: Asana, place: str) -> Iterator[Row]:
    for page in asana.pages(f"{place}/projects", _PROJECT, archived="false"):
        yield from (row for row in page.data if row["gid"].isdigit())


def _project(row: Row, workspace: str, team: str = "") -> Spot:
    return Spot(
        kind="project",
        id=row["gid"],
        name=_name(row),
        scope={"workspace": workspace, "projects": [row["gid"]]},
        whole=False,
        inside=team,
        owner=gid_of(row.get("owner")) or "",
    )


def _name(row: Row) -> str:
    name = row.get("name")
    return name if isinstance(name, str) else ""
