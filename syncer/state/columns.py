r"""Column types: plain text and numbers, so that any tool can read the file.

Text that a database cannot hold (NUL on Postgres, lone surrogates anywhere) is written as
``\uXXXX``, and a backslash that would be mistaken for such an escape is escaped likewise;
all other text is stored as it is. The inverse gives back exactly what was handed in.
"""

import json
import math
import re
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy import Dialect, Numeric, Text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import TypeDecorator, TypeEngine

_HARD = re.compile("[\x00\ud800-\udfff]|\\\\(?=u[0-9a-f]{4})")
_ESCAPED = re.compile(r"\\u([0-9a-f]{4})")
PLAIN: Final = frozenset((str, int, bool, type(None)))
"""Types of JSON that are written in one way only."""

Stored = TypeVar("Stored")

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


def escape(text: str) -> str:
    """Text in a form that every database can hold; :func:`unescape` is the inverse."""
    # Nearly all texts are plain, and these two looks cost far less than the search.
    if text.isascii() and "\\u" not in text and "\x00" not in text:
        return text
    return _HARD.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def unescape(text: str) -> str:
    """The inverse of :func:`escape`."""
    if "\\u" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _deep(convert: Any, value: Any) -> Any:
    if isinstance(value, str):
        return convert(value)
    if isinstance(value, dict):
        return {convert(key): _deep(convert, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_deep(convert, item) for item in value]
    return value


def stable_text(value: Any) -> str:
    """JSON text whose form never changes from version to version: what digests are made of."""
    text = json.dumps(value, ensure_ascii=False)
    if "\\u" in text or _HARD.search(text):
        return json.dumps(_deep(escape, value), ensure_ascii=False)
    return text


def to_text(value: Any, *, finite: bool = False) -> str:
    """JSON text with readable letters; strings in it are escaped like any other text.

    ``finite``: it is known that no number in it is without end, and need not be looked for.
    """
    try:
        text = _encode(value).decode()
    except (msgspec.MsgspecError, TypeError, ValueError, OverflowError):
        # Lone surrogates, and types that only the slower writer knows.
        return stable_text(value)
    # A number without end becomes null there, which is another value.
    odd = "\\u" in text or not (finite or "null" not in text or _is_finite(value))
    return stable_text(value) if odd else text


def _is_finite(value: Any) -> bool:
    kind = type(value)
    if kind in PLAIN:
        return True
    if kind is float:
        return math.isfinite(value)
    if kind is dict:
        return _are_finite(value.values())
    return kind not in (list, tuple) or _are_finite(value)


def _are_finite(values: Collection[Any]) -> bool:
    # Most are plain, and their kinds are told at once.
    return PLAIN.issuperset(map(type, values)) or all(map(_is_finite, values))


def alike(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON: 1, 1.0 and true are three values."""
    if one is other:
        return True
    kind = type(one)
    if kind is not type(other):
        return False
    if kind is str:
        return bool(one == other)
    if kind is list:
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other) if kind in PLAIN else to_text(one) == to_text(other)


def from_text(text: str) -> Any:
    """The inverse of :func:`to_text` and of :func:`stable_text`."""
    try:
        value = _decode(text)
    except msgspec.DecodeError:
        value = json.loads(text)  # numbers without end, which no standard knows
    return _deep(unescape, value) if "\\\\u" in text else value


def moment_text(moment: datetime) -> str:
    """UTC with microseconds, always of the same length, so that texts sort like times."""
    if moment.tzinfo is not UTC:
        if moment.tzinfo is None:
            raise ValueError(f"a time needs a zone: {moment!r}")
        moment = moment.astimezone(UTC)
    return _utc_text(moment)


@lru_cache(maxsize=256)
def _utc_text(moment: datetime) -> str:
    # Much is stored of one moment. In other zones two moments may be equal that are not the same.
    return moment.isoformat(timespec="microseconds")[:-6] + "Z"


def parse_moment(text: str) -> datetime:
    """The inverse of :func:`moment_text`, for any ISO time with a zone."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


class UnreadableValue(SQLAlchemyError):
    """A stored value is not what was stored: somebody else wrote there, or the disk failed."""


def readable(convert: Callable[[Stored], Any], stored: Stored) -> Any:
    """What a stored text, or a part of it, says. Raises :class:`UnreadableValue` where it says nothing."""
    try:
        return convert(stored)
    except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError) as error:
        raise UnreadableValue(f"a stored value cannot be read: {error}") from error


class PlainText(TypeDecorator[str]):
    """Any Python string."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Escape what databases cannot hold."""
        return None if value is None else escape(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Undo the escapes."""
        return None if value is None else unescape(value)


class Moment(TypeDecorator[datetime]):
    """A point in time as ISO 8601 text in UTC."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write as text."""
        return None if value is None else moment_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Read from text."""
        return None if value is None else readable(parse_moment, value)


class JsonText(TypeDecorator[Any]):
    """JSON as text; ``None`` is JSON ``null``, never SQL NULL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """Write as text."""
        return to_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read from text."""
        return None if value is None else readable(from_text, value)


class StableJson(JsonText):
    """The same in a form that people group and compare by."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """Write as text."""
        return stable_text(value)


class Day(TypeDecorator[date]):
    """A day as ISO 8601 text: ``2026-03-31``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        """Write as text."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        """Read from text."""
        return None if value is None else readable(date.fromisoformat, value)


class Number(TypeDecorator[Decimal]):
    """A number that the database can add up: exact on Postgres, as near as a double on SQLite.

    :func:`fits_double` says which numbers SQLite gives back as they were.
    """

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """SQLite has no decimals; what it reads is turned into one here."""
        embedded = dialect.name == "sqlite"
        return dialect.type_descriptor(Numeric(asdecimal=False) if embedded else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Write as the number that the database knows."""
        return float(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Read the shortest decimal that is this number."""
        return None if value is None else readable(Decimal, str(value))


def fits_double(number: Decimal) -> bool:
    """Whether a number comes back from eight bytes as it was."""
    return Decimal(repr(float(number))) == number
