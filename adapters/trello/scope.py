"""Which boards belong to a client, and which people may appear on them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct, field

from adapters.trello.client import Trello, segment
from adapters.trello.options import ScopeOptions
from adapters.trello.shapes import (
    Object,
    mapping,
    moment,
    objects,
    part,
    the_list,
    the_object,
    word,
)
from syncer.adapterkit.contract import PullRequest
from syncer.adapterkit.errors import AskPerson, SkipRecord
from syncer.model.remote import RemotePerson

LATELY: Final = timedelta(days=14)
"""A board that was closed within so long still belongs to the scope, so that closing it is seen."""

BOARDS: Final = "id,name,closed,shortLink,idOrganization,dateLastActivity,prefs"
WORKSPACE: Final = "id,name,displayName"


class Place(Struct, frozen=True):
    """A client's boards by id, and the workspace that new ones are made in."""

    boards: dict[str, Object] = field(default_factory=dict)
    workspace: Object | None = None

    @property
    def names(self) -> dict[str, str]:
        """Board ids with their names."""
        return {id: word(board.get("name")) for id, board in self.boards.items()}


def find(trello: Trello, scope: ScopeOptions) -> Place:
    """The boards in scope, live.

    Raises:
        AskPerson: a workspace or board is not there, or hidden from the token's member.
    """
    found: dict[str, Object] = {}
    workspace = _workspace(trello, scope.workspace) if scope.workspace else None
    if workspace is not None:
        params = {"filter": "all", "fields": BOARDS}
        answer = trello.get(f"/organizations/{segment(workspace['id'])}/boards", params)
        found |= {b["id"]: b for b in objects(the_list(answer)) if _alive(b, answer.at)}
    if scope.boards:
        known = objects(
            the_list(trello.get("/members/me/boards", {"filter": "all", "fields": BOARDS}))
        )
        for name in scope.boards:
            board = _named(trello, known, name)
            found[board["id"]] = board
    return Place(dict(sorted(found.items())), workspace)


def names_now(trello: Trello, request: PullRequest) -> Mapping[str, str]:
    """The boards in scope by id, asked for unless that was just done. Raises as :func:`find`."""
    if request.described:
        return request.catalogue.containers
    return find(trello, request.scope.options).names


def _alive(board: Object, now: datetime) -> bool:
    """Whether a workspace's board is work: open, or closed just now, and not a template."""
    if part(board, "prefs", "isTemplate") is True:
        return False
    active = moment(board.get("dateLastActivity")) or datetime.min.replace(tzinfo=UTC)
    return board.get("closed") is not True or now - active < LATELY


def _workspace(trello: Trello, name: str) -> Object:
    try:
        found = the_object(trello.get(f"/organizations/{segment(name)}", {"fields": WORKSPACE}))
    except (SkipRecord, AskPerson):
        mine = objects(the_list(trello.get("/members/me/organizations", {"fields": WORKSPACE})))
        hits = [home for home in mine if home.get("displayName") == name]
        if len(hits) != 1:
            raise AskPerson(_missing("workspace", name, len(hits))) from None
        return hits[0]
    if not word(found.get("id")):
        raise AskPerson(_missing("workspace", name, 0))
    return found


def _named(trello: Trello, known: list[Object], name: str) -> Object:
    """The board with this id or short link, or else the only open one of this name."""
    for key in ("id", "shortLink"):
        for board in known:
            if board.get(key) == name:
                return board
    hits = [b for b in known if b.get("name") == name and b.get("closed") is not True]
    if len(hits) == 1:
        return hits[0]
    if not hits:
        try:
            board = the_object(trello.get(f"/boards/{segment(name)}", _ALONE))
        except (SkipRecord, AskPerson):
            board = {}
        if word(board.get("id")):
            return board
    raise AskPerson(_missing("board", name, len(hits)))


_ALONE: Final = {"fields": BOARDS, "actions": "none", "lists": "none"}


def _missing(what: str, name: str, hits: int) -> str:
    if hits:
        return f"{hits} {what}s are called {name!r}; name it by its id"
    return f"there is no {what} {name!r} that the token's member can see"


def people(trello: Trello, scope: ScopeOptions) -> list[RemotePerson]:
    """Members of the workspace and of the boards in scope.

    Who is on a board but not in its workspace is a guest. E-mail addresses are not shown.
    """
    place = find(trello, scope)
    homes = {word(board.get("idOrganization")) for board in place.boards.values()} - {""}
    if place.workspace is not None:
        homes.add(place.workspace["id"])
    staff: dict[str, set[str]] = {}
    found: dict[str, RemotePerson] = {}
    for home in sorted(homes):
        listed = memberships(trello, f"/organizations/{segment(home)}/memberships")
        staff[home] = {person.id for person in listed}
        found |= {person.id: person for person in listed}
    for id, board in place.boards.items():
        inside = staff.get(word(board.get("idOrganization"))) or set()
        for person in memberships(trello, f"/boards/{segment(id)}/memberships"):
            guest = bool(inside) and person.id not in inside
            found.setdefault(person.id, _as_guest(person) if guest else person)
    return sorted(found.values(), key=lambda person: person.id)


def _as_guest(person: RemotePerson) -> RemotePerson:
    return RemotePerson(person.id, person.name, None, person.aliases, person.active, guest=True)


def memberships(trello: Trello, path: str) -> list[RemotePerson]:
    """Who is in a workspace or on a board; nobody where our member is not told."""
    try:
        listed = the_list(
            trello.get(path, {"member": "true", "member_fields": "username,fullName"})
        )
    except (SkipRecord, AskPerson):
        return []  # a workspace that our member is only a guest of does not tell who is in it
    return members_of(listed)


def members_of(listed: object) -> list[RemotePerson]:
    """The people in a list of memberships, as untrusted as it came."""
    return list(_persons(listed if isinstance(listed, list) else []))


def _persons(listed: list[object]) -> Iterator[RemotePerson]:
    for entry in map(mapping, listed):
        member = mapping(entry.get("member"))
        id = word(entry.get("idMember")) or word(member.get("id"))
        if id:
            yield person({**member, "id": id}, active=entry.get("deactivated") is not True)


def person(member: Object, *, active: bool = True, guest: bool = False) -> RemotePerson:
    """A member as a person; the user name is an alias."""
    username = word(member.get("username"))
    return RemotePerson(
        id=member["id"],
        name=word(member.get("fullName")) or username or member["id"],
        email=word(member.get("email")) or None,
        aliases=(username,) if username else (),
        active=active,
        guest=guest,
    )
