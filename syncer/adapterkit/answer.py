"""A vendor's answer, read defensively. No type of the HTTP library crosses this line."""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property, lru_cache
from math import isfinite
from typing import Any, Final

import msgspec

from syncer.adapterkit.errors import (
    AdapterError,
    AskPerson,
    LookFirst,
    SkipRecord,
    StopConnection,
    WaitAndRetry,
)
from syncer.adapterkit.redact import Redactor

_DIGITS: Final = 400
"""Of a whole number; the largest float has fewer."""

_STEP: Final = 40
_LONG: Final = re.compile(rb"[0-9]{10}")
"""What a longer number leaves where only each 40th byte is looked at."""

_decode: Final = msgspec.json.Decoder().decode
_skip: Final = msgspec.json.Decoder(msgspec.Raw).decode

NO_CONTENT: Final = frozenset({204, 205})


@dataclass(frozen=True)
class Answer:
    """What came back.

    Args:
        status: the HTTP status.
        headers: with lower-case keys.
        body: decompressed.
        at: up to when the answer tells: the vendor's Date header (UTC, whole seconds), else
            our clock at receipt less the round trip.
        hide: takes secrets out of a text.
        unsafe: whether the request may not simply be repeated.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    at: datetime
    hide: Redactor = field(default_factory=Redactor, repr=False, compare=False)
    unsafe: bool = False

    @property
    def ok(self) -> bool:
        """Whether the vendor says that it went well."""
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The body as text, whatever it holds."""
        return self.body.decode("utf-8", errors="replace")

    def json(self) -> Any:
        """The body read as JSON; ``None`` where the status says that there is none.

        Raises:
            WaitAndRetry: not JSON (a proxy's page, a page cut short).
            LookFirst: the same, in answer to a write.
        """
        if not self.body and self.status in NO_CONTENT:
            return None
        if not self.is_json:
            raise self.unreadable()
        return self._parsed[0]

    def json_or_none(self) -> Any:
        """The body read as JSON, or ``None``: for error bodies, which may be anything."""
        return self._parsed[0] if self.is_json else None

    @property
    def is_json(self) -> bool:
        """Whether the body holds JSON, whatever the content type claims."""
        return bool(self._parsed)

    @property
    def is_sound(self) -> bool:
        """Whether the body holds JSON; it is only looked through, which takes a third of the time."""
        return self._strict or self.is_json

    @property
    def plain(self) -> bytes:
        """The body for a decoder of the caller's: as it came, or, where only care reads it, anew.

        A number too large for a float stays what it is. Raises: as :meth:`json` does.
        """
        return self.body if self._strict else json.dumps(self.json(), ensure_ascii=False).encode()

    @cached_property
    def _strict(self) -> bool:
        return _is_sound(self.body)

    @cached_property
    def _parsed(self) -> tuple[Any, ...]:
        """The value in a tuple, or nothing; large pages are read once only."""
        try:
            return (parse_json(self.body),)
        except ValueError:
            return ()

    def unreadable(self) -> AdapterError:
        """The error for a body that is not the JSON it should be."""
        kind = self.headers.get("content-type", "no content type")
        reason = f"the answer is not JSON but {self.hide.short(kind)}"
        shown = self.hide.short(self.text)
        if self.unsafe:
            return LookFirst(reason, status=self.status, detail=shown)
        return WaitAndRetry(reason, status=self.status, detail=shown)

    def retry_after(self) -> float:
        """Seconds that the vendor asks us to wait; 0 where it does not say."""
        told = self.headers.get("retry-after", "").strip()
        try:
            return min(max(0.0, float(told)), 7 * 86400.0)
        except ValueError:
            moment = http_date(told)
        return max(0.0, (moment - datetime.now(UTC)).total_seconds()) if moment else 0.0


def by_status(answer: Answer, said: str = "") -> AdapterError | None:
    """The usual meaning of a status; a start for a vendor's own ``classify``.

    Args:
        answer: what came back.
        said: the vendor's own words; the start of the body where none are given.
    """
    if answer.ok:
        return None
    detail = answer.hide.short(said or answer.text, 200)
    status = answer.status
    if status == 401:
        return StopConnection("the credential was refused", status=status, detail=detail)
    if status in (402, 403):
        return AskPerson("not allowed", status=status, detail=detail)
    if status in (408, 425, 429) or status >= 500:
        reason = "too many requests" if status == 429 else f"the system answered {status}"
        seconds = answer.retry_after()
        return WaitAndRetry(reason, seconds=seconds, status=status, detail=detail)
    return SkipRecord(f"refused with {status}", status=status, detail=detail)


def parse_json(body: bytes) -> Any:
    """Read JSON strictly: UTF-8 (RFC 8259), no NaN, no lone surrogates. Raises ``ValueError`` only.

    Numbers that no float, or nobody, could hold stay the text they are: one record's trouble.
    """
    if not _LONG.search(body[::_STEP]):
        # Three times as fast and as strict; what it does not read is looked at with more care.
        with suppress(ValueError, RecursionError):
            return _decode(body)
    return _with_care(body)


def _is_sound(body: bytes) -> bool:
    try:
        _skip(body)
        body.decode()
    except (ValueError, RecursionError):
        return False
    return True


def _with_care(body: bytes) -> Any:
    try:
        text = body.decode("utf-8-sig")
        value = json.loads(text, parse_constant=_no_constant, parse_float=_float, parse_int=_int)
        # Lone surrogates cannot be stored or sent anywhere; the escape shows in the text.
        return _whole(value) if "\\ud" in text.lower() else value
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _float(text: str) -> float | str:
    value = float(text)
    return value if isfinite(value) else text


def _int(text: str) -> int | str:
    return int(text) if len(text) <= _DIGITS else text


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    return value


@lru_cache(maxsize=64)
def http_date(text: str) -> datetime | None:
    """A date as headers hold it (RFC 9110), in UTC; ``None`` for anything else."""
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


Classify = Callable[[Answer], AdapterError | None]
"""Reads a vendor's status and body: a named error, or ``None`` for success."""
