"""New comments in the feed of a board, which is read anyway: no request of their own."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from adapters.trello import feed
from adapters.trello.actions import Action
from adapters.trello.client import Trello, segment
from adapters.trello.comments import TYPE, said
from adapters.trello.feed import Board, Wish
from adapters.trello.fields import CARD
from adapters.trello.shapes import MOST, born, mapping, moment, word, words
from syncer.adapterkit.contract import PullRequest
from syncer.model.comments import Comment, Thread
from syncer.model.values import instant_text

_CURSOR: Final = "comments"

_MEMORY: Final = timedelta(days=1, hours=1)
"""How long it is known what was told: full compares reach back a day."""


class Ear(Struct, frozen=True):
    """What is asked about the comments of one board, and what was told of them.

    Args:
        threads: by card; those of other boards too, for a card may have moved here just now.
            Empty where nobody asks about this board.
        since: comments from then on were not told yet; ``None`` for all that an answer shows.
        told: those that were told, with when each was edited.
        known: whether the answer before was asked for comments as well.
    """

    threads: Mapping[str, Thread] = field(default_factory=dict)
    since: datetime | None = None
    told: frozenset[str] = frozenset()
    known: bool = False

    @staticmethod
    def of(request: PullRequest, board: str, overlap: timedelta) -> "Ear":
        """What this request wants to hear; it reaches back by ``overlap``."""
        cards = {thread.id: thread for thread in request.threads if thread.object == CARD}
        if not any(thread.container in (None, board) for thread in cards.values()):
            return Ear()
        cursor = mapping(request.cursors.get(board))
        memory = mapping(cursor.get(_CURSOR))
        talked = moment(memory.get("since"))
        since = talked or request.since or moment(cursor.get("since"))
        told = frozenset(words(memory.get("told")))
        return Ear(cards, since - overlap if since else None, told, talked is not None)

    def wish(self, wish: Wish) -> Wish:
        """The same request for the board, with comments, as far back as they are wanted."""
        if not self.threads:
            return wish
        since = wish.actions_since or wish.since
        if since is not None and self.since is not None:
            since = min(since, self.since)
        return replace(wish, actions=f"{wish.actions},{TYPE}", actions_since=since)

    def heard(
        self, trello: Trello, shown: Board, wish: Wish
    ) -> tuple[list[Comment], dict[str, Any]]:
        """The comments that were not told yet, and what the next poll needs to know.

        What is told here is not told by the next poll again, but for those that were edited.
        """
        if not self.threads:
            return [], {}
        done = [action for action in self._all(trello, shown, wish) if self._wanted(action)]
        new = [action for action in done if _key(action) not in self.told]
        comments = [said(a, self.threads[a.id_of("card")], trello.my_id) for a in new]
        # One answer may lack what others show: what may come again is remembered for as long.
        still = {key for key in self.told if (born(key[:24]) or shown.at) > shown.at - _MEMORY}
        told = sorted({_key(action) for action in done} | still)
        return comments, {_CURSOR: {"since": instant_text(shown.at), "told": told}}

    def _wanted(self, action: Action) -> bool:
        if action.type != TYPE or action.id_of("card") not in self.threads:
            return False
        return self.known or self.since is None or _last(action) >= self.since

    def _all(self, trello: Trello, shown: Board, wish: Wish) -> Iterator[Action]:
        """All that was said: a first look shows only the newest thousand of all actions."""
        yield from shown.actions
        bounded = wish.since or wish.actions_since
        if bounded is None and self.since is not None and len(shown.actions) >= MOST:
            path = f"/boards/{segment(word(shown.board.get('id')))}/actions"
            seen = {action.id for action in shown.actions}
            older = feed.all_actions(trello, path, TYPE, self.since)
            yield from (action for action in older if action.id not in seen)


def _last(action: Action) -> datetime:
    return moment(action.data.get("dateLastEdited")) or action.at


def _key(action: Action) -> str:
    """A comment as it stands; one that was edited is another."""
    return f"{action.id} {word(action.data.get('dateLastEdited'))}".strip()
