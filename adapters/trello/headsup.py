"""The one card of a board under which the service speaks of what concerns the whole board.

It is no task: known as the card for results is (:mod:`adapters.trello.signs`), by a line and a
title of its own, and by a link to the board that hangs on it. Nothing is read from it; people
answer in its comments.
"""

from collections.abc import Mapping, Sequence
from threading import RLock
from typing import Any, Final

from msgspec import Struct, field

from adapters.trello import feed
from adapters.trello.actions import Action
from adapters.trello.choices import Choices
from adapters.trello.client import Trello, segment
from adapters.trello.decode import archived_lists
from adapters.trello.fields import CARD
from adapters.trello.shapes import Object, misshapen, the_object, word, words
from adapters.trello.signs import Sign, hidden, left
from syncer.adapterkit.answer import Answer
from syncer.adapterkit.errors import SkipRecord
from syncer.model.comments import Thread

SIGN: Final = Sign(
    "Heads-up", "Kept by syncer: it speaks of this board in the comments here.", "#syncer-heads-up"
)
"""How it is known; people may call it something else."""

TEXT: Final = (
    "Who decides about this board is asked in the comments of this card, and answers there."
)

_SITE: Final = "https://trello.com/b/"
_CURSOR: Final = "heads_up"
_GONE: Final = 404


class Heads(Struct, frozen=True):
    """Ids of such cards: ``now`` on the board, and all that an answer may still speak of."""

    now: frozenset[str] = frozenset()
    ever: frozenset[str] = frozenset()

    def cursor(self) -> dict[str, Any]:
        """This, for the next poll: it lists only cards that were touched since."""
        return {_CURSOR: sorted(self.now)}


def of_cursor(cursor: Mapping[str, Any] | None) -> frozenset[str]:
    """What the last poll of a board knew."""
    return frozenset(words((cursor or {}).get(_CURSOR)))


def find(
    cards: Sequence[Object], done: Sequence[Action], before: frozenset[str], *, whole: bool = False
) -> Heads:
    """The cards of this kind that an answer shows, or does not contradict.

    Args:
        done: what the feed tells.
        before: ids that were known.
        whole: these are all cards of the board.
    """
    shown = {card["id"] for card in cards}
    mine = frozenset(card["id"] for card in SIGN.on(cards, {*before, *SIGN.unmarked(done)}))
    unseen = before - shown
    return Heads(mine if whole else mine | (unseen - left(done)), mine | unseen)


class HeadsUps(Struct):
    """Finds and makes such cards, one at a time, and remembers which they are while it is open."""

    trello: Trello
    choices: Choices
    _lock: RLock = field(default_factory=RLock)
    _known: dict[str, frozenset[str]] = field(default_factory=dict)

    def known(self, board: str) -> frozenset[str]:
        """What was last seen of a board."""
        with self._lock:
            return self._known.get(board, frozenset())

    def note(self, board: str, ids: frozenset[str]) -> None:
        """What is seen of it now."""
        with self._lock:
            self._known[board] = ids

    def item(self, board: str) -> Thread:
        """The board's card: looked for among all its cards, brought back to where people see it.

        Only where there is none it is made, at the bottom of the first open list; so what an
        unanswered request made is not made again.
        """
        with self._lock:
            shown = feed.whole(self.trello, board)
            heads = find(shown.cards, (), self.known(board), whole=True)
            self.note(board, heads.now)
            away = archived_lists(shown.board.get("lists"))
            mine = [card for card in shown.cards if card["id"] in heads.now]
            card = min(mine, key=lambda card: (hidden(card, away), card["id"]), default=None)
            return Thread(CARD, self._seen(shown.board, card, away), board)

    def _seen(self, home: Object, card: Object | None, away: frozenset[str]) -> str:
        board = str(home["id"])
        if card is None:
            return self._made(home)
        if not hidden(card, away):
            return str(card["id"])
        body: dict[str, Any] = {"closed": False}
        if card.get("idList") in away:
            body |= self.choices.place(board, SIGN.name, "bottom")
        try:
            return self._noted(board, self.trello.put(f"/cards/{segment(card['id'])}", body))
        except SkipRecord as error:
            if error.status != _GONE:
                raise
            return self._made(home)

    def _made(self, home: Object) -> str:
        place = self.choices.place(home["id"], SIGN.name, "bottom")
        link = word(home.get("shortUrl")) or f"{_SITE}{home['id']}"
        body = {"name": SIGN.name, "desc": SIGN.signed(TEXT), "urlSource": link + SIGN.tag}
        return self._noted(home["id"], self.trello.post("/cards", {**place, **body}))

    def _noted(self, board: str, answer: Answer) -> str:
        id = word(the_object(answer).get("id"))
        if not id:
            raise misshapen(answer, "a card")
        self.note(board, self.known(board) | {id})
        return id
