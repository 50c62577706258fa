"""People are made members of a board before they are put on its cards."""

from collections.abc import Iterable
from threading import RLock

from msgspec import Struct, field

from adapters.trello.client import Trello, segment
from adapters.trello.shapes import mapping, the_list, word
from syncer.adapterkit.errors import AskPerson, SkipRecord


class Seats(Struct):
    """Remembers who is on which board, for as long as the adapter is open."""

    trello: Trello
    _lock: RLock = field(default_factory=RLock)
    _seated: dict[str, set[str]] = field(default_factory=dict)

    def take(self, board: str, members: Iterable[str]) -> dict[str, str]:
        """Make these people members of a board; gives the reason for each who cannot be."""
        refused: dict[str, str] = {}
        with self._lock:
            wanted = sorted(set(members))
            if wanted and board not in self._seated:
                self._seated[board] = self._listed(board)
            for member in wanted:
                if member in self._seated[board]:
                    continue
                try:
                    path = f"/boards/{segment(board)}/members/{segment(member)}"
                    self.trello.put(path, {"type": "normal"})
                except (SkipRecord, AskPerson) as error:
                    refused[member] = f"{member} cannot be made a member of the board: {error}"
                else:
                    self._seated[board].add(member)
        return refused

    def _listed(self, board: str) -> set[str]:
        listed = the_list(self.trello.get(f"/boards/{segment(board)}/memberships"))
        return {word(mapping(entry).get("idMember")) for entry in listed} - {""}

    def forget(self, board: str) -> None:
        """Somebody may have left: ask again next time."""
        with self._lock:
            self._seated.pop(board, None)
