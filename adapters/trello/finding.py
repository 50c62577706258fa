"""Looking for what a lost create may have made.

There is no marker: Trello has no idempotency key, and a line in the description, a custom field
or an attachment would be seen by the client. A card is taken for ours if it was made since the
intent, by our own member, with the very name we sent.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from adapters.trello import actions, feed, headsup, results
from adapters.trello.client import Trello, segment
from adapters.trello.decode import archived_lists, board_record, card_record
from adapters.trello.feed import Wish
from adapters.trello.fields import BOARD, WIRE, custom_of
from adapters.trello.shapes import Object, born, objects, stamp, the_list, word
from syncer.adapterkit.errors import SkipRecord
from syncer.model.remote import Catalogue, RemoteRecord, Write
from syncer.model.values import normalise_text, same_raw

SKEW: Final = timedelta(minutes=2)
"""How far our clock may be ahead of Trello's."""

_PLAIN: Final = frozenset({"desc", "due", "start"})
"""Fields that a card is made with, and that people move about least."""


def find(trello: Trello, write: Write, catalogue: Catalogue) -> list[RemoteRecord]:
    """Records that this create may have made. Usually none or one."""
    if write.since is None:
        raise SkipRecord("a look-up needs to know since when")
    since = write.since - SKEW
    if write.object == BOARD:
        return _boards(trello, write, since, catalogue)
    return _cards(trello, write, since, catalogue)


def _cards(
    trello: Trello, write: Write, since: datetime, catalogue: Catalogue
) -> list[RemoteRecord]:
    """One request: the board with the cards touched and made since then, wherever they are now."""
    if (board := write.container) is None:
        raise SkipRecord("a new card needs a board")
    custom = custom_of(catalogue, board)
    wish = Wish(frozenset({*WIRE, *custom}), since, ",".join(actions.MADE))
    shown = feed.show(trello, board, wish)
    me = trello.my_id()
    made = {action.id_of("card"): action for action in shown.actions}
    hits = [
        card_record(
            {"idBoard": board, **card},
            shown.at,
            custom=custom,
            put_away=archived_lists(shown.board.get("lists")),
            created_by=made[card["id"]].by if card["id"] in made else None,
        )
        for card in shown.cards
        if card["id"] >= stamp(since)
        and _named(write, card, made.get(card["id"]))
        and not any(sign.marked(card.get("desc")) for sign in (results.SIGN, headsup.SIGN))
    ]
    ours = [hit for hit in hits if hit.created_by in (None, me)]
    return _closest(write, ours)


def _named(write: Write, card: Object, made: actions.Action | None) -> bool:
    """Whether a card has the name that was sent, or had it when it was made."""
    wanted = normalise_text(str(write.fields.get("name") or ""))
    then = made.data.get("card") if made else None
    names = [card.get("name"), then.get("name") if isinstance(then, dict) else None]
    return wanted in [normalise_text(word(name)) for name in names]


def _closest(write: Write, hits: list[RemoteRecord]) -> list[RemoteRecord]:
    """Of several those that show everything that was sent, or most of it.

    Somebody may have edited since, and what takes requests of its own may not have been sent.
    """
    for ids in (write.fields.keys() - {"name"}, write.fields.keys() & _PLAIN):
        if exact := [hit for hit in hits if _agrees(write, hit, ids)]:
            return exact
    return hits


def _agrees(write: Write, hit: RemoteRecord, ids: Iterable[str]) -> bool:
    return all(same_raw(write.fields[id], hit.fields.get(id)) for id in ids)


def _boards(
    trello: Trello, write: Write, since: datetime, catalogue: Catalogue
) -> list[RemoteRecord]:
    info = catalogue.objects.get(BOARD)
    home = write.container or (info.home if info else None) or ""
    query = {"filter": "open", "fields": feed.BOARD_FIELDS}
    answer = trello.get(f"/organizations/{segment(home)}/boards", query)
    me = trello.my_id()
    return [
        board_record(board, answer.at)
        for board in objects(the_list(answer))
        if (born(board["id"]) or since) >= since.replace(microsecond=0)
        and word(board.get("name")) == (write.fields.get("name") or "")
        and word(board.get("idMemberCreator")) in ("", me)
    ]
