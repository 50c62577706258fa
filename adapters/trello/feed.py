"""The requests that read a board: a snapshot, a poll, and pages of each where needed."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from adapters.trello import actions
from adapters.trello.client import TOO_MANY_CARDS, Trello, segment
from adapters.trello.fields import CUSTOM, WIRE
from adapters.trello.shapes import MOST, Object, misshapen, objects, the_list, the_object
from syncer.adapterkit.answer import Answer
from syncer.adapterkit.errors import AdapterError, AskPerson, SkipRecord, WaitAndRetry
from syncer.model.values import instant_text

BOARD_FIELDS: Final = (
    "id,name,desc,closed,dateLastActivity,idOrganization,idMemberCreator,shortUrl,url"
)
ALWAYS: Final = (
    *("id", "idBoard", "idList", "closed", "dateLastActivity", "shortUrl", "idMembers"),
    # By these a card is known that is no task.
    *("name", "desc"),
)
"""What every card is asked for, whoever wants it."""

_ACTIONS: Final = {
    "actions_limit": str(MOST),
    "action_fields": actions.FIELDS,
    "action_memberCreator": "true",
    "action_memberCreator_fields": actions.PEOPLE,
    "action_member": "false",
}


class Wish(Struct, frozen=True):
    """What of a board is wanted.

    Args:
        fields: ids of card fields; ``None`` for no cards at all.
        since: cards touched and actions done since; ``None`` for all cards.
        actions: action types, as a filter; empty for none.
        actions_since: where it differs from ``since``.
    """

    fields: frozenset[str] | None
    since: datetime | None = None
    actions: str = actions.TYPES
    actions_since: datetime | None = None

    @property
    def custom(self) -> bool:
        """Whether custom fields are wanted."""
        return any(id.startswith(CUSTOM) for id in self.fields or ())

    @property
    def card_fields(self) -> str:
        """Keys of cards to ask for."""
        wanted = [WIRE[id] for id in sorted(self.fields or ()) if id in WIRE]
        return ",".join(dict.fromkeys((*ALWAYS, *wanted)))


class Board(Struct, frozen=True):
    """What an answer tells about a board."""

    board: Object
    cards: list[Object]
    actions: list[actions.Action]
    at: datetime
    whole: bool = True
    """Whether every card in the answer could be read."""


def params(wish: Wish, *, cards: bool) -> dict[str, str]:
    """The one request that shows a board, its cards and its actions ("Nested resources").

    Everything is said explicitly: by default the board would come with fifty actions.
    """
    query = {"fields": BOARD_FIELDS, "lists": "all", "list_fields": "id,name,closed"}
    query |= {"cards": "none", "actions": "none"}
    if cards and wish.fields is not None:
        query |= {"cards": "all", "card_fields": wish.card_fields}
        query |= {"card_attachments": "true", "card_attachment_fields": "url"}
        query |= {"card_customFieldItems": "true"} if wish.custom else {}
        query |= {"cards_modifiedSince": instant_text(wish.since)} if wish.since else {}
    if wish.actions:
        query |= {"actions": wish.actions, **_ACTIONS}
        since = wish.actions_since or wish.since
        query |= {"actions_since": instant_text(since)} if since else {}
    return query


def show(trello: Trello, board: str, wish: Wish) -> Board:
    """A board in one request, and one more for every further thousand actions."""
    answer = trello.get(f"/boards/{segment(board)}", params(wish, cards=True))
    return _read(trello, answer, board, wish, cards=wish.fields is not None)


def whole(trello: Trello, board: str) -> Board:
    """A board as it is now with all its cards, by which those that the service keeps are found.

    One request, and one more for every thousand cards of a large board.
    """
    wish = Wish(frozenset(), actions="")
    try:
        return show(trello, board, wish)
    except (SkipRecord, AskPerson, WaitAndRetry) as error:
        if not too_much(error):
            raise
        shown = skeleton(trello, board, wish)
        cards = [card for page, _ in pages(trello, board, wish) for card in page]
        return replace(shown, cards=cards)


def skeleton(trello: Trello, board: str, wish: Wish) -> Board:
    """The board without its cards."""
    answer = trello.get(f"/boards/{segment(board)}", params(wish, cards=False))
    return _read(trello, answer, board, wish, cards=False)


def _read(trello: Trello, answer: Answer, id: str, wish: Wish, *, cards: bool) -> Board:
    board = the_object(answer)
    listed, told = board.get("cards"), board.get("actions")
    if cards and not isinstance(listed, list):
        raise misshapen(answer, "a board with cards")
    if wish.actions and not isinstance(told, list):
        raise misshapen(answer, "a board with actions")
    found = actions.read(told)
    if wish.actions_since or wish.since:
        path, since = f"/boards/{segment(id)}/actions", wish.actions_since or wish.since
        found = actions.read(
            [a.raw for a in found] + _older(trello, path, told, wish.actions, since)
        )
    kept = objects(listed)
    return Board({**board, "id": id}, kept, found, answer.at, len(kept) == len(listed or ()))


def _older(
    trello: Trello, path: str, told: Any, types: str, since: datetime | None
) -> list[Object]:
    """Actions further back, if the page was full. Pages overlap by a moment."""
    older: list[Object] = []
    while isinstance(told, list) and len(told) >= MOST:
        page = actions.read(told)
        seen = {action.id for action in page}
        before = page[0].at + timedelta(milliseconds=1) if page else None
        told = the_list(trello.get(path, _page(types, since, before)))
        if not {entry["id"] for entry in objects(told)} - seen:
            raise WaitAndRetry("the feed of actions does not go on")
        older += objects(told)
    return older


def _page(types: str, since: datetime | None, before: datetime | None) -> dict[str, str]:
    query = {
        "filter": types,
        "limit": str(MOST),
        "fields": actions.FIELDS,
        "member": "false",
        "memberCreator": "true",
        "memberCreator_fields": actions.PEOPLE,
    }
    query |= {"since": instant_text(since)} if since else {}
    return query | ({"before": instant_text(before)} if before else {})


def all_actions(
    trello: Trello, path: str, types: str, since: datetime | None
) -> list[actions.Action]:
    """Every action at a path, back to ``since``."""
    told = the_list(trello.get(path, _page(types, since, None)))
    return actions.read(told + _older(trello, path, told, types, since))


def card_history(
    trello: Trello, card: str, since: datetime | None
) -> tuple[Object, list[actions.Action]]:
    """A card as it stands, with every action on it back to ``since``: one request mostly."""
    path = f"/cards/{segment(card)}"
    query = {
        "fields": "id,idBoard,idList,idMembers,closed",
        "actions": actions.CARD_TYPES,
        **_ACTIONS,
    }
    query |= {"actions_since": instant_text(since)} if since else {}
    shown = the_object(trello.get(path, query))
    told = shown.get("actions")
    older = _older(trello, f"{path}/actions", told, actions.CARD_TYPES, since)
    return shown, actions.read([*objects(told), *older])


def pages(
    trello: Trello, board: str, wish: Wish, before: str | None = None
) -> Iterator[tuple[list[Object], bool]]:
    """All cards, a thousand a time, newest first; with each whether all could be read."""
    query: dict[str, str] = {"limit": str(MOST), "fields": wish.card_fields}
    query |= {"attachments": "true", "attachment_fields": "url"}
    query |= {"customFieldItems": "true"} if wish.custom else {}
    while True:
        more = {"before": before} if before else {}
        listed = the_list(trello.get(f"/boards/{segment(board)}/cards/all", query | more))
        cards = objects(listed)
        yield cards, len(cards) == len(listed)
        if len(listed) < MOST:
            return
        smallest = min((card["id"] for card in cards), default="")
        if not smallest or (before is not None and smallest >= before):
            raise WaitAndRetry("the list of cards does not go on")
        before = smallest


def list_cards(trello: Trello, entry: str, wish: Wish) -> list[Object]:
    """The cards of a list; none if it cannot be seen any more."""
    query: Mapping[str, str] = {"filter": "all", "fields": wish.card_fields, "attachments": "true"}
    try:
        custom = {"customFieldItems": "true"} if wish.custom else {}
        return objects(the_list(trello.get(f"/lists/{segment(entry)}/cards", {**query, **custom})))
    except AdapterError as error:
        if error.status in (401, 404):
            return []
        raise


def too_much(error: AdapterError) -> bool:
    """Whether a snapshot failed because the board is too large for one answer."""
    if isinstance(error, WaitAndRetry):
        return error.status == 504
    large = isinstance(error, SkipRecord) and error.status == 200
    return large or TOO_MANY_CARDS in error.detail
