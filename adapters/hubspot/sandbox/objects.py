"""Routes over single records: list, read, make, change, archive, merge, search."""

from typing import Final

from starlette.responses import Response

from adapters.hubspot.sandbox.account import Account, body_of, type_or_refused
from adapters.hubspot.sandbox.answers import invalid, not_found, page
from adapters.hubspot.sandbox.merging import merge
from adapters.hubspot.sandbox.records import SINGULAR, Stored
from adapters.hubspot.sandbox.search import Search
from adapters.hubspot.sandbox.wire import (
    Json,
    cursor,
    flag,
    listed,
    number,
    shown,
    unique_or_refused,
    with_history,
)
from syncer.adapterkit.sandbox import SandboxRequest, reply

BODY_MAX: Final = 3000


class Objects:
    """Handlers of single records."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def page(self, request: SandboxRequest) -> Response:
        """A page in the order of ids; archived records are a list of their own."""
        type = type_or_refused(request.path_params["type"])
        histories = listed(request, "propertiesWithHistory")
        limit = number(request, "limit", 10, 50 if histories else 100)
        after, archived = cursor(request), flag(request, "archived")
        every = self._account.store.records[type].values()
        rest = [r for r in every if bool(r.archived) == archived and int(r.id) > after]
        rest.sort(key=lambda record: int(record.id))
        rows = [self._row(request, record, histories) for record in rest[:limit]]
        return reply(page(rows, rest[limit - 1].id if len(rest) > limit else None))

    def read(self, request: SandboxRequest) -> Response:
        """One record; the id of one that was merged away leads to what it went into."""
        record = self._found(request, archived=flag(request, "archived"))
        return reply(self._row(request, record, listed(request, "propertiesWithHistory")))

    def make(self, request: SandboxRequest) -> Response:
        """Make a record, linked if asked."""
        account, type = self._account, type_or_refused(request.path_params["type"])
        return reply(account.make(request, type, body_of(request), account.now()), 201)

    def change(self, request: SandboxRequest) -> Response:
        """Change the properties given."""
        record = self._found(request)
        return reply(self._account.change(request, record, body_of(request), self._account.now()))

    def archive(self, request: SandboxRequest) -> Response:
        """Archive; an id there is not is no fault."""
        type = type_or_refused(request.path_params["type"])
        record = self._account.store.find(type, request.path_params["id"])
        if record is not None:
            self._account.store.archive(record, self._account.now())
        return Response(status_code=204)

    def merge(self, request: SandboxRequest) -> Response:
        """Make one record of two."""
        store, body = self._account.store, body_of(request)
        type = type_or_refused(request.path_params["type"])
        ids = (str(body.get("primaryObjectId")), str(body.get("objectIdToMerge")))
        keep, gone = (store.find(type, id) for id in ids)
        if keep is None or gone is None or keep is gone:
            raise invalid("Both records must exist and differ").refusal()
        return reply(shown(store, merge(store, keep, gone, self._account.now()), ()))

    def search(self, request: SandboxRequest) -> Response:
        """Search the index, which is late by ``search_lag``."""
        account, type = self._account, type_or_refused(request.path_params["type"])
        if len(request.body) > BODY_MAX:
            raise invalid(f"The request body must be at most {BODY_MAX} characters").refusal()
        until = account.now() - account.search_lag
        search = Search(account.store, type, request.json(), until)
        total, hits, after = search.run()
        rows = [shown(account.store, record, search.names, version) for record, version in hits]
        return reply(page(rows, None if after is None else str(after), total=total))

    def _found(self, request: SandboxRequest, *, archived: bool = False) -> Stored:
        type, by = type_or_refused(request.path_params["type"]), request.query.get("idProperty", "")
        unique_or_refused(self._account.store, type, by)
        record = self._account.store.find(type, request.path_params["id"], by=by, archived=archived)
        if record is None:
            raise not_found().refusal()
        return record

    def _row(self, request: SandboxRequest, record: Stored, histories: list[str]) -> Json:
        body = shown(self._account.store, record, [*listed(request, "properties"), *histories])
        if histories:
            body = with_history(body, record, histories)
        others = {name: self._links(record, name) for name in listed(request, "associations")}
        others = {name: links for name, links in others.items() if links}
        return {**body, "associations": others} if others else body

    def _links(self, record: Stored, name: str) -> Json | None:
        other = type_or_refused(name)
        kind = f"{SINGULAR[record.type]}_to_{SINGULAR[other]}"
        ids = self._account.store.linked(record.type, record.id, other)
        return {"results": [{"id": id, "type": kind} for id in ids]} if ids else None
