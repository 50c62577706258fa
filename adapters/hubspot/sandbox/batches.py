"""Routes over many records at once: no transactions, and answers in HubSpot's own order."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from random import Random
from typing import Final

from starlette.responses import Response

from adapters.hubspot.sandbox.account import Account, body_of, type_or_refused
from adapters.hubspot.sandbox.answers import Fault, batch, invalid, not_found
from adapters.hubspot.sandbox.records import SINGULAR
from adapters.hubspot.sandbox.store import Unfit
from adapters.hubspot.sandbox.wire import (
    Json,
    flag,
    inputs,
    shown,
    unique_or_refused,
    with_history,
    words,
)
from syncer.adapterkit.sandbox import SandboxRequest

Action = Callable[[Json, datetime, bool], Json | None]
"""Carries out one input at a time of the batch, or only checks it."""

MOST: Final = 100
WITH_HISTORY: Final = 50


class Batches:
    """Handlers of batches."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._random = Random(20260908)  # noqa: S311 - an order, not a secret

    def read(self, request: SandboxRequest) -> Response:
        """Records by id or unique property; those not found are rows of ``errors``."""
        store, type = self._account.store, type_or_refused(request.path_params["type"])
        body = body_of(request)
        histories, by = words(body.get("propertiesWithHistory")), str(body.get("idProperty") or "")
        items = inputs(request, WITH_HISTORY if histories else MOST)
        unique_or_refused(store, type, by)
        archived, at = flag(request, "archived"), self._account.now()
        rows, missing = [], []
        for id in dict.fromkeys(str(item.get("id")) for item in items):
            record = store.find(type, id, by=by, archived=archived)
            if record is None or (not by and record.id != id):
                missing.append(id)
                continue
            row = shown(store, record, [*words(body.get("properties")), *histories])
            rows.append(with_history(row, record, histories) if histories else row)
        errors = [_missing(type, missing).row()] if missing else []
        return batch(self._shuffled(rows), at, errors)

    def make(self, request: SandboxRequest) -> Response:
        """Make records; one bad row fails the call unless every row carries a trace id."""
        type = type_or_refused(request.path_params["type"])

        def make(item: Json, at: datetime, check: bool) -> Json:
            return self._account.make(request, type, item, at, check=check)

        return self._each(inputs(request, MOST), make, done=201)

    def change(self, request: SandboxRequest) -> Response:
        """Change records; ids that were merged away are dropped without a word."""
        store, type = self._account.store, type_or_refused(request.path_params["type"])

        def change(item: Json, at: datetime, check: bool) -> Json | None:
            by, id = str(item.get("idProperty") or ""), str(item.get("id"))
            unique_or_refused(store, type, by)
            if (type, id) in store.merged:
                return None
            record = store.find(type, id, by=by)
            if record is None:
                raise Unfit(_missing(type, [id]))
            return self._account.change(request, record, item, at, check=check)

        return self._each(inputs(request, MOST), change)

    def upsert(self, request: SandboxRequest) -> Response:
        """Change the records of these unique values, make those there are not."""
        store, type = self._account.store, type_or_refused(request.path_params["type"])
        items = inputs(request, MOST)
        if len({(item.get("idProperty"), item.get("id")) for item in items}) < len(items):
            raise invalid("Duplicate IDs found in batch input").refusal()

        def upsert(item: Json, at: datetime, check: bool) -> Json:
            by, value = str(item.get("idProperty") or ""), str(item.get("id"))
            unique_or_refused(store, type, by or "id")
            record = store.find(type, value, by=by)
            sent = {**item, "properties": {**(item.get("properties") or {}), by: value}}
            sent.pop("associations", None)
            if record is None:
                made = self._account.make(request, type, sent, at, check=check)
                return {**made, "new": True}
            changed = self._account.change(request, record, sent, at, check=check)
            return {**changed, "new": False}

        return self._each(items, upsert)

    def archive(self, request: SandboxRequest) -> Response:
        """Archive records; ids there are not are no fault."""
        type, at = type_or_refused(request.path_params["type"]), self._account.now()
        for item in inputs(request, MOST):
            record = self._account.store.find(type, str(item.get("id")))
            if record is not None:
                self._account.store.archive(record, at)
        return Response(status_code=204)

    def _each(self, items: Sequence[Json], action: Action, done: int = 200) -> Response:
        """Each input by itself; a bulk change gives all of them one time.

        Unless every row carries a trace id, all are checked before any is carried out.
        """
        at = self._account.now()
        rows: list[Json | None] = []
        errors: list[Json] = []
        traced = all(item.get("objectWriteTraceId") for item in items)
        for check in (True, False)[traced:]:
            rows, errors = [], []
            for item in items:
                try:
                    rows.append(action(item, at, check))
                except Unfit as unfit:
                    if not traced and unfit.fault.category != "OBJECT_NOT_FOUND":
                        raise
                    errors.append(unfit.fault.row(_trace(item)))
        return batch(self._shuffled(row for row in rows if row is not None), at, errors, done)

    def _shuffled(self, rows: Iterable[Json]) -> list[Json]:
        mixed = list(rows)
        self._random.shuffle(mixed)
        return mixed


def _trace(item: Json) -> dict[str, list[str]]:
    trace = item.get("objectWriteTraceId")
    return {"objectWriteTraceId": [str(trace)]} if trace else {}


def _missing(type: str, ids: Sequence[str]) -> Fault:
    message = (
        f"Could not get some {SINGULAR[type].upper()} objects, they may be deleted or not exist"
    )
    return not_found(message, context={"ids": list(ids)})
