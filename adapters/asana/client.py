"""Asana's API with one credential: envelopes, pages, events, limits, what an error means."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import structlog
from msgspec import Struct

from adapters.asana.options import Options
from syncer.adapterkit.answer import Answer, by_status
from syncer.adapterkit.contract import Opening
from syncer.adapterkit.errors import AdapterError, LookFirst, WaitAndRetry
from syncer.adapterkit.http import Http, segment
from syncer.adapterkit.limits import Limit, budget_for, digest_of

Row = dict[str, Any]
PAGE: Final = 100
_READ: Final = "read"
_WRITE: Final = "write"
_MOST_EVENT_PAGES: Final = 500
_log = structlog.get_logger(__name__)
NO_PLACE: Final = frozenset({400, 403, 404})
"""Statuses that say that something named is not there, or not for us."""


class Reply(Struct, frozen=True):
    """The ``data`` of an answer and up to when it tells."""

    data: Any
    at: datetime


class Events(Struct, frozen=True):
    """What happened in a stream.

    ``lost`` says that the place in it was lost (no token, or one that is too old): then
    ``rows`` is empty, and everything must be listed. ``token`` is for the next time.
    """

    rows: tuple[Row, ...]
    token: str
    at: datetime
    lost: bool = False


def limits(*, paid: bool) -> tuple[Limit, ...]:
    """Requests a minute of a token, and how many may be under way (guide, "Rate limits")."""
    return (
        Limit(1500 if paid else 150, 60),
        Limit(50, 0, frozenset({_READ})),
        Limit(15, 0, frozenset({_WRITE})),
    )


def words_of(answer: Answer) -> str:
    """Asana's own words: the messages in ``errors``."""
    body = answer.json_or_none()
    errors = body.get("errors") if isinstance(body, dict) else None
    rows = errors if isinstance(errors, list) else []
    told = [str(row.get("message", "")) for row in rows if isinstance(row, dict)]
    return "; ".join(text for text in told if text)


def classify(answer: Answer) -> AdapterError | None:
    """The meaning of Asana's statuses (guide, "Errors"). 412 is how a stream begins."""
    body = answer.json_or_none()
    if answer.status == 412 and isinstance(body, dict) and isinstance(body.get("sync"), str):
        return None
    return by_status(answer, words_of(answer))


