"""Trello's JSON as records and raw values. Never raises for what a vendor may send."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import structlog

from adapters.trello.fields import BOARD, BOARD_WIRE, CARD, CUSTOM, RESULTS, WIRE
from adapters.trello.results import Kept
from adapters.trello.shapes import Object, born, mapping, moment, objects, part, word, words
from syncer.model.entities import ARCHIVED, PRESENT
from syncer.model.remote import FieldInfo, Raw, RemoteRecord
from syncer.model.values import Kind, instant_text, parse_instant, parse_number, plain

_log = structlog.get_logger(__name__)


def text(value: Any) -> Raw:
    """A text; an empty one is ``None``."""
    if value is not None and not isinstance(value, str):
        raise ValueError(f"not text: {value!r}")
    return value or None


def instant(value: Any) -> Raw:
    """An instant in our own spelling."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueError(f"not an instant: {value!r}")
    return instant_text(parse_instant(value))


def yes_or_no(value: Any) -> Raw:
    """True or false; Trello has no third."""
    if value is not None and not isinstance(value, bool):
        raise ValueError(f"not true or false: {value!r}")
    return bool(value)


def ids(value: Any) -> Raw:
    """A set of ids; an empty one is ``None``."""
    if value is not None and not isinstance(value, list):
        raise ValueError(f"not a list: {value!r}")
    found: list[Any] = list(words(value))
    return found or None


_DECODERS: Final[Mapping[str, Callable[[Any], Raw]]] = {
    "due": instant,
    "start": instant,
    "dueComplete": yes_or_no,
    "is_template": yes_or_no,
    "members": ids,
    "labels": ids,
}


def value_of(field: str, wire: Any) -> Raw:
    """The raw value of a card's own field. Raises ``ValueError``."""
    try:
        return _DECODERS.get(field, text)(wire)
    except OverflowError:
        raise ValueError(f"out of range: {wire!r}") from None


def custom_value(kind: Kind, item: Mapping[str, Any]) -> Raw:
    """The raw value of a custom field's item. Raises ``ValueError``.

    Numbers, ticks and dates are strings on the wire; a list's value is the id of its option.
    A box that is not ticked may have no item, or one that says false: both are false.
    """
    value = mapping(item.get("value"))
    if kind is Kind.ENUMERATION:
        return text(item.get("idValue"))
    if kind is Kind.BOOLEAN:
        return str(value.get("checked")).lower() == "true"
    if kind is Kind.NUMBER:
        number = value.get("number")
        return None if number in (None, "") else plain(parse_number(number))
    if kind is Kind.INSTANT:
        return value_of("due", value.get("date"))
    return text(value.get("text"))


def custom_values(card: Object, fields: Mapping[str, FieldInfo]) -> dict[str, Raw]:
    """Every wanted custom field of a card; one without an item is empty."""
    items = {CUSTOM + word(i.get("idCustomField")): i for i in objects(card["customFieldItems"])}
    told: dict[str, Raw] = {}
    for id, info in fields.items():
        try:
            told[id] = custom_value(info.type.kind, items.get(id, {}))
        except (ValueError, OverflowError) as error:
            _unreadable(CARD, card, id, error)
    return told


def own_values(
    object: str, entry: Object, wanted: Iterable[str], wire: Mapping[str, str]
) -> dict[str, Raw]:
    """The wanted fields that an answer holds; what cannot be read counts as not told."""
    told: dict[str, Raw] = {}
    for id in wanted:
        if wire.get(id) not in entry:
            continue
        try:
            told[id] = value_of(id, entry[wire[id]])
        except ValueError as error:
            _unreadable(object, entry, id, error)
    return told


def _unreadable(object: str, entry: Object, field: str, error: Exception) -> None:
    _log.warning(
        "trello.unreadable", object=object, id=entry["id"], field=field, why=str(error)[:120]
    )


def card_record(
    card: Object,
    as_of: datetime,
    wanted: Iterable[str] = WIRE,
    custom: Mapping[str, FieldInfo] | None = None,
    put_away: Collection[str] = (),
    created_by: str | None = None,
) -> RemoteRecord:
    """A card as a record.

    Args:
        as_of: up to when the answer tells.
        wanted: ids of the fields to give.
        custom: the wanted custom fields of the card's board.
        put_away: ids of archived lists: nobody sees the cards in them, so they are archived.
        created_by: the member who made it, where that is known.
    """
    told = own_values(CARD, card, wanted, WIRE)
    if isinstance(card.get("customFieldItems"), list):
        told |= custom_values(card, custom or {})
    modified = moment(card.get("dateLastActivity"))
    hidden = card.get("closed") is True or word(card.get("idList")) in put_away
    return RemoteRecord(
        object=CARD,
        id=card["id"],
        fields=told,
        as_of=max(as_of, modified or as_of),
        container=word(card.get("idBoard")) or None,
        existence=ARCHIVED if hidden else PRESENT,
        modified_at=modified,
        created_at=born(card["id"]),
        created_by=created_by or word(card.get("idMemberCreator")) or None,
        url=word(card.get("shortUrl")) or word(card.get("url")) or None,
    )


def board_record(
    board: Object,
    as_of: datetime,
    wanted: Iterable[str] = BOARD_WIRE,
    kept: Kept | None = None,
) -> RemoteRecord:
    """A board as a record; ``kept`` is its card for results, where that was looked for."""
    modified = moment(board.get("dateLastActivity"))
    told = own_values(BOARD, board, wanted, BOARD_WIRE)
    told |= {RESULTS: kept.text} if kept else {}
    return RemoteRecord(
        object=BOARD,
        id=board["id"],
        fields=told,
        as_of=max(as_of, modified or as_of),
        existence=ARCHIVED if board.get("closed") is True else PRESENT,
        modified_at=modified,
        created_at=born(board["id"]),
        created_by=word(board.get("idMemberCreator")) or None,
        url=word(board.get("shortUrl")) or word(board.get("url")) or None,
    )


def archived_lists(lists: Any) -> frozenset[str]:
    """The ids of the lists that are put away."""
    return frozenset(entry["id"] for entry in objects(lists) if entry.get("closed") is True)


def label_name(label: Object) -> str:
    """What people call a label: its name, or its colour if it has none."""
    return word(label.get("name")).strip() or word(label.get("color")) or "no name"


def option_name(option: Object) -> str:
    """What people call a choice of a list field."""
    return word(part(option, "value", "text"))
