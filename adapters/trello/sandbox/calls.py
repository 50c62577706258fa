"""One request as Trello reads it: parameters from the query, a JSON body or a form."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from functools import cached_property
from typing import Any, Final, NoReturn

from msgspec import Struct
from starlette.responses import PlainTextResponse

from adapters.trello.sandbox.store import Object, Store
from syncer.adapterkit.sandbox import Refusal, SandboxRequest, reply
from syncer.model.values import instant_text

LONGEST: Final = 16384
"""Characters of a name or description (guide, 4.4)."""

ID: Final = re.compile(r"[0-9a-fA-F]{24}")
ABSENT: Final = object()
_SERVER_ZONE: Final = timezone(timedelta(hours=-5))
"""Where a date without a zone is taken to be, without a word (guide, 2)."""


def refuse(status: int, text: str) -> NoReturn:
    """Answer with an error as Trello mostly does: in plain text."""
    raise Refusal(PlainTextResponse(text, status_code=status))


def refuse_json(status: int, error: str, message: str) -> NoReturn:
    """Answer with an error in JSON."""
    raise Refusal(reply({"error": error, "message": message}, status))


def is_id(text: object) -> bool:
    """Whether this looks like one of Trello's ids."""
    return isinstance(text, str) and ID.fullmatch(text) is not None


def moment_of(text: str) -> datetime:
    """A date as Trello reads it. Raises ``ValueError``."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        zone = _SERVER_ZONE if len(text) > 10 else UTC
        moment = moment.replace(tzinfo=zone)
    return moment


class Part(Struct, frozen=True):
    """A part of a multipart body: ``name`` and ``kind`` are a file's."""

    field: str
    name: str
    kind: str
    content: bytes


def _part(entry: Any) -> Part:
    content: bytes = entry.get_payload(decode=True) or b""
    field = entry.get_param("name", "", "content-disposition")
    return Part(str(field), entry.get_filename() or "", entry.get_content_type(), content)


@dataclass(frozen=True)
class Call:
    """A request with the store it is about."""

    store: Store
    request: SandboxRequest

    @property
    def me(self) -> str:
        """The id of the member whose token was sent."""
        return self.request.user.id

    def part(self, name: str) -> str:
        """A part of the path."""
        return self.request.path_params[name]

    @cached_property
    def given(self) -> Object:
        """Every parameter, wherever it was sent."""
        body: Any = {}
        kind = self.request.headers.get("content-type", "")
        if "form-urlencoded" in kind:
            body = self.request.form()
        elif "multipart/form-data" in kind:
            body = {p.field: p.content.decode("utf-8", "replace") for p in self.parts if not p.name}
        elif self.request.method != "GET":
            body = self.request.json()
        return {**self.request.query, **(body if isinstance(body, dict) else {})}

    @cached_property
    def parts(self) -> list[Part]:
        """The parts of a multipart body."""
        kind = self.request.headers.get("content-type", "")
        if "multipart/form-data" not in kind:
            return []
        whole = b"Content-Type: " + kind.encode() + b"\r\n\r\n" + self.request.body
        told = message_from_bytes(whole).get_payload()
        return [_part(entry) for entry in told] if isinstance(told, list) else []

    def file(self, name: str) -> Part | None:
        """A file that was sent under a name."""
        return next((part for part in self.parts if part.field == name and part.name), None)

    def has(self, name: str) -> bool:
        """Whether a parameter was sent."""
        return name in self.given

    def text(self, name: str, default: str = "", *, required: bool = False) -> str:
        """A text parameter."""
        value = self.given.get(name)
        if value is None or value == "":
            if required:
                refuse(400, f"invalid value for {name}")
            return default if value is None else ""
        if not isinstance(value, str | int | float) or len(str(value)) > LONGEST:
            refuse(400, f"invalid value for {name}")
        return str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        """A yes-or-no parameter: ``true`` and ``false``."""
        value = self.given.get(name, default)
        known = {"true": True, "false": False, "1": True, "0": False}
        found = known.get(str(value).lower())
        if found is None:
            refuse(400, f"invalid value for {name}")
        return found

    def number(self, name: str, default: int, most: int) -> int:
        """A count between 0 and ``most``."""
        text = str(self.given.get(name, default))
        if not text.isdigit() or int(text) > most:
            refuse(400, f"invalid value for {name}")
        return int(text)

    def minutes(self, name: str) -> int | None:
        """How long before a date, or nothing."""
        value = self.given.get(name)
        if value in (None, "", "null"):
            return None
        if isinstance(value, bool) or not str(value).removeprefix("-").isdigit():
            refuse(400, f"invalid value for {name}")
        return int(str(value))

    def many(self, name: str) -> list[str]:
        """Ids as a comma list or a JSON array."""
        value = self.given.get(name)
        items: Iterable[Any] = value if isinstance(value, list) else str(value or "").split(",")
        return [str(item).strip() for item in items if str(item).strip()]

    def moment(self, name: str) -> str | None:
        """A date; JSON null, the word null and nothing at all clear it."""
        value = self.given.get(name)
        if value in (None, "", "null"):
            return None
        try:
            return instant_text(moment_of(str(value)))
        except (ValueError, OverflowError):
            refuse(400, f"invalid value for {name}")

    def find(self, table: dict[str, Object], id: str, short: str = "shortLink") -> Object:
        """The object of this id (or short link). Refuses as Trello does."""
        if id in table:
            return table[id]
        for entry in table.values():
            if id and entry.get(short) == id:
                return entry
        if not is_id(id):
            refuse(400, "invalid id")
        refuse(404, "The requested resource was not found.")
