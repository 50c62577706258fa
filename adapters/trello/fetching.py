"""Single records as they are now: ten cards in one request ("Batch")."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from adapters.trello import results
from adapters.trello.client import Trello, segment
from adapters.trello.decode import archived_lists, board_record, card_record
from adapters.trello.feed import BOARD_FIELDS
from adapters.trello.fields import BOARD, CARD, RESULTS, custom_of
from adapters.trello.keeping import Keeping
from adapters.trello.shapes import Object, mapping, part, the_list, the_object, word
from syncer.adapterkit.contract import PullRequest
from syncer.adapterkit.errors import SkipRecord, WaitAndRetry
from syncer.model.remote import RemoteRecord

MOST: Final = 10
"""Routes in one batch (documented)."""

GONE: Final = frozenset({"401", "404"})
"""Not there any more, or not to be seen any more."""

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
    for start in range(0, len(ids), MOST):
        yield from _batch(trello, ids[start : start + MOST])


def _batch(trello: Trello, ids: Sequence[str]) -> Iterator[tuple[Object, datetime]]:
    # No commas inside the routes: a comma ends one.
    urls = [f"/cards/{segment(id)}?customFieldItems=true&list=true" for id in ids]
    answer = trello.get("/batch", {"urls": ",".join(urls)}, cost=len(urls))
    parts = the_list(answer)
    if len(parts) != len(ids):
        raise WaitAndRetry(f"a batch of {len(ids)} has {len(parts)} answers")
    for card in filter(None, map(_card, parts)):
        yield card, answer.at


def _cards(
    trello: Trello, keeping: Keeping, ids: Sequence[str], request: PullRequest
) -> Iterator[RemoteRecord]:
    wanted = request.fields.get(CARD, frozenset())
    for card, at in cards_now(trello, ids):
        before = keeping.known(word(card.get("idBoard")))
        if results.find([card], (), before=before).card is card:
            continue
        custom = custom_of(request.catalogue, word(card.get("idBoard")))
        custom = {id: info for id, info in custom.items() if id in wanted}
        away = archived_lists([part(card, "list")])
        yield card_record(card, at, sorted(wanted), custom, away)


def _card(entry: object) -> Object | None:
    """The card in one part of a batch; parts that failed come in two shapes."""
    answer = mapping(entry)
    status = next(iter(answer), "") if len(answer) == 1 else str(answer.get("statusCode"))
    if status in GONE:
        return None
    card = mapping(answer.get("200"))
    if not word(card.get("id")):
        raise WaitAndRetry("a part of a batch failed", detail=str(answer.get("message"))[:80])
    return card
