"""What the token's member can see: workspaces, boards, and who is in them (guide, 4.1 and 4.2)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from adapters.trello import batch
from adapters.trello.client import Trello, segment
from adapters.trello.scope import BOARDS, WORKSPACE, members_of, memberships
from adapters.trello.shapes import Object, moment, objects, part, the_list, word
from syncer.model.remote import RemotePerson
from syncer.model.surveys import Spot

_OPEN: Final = {"filter": "open", "fields": BOARDS}
_MEMBERS: Final = "memberships?member=true&member_fields=username%2CfullName"


def spots(trello: Trello) -> Iterator[Spot]:
    """Workspaces, each followed by its boards; last, boards of workspaces that are not ours.

    Two requests and one a workspace: what is listed of a member leaves out the boards of a
    workspace that others have not shared with them, which the workspace's own list has.
    """
    seen: set[str] = set()
    for home in _workspaces(trello):
        path = f"/organizations/{segment(home['id'])}/boards"
        boards = [b for b in objects(the_list(trello.get(path, _OPEN))) if _counts(b)]
        yield _workspace(home, boards)
        for board in boards:
            seen.add(board["id"])
            yield _board(board, home["id"])
    yield from (_board(board) for board in _mine(trello) if board["id"] not in seen)


def everybody(trello: Trello) -> Iterator[RemotePerson]:
    """Members of our workspaces, a request each; of boards elsewhere, a request for each ten."""
    homes = _workspaces(trello)
    found: dict[str, RemotePerson] = {}
    for home in homes:
        listed = memberships(trello, f"/organizations/{segment(home['id'])}/memberships")
        found |= {person.id: person for person in listed}
    ours = {home["id"] for home in homes}
    apart = [board for board in _mine(trello) if word(board.get("idOrganization")) not in ours]
    routes = [f"/boards/{segment(board['id'])}/{_MEMBERS}" for board in apart]
    for told in batch.read(trello, routes):
        listed = members_of(told.body) if told.status == "200" else []
        found |= {person.id: person for person in listed if person.id not in found}
    yield from found.values()


def _workspaces(trello: Trello) -> list[Object]:
    answer = trello.get("/members/me/organizations", {"fields": WORKSPACE})
    return objects(the_list(answer))


def _mine(trello: Trello) -> list[Object]:
    boards = objects(the_list(trello.get("/members/me/boards", _OPEN)))
    return [board for board in boards if _counts(board)]


def _counts(board: Object) -> bool:
    return board.get("closed") is not True and part(board, "prefs", "isTemplate") is not True


def _workspace(home: Object, boards: list[Object]) -> Spot:
    active = [at for board in boards if (at := _active(board))]
    return Spot(
        kind="workspace",
        id=home["id"],
        name=word(home.get("displayName")) or word(home.get("name")),
        scope={"workspace": home["id"]},
        aliases=tuple(filter(None, [word(home.get("name"))])),
        size=len(boards),
        unit="boards",
        active=max(active, default=None),
    )


def _board(board: Object, home: str = "") -> Spot:
    return Spot(
        kind="board",
        id=board["id"],
        name=word(board.get("name")),
        scope={"boards": [board["id"]]},
        aliases=tuple(filter(None, [word(board.get("shortLink"))])),
        whole=False,
        inside=home,
        active=_active(board),
    )


def _active(board: Object) -> datetime | None:
    return moment(board.get("dateLastActivity"))
