"""The one card of a board that is no task: the service tells results in its description."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from adapters.trello.actions import LEFT, MADE, Action
from adapters.trello.fields import BOARD, CARD, RESULTS
from adapters.trello.shapes import Object, part, word
from adapters.trello.signs import Sign, hidden, left
from syncer.model.entities import ARCHIVED, EXISTENCE, PRESENT
from syncer.model.remote import Change, FieldInfo, Raw
from syncer.model.values import MISSING, FieldType, Kind

SIGN: Final = Sign("Results", "Kept by syncer: what is changed here is put back.")
"""How it is known; people may call it something else."""

NAME, ROOM = SIGN.name, SIGN.room
signed, marked, text_of = SIGN.signed, SIGN.marked, SIGN.text_of

INFO: Final = FieldInfo(RESULTS, RESULTS, FieldType(Kind.RICH_TEXT), max_length=ROOM)
"""The field of boards. Who edited it is told by the card's actions."""

_CURSOR: Final = "results"


class Kept(Struct, frozen=True):
    """What is known of a board's card: its id, and what it shows there.

    ``text`` is None where there is no card, and where nobody sees it: it was archived, or its
    list was.
    """

    id: str = ""
    text: Raw = None

    @staticmethod
    def of_cursor(cursor: Mapping[str, Any] | None) -> "Kept | None":
        """What the last poll of a board found; ``None`` if it did not look."""
        told = (cursor or {}).get(_CURSOR)
        if not isinstance(told, dict):
            return None
        return Kept(word(told.get("id")), word(told.get("text")) or None)

    def cursor(self) -> dict[str, Any]:
        """This, for the next poll: it lists only cards that were touched since."""
        return {_CURSOR: {"id": self.id, "text": self.text}}


class Found(Struct, frozen=True):
    """What an answer shows of a board's card.

    Args:
        before: what was known of it.
        now: what it is now; ``card`` is the card itself, if the answer shows it.
        ours: ids of cards that are no tasks: the board's card, and copies of it.
    """

    before: Kept
    now: Kept
    ours: frozenset[str] = frozenset()
    card: Object | None = None


def find(
    cards: Sequence[Object],
    put_away: Collection[str],
    done: Sequence[Action] = (),
    before: Kept | None = None,
    *,
    whole: bool = False,
) -> Found:
    """The board's card among those that an answer shows.

    Of several with the mark (somebody copied it) it is the known one, else the oldest that
    people see, else the oldest.

    Args:
        put_away: ids of archived lists.
        done: what the feed tells.
        whole: these are all cards of the board.
    """
    before = before or Kept()
    known, shown = {before.id, *SIGN.unmarked(done)} - {""}, {card["id"] for card in cards}
    mine = SIGN.on(cards, known)
    ours = frozenset(card["id"] for card in mine) | ({before.id} - shown - {""})
    if before.id and before.id not in shown | left(done) and not whole:
        return Found(before, before, ours)
    ranked = sorted(mine, key=lambda c: (c["id"] != before.id, hidden(c, put_away), c["id"]))
    if not ranked:
        return Found(before, Kept(), ours)
    text = None if hidden(ranked[0], put_away) else text_of(ranked[0].get("desc"))
    return Found(before, Kept(ranked[0]["id"], text), ours, ranked[0])


def told(board: str, found: Found, changes: Iterable[Change]) -> Iterator[Change]:
    """What happened to our cards, as changes of the board's field; the rest as it is.

    Of a copy, of the card's place and of its name nothing is told: that is not what it shows.
    Nor is it told that the card was brought back: what it shows then says it. Who archived it
    and brought it back has changed nothing.
    """
    seen, mine = list(changes), {found.now.id, found.before.id} - {""}
    back = {c.by for c in seen if c.id in mine and (c.field, c.new) == (EXISTENCE, PRESENT)}
    for change in seen:
        if change.object != CARD or change.id not in mine | found.ours:
            yield change
            continue
        field = _of_field(change, found) if change.id in mine else None
        if field is not None and not (change.field == EXISTENCE and change.by in back):
            yield replace(field, object=BOARD, id=board)


def _of_field(change: Change, found: Found) -> Change | None:
    """A change of the card as one of the text that people see."""
    field = replace(change, field=RESULTS, key=f"{change.key.partition(':')[0]}:{RESULTS}")
    if change.field == EXISTENCE and change.new == ARCHIVED:
        return replace(field, old=MISSING, new=None)
    if change.field != "desc":
        return None
    old, new = (raw if raw is MISSING else text_of(raw) for raw in (change.old, change.new))
    return replace(field, old=old, new=new if change.id == found.now.id else None)


def departures(
    board: str, found: Found, done: Sequence[Action], me: Callable[[], str]
) -> Iterator[Change]:
    """That the card was deleted, or taken to another board, and by whom.

    Of one that was made and deleted between two polls nothing is known but who made it: then
    alone ``me`` is asked for.
    """
    unknown = found.before == found.now == Kept()
    named = {a.id_of("card"): a for a in done if unknown and _names_ours(a)}
    for action in done:
        id = action.id_of("card")
        if action.type not in LEFT or not id or id == found.now.id:
            continue
        if id == found.before.id or (id in named and named[id].by == me()):
            at, by, robot, key = action.at, action.by, action.automation, f"{action.id}:{RESULTS}"
            yield Change(BOARD, board, RESULTS, at, by, robot, key, MISSING, None)


def _names_ours(action: Action) -> bool:
    return action.type in MADE and word(part(action.data, "card", "name")) == NAME
