"""The adapter: what the engine asks, and which module answers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from adapters.trello import (
    describe,
    fetching,
    finding,
    history,
    provision,
    pull,
    scope,
    standing,
    survey,
)
from adapters.trello.archiving import Archive
from adapters.trello.audience import Audiences
from adapters.trello.boards import Boards
from adapters.trello.cards import Cards
from adapters.trello.choices import Choices
from adapters.trello.client import Trello
from adapters.trello.comments import Comments
from adapters.trello.drafts import failed
from adapters.trello.fields import BOARD
from adapters.trello.headsup import HeadsUps
from adapters.trello.keeping import Keeping
from adapters.trello.members import Members
from adapters.trello.seats import Seats
from adapters.trello.shapes import misshapen, the_object, word
from syncer.adapterkit.contract import (
    Capabilities,
    FieldNeed,
    HistoryRequest,
    Opening,
    PullRequest,
    Scope,
)
from syncer.adapterkit.errors import AdapterError
from syncer.adapterkit.standing import Lack, Standing, Wants
from syncer.model.comments import Audience, Comment, Post, Posted, Thread
from syncer.model.feeds import Page
from syncer.model.remote import Catalogue, Change, Op, Outcome, RemotePerson, RemoteRecord, Write
from syncer.model.surveys import Spot

CAPABILITIES: Final = Capabilities(in_flight=6, feed_changes=True, history_batch=1)


class TrelloAdapter:
    """Trello, opened with one set of credentials. Safe to use from several threads."""

    capabilities = CAPABILITIES

    def __init__(self, opening: Opening) -> None:
        self._trello = Trello(opening)
        self._choices = Choices(self._trello)
        self._seats = Seats(self._trello)
        self._heads = HeadsUps(self._trello, self._choices)
        self._keeping = Keeping(self._trello, self._choices, self._heads)
        self._comments = Comments(self._trello, Members(self._trello))
        self._audiences = Audiences(self._trello)

    def whoami(self) -> RemotePerson:
        """The member whose token this is."""
        answer = self._trello.me()
        member = the_object(answer)
        if not word(member.get("id")):
            raise misshapen(answer, "a member")
        return scope.person(member)

    def now(self) -> datetime:
        """The vendor's time, as its answers tell it."""
        return self._trello.http.clock.now()

    def people(self, scope_: Scope) -> list[RemotePerson]:
        """Members of the workspace and of the boards."""
        return scope.people(self._trello, scope_.options)

    def describe(self, scope_: Scope, objects: frozenset[str]) -> Catalogue:
        """Boards, lists, labels and custom fields."""
        return describe.describe(self._trello, scope_.options, objects)

    def pull(self, request: PullRequest) -> Iterator[Page]:
        """One request a board, if nothing is large."""
        return pull.pull(self._trello, self._keeping, request)

    def history(self, requests: Sequence[HistoryRequest], catalogue: Catalogue) -> Iterator[Change]:
        """What the actions of each record tell."""
        return history.history(self._trello, self._keeping, requests)

    def fetch(
        self, object: str, ids: Sequence[str], request: PullRequest
    ) -> Iterator[RemoteRecord]:
        """Records as they are now."""
        return fetching.fetch(self._trello, self._keeping, object, ids, request)

    def push(self, writes: Sequence[Write], catalogue: Catalogue) -> Iterator[Outcome]:
        """One after the other: Trello has no batch for writes."""
        for write in writes:
            try:
                yield self._writer(write, catalogue)(write)
            except AdapterError as error:
                yield failed(write, error)

    def _writer(self, write: Write, catalogue: Catalogue) -> Callable[[Write], Outcome]:
        boards = Boards(self._trello, self._keeping, catalogue)
        cards = Cards(self._trello, self._choices, self._seats, catalogue)
        archive = Archive(self._trello, cards)
        writers: Mapping[tuple[bool, Op], Callable[[Write], Outcome]] = {
            (True, Op.CREATE): boards.create,
            (True, Op.UPDATE): boards.update,
            (True, Op.ARCHIVE): boards.close,
            (True, Op.RESTORE): boards.reopen,
            (False, Op.CREATE): cards.create,
            (False, Op.UPDATE): cards.update,
            (False, Op.ARCHIVE): archive.away,
            (False, Op.RESTORE): archive.back,
        }
        return writers[write.object == BOARD, write.op]

    def find(self, write: Write, catalogue: Catalogue) -> list[RemoteRecord]:
        """What a create that was not answered may have made."""
        return finding.find(self._trello, write, catalogue)

    def provision(self, scope_: Scope, needs: Sequence[FieldNeed], *, dry_run: bool) -> list[str]:
        """Custom fields on every board in scope."""
        return provision.provision(self._trello, scope_.options, needs, dry_run=dry_run)

    def comment(self, posts: Sequence[Post], catalogue: Catalogue) -> Iterator[Posted]:
        """One after the other, each in one request; one more for who is on a board."""
        return self._comments.comment(posts)

    def comments(
        self, threads: Sequence[Thread], since: datetime, catalogue: Catalogue
    ) -> Iterator[Comment]:
        """One request a card."""
        return self._comments.comments(threads, since)

    def audience(self, scope_: Scope, threads: Sequence[Thread]) -> dict[Thread, Audience]:
        """One batch or two."""
        return self._audiences.of(threads)

    def heads_up_item(self, container: str, catalogue: Catalogue) -> Thread:
        """The card for what concerns a board."""
        return self._heads.item(container)

    def spots(self) -> Iterator[Spot]:
        """Two requests, and one a workspace."""
        return survey.spots(self._trello)

    def everybody(self) -> Iterator[RemotePerson]:
        """One request a workspace, and one for ten boards elsewhere."""
        return survey.everybody(self._trello)

    def standing(self, wants: Wants) -> Standing:
        """The token's rights and end, and what is left of its quota."""
        return standing.standing(self._trello, wants)

    def lacks(self, scope_: Scope, catalogue: Catalogue, wants: Wants) -> list[Lack]:
        """Boards that our member only watches, or that have no custom fields."""
        return standing.lacks(self._trello, catalogue, wants)

    def template(self, object: str, name: str, catalogue: Catalogue) -> str:
        """Why a board or card cannot be copied."""
        return standing.template(self._trello, object, name, catalogue)

    def close(self) -> None:
        """Release connections."""
        self._trello.close()
