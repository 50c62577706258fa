"""Who can read what is written on a board ("Board", "Member"), looked at live.

Members of the board's workspace are the agency. Whoever else is on the board is a guest,
observers and people who were only invited too; without a workspace nobody can be told to be of
the agency. Our own account and deactivated ones are nobody's eyes.
"""

from collections.abc import Iterable, Iterator, Sequence
from threading import RLock
from typing import Final

from msgspec import Struct, field

from adapters.trello import batch
from adapters.trello.batch import Part
from adapters.trello.client import Trello, segment
from adapters.trello.fields import BOARD, CARD
from adapters.trello.scope import person
from adapters.trello.shapes import Object, mapping, objects, part, word
from syncer.adapterkit.errors import AskPerson, LookFirst, SkipRecord, WaitAndRetry
from syncer.model.comments import Audience, Thread
from syncer.model.remote import RemotePerson

CLOSED: Final = ("private", "org")
"""Boards that only their members see, or those of their workspace."""

OPEN: Final = ("public", "enterprise")
"""Boards that anybody sees, or everybody of a larger organisation."""

STAFF: Final = ("admin", "normal")
"""Kinds of members of a workspace; any other is there for single boards only."""


class Audiences(Struct):
    """Looks who can read a place; remembers only in which workspace a board is."""

    trello: Trello
    _lock: RLock = field(default_factory=RLock)
    _homes: dict[str, str] = field(default_factory=dict)

    def of(self, threads: Sequence[Thread]) -> dict[Thread, Audience]:
        """Ten places or so in one request; the first time one more for the workspace."""
        look = _Look(self.trello)
        try:
            self._see(look, threads)
            return {thread: _audience(look, thread) for thread in threads}
        except (SkipRecord, AskPerson, WaitAndRetry, LookFirst) as error:
            return dict.fromkeys(threads, Audience(unknown=str(error)))

    def _see(self, look: "_Look", threads: Sequence[Thread]) -> None:
        with self._lock:
            boards = {thread.id if thread.object == BOARD else thread.container or ""
                      for thread in threads} - {""}  # fmt: skip
            known = {self._homes.get(board, "") for board in boards} - {""}
            cards = [_card(thread) for thread in threads if thread.object == CARD]
            look.at([*cards, *map(_board, sorted(boards)), *map(_home, sorted(known))])
            boards |= {look.board_of(thread) for thread in threads} - {""}
            look.at(map(_board, sorted(boards)))
            for board in boards:
                self._homes[board] = look.home_of(board)
            look.at(_home(home) for home in sorted({self._homes[b] for b in boards} - {""}))


def _card(thread: Thread) -> str:
    return f"/cards/{segment(thread.id)}?fields=idBoard"


def _board(id: str) -> str:
    # The usual fields of a board hold its workspace and its settings.
    return f"/boards/{segment(id)}?memberships=all&members=all&lists=none&actions=none"


def _home(id: str) -> str:
    return f"/organizations/{segment(id)}/memberships"


class _Look(Struct):
    """What the routes asked so far have answered."""

    trello: Trello
    told: dict[str, Part] = field(default_factory=dict)

    def at(self, routes: Iterable[str]) -> None:
        """Ask those that were not asked yet."""
        new = [route for route in dict.fromkeys(routes) if route not in self.told]
        self.told |= dict(zip(new, batch.read(self.trello, new), strict=True))

    def board_of(self, thread: Thread) -> str:
        """The board that a place is, or is on now; empty if it cannot be seen."""
        if thread.object == BOARD:
            return thread.id
        told = self.told.get(_card(thread))
        return word(mapping(told.body).get("idBoard")) if told else ""

    def home_of(self, board: str) -> str:
        """The workspace of a board; empty where it has none, or cannot be seen."""
        return word(mapping(self.told[_board(board)].body).get("idOrganization"))

    def board(self, id: str) -> Object:
        """A board with its members. Raises ``SkipRecord``."""
        told = self.told.get(_board(id)) if id else None
        shown = mapping(told.body) if told and told.status == "200" else {}
        if word(shown.get("id")) != id or not isinstance(shown.get("memberships"), list):
            raise SkipRecord("the board cannot be seen", detail=told.said if told else "")
        return shown

    def staff(self, home: str) -> frozenset[str]:
        """Who belongs to a workspace; nobody to none. Raises ``SkipRecord``."""
        told = self.told.get(_home(home)) if home else None
        if home and not (told and told.status == "200" and isinstance(told.body, list)):
            raise SkipRecord("who belongs to the board's workspace cannot be seen")
        listed = map(mapping, told.body if told else [])
        return frozenset(
            word(entry.get("idMember"))
            for entry in listed
            if entry.get("memberType") in STAFF and entry.get("deactivated") is not True
        )


def _audience(look: _Look, thread: Thread) -> Audience:
    try:
        board = look.board(look.board_of(thread))
        level = word(part(board, "prefs", "permissionLevel"))
        if level not in CLOSED + OPEN:
            raise SkipRecord(f"the board is visible to {level or 'nobody knows whom'}")
        staff = look.staff(word(board.get("idOrganization")))
    except SkipRecord as error:
        return Audience(unknown=str(error))
    others = list(_others(board, staff))
    me = look.trello.my_id() if others else ""
    return Audience(level in OPEN, tuple(guest for guest in others if guest.id != me))


def _others(board: Object, staff: frozenset[str]) -> Iterator[RemotePerson]:
    named = {member["id"]: member for member in objects(board.get("members"))}
    for entry in map(mapping, board["memberships"]):
        id = word(entry.get("idMember"))
        if id not in staff and entry.get("deactivated") is not True:
            yield person({**named.get(id, {}), "id": id}, guest=True)
