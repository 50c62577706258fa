"""What all routes share: the envelope, field selection, paging, looking things up."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from msgspec import Struct
from starlette.responses import Response

from adapters.asana.sandbox.errors import error, refuse
from adapters.asana.sandbox.select import Wanted, parse
from adapters.asana.sandbox.store import Gid, Store, Thing
from adapters.asana.sandbox.views import show
from syncer.adapterkit.sandbox import SandboxRequest, reply

PREFIX: Final = "/api/1.0"
_OFFSET_LIFE: Final = timedelta(minutes=15)
_TOO_LARGE: Final = "The result is too large. You should use pagination."


class Api(Struct, frozen=True):
    """The routes' view of the stand-in and of the request that is being answered."""

    store: Store
    request: SandboxRequest

    @property
    def me(self) -> Gid:
        """The gid of whoever asks."""
        return self.request.user.id

    @property
    def query(self) -> dict[str, str]:
        """The query."""
        return self.request.query

    def path_gid(self, name: str = "gid") -> Gid:
        """The gid in the path."""
        return str(self.request.path_params[name])

    def there(self, kind: str, name: str = "gid") -> Thing:
        """The thing that the path names; 404 if it is not there."""
        gid = self.path_gid(name)
        if kind == "user":
            gid = self.user_gid(gid) or gid
        thing = self.store.find(kind, gid)
        if thing is None and not gid.isdigit():
            refuse(f"{kind}: Not a recognized ID: {gid}")
        return thing or refuse(f"{kind}: Unknown object: {gid}", 404)

    def named(self, kind: str, value: Any, where: str) -> Thing:
        """The thing that a body or a query names; 400 if it is not there."""
        if not isinstance(value, str):
            refuse(f"{where}: Not a valid GID type: {value!r}")
        gid = (self.user_gid(value) or value) if kind == "user" else value
        thing = self.store.find(kind, gid)
        if thing is None and not gid.isdigit():
            refuse(f"{where}: Not a recognized ID: {value}")
        return thing or refuse(f"{where}: Unknown object: {value}")

    def user_gid(self, name: str) -> Gid | None:
        """The gid behind ``me`` or an e-mail address."""
        if name == "me":
            return self.me
        users = self.store.all("user")
        return next((u["gid"] for u in users if u["email"] == name), None) if "@" in name else None

    def data(self) -> Thing:
        """What the body asks for, out of its envelope."""
        body = self.request.json()
        if body is None:
            return {}
        if not isinstance(body, dict):
            refuse("Could not parse request data, invalid JSON")
        for key in body:
            if key not in ("data", "options"):
                refuse(f"Unrecognized request field {key}")
        data = body.get("data", {})
        return data if isinstance(data, dict) else refuse("data: Value is not a JSON object")

    def wanted(self) -> Wanted | None:
        """The fields asked for, ``None`` for the usual ones."""
        told = self.query.get("opt_fields")
        if told is None and self.request.method != "GET":
            body = self.request.json()
            options = body.get("options") if isinstance(body, dict) else None
            fields = options.get("fields") if isinstance(options, dict) else None
            told = ",".join(map(str, fields)) if isinstance(fields, list) else None
        return parse(told) if told else None

    def one(self, thing: Thing, status: int = 200) -> Response:
        """One record."""
        record = show(self.store, self.me, thing["gid"], self.wanted(), full=True)
        made = {"Location": f"/{thing['resource_type']}s/{thing['gid']}"} if status == 201 else {}
        return reply({"data": record}, status, made)

    def many(self, things: Iterable[Thing]) -> Response:
        """A page of records."""
        rows, wanted = list(things), self.wanted()
        page, more = self._page(rows)
        data = [show(self.store, self.me, row["gid"], wanted, full=False) for row in page]
        return reply({"data": data} | more)

    def every(self, things: Iterable[Thing]) -> Response:
        """All records at once, where the document knows no pages."""
        wanted = self.wanted()
        rows = [show(self.store, self.me, row["gid"], wanted, full=False) for row in things]
        return reply({"data": rows})

    def _page(self, rows: list[Thing]) -> tuple[list[Thing], Thing]:
        limit, offset = self._limit(), self.query.get("offset")
        if limit is None:
            return rows if len(rows) <= 1000 else refuse(_TOO_LARGE), {}
        start = self._start(offset) if offset is not None else 0
        end = start + limit
        if end >= len(rows):
            return rows[start:end], {"next_page": None}
        return rows[start:end], {"next_page": self._next(end)}

    def _limit(self) -> int | None:
        told = self.query.get("limit")
        if told is None:
            return 100 if "offset" in self.query else None
        if not told.isdigit() or not 1 <= int(told) <= 100:
            refuse("limit: Must be between 1 and 100")
        return int(told)

    def _start(self, offset: str) -> int:
        bound, place, at = self.store.offsets.get(offset, ("", 0, self.store.now()))
        if bound != self._bound():
            refuse("offset: Your pagination token is invalid.")
        if self.store.now() - at > _OFFSET_LIFE:
            refuse("offset: Your pagination token has expired.")
        return place

    def _bound(self) -> str:
        """What an offset belongs to: the same question by the same person."""
        kept = sorted((k, v) for k, v in self.query.items() if k not in ("offset", "limit"))
        return f"{self.me} {self.request.path} {kept}"

    def _next(self, place: int) -> Thing:
        now = self.store.now()
        seed = f"{self._bound()} {place} {now}".encode()
        offset = hashlib.sha256(seed).hexdigest()[:40]
        self.store.offsets[offset] = (self._bound(), place, now)
        path = self.request.path.removeprefix(PREFIX)
        query = urlencode({**self.query, "offset": offset})
        host = self.request.headers.get("host", "app.asana.com")
        uri = f"http://{host}{self.request.path}?{query}"
        return {"offset": offset, "path": f"{path}?{query}", "uri": uri}

    @staticmethod
    def nothing() -> Response:
        """The answer of actions that say no more than that they were done."""
        return reply({"data": {}})


Route = Callable[[Api], Response]
Table = tuple[tuple[str, str, Route], ...]
"""Method, path below the prefix, and what answers."""

__all__ = ["PREFIX", "Api", "Table", "error", "refuse"]
