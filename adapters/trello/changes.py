"""Entries of history, from actions: field by field, whole sets, with old and new value.

Every action becomes entries keyed by the action's id and the field, so that the feed of a
board and the history of a card give the same keys.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from adapters.trello.actions import Action, lists_moved
from adapters.trello.decode import custom_value, ids, value_of
from adapters.trello.fields import BOARD, CARD, CUSTOM, FROM_WIRE, KINDS
from adapters.trello.shapes import Object, mapping, part, word, words
from syncer.model.entities import ARCHIVED, EXISTENCE, PRESENT
from syncer.model.remote import Change, Raw
from syncer.model.values import MISSING, Missing

_BOARD_FIELDS: Final = ("name", "desc")


def _change(
    action: Action,
    object: str,
    id: str,
    field: str,
    old: Raw | Missing = MISSING,
    new: Raw | Missing = MISSING,
) -> Change:
    key = f"{action.id}:{field}"
    return Change(object, id, field, action.at, action.by, action.automation, key, old, new)


def changes(actions: Sequence[Action], now: Mapping[str, Object]) -> Iterator[Change]:
    """The entries of these actions, oldest first per field.

    Args:
        actions: oldest first, up to the moment that ``now`` shows.
        now: cards by id as they stand; the sets of people are walked back from them.
    """
    for action in actions:
        reader = _READERS.get(action.type)
        if reader is not None:
            yield from reader(action)
    yield from _people(actions, now)


def _told(decode: Callable[[], Raw]) -> Raw | Missing:
    try:
        return decode()
    except ValueError:
        return MISSING


def _value(field: str, holder: Object, wire: str) -> Raw | Missing:
    return _told(lambda: value_of(field, holder[wire])) if wire in holder else MISSING


def _existence(holder: Object) -> Raw | Missing:
    closed = holder.get("closed")
    return (ARCHIVED if closed else PRESENT) if isinstance(closed, bool) else MISSING


def _card_updated(action: Action) -> Iterator[Change]:
    old, card, id = mapping(action.data.get("old")), part(action.data, "card"), action.id_of("card")
    for wire in old if id else ():
        if wire == "closed":
            yield _change(action, CARD, id, EXISTENCE, _existence(old), _existence(mapping(card)))
        elif wire in FROM_WIRE:
            field, new = FROM_WIRE[wire], dict(mapping(card))
            if wire == "idList":
                new.setdefault(wire, action.id_of("listAfter") or action.id_of("list"))
            yield _change(
                action, CARD, id, field, _value(field, old, wire), _value(field, new, wire)
            )


def _board_updated(action: Action) -> Iterator[Change]:
    old, board, id = (
        mapping(action.data.get("old")),
        mapping(action.data.get("board")),
        action.id_of("board"),
    )
    for field in _BOARD_FIELDS if id else ():
        if field in old:
            was, is_now = _value(field, old, field), _value(field, board, field)
            yield _change(action, BOARD, id, field, was, is_now)
    if id and "closed" in old:
        yield _change(action, BOARD, id, EXISTENCE, _existence(old), _existence(board))


def _card_arrived(action: Action) -> Iterator[Change]:
    if id := action.id_of("card"):
        source, board = action.id_of("boardSource"), action.id_of("board")
        yield _change(action, CARD, id, "board", source or MISSING, board or MISSING)
        yield _change(action, CARD, id, "list", MISSING, action.id_of("list") or MISSING)


def _custom_set(action: Action) -> Iterator[Change]:
    """A custom field's value; whether every account gets these actions is not confirmed."""
    card, field = action.id_of("card"), action.id_of("customField")
    kind = KINDS.get(word(part(action.data, "customField", "type")))
    item, old = mapping(action.data.get("customFieldItem")), action.data.get("old")
    if not card or not field or kind is None:
        return
    was = _told(lambda: custom_value(kind, old)) if isinstance(old, dict) else MISSING
    new = _told(lambda: custom_value(kind, item))
    yield _change(action, CARD, card, CUSTOM + field, was, new)


_READERS: Final[Mapping[str, Callable[[Action], Iterator[Change]]]] = {
    "updateCard": _card_updated,
    "updateBoard": _board_updated,
    "moveCardToBoard": _card_arrived,
    "updateCustomFieldItem": _custom_set,
}

_JOINED: Final = "addMemberToCard"
_LEFT: Final = "removeMemberFromCard"


def _people(actions: Sequence[Action], now: Mapping[str, Object]) -> Iterator[Change]:
    by_card: dict[str, list[Action]] = {}
    for action in actions:
        if action.type in (_JOINED, _LEFT) and action.id_of("card"):
            by_card.setdefault(action.id_of("card"), []).append(action)
    for card, found in by_card.items():
        if "idMembers" in now.get(card, {}):
            yield from _walked_back(card, found, frozenset(words(now[card]["idMembers"])))
        else:
            yield from (_change(action, CARD, card, "members") for action in found)


def _walked_back(card: str, found: list[Action], now: frozenset[str]) -> Iterator[Change]:
    """Whole sets, from the set of now back to before the oldest action.

    Each action is an entry, however soon the next one came: what one poll told must be told
    alike by the next, which sees more of them.
    """
    told: list[Change] = []
    for action in reversed(found):
        member = word(action.data.get("idMember")) or word(part(action.raw, "member", "id"))
        joined = action.type == _JOINED
        after = now | {member} if joined else now - {member}
        now = after - {member} if joined else after | {member}
        told.append(_change(action, CARD, card, "members", ids(sorted(now)), ids(sorted(after))))
    yield from reversed(told)


def put_away(actions: Iterable[Action], known: Iterable[Object]) -> Iterator[Change]:
    """What putting a list away, or bringing it back, means for the open cards in it."""
    open_cards = [card for card in known if card.get("closed") is not True]
    for action in lists_moved(actions):
        if action.type == "updateList":
            old = _existence(mapping(action.data.get("old")))
            new = _existence(mapping(action.data.get("list")))
            here = [card for card in open_cards if card.get("idList") == action.id_of("list")]
            for card in here:
                change = _change(action, CARD, card["id"], EXISTENCE, old, new)
                yield replace(change, key=f"{action.id}:{card['id']}")