class Asana:
    """The requests of one connection. Safe to use from several threads."""

    def __init__(self, opening: Opening) -> None:
        options: Options = opening.options
        token = options.token.get_secret_value()
        self._http = Http(
            options.base_url,
            headers=lambda: {"authorization": f"Bearer {token}"},
            classify=classify,
            budget=budget_for(
                digest_of(options.base_url, token), limits(paid=options.paid), opening.share
            ),
            secrets=(token,),
            timeout=opening.timeout,
            system="asana",
        )
        self._announced: set[str] = set()
        self._me = ""

    def me(self) -> Row:
        """The user whose token this is, as it is now."""
        row: Row = self.get("/users/me", ("name", "email")).data
        self._me = row["gid"]
        return row

    def my_gid(self) -> str:
        """The gid of that user; asked once."""
        return self._me or str(self.me()["gid"])

    def get(self, path: str, fields: Sequence[str] = (), **params: Any) -> Reply:
        """One record, with the gid that the path names."""
        return _about(path, self._call("GET", path, params | _chosen(fields)))

    def post(self, path: str, data: Mapping[str, Any], fields: Sequence[str] = ()) -> Reply:
        """A write that must not simply be repeated; the answer names what it made."""
        reply = self._call("POST", path, _chosen(fields), data)
        if not _is_gid(reply.data.get("gid")):
            raise LookFirst(f"the answer to {path} does not say what was made")
        return reply

    def act(self, path: str, data: Mapping[str, Any]) -> Reply:
        """A POST that does no harm when it is repeated: adding, removing, moving."""
        return self._call("POST", path, {}, data, safe=True)

    def put(
        self, path: str, data: Mapping[str, Any], fields: Sequence[str] = (), *, safe: bool = False
    ) -> Reply:
        """A write that is looked up before it is repeated, unless it is ``safe`` to repeat it."""
        return _about(path, self._call("PUT", path, _chosen(fields), data, safe=safe))

    def pages(self, path: str, fields: Sequence[str] = (), **params: Any) -> Iterator[Reply]:
        """Pages of records, each row with a gid, none of them twice.

        Raises :class:`WaitAndRetry` if a page cannot be what it claims to be.
        """
        query = params | _chosen(fields) | {"limit": PAGE}
        seen: set[str] = set()
        offsets: set[str] = set()
        while True:
            answer = self._send("GET", path, query)
            body = answer.json()
            rows = [row for row in _rows(body, path) if row["gid"] not in seen]
            seen |= {row["gid"] for row in rows}
            yield Reply(rows, answer.at)
            offset = _offset(body, path)
            if offset is None:
                return
            if offset in offsets:
                raise WaitAndRetry(f"the pages of {path} go round in circles")
            offsets.add(offset)
            query = query | {"offset": offset}

    def events(self, resource: str, token: str | None) -> Events:
        """Everything that happened since a token (guide, "Events")."""
        rows: list[Row] = []
        for _ in range(_MOST_EVENT_PAGES):
            answer = self._send("GET", "/events", {"resource": resource, "sync": token})
            body = answer.json()
            sync = body.get("sync") if isinstance(body, dict) else None
            if not isinstance(sync, str) or not sync:
                raise WaitAndRetry("the events have no token to go on from")
            if answer.status == 412:
                return Events((), sync, answer.at, lost=True)
            found = body.get("data")
            if not isinstance(found, list):
                raise WaitAndRetry("the events are not a list")
            rows += [row for row in found if isinstance(row, dict)]
            token = sync
            if not body.get("has_more"):
                return Events(tuple(rows), sync, answer.at)
        raise WaitAndRetry("the events do not end")

    def now(self) -> datetime:
        """Asana's time."""
        return self._http.clock.now()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _call(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any],
        data: Mapping[str, Any] | None = None,
        *,
        safe: bool | None = None,
    ) -> Reply:
        body = None if data is None else {"data": dict(data)}
        answer = self._send(method, path, params, body, safe=safe)
        told = answer.json()
        if not isinstance(told, dict) or not isinstance(told.get("data"), dict):
            raise answer.unreadable()
        return Reply(told["data"], answer.at)

    def _send(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any],
        body: Any = None,
        *,
        safe: bool | None = None,
    ) -> Answer:
        kind = _READ if method == "GET" else _WRITE
        answer = self._http.request(method, path, params=params, json=body, safe=safe, kind=kind)
        for change in answer.headers.get("asana-change", "").split(","):
            flag = change.strip().partition(";")[0]
            if flag and flag not in self._announced:
                self._announced.add(flag)
                _log.warning("vendor.change", system="asana", change=change.strip(), path=path)
        return answer


def _chosen(fields: Sequence[str]) -> dict[str, str]:
    return {"opt_fields": ",".join(fields)} if fields else {}


def _about(path: str, reply: Reply) -> Reply:
    """An answer about the record of this path; :class:`WaitAndRetry` if it is about another."""
    asked, told = path.rpartition("/")[2], reply.data.get("gid")
    if not _is_gid(told) or (asked.isdecimal() and told != asked):
        raise WaitAndRetry(f"the answer to {path} is about another record, or none")
    return reply


def _is_gid(told: Any) -> bool:
    return isinstance(told, str) and told != ""


def _rows(body: Any, path: str) -> list[Row]:
    rows = body.get("data") if isinstance(body, dict) else None
    if not isinstance(rows, list):
        raise WaitAndRetry(f"a page of {path} is not a list")
    if not all(isinstance(row, dict) and _is_gid(row.get("gid")) for row in rows):
        raise WaitAndRetry(f"a page of {path} has a row without an id")
    return rows


def _offset(body: Row, path: str) -> str | None:
    following = body.get("next_page")
    if following is None:
        return None
    offset = following.get("offset") if isinstance(following, dict) else None
    if not isinstance(offset, str) or not offset:
        raise WaitAndRetry(f"a page of {path} does not say where it goes on")
    return offset


__all__ = ["NO_PLACE", "PAGE", "Asana", "Events", "Reply", "Row", "classify", "limits", "segment"]
