"""The cards of an answer as a page tells them: records, or that they are as they were."""

from collections.abc import Collection, Mapping
from typing import Any

from msgspec import Struct

from adapters.trello import actions
from adapters.trello.decode import archived_lists, card_record
from adapters.trello.feed import Board
from adapters.trello.fields import CARD, custom_of
from adapters.trello.shapes import Object, word
from syncer.adapterkit.contract import PullRequest
from syncer.adapterkit.seen import Sifted, sift
from syncer.model.remote import RemoteRecord


class Cards(Struct, frozen=True):
    """Tasks of one answer: ``records`` of those that are not as they were decided on."""

    records: tuple[RemoteRecord, ...] = ()
    sifted: Sifted = Sifted()

    @property
    def same(self) -> Mapping[str, tuple[str, ...]]:
        """What is as it was, for a page."""
        return {CARD: tuple(self.sifted.same)} if self.sifted.same else {}


def cards_of(request: PullRequest, board: str, shown: Board, ours: Collection[str]) -> Cards:
    """Those that a request wants, without ``ours``, which are no tasks."""
    wanted = request.fields.get(CARD)
    if wanted is None:
        return Cards()
    put_away = archived_lists(shown.board.get("lists"))
    made = actions.makers(shown.actions)
    here = {
        card["id"]: {"idBoard": board, **card} for card in shown.cards if card["id"] not in ours
    }
    # All that decides how a card is read, beside what was agreed on for all of them.
    hidden = {id: word(card.get("idList")) in put_away for id, card in here.items()}
    rows = ((id, (card, hidden[id], made.get(id))) for id, card in here.items())
    sifted = sift(request.seen, CARD, rows)
    custom = custom_of(request.catalogue, board)
    custom = {id: info for id, info in custom.items() if id in wanted}

    def read(card: Object) -> RemoteRecord:
        maker: Any = made.get(card["id"])
        return card_record(card, shown.at, sorted(wanted), custom, put_away, maker)

    return Cards(tuple(read(card) for id, card in here.items() if id not in sifted.same), sifted)
