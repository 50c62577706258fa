"""Names by which people are mentioned; Trello tells only those who are on the board."""

from collections.abc import Iterator
from threading import RLock

from msgspec import Struct, field

from adapters.trello.client import Trello, segment
from adapters.trello.shapes import mapping, the_list, word


class Members(Struct):
    """Remembers who is called what on which board, for as long as the adapter is open."""

    trello: Trello
    _lock: RLock = field(default_factory=RLock)
    _known: dict[str, dict[str, str]] = field(default_factory=dict)

    def username(self, board: str, member: str) -> str | None:
        """The user name of somebody on a board; the board is asked for whoever is not known."""
        with self._lock:
            if member not in self._known.get(board, {}):
                self._known[board] = dict(self._listed(board))
            return self._known[board].get(member)

    def _listed(self, board: str) -> Iterator[tuple[str, str]]:
        query = {"member": "true", "member_fields": "username,fullName"}
        listed = self.trello.get(f"/boards/{segment(board)}/memberships", query)
        for entry in map(mapping, the_list(listed)):
            name = word(mapping(entry.get("member")).get("username"))
            if name and entry.get("deactivated") is not True:
                yield word(entry.get("idMember")), name
