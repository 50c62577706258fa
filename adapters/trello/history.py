"""Every change that Trello's own record of a card or board holds."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from adapters.trello import changes, feed, results
from adapters.trello.actions import Action
from adapters.trello.client import Trello, segment
from adapters.trello.fields import BOARD, RESULTS
from adapters.trello.keeping import Keeping
from adapters.trello.shapes import Object, mapping, word
from syncer.adapterkit.contract import HistoryRequest
from syncer.adapterkit.errors import SkipRecord
from syncer.model.entities import EXISTENCE
from syncer.model.remote import Change


def history(
    trello: Trello, keeping: Keeping, requests: Sequence[HistoryRequest]
) -> Iterator[Change]:
    """Keyed changes, oldest first per record. A record that is gone has none left to tell."""
    for request in requests:
        try:
            if request.object == BOARD:
                found = _board(trello, keeping, request)
            else:
                found = _card(trello, request)
        except SkipRecord as error:
            if error.status != 404:
                raise
            continue
        found = [c for c in found if c.field in request.fields and _late(c, request.since)]
        yield from sorted(found, key=lambda c: (c.at or _LONG_AGO, c.key))


_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


def _late(change: Change, since: datetime | None) -> bool:
    return since is None or change.at is None or change.at > since


def _board(trello: Trello, keeping: Keeping, request: HistoryRequest) -> list[Change]:
    path = f"/boards/{segment(request.id)}/actions"
    done = feed.all_actions(trello, path, "updateBoard", request.since)
    found = [c for c in changes.changes(done, {}) if c.object == BOARD]
    return found + (_results(trello, keeping, request) if RESULTS in request.fields else [])


def _results(trello: Trello, keeping: Keeping, request: HistoryRequest) -> list[Change]:
    """What was done to the text of the board's card, if there is one."""
    _, known = keeping.look(request.id)
    if not known.now.id:
        return []
    _, done = feed.card_history(trello, known.now.id, request.since)
    told = changes.changes(done, {})
    return [c for c in results.told(request.id, known, told) if c.object == BOARD]


def _card(trello: Trello, request: HistoryRequest) -> list[Change]:
    """The card's own actions, and those of its lists if it matters whether they were put away."""
    card, done = feed.card_history(trello, request.id, request.since)
    found = list(changes.changes(done, {request.id: card}))
    if EXISTENCE in request.fields and (board := word(card.get("idBoard"))):
        found += _of_lists(trello, request, board, card, done)
    return found


def _of_lists(
    trello: Trello, request: HistoryRequest, board: str, card: Object, done: Sequence[Action]
) -> Iterator[Change]:
    """What putting lists away did to a card that was in them at the time."""
    path = f"/boards/{segment(board)}/actions"
    for action in feed.all_actions(trello, path, "updateList:closed", request.since):
        if action.id_of("list") == _list_at(action.at, card, done):
            placed = {"id": request.id, "idList": action.id_of("list"), "closed": False}
            yield from changes.put_away([action], [placed])


def _list_at(at: datetime, card: Object, done: Sequence[Action]) -> str:
    """The list that a card was in: where it is now, but for the moves since."""
    place = word(card.get("idList"))
    for action in reversed(done):
        old = mapping(action.data.get("old"))
        if action.at > at and action.type == "updateCard" and "idList" in old:
            place = word(old["idList"])
    return place
