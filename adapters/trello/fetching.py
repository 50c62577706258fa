"""Single records as they are now: ten cards in one request ("Batch")."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from adapters.trello import batch
from adapters.trello.client import Trello, segment
from adapters.trello.decode import archived_lists, board_record, card_record
from adapters.trello.feed import BOARD_FIELDS
from adapters.trello.fields import BOARD, CARD, RESULTS, custom_of
from adapters.trello.keeping import Keeping
from adapters.trello.shapes import Object, mapping, part, the_object, word
from syncer.adapterkit.contract import PullRequest
from syncer.adapterkit.errors import SkipRecord, WaitAndRetry
from syncer.model.remote import RemoteRecord

_WHOLE: Final = "customFieldItems=true&list=true&attachments=true"

ALONE: Final = {"fields": BOARD_FIELDS, "actions": "none", "lists": "none"}


def fetch(
    trello: Trello, keeping: Keeping, object: str, ids: Sequence[str], request: PullRequest
) -> Iterator[RemoteRecord]:
    """These records; those that are gone, or that are no tasks, are left out."""
    if object == BOARD:
        yield from _boards(trello, keeping, ids, request)
        return
    yield from _cards(trello, keeping, ids, request)


def _boards(
    trello: Trello, keeping: Keeping, ids: Sequence[str], request: PullRequest
) -> Iterator[RemoteRecord]:
    wanted = sorted(request.fields.get(BOARD, ()))
    for id in ids:
        try:
            if RESULTS in wanted:
                shown, found = keeping.look(id)
                yield board_record(shown.board, shown.at, wanted, found.now)
            else:
                answer = trello.get(f"/boards/{segment(id)}", ALONE)
                yield board_record({**the_object(answer), "id": id}, answer.at, wanted)
        except SkipRecord as error:
            if error.status != 404:
                raise


def cards_now(trello: Trello, ids: Sequence[str]) -> Iterator[tuple[Object, datetime]]:
    """Cards as they are now, with when the answer was given; those that are gone are left out."""
    routes = [f"/cards/{segment(id)}?{_WHOLE}" for id in ids]
    for told in batch.read(trello, routes):
        if not told.gone:
            yield _card(told), told.at


def _cards(
    trello: Trello, keeping: Keeping, ids: Sequence[str], request: PullRequest
) -> Iterator[RemoteRecord]:
    wanted = request.fields.get(CARD, frozenset())
    for card, at in cards_now(trello, ids):
        if card["id"] in keeping.ours([card], word(card.get("idBoard"))):
            continue
        custom = custom_of(request.catalogue, word(card.get("idBoard")))
        custom = {id: info for id, info in custom.items() if id in wanted}
        away = archived_lists([part(card, "list")])
        yield card_record(card, at, sorted(wanted), custom, away)


def _card(told: batch.Part) -> Object:
    card = mapping(told.body)
    if told.status != "200" or not word(card.get("id")):
        raise WaitAndRetry("a part of a batch failed", detail=told.said)
    return card
