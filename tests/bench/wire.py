"""An adapter for the bench's server: thin, and made as the guide tells third parties to.

Lists and writes as vendors have them: pages of 100, one feed that tells who changed what, and
writes of one record (Trello's and Asana's shape) or of 100 (HubSpot's), as the connection says.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from pydantic import Field, SecretStr

from syncer.adapterkit.contract import (
    AdapterSpec,
    Capabilities,
    FieldNeed,
    HistoryRequest,
    Opening,
    PullRequest,
    Scope,
    Strict,
)
from syncer.adapterkit.errors import AdapterError, AskPerson, LookFirst, SkipRecord, WaitAndRetry
from syncer.adapterkit.http import Http, by_status, segment
from syncer.adapterkit.limits import Limit, budget_for, digest_of
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
from tests.bench.wire_shapes import (
    FEED,
    ITEM,
    PATHS,
    PROJECT,
    Definitions,
    Listing,
    Log,
    News,
    Thing,
    User,
    Users,
    changes,
    objects,
    outcome,
    plain,
    record,
    records,
    shaped,
    told,
)

T = TypeVar("T")
NOTHING: Final = 10**12
"""A number that no log reaches: after it, it tells where it ends and nothing else."""

LIMITS: Final = (Limit(100_000, 1),)
"""The server has none; what asking for room costs is to be measured all the same."""

CLOCKS: Final = timedelta(seconds=5)
ENDS: Final[dict[type[AdapterError], Result]] = {
    LookFirst: Result.UNKNOWN,
    WaitAndRetry: Result.RETRY,
    SkipRecord: Result.REFUSED,
    AskPerson: Result.REFUSED,
}


class Options(Strict):
    """A connection.

    Args:
        base_url: of one system of the server.
        token: whom it stands for.
        batch: writes in one request.
        in_flight: requests under way at once.
    """

    base_url: str
    token: SecretStr
    batch: int = Field(default=1, ge=1, le=100)
    in_flight: int = Field(default=4, ge=1)


class ScopeOptions(Strict):
    """A client's place: the whole system."""


