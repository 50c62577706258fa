"""What the stand-in holds: Trello's own objects as they stand in its answers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from msgspec import Struct, field

from syncer.adapterkit.sandbox import Ids
from syncer.model.values import instant_text

Object = dict[str, Any]
Table = dict[str, Object]

APP: Object = {"id": "5e2a7c90d1b3f4a6c8e01357"}
"""The app that the service's key belongs to, as actions name it."""

ROBOT: Object = {"id": "5b1d6a3f9c8e7d0012345678", "name": "Butler"}
"""Trello's own automation, as actions name it."""


class Tuning(Struct):
    """How the stand-in behaves where Trello varies; a test may change it at any time.

    Args:
        delay: how late actions show in lists (guide, 3.1: one day is read again for it), but
            for the comments that a card itself lists: whoever opens it sees them at once.
        losing: what is done now leaves no action that a list would show (guide, 5).
        unlisted: types of actions that no list shows, as ``updateCustomFieldItem`` may be for
            ordinary tokens (guide, 16).
        still: ``labels`` or ``customFields``, whose changes do not count as activity of a
            card (guide, 16: how far ``dateLastActivity`` reaches is not confirmed).
    """

    delay: timedelta = timedelta(0)
    losing: bool = False
    unlisted: frozenset[str] = frozenset()
    still: frozenset[str] = frozenset()


class Store(Struct):
    """Tables of wire objects by id; ``items``, ``attachments``, ``plugins`` are by card, ``stars``
    and ``notifications`` by member.

    ``apps`` names per member the app through which they act; people in front of a browser
    have none. Actions are kept oldest first.
    """

    clock: Callable[[], datetime]
    ids: Ids = field(default_factory=lambda: Ids("trello"))
    organizations: Table = field(default_factory=dict)
    boards: Table = field(default_factory=dict)
    lists: Table = field(default_factory=dict)
    cards: Table = field(default_factory=dict)
    labels: Table = field(default_factory=dict)
    members: Table = field(default_factory=dict)
    fields: Table = field(default_factory=dict)
    checklists: Table = field(default_factory=dict)
    items: dict[str, list[Object]] = field(default_factory=dict)
    attachments: dict[str, list[Object]] = field(default_factory=dict)
    plugins: dict[str, list[Object]] = field(default_factory=dict)
    stars: dict[str, list[Object]] = field(default_factory=dict)
    actions: list[Object] = field(default_factory=list)
    notifications: dict[str, list[Object]] = field(default_factory=dict)
    apps: dict[str, Object] = field(default_factory=dict)
    tuning: Tuning = field(default_factory=Tuning)

    def now(self) -> str:
        """A new moment as Trello writes it."""
        return instant_text(self.clock())

    def new_id(self) -> str:
        """A new id: its first eight digits are the second of its making."""
        return self.ids.object_id(self.clock())

    @contextmanager
    def past(self, moment: datetime) -> Iterator[None]:
        """What happens inside happened from this moment on, a second at a time."""
        present = self.clock
        seconds = count()
        self.clock = lambda: moment + timedelta(seconds=next(seconds))
        try:
            yield
        finally:
            self.clock = present

    def on_board(self, table: Table, board: str) -> list[Object]:
        """The objects of a table that are on a board, by position where they have one."""
        here = [entry for entry in table.values() if entry.get("idBoard") == board]
        return sorted(here, key=lambda entry: (entry.get("pos") or 0, entry["id"]))

    def fields_of(self, board: str) -> list[Object]:
        """The custom field definitions of a board."""
        return [entry for entry in self.fields.values() if entry.get("idModel") == board]

    def board_membership(self, board: str, member: str) -> Object | None:
        """How a member belongs to a board."""
        return _membership(self.boards[board], member)

    def organization_membership(self, board: str, member: str) -> Object | None:
        """How a member belongs to the workspace that a board is in."""
        workspace = self.organizations.get(str(self.boards[board].get("idOrganization")))
        return _membership(workspace, member) if workspace else None

    def touch(self, card: Object, what: str = "") -> None:
        """A card, and with it its board, was active just now, unless ``what`` does not count."""
        if what in self.tuning.still:
            return
        moment = self.now()
        card["dateLastActivity"] = moment
        if board := self.boards.get(str(card.get("idBoard"))):
            board["dateLastActivity"] = moment

    def log(self, kind: str, by: str, data: Object, member: str | None = None) -> Object:
        """Write an action down."""
        moment = self.clock()
        action: Object = {
            "id": self.ids.object_id(moment),
            "idMemberCreator": by,
            "data": data,
            "appCreator": self.apps.get(by),
            "type": kind,
            "date": instant_text(moment),
            "limits": None,
            "memberCreator": self.brief(by),
        }
        if member is not None:
            action["member"] = self.brief(member)
        if not self.tuning.losing:
            self.actions.append(action)
        board = self.boards.get(str((data.get("board") or {}).get("id")))
        if board is not None:
            board["dateLastActivity"] = action["date"]
        return action

    def brief(self, member: str) -> Object:
        """A member as actions show one."""
        return {key: value for key, value in self.members[member].items() if key in _BRIEF}


_BRIEF = frozenset(
    "id activityBlocked avatarHash avatarUrl fullName idMemberReferrer initials"
    " nonPublic nonPublicAvailable username".split()
)


def _membership(holder: Object, member: str) -> Object | None:
    found = [m for m in holder.get("memberships") or [] if m.get("idMember") == member]
    return found[0] if found else None


def board_data(board: Object) -> Object:
    """A board as actions name it."""
    return {key: board.get(key) for key in ("id", "name", "shortLink")}


def list_data(entry: Object) -> Object:
    """A list as actions name it."""
    return {"id": entry["id"], "name": entry["name"]}


def card_data(card: Object) -> Object:
    """A card as actions name it."""
    return {key: card.get(key) for key in ("id", "name", "idShort", "shortLink")}
