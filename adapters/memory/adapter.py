"""The smallest adapter: every promise of the contract, and no wire."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from adapters.memory.feed import history, pages, record
from adapters.memory.fields import ITEM
from adapters.memory.options import Options, ScopeOptions
from adapters.memory.schema import catalogue, teams
from adapters.memory.talking import heard, posted, readers, said_since
from adapters.memory.things import DELETED
from adapters.memory.world import world_of
from adapters.memory.writing import Sending, found, missing
from syncer.adapterkit.contract import (
    Capabilities,
    FieldNeed,
    HistoryRequest,
    Opening,
    PullRequest,
    Scope,
)
from syncer.adapterkit.errors import (
    AdapterError,
    AskPerson,
    LookFirst,
    SkipRecord,
    StopConnection,
    WaitAndRetry,
)
from syncer.adapterkit.redact import Redactor
from syncer.model.comments import Audience, Comment, Post, Posted, Thread
from syncer.model.feeds import Page
from syncer.model.remote import (
    Catalogue,
    Change,
    Op,
    Outcome,
    RemotePerson,
    RemoteRecord,
    Result,
    Write,
)
from syncer.model.surveys import Spot

_ENDS: Final[dict[type[AdapterError], Result]] = {
    LookFirst: Result.UNKNOWN,
    WaitAndRetry: Result.RETRY,
    SkipRecord: Result.REFUSED,
    AskPerson: Result.REFUSED,
}


class MemoryAdapter:
    """A connection to a world of this process, as one of its users."""

    def __init__(self, opening: Opening) -> None:
        self._options = Options.model_validate(opening.options)
        self._world = world_of(self._options.world)
        self._world.quirks = self._options.quirks()
        self.capabilities = Capabilities(
            read_only=self._options.read_only,
            batch=dict.fromkeys(Op, self._options.batch),
            in_flight=self._options.in_flight,
            feed_changes=True,
            history_batch=100,
            to_dos=self._options.to_dos,
        )

    def whoami(self) -> RemotePerson:
        """The user that the connection names."""
        with self._call("whoami"):
            return self._world.users[self._options.user]

    def now(self) -> datetime:
        """The vendor's time, as its answers tell it."""
        return self._world.clock()

    def people(self, scope: Scope) -> list[RemotePerson]:
        """Everybody in the world."""
        with self._call("people"):
            return list(self._world.users.values())

    def describe(self, scope: Scope, objects: frozenset[str]) -> Catalogue:
        """The projects of the scope's team, and the fields as the quirks shape them."""
        with self._call("describe"):
            return catalogue(self._world, _team(scope), objects)

    def pull(self, request: PullRequest) -> Iterator[Page]:
        """One feed a team; its cursor is the number of the last line of history."""
        with self._call("pull"):
            team = _team(request.scope)
            found = pages(self._world, team, request, self._options.page)
            found[-1] = heard(self._world, self._options.user, team, request, found[-1])
        for page in found[: self._world.lapses.cut]:
            self._world.fault("page", "pull")
            yield page

    def history(self, requests: Sequence[HistoryRequest], catalogue: Catalogue) -> Iterator[Change]:
        """The world's own history, which never forgets."""
        with self._call("history"):
            told = list(history(self._world, requests))
        yield from told

    def fetch(
        self, object: str, ids: Sequence[str], request: PullRequest
    ) -> Iterator[RemoteRecord]:
        """The records as they are now; of one that was merged away, what it was merged into."""
        with self._call("fetch"):
            at, fields = self._world.clock(), request.fields.get(object)
            left = (self._world.merged.get(id, id) for id in ids)
            things = [self._world.things[id] for id in left if id in self._world.things]
            there = [t for t in things if t.object == object and t.existence != DELETED]
            told = [record(thing, at, fields) for thing in there]
        yield from told

    def push(self, writes: Sequence[Write], catalogue: Catalogue) -> Iterator[Outcome]:
        """One batch; the writes in it succeed or fail one by one."""
        for write in writes:
            if self._options.read_only:
                yield Outcome(write.intent, Result.REFUSED, write.id, reason="read-only")
                continue
            self._world.lapses.underway = write
            try:
                with self._call(write.op):
                    outcome = self._carry_out(write, catalogue)
            except tuple(_ENDS) as error:
                end = _ENDS[type(error)]
                outcome = Outcome(write.intent, end, write.id, reason=str(error))
            answer = self._world.lapses.answer(outcome)
            if answer is not None:
                yield answer

    def _carry_out(self, write: Write, catalogue: Catalogue) -> Outcome:
        thing = self._world.things.get(write.id or "")
        shown = {name: thing.fields[name] for name in write.fields} if thing else {}
        self._world.lapses.sent.append((write, shown))
        return Sending(self._world, self._options.user, write).carry_out(catalogue)

    def find(self, write: Write, catalogue: Catalogue) -> list[RemoteRecord]:
        """What the intent of this create has made."""
        with self._call("find"):
            at = self._world.clock()
            things = found(self._world, self._options.user, write)
            return [record(thing, at) for thing in things]

    def comment(self, posts: Sequence[Post], catalogue: Catalogue) -> Iterator[Posted]:
        """One request a post; each stands there or does not."""
        for post in posts:
            if self._options.read_only:
                yield Posted(post.ref, Result.REFUSED, reason="read-only")
                continue
            self._world.lapses.posts.append(post)
            try:
                with self._call("comment"):
                    done = posted(self._world, self._options.user, post)
            except tuple(_ENDS) as error:
                done = Posted(post.ref, _ENDS[type(error)], reason=str(error))
            answer = self._world.lapses.reply(done)
            if answer is not None:
                yield answer

    def comments(
        self, threads: Sequence[Thread], since: datetime, catalogue: Catalogue
    ) -> Iterator[Comment]:
        """What was said there, as it is now."""
        with self._call("comments"):
            told = list(said_since(self._world, self._options.user, threads, since))
        yield from told

    def audience(self, scope: Scope, threads: Sequence[Thread]) -> dict[Thread, Audience]:
        """Guests and the public of the threads' projects."""
        try:
            with self._call("audience"):
                return {thread: readers(self._world, thread) for thread in threads}
        except tuple(_ENDS) as error:
            return dict.fromkeys(threads, Audience(unknown=str(error)))

    def heads_up_item(self, container: str, catalogue: Catalogue) -> Thread | None:
        """The kept item of a project; none where people are told by to-dos."""
        if self._options.to_dos or ITEM not in self._options.comments:
            return None
        if self._options.read_only:
            raise AskPerson("nothing is kept where nothing is written: read-only")
        with self._call("heads_up_item"):
            kept = self._world.talk.keep(self._options.user, container)
            return Thread(kept.object, kept.id, container)

    def provision(self, scope: Scope, needs: Sequence[FieldNeed], *, dry_run: bool) -> list[str]:
        """Nothing can be made here; what is missing is told."""
        with self._call("provision"):
            return missing({(need.object, need.name): need.kind for need in needs})

    def spots(self) -> Iterator[Spot]:
        """The teams of the world."""
        with self._call("spots"):
            found = teams(self._world)
        yield from found

    def everybody(self) -> Iterator[RemotePerson]:
        """Everybody in the world."""
        with self._call("everybody"):
            found = list(self._world.users.values())
        yield from found

    def close(self) -> None:
        """There is nothing to release."""

    @contextmanager
    def _call(self, name: str) -> Iterator[None]:
        with self._world.lock:
            if self._options.user not in self._world.users.keys() - self._world.revoked:
                raise StopConnection(f"the world does not let {self._options.user} in", status=401)
            self._known()
            self._world.calls.append(name)
            self._world.fault("before", name)
            yield
            self._world.fault("after", name)

    def _known(self) -> None:
        """Raises what a vendor says of a wrong token: it quotes it, and we do not."""
        given = self._options.token.get_secret_value() if self._options.token else ""
        wanted = self._world.tokens.get(self._options.user)
        if wanted not in (None, given):
            told = Redactor([given])(f"token {given} is not valid")
            raise StopConnection("the world does not take our token", status=401, detail=told)


def _team(scope: Scope) -> str:
    return ScopeOptions.model_validate(scope.options).team