class WireAdapter:
    """A connection to one system of the bench's server."""

    def __init__(self, opening: Opening) -> None:
        options: Options = opening.options
        token = options.token.get_secret_value()
        self._http = Http(
            options.base_url,
            headers=lambda: {"authorization": f"Bearer {token}"},
            classify=by_status,
            budget=budget_for(digest_of(options.base_url, token), LIMITS, opening.share),
            secrets=(token,),
            timeout=opening.timeout,
            system="wire",
        )
        self._many = options.batch > 1
        self.capabilities = Capabilities(
            batch=dict.fromkeys((Op.CREATE, Op.UPDATE), options.batch),
            in_flight=options.in_flight,
            feed_changes=True,
            history_batch=100,
        )

    def whoami(self) -> RemotePerson:
        """The account that the token stands for."""
        return _person(self._get("/me", User)[0])

    def now(self) -> datetime:
        """The server's time, as its answers tell it."""
        return self._http.clock.now()

    def people(self, scope: Scope) -> list[RemotePerson]:
        """Everybody with an account."""
        return [_person(user) for user in self._get("/people", Users)[0].results]

    def describe(self, scope: Scope, objects_: frozenset[str]) -> Catalogue:
        """What projects and items hold."""
        there = objects(self._get("/definitions", Definitions)[0].choices)
        return Catalogue({name: info for name, info in there.items() if name in objects_})

    def pull(self, request: PullRequest) -> Iterator[Page]:
        """One feed; its cursor is the number of the last line of the log."""
        cursor = request.cursors.get(FEED)
        known = more = cursor is not None
        # The place in the log comes first: what happens while we list is told once more.
        since = cursor["since"] if cursor is not None else NOTHING
        last: int = since if known else self._get("/changed", News, since=since)[0].last
        while more:
            news, at = self._get("/changed", News, since=last)
            last, more = max(last, news.last), news.more
            yield from told(request, {PROJECT: news.projects, ITEM: news.items}, at)
            yield Page(FEED, changes=changes(news.log))
        listed = frozenset[tuple[str, str | None]]()
        if request.full or not known:
            for object in request.fields:
                yield from self._listed(object, request)
            listed = frozenset((object, None) for object in request.fields)
        yield Page(FEED, done=True, cursor={"since": last}, listed=listed)

    def _listed(self, object: str, request: PullRequest) -> Iterator[Page]:
        after: int | None = 0
        while after is not None:
            page, at = self._get(f"/{PATHS[object]}", Listing, after=after)
            after = page.next
            yield from told(request, {object: page.results}, at)

    def history(self, requests: Sequence[HistoryRequest], catalogue: Catalogue) -> Iterator[Change]:
        """The log of single things, a hundred a request."""
        asked = {(one.object, one.id): one for one in requests}
        ids = sorted({id for _, id in asked})
        for line in changes(self._send("POST", "/log", {"ids": ids}, Log, safe=True)[0].log):
            one = asked.get((line.object, line.id))
            if one is None or line.at is None or line.field not in one.fields:
                continue
            if one.since is None or line.at > one.since:
                yield line

    def fetch(
        self, object: str, ids: Sequence[str], request: PullRequest
    ) -> Iterator[RemoteRecord]:
        """Things as they are now; what is gone is left out."""
        path = f"/{PATHS[object]}/batch/read"
        for first in range(0, len(ids), 100):
            body = {"ids": list(ids[first : first + 100])}
            page, at = self._send("POST", path, body, Listing, safe=True)
            yield from records(object, page.results, at, request.fields.get(object))

    def push(self, writes: Sequence[Write], catalogue: Catalogue) -> Iterator[Outcome]:
        """One request a write, or one for all; an outcome for each, whatever becomes of it."""
        batch = self._many and writes[0].op in (Op.CREATE, Op.UPDATE)
        for part in [writes] if batch else [[write] for write in writes]:
            try:
                yield from self._batch(part, catalogue) if batch else self._one(part[0], catalogue)
            except tuple(ENDS) as error:
                end, reason = ENDS[type(error)], str(error)
                yield from (Outcome(w.intent, end, w.id, reason=reason) for w in part)

    def _batch(self, writes: Sequence[Write], catalogue: Catalogue) -> list[Outcome]:
        op, object = writes[0].op, writes[0].object
        bodies: list[Any] = [plain(write, catalogue) for write in writes]
        if op is Op.UPDATE:
            pairs = zip(writes, bodies, strict=True)
            bodies = [{"id": write.id, "values": values} for write, values in pairs]
        path = f"/{PATHS[object]}/batch/{op}"
        page, at = self._send("POST", path, {"inputs": bodies}, Listing, safe=False)
        if len(page.results) != len(writes):
            raise LookFirst("the answer is about other things than were sent")
        shown = records(object, page.results, at, None)
        return [outcome(write, one, at) for write, one in zip(writes, shown, strict=True)]

    def _one(self, write: Write, catalogue: Catalogue) -> list[Outcome]:
        path, method = f"/{PATHS[write.object]}", "POST"
        body: dict[str, Any] = plain(write, catalogue)
        if write.op is not Op.CREATE:
            path, method = f"{path}/{segment(write.id or '')}", "PUT"
        if write.op in (Op.ARCHIVE, Op.RESTORE):
            body["archived"] = write.op is Op.ARCHIVE
        thing, at = self._send(method, path, body, Thing, safe=False)
        return [outcome(write, record(write.object, thing, at), at)]

    def find(self, write: Write, catalogue: Catalogue) -> list[RemoteRecord]:
        """What a create whose answer was lost has made: ours, no older, and called the same."""
        path, me = f"/{PATHS[write.object]}", self.whoami().id
        page, at = self._get(path, Listing, named=write.fields.get("name"))
        since = (write.since or self.now()) - CLOCKS
        found = list(records(write.object, page.results, at, None))
        return [r for r in found if r.created_by == me and r.created_at and r.created_at > since]

    def provision(self, scope: Scope, needs: Sequence[FieldNeed], *, dry_run: bool) -> list[str]:
        """The server has no fields of people's own."""
        return []

    def close(self) -> None:
        """Release connections."""
        self._http.close()

    def _get(self, path: str, shape: type[T], **params: Any) -> tuple[T, datetime]:
        answer = self._http.get(path, params=params, raw=True)
        return shaped(answer, shape), answer.at

    def _send(
        self, method: str, path: str, body: Mapping[str, Any], shape: type[T], *, safe: bool
    ) -> tuple[T, datetime]:
        answer = self._http.request(method, path, json=body, safe=safe)
        return shaped(answer, shape), answer.at


def _person(user: User) -> RemotePerson:
    return RemotePerson(user.id, user.name, user.email, active=user.active)


ADAPTER: Final = AdapterSpec("wire", WireAdapter, Options, ScopeOptions)
