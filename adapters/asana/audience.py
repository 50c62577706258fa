"""Who can read what is written in a project or on a task, beside the agency's own members.

What Asana's help pages say of access: a guest of the organisation sees what is shared with
them, that is a task that they follow or have, a project that they or their team are members of,
and the projects of a team they are in, unless those are private. A project that is public to
the workspace is open to its members, which are the agency; it is not open to guests. So nothing
is `public` there, except where the service's own account is a guest: then the workspace is
somebody else's, and all of it reads along. Whoever is not told to be a member counts as a guest.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from adapters.asana.client import Asana, Reply, Row, segment
from adapters.asana.decode import gid_of
from adapters.asana.shapes import PROJECT, TASK
from syncer.adapterkit.errors import AdapterError, AskPerson, StopConnection, WaitAndRetry
from syncer.model.comments import Audience, Thread
from syncer.model.remote import RemotePerson

_PRIVATE: Final = "private"
_KNOWN: Final = frozenset({"public_to_workspace", "private_to_team", _PRIVATE})
_TASK: Final = (
    "assignee.name",
    "followers.name",
    "memberships.project.name",
    "parent.name",
    "workspace.name",
)
_PROJECT: Final = ("privacy_setting", "team.name", "workspace.name")
_SEAT: Final = ("is_active", "is_guest", "user.name", "workspace.name")
_DEEPEST: Final = 20


def audience(asana: Asana, threads: Sequence[Thread]) -> dict[Thread, Audience]:
    """Ask for each place; what cannot be found out is unknown, and why."""
    look = _Look(asana)
    return {thread: _of(look, thread) for thread in threads}


def _of(look: "_Look", thread: Thread) -> Audience:
    try:
        return look.at(thread)
    except StopConnection:
        raise
    except AdapterError as error:
        return Audience(unknown=str(error))


class _Look:
    """One look around; what one place has told is not asked for another."""

    def __init__(self, asana: Asana) -> None:
        self._asana = asana
        self._readers: dict[tuple[str, str], dict[str, Row]] = {}
        self._failed: dict[tuple[str, str], AdapterError] = {}
        self._homes: dict[tuple[str, str], str] = {}
        self._seats: dict[str, _Seats] = {}

    def at(self, thread: Thread) -> Audience:
        """Who can read there. Raises whatever keeps us from knowing."""
        if thread.object not in (TASK, PROJECT):
            raise AskPerson(f"nobody knows who reads a {thread.object}")
        key = (thread.object, thread.id)
        readers, home = self._known(key), self._homes[key]
        if home not in self._seats:
            self._seats[home] = _Seats(self._asana, home)
        seats = self._seats[home]
        if seats.guest(self._asana.my_gid()):
            return Audience(public=True)
        guests = {gid: row for gid, row in readers.items() if seats.guest(gid)}
        return Audience(guests=tuple(_guest(guests[gid]) for gid in sorted(guests)))

    def _known(self, key: tuple[str, str]) -> dict[str, Row]:
        if key in self._failed:
            raise self._failed[key]
        if key not in self._readers:
            ask = {TASK: self._task, PROJECT: self._project}[key[0]]
            try:
                self._readers[key] = ask(key)
            except AdapterError as error:
                self._failed[key] = error
                raise
        return self._readers[key]

    def _task(self, key: tuple[str, str], depth: int = 0) -> dict[str, Row]:
        """Its collaborators, and whoever reads a project that it, or what is above it, is in."""
        row = self._asana.get(f"/tasks/{segment(key[1])}", _TASK).data
        assignee = row.get("assignee")
        readers = _people([*([assignee] if assignee else []), *_rows(row, "followers")])
        for place in _rows(row, "memberships"):
            readers |= self._known((PROJECT, _named(place, "project")["gid"]))
        if (parent := gid_of(row.get("parent"))) is not None:
            if depth > _DEEPEST:
                raise AskPerson("there are too many tasks above this one")
            readers |= self._task((TASK, parent), depth + 1)
        self._homes[key] = _home(row)
        return readers

    def _project(self, key: tuple[str, str]) -> dict[str, Row]:
        """Its members, and everybody in teams that are members or have it."""
        path = f"/projects/{segment(key[1])}"
        row = self._asana.get(path, _PROJECT).data
        privacy, team = row.get("privacy_setting"), gid_of(row.get("team"))
        if privacy not in _KNOWN:
            raise AskPerson(f"a project whose privacy is {privacy!r} may be open to anybody")
        members = [_named(row, "member") for row in self._listed("/memberships", parent=key[1])]
        teams = {m["gid"] for m in members if m.get("resource_type") == "team"}
        teams |= {team} if team is not None and privacy != _PRIVATE else set()
        readers = _people(m for m in members if m["gid"] not in teams)
        for gid in sorted(teams):
            readers |= self._team(gid)
        self._homes[key] = _home(row)
        return readers

    def _team(self, gid: str) -> dict[str, Row]:
        key = ("team", gid)
        if key not in self._readers:
            rows = self._listed(f"/teams/{segment(gid)}/team_memberships", ("user.name",))
            self._readers[key] = _people(_named(row, "user") for row in rows)
        return self._readers[key]

    def _listed(self, path: str, ask: tuple[str, ...] = (), **params: Any) -> list[Row]:
        return [row for page in self._asana.pages(path, ask, **params) for row in page.data]


class _Seats:
    """Who is a member of a workspace, and who its guest: read page by page, as far as needed."""

    def __init__(self, asana: Asana, workspace: str) -> None:
        path = f"/workspaces/{segment(workspace)}/workspace_memberships"
        self._pages = asana.pages(path, _SEAT)
        self._known: dict[str, bool] = {}
        self._failed: AdapterError | None = None

    def guest(self, user: str) -> bool:
        """Whether a user is no member. Who has left the workspace reads nothing any more."""
        while user not in self._known:
            page = self._next()
            if page is None:
                return True
            for row in page.data:
                if (gid := gid_of(row.get("user"))) is not None:
                    left = row.get("is_active") is False
                    self._known[gid] = not left and row.get("is_guest") is not False
        return self._known[user]

    def _next(self) -> Reply | None:
        """The next page. After one that failed there is none, which must not pass for the end."""
        if self._failed is not None:
            raise self._failed
        try:
            return next(self._pages, None)
        except AdapterError as error:
            self._failed = error
            raise


def _home(row: Row) -> str:
    return str(_named(row, "workspace")["gid"])


def _named(row: Any, key: str) -> Row:
    """What a record names. Raises if it does not say: it could be anybody, or anything."""
    found = row.get(key) if isinstance(row, dict) else None
    if not isinstance(found, dict) or gid_of(found) is None:
        raise WaitAndRetry(f"the answer does not tell the {key}")
    return found


def _rows(row: Row, key: str) -> list[Any]:
    found = row.get(key)
    if not isinstance(found, list):
        raise WaitAndRetry(f"the answer does not tell the {key}")
    return found


def _people(rows: Iterable[Any]) -> dict[str, Row]:
    return {_named({"user": row}, "user")["gid"]: row for row in rows}


def _guest(row: Row) -> RemotePerson:
    name = row.get("name")
    return RemotePerson(row["gid"], name if isinstance(name, str) else "", guest=True)
