"""Reading the boards of a scope: whole, or what changed since a cursor."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from msgspec import Struct
from msgspec.structs import replace

from adapters.trello import actions, changes, feed, results, scope
from adapters.trello.actions import Action
from adapters.trello.client import Trello
from adapters.trello.decode import board_record
from adapters.trello.feed import Board, Wish
from adapters.trello.fetching import cards_now
from adapters.trello.fields import BOARD, CARD, RESULTS
from adapters.trello.hearing import Ear
from adapters.trello.keeping import Keeping, seen
from adapters.trello.results import Found, Kept
from adapters.trello.shapes import MOST, Object, moment
from adapters.trello.telling import Cards, cards_of
from syncer.adapterkit.contract import PullRequest
from syncer.adapterkit.errors import AdapterError, AskPerson, SkipRecord, WaitAndRetry
from syncer.model.entities import EXISTENCE
from syncer.model.feeds import Page
from syncer.model.remote import Change, Gone, RemoteRecord
from syncer.model.values import instant_text

OVERLAP: Final = timedelta(minutes=15)
"""How far a poll reaches back behind the answer before it: actions may show up late."""

FULL_OVERLAP: Final = timedelta(days=1)
"""The same for a full compare, which is the net under the polls."""

_log = structlog.get_logger(__name__)


def pull(trello: Trello, keeping: Keeping, request: PullRequest) -> Iterator[Page]:
    """The pages of every board in the catalogue: one request each, if nothing is large.

    A board that cannot be read does not stop the others; its error is raised at the end.
    Where all boards are read whole, the boards in scope are looked up once more, so that it
    can be said whether these are all; unless that was just done to describe them.
    """
    boards = tuple(request.catalogue.containers)
    whole = request.full or not any(_since(request.cursors.get(board)) for board in boards)
    live = scope.names_now(trello, request) if whole and boards else {}
    failed: AdapterError | None = None
    for board in boards if not whole else [board for board in boards if board in live]:
        last = whole and failed is None and board == next(b for b in reversed(boards) if b in live)
        complete = last and live.keys() <= request.catalogue.containers.keys()
        try:
            yield from _Reader(trello, keeping, request, board, complete).pages()
        except (SkipRecord, AskPerson, WaitAndRetry) as error:
            _log.warning("trello.board_unread", board=board, why=str(error))
            failed = failed or error
    if failed is not None:
        raise failed


class _Reader(Struct, frozen=True):
    """One board of one request; ``last`` if all boards are listed once this one is."""

    trello: Trello
    keeping: Keeping
    request: PullRequest
    board: str
    last: bool = False

    def pages(self) -> Iterator[Page]:
        """Everything, or what changed.

        A poll lists what was touched since: of a card that was never looked for it says nothing.
        """
        since = _since(self._cursor)
        unseen = self._results and Kept.of_cursor(self._cursor) is None
        if since is None or self.request.full or unseen:
            yield from self._all(since)
        else:
            yield self._poll(since)

    @property
    def _wanted(self) -> frozenset[str] | None:
        """Ids of the card fields wanted, ``None`` for no cards."""
        return self.request.fields.get(CARD)

    @property
    def _read(self) -> frozenset[str] | None:
        """What of cards is asked for: of the one for results what tells it from others."""
        return frozenset() if self._wanted is None and self._results else self._wanted

    @property
    def _results(self) -> bool:
        """Whether the card that is no task is wanted as a field of the board."""
        return RESULTS in self.request.fields.get(BOARD, ())

    @property
    def _cursor(self) -> Mapping[str, Any] | None:
        return self.request.cursors.get(self.board)

    @property
    def _ear(self) -> Ear:
        """What is asked about comments."""
        return Ear.of(self.request, self.board, OVERLAP)

    def _poll(self, since: datetime) -> Page:
        wish = self._ear.wish(Wish(self._read, since - OVERLAP))
        shown = feed.show(self.trello, self.board, wish)
        here = {card["id"]: card for card in shown.cards}
        left: list[Gone] = []
        for action in actions.lists_moved(shown.actions) if wish.fields is not None else ():
            for card in feed.list_cards(self.trello, action.id_of("list"), wish):
                home = card.get("idBoard", self.board)
                if home == self.board:
                    here.setdefault(card["id"], card)
                elif home not in self.request.catalogue.containers:
                    left.append(Gone(CARD, card["id"], action.at, action.by, moved=True))
        here |= self._named(shown.actions, since, {*here, *(gone.id for gone in left)})
        cards = list(here.values())
        return self._last(wish, replace(shown, cards=cards), cards, left)

    def _named(self, done: Sequence[Action], since: datetime, known: set[str]) -> dict[str, Object]:
        """Cards that new actions name and the listing lacks: not all that is done to a card moves
        its time ("Change detection").
        """
        if self._read is None:
            return {}
        over = {action.id_of("card") for action in done if action.type in actions.LEFT}
        new = {action.id_of("card") for action in done if action.at > since}
        found = cards_now(self.trello, sorted(new - over - known - {""}))
        return {card["id"]: card for card, _ in found if card.get("idBoard") == self.board}

    def _all(self, since: datetime | None) -> Iterator[Page]:
        """The whole board. Makers of cards are asked for even where there is no cursor yet."""
        if since is None:
            wish = Wish(self._read, actions=",".join(actions.MADE))
        else:
            wish = Wish(self._read, actions_since=since - FULL_OVERLAP)
        wish = self._ear.wish(wish)
        try:
            shown = feed.show(self.trello, self.board, wish)
        except (SkipRecord, AskPerson, WaitAndRetry) as error:
            if not feed.too_much(error):
                raise
            yield from self._in_pages(wish, feed.skeleton(self.trello, self.board, wish))
            return
        if shown.cards and len(shown.cards) % MOST == 0:
            # As many as a page holds: perhaps not all of them.
            yield from self._in_pages(wish, shown)
        else:
            yield self._last(wish, shown, shown.cards, listed=shown.whole)

    def _in_pages(self, wish: Wish, start: Board) -> Iterator[Page]:
        """A thousand cards a time; what the feed tells comes last, when all are known."""
        known, whole = list(start.cards), start.whole
        before = min((card["id"] for card in known), default=None)
        for cards, readable in feed.pages(self.trello, self.board, wish, before):
            page = replace(start, cards=cards)
            told = self._cards(page)
            yield Page(self.board, told.records, same=told.same, marks=told.sifted.marks)
            kept = (*feed.ALWAYS, "attachments")
            known += [{key: card.get(key) for key in kept} for card in cards]
            whole = whole and readable
        yield self._last(wish, start, known, listed=whole)

    def _last(
        self,
        wish: Wish,
        shown: Board,
        known: list[Object],
        left: Sequence[Gone] = (),
        *,
        listed: bool = False,
    ) -> Page:
        """The page that ends a feed; ``known`` are all the cards that its answers showed."""
        found, heads = seen(shown, known, self._cursor, whole=listed)
        cards = self._cards(shown)
        if self._results:
            self.keeping.note(self.board, found.now)
        self.keeping.heads.note(self.board, heads.now)
        comments, heard = self._ear.heard(self.trello, shown, wish)
        kept = found.now.cursor() if self._results else {}
        return Page(
            feed=self.board,
            records=(*self._board(shown, found), *cards.records),
            same=cards.same,
            marks=cards.sifted.marks,
            gone=tuple(self._gone(shown, known, left, found)),
            changes=tuple(self._told(shown.actions, known, found)),
            done=True,
            cursor={"since": instant_text(shown.at), **kept, **heads.cursor(), **heard},
            listed=frozenset(self._listed(cards=listed)),
            comments=tuple(comments),
        )

    def _gone(
        self, shown: Board, known: Sequence[Object], left: Sequence[Gone], found: Found
    ) -> Iterator[Gone]:
        """Tasks that are not there any more."""
        scope, here = self.request.catalogue.containers, [card["id"] for card in known]
        gone = () if self._wanted is None else (*actions.gone(shown.actions, here, scope), *left)
        yield from (one for one in gone if one.id not in found.ours)

    def _listed(self, *, cards: bool) -> Iterator[tuple[str, str | None]]:
        if cards and self._wanted is not None:
            yield CARD, self.board
        if self.last and BOARD in self.request.fields:
            yield BOARD, None

    def _board(self, shown: Board, found: Found) -> Iterator[RemoteRecord]:
        if BOARD in self.request.fields:
            wanted, kept = sorted(self.request.fields[BOARD]), found.now if self._results else None
            yield board_record(shown.board, shown.at, wanted, kept)

    def _cards(self, shown: Board) -> Cards:
        ours = seen(shown, shown.cards, self._cursor)[0].ours
        return cards_of(self.request, self.board, shown, ours)

    def _told(self, done: Sequence[Action], known: list[Object], found: Found) -> list[Change]:
        """What the feed tells about wanted fields, oldest first."""
        if self._cursor is None:
            return []  # what was before the first look is nobody's edit
        now: Mapping[str, Object] = {card["id"]: card for card in known}
        told = [*changes.changes(done, now), *changes.put_away(done, known)]
        told = [*results.told(self.board, found, told)]
        if self._results:
            told += results.departures(self.board, found, done, self.trello.my_id)
        kept = [change for change in told if self._concerns(change)]
        return sorted(kept, key=lambda c: (c.at or datetime.min.replace(tzinfo=UTC), c.key))

    def _concerns(self, change: Change) -> bool:
        wanted = self.request.fields.get(change.object)
        return wanted is not None and (change.field == EXISTENCE or change.field in wanted)


def _since(cursor: Mapping[str, Any] | None) -> datetime | None:
    return moment((cursor or {}).get("since"))
