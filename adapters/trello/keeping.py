"""Reading and writing the card of a board in which the service tells results."""

from collections.abc import Mapping, Sequence
from threading import RLock
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from adapters.trello import feed, headsup, results
from adapters.trello.choices import Choices
from adapters.trello.client import Trello, segment
from adapters.trello.decode import archived_lists
from adapters.trello.feed import Board
from adapters.trello.headsup import Heads, HeadsUps
from adapters.trello.results import Found, Kept
from adapters.trello.shapes import Object, misshapen, the_object, word
from syncer.adapterkit.answer import Answer
from syncer.adapterkit.errors import SkipRecord
from syncer.model.remote import Raw

_GONE: Final = 404


class Keeping(Struct):
    """Remembers which card it is, for as long as the adapter is open; ``heads`` does of the other."""

    trello: Trello
    choices: Choices
    heads: HeadsUps
    _lock: RLock = field(default_factory=RLock)
    _known: dict[str, Kept] = field(default_factory=dict)

    def ours(self, cards: Sequence[Object], board: str) -> frozenset[str]:
        """Which of these cards are no tasks, as far as can be told of single cards."""
        heads = headsup.find(cards, (), self.heads.known(board)).ever
        return results.find(cards, (), before=self.known(board)).ours | heads

    def known(self, board: str) -> Kept | None:
        """What was last seen of a board's card."""
        with self._lock:
            return self._known.get(board)

    def note(self, board: str, kept: Kept) -> None:
        """What is seen of it now."""
        with self._lock:
            self._known[board] = kept

    def look(self, board: str) -> tuple[Board, Found]:
        """The board as it is now, and its card among all its cards."""
        shown = feed.whole(self.trello, board)
        found = results.find(shown.cards, _away(shown), before=self.known(board), whole=True)
        self.note(board, found.now)
        return shown, found

    def write(self, board: str, text: Raw) -> tuple[Raw, Answer | None]:
        """Let the card show a text, and give what it shows then, with the answer that says so.

        It is looked for first, so that what an unanswered write made is not made again. One that
        people put away is brought back; without a text it is put away.

        Raises:
            SkipRecord: Trello refuses the text.
        """
        shown, found = self.look(board)
        if found.card is None:
            return self._made(board, text)
        try:
            return self._changed(board, found.card, _away(shown), text)
        except SkipRecord as error:
            if error.status != _GONE:
                raise
            return self._made(board, text)

    def _made(self, board: str, text: Raw) -> tuple[Raw, Answer | None]:
        if text is None:
            return None, None
        body = {**self._place(board), "name": results.NAME, "desc": results.signed(text)}
        return self._saw(board, self.trello.post("/cards", body))

    def _changed(
        self, board: str, card: Object, away: frozenset[str], text: Raw
    ) -> tuple[Raw, Answer | None]:
        body: dict[str, Any] = {"closed": True}
        if text is not None:
            body = {"desc": results.signed(text), "closed": False}
            if card.get("idList") in away:
                body |= self._place(board)
        return self._saw(board, self.trello.put(f"/cards/{segment(card['id'])}", body))

    def _place(self, board: str) -> dict[str, Any]:
        return self.choices.place(board, results.NAME, "top")

    def _saw(self, board: str, answer: Answer) -> tuple[Raw, Answer]:
        card = the_object(answer)
        if not word(card.get("id")) or not isinstance(card.get("desc"), str):
            raise misshapen(answer, "a card")
        text = None if card.get("closed") is True else results.text_of(card["desc"])
        self.note(board, Kept(card["id"], text))
        return text, answer


def seen(
    shown: Board, cards: Sequence[Object], cursor: Mapping[str, Any] | None, *, whole: bool = False
) -> tuple[Found, Heads]:
    """Which of the cards of a poll are no tasks; ``cursor`` is of the poll before."""
    before, done = Kept.of_cursor(cursor), shown.actions
    heads = headsup.find(cards, done, headsup.of_cursor(cursor), whole=whole)
    found = results.find(cards, _away(shown), done, before, whole=whole)
    return replace(found, ours=found.ours | heads.ever), heads


def _away(shown: Board) -> frozenset[str]:
    return archived_lists(shown.board.get("lists"))
