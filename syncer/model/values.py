"""Canonical values and their types.

A value is ``None`` (known to be empty), ``MISSING`` (not mapped, not told) or one of the
Python types below. Values of the same field compare with ``==`` after :func:`normalise`.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum, StrEnum
from typing import Any, Final, TypeGuard

from msgspec import Struct

Json = None | bool | int | float | str | list[Any] | dict[str, Any]


class Missing(Enum):
    """The type of :data:`MISSING`."""

    MISSING = "missing"

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing.MISSING
"""Not mapped or not told; never the same as ``None``, which is an empty field."""


class Money(Struct, frozen=True, order=True):
    """An amount in a currency (ISO 4217, upper case)."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{plain(self.amount)} {self.currency}"


Scalar = str | date | datetime | Decimal | Money | bool
Value = None | Scalar | frozenset[Any]
Seen = Value | Missing


class Kind(StrEnum):
    """What a field holds. ``WHEN`` is a date or an instant and keeps which."""

    TEXT = "text"
    RICH_TEXT = "rich_text"
    DATE = "date"
    INSTANT = "instant"
    WHEN = "when"
    NUMBER = "number"
    MONEY = "money"
    ENUMERATION = "enumeration"
    PERSON = "person"
    REFERENCE = "reference"
    BOOLEAN = "boolean"


class FieldType(Struct, frozen=True):
    """A kind, whether the field holds a set of them, and what a reference points at.

    ``target`` is an entity in the canonical model and an object in a vendor's catalogue.
    """

    kind: Kind
    many: bool = False
    target: str | None = None

    def __str__(self) -> str:
        return f"set of {self.kind}" if self.many else str(self.kind)


def is_set(value: object) -> TypeGuard[frozenset[Any]]:
    """Whether a value is a set of scalars."""
    return isinstance(value, frozenset)


def is_instant(value: object) -> TypeGuard[datetime]:
    """Whether a value is a point in time (and not merely a day)."""
    return isinstance(value, datetime)


def is_day(value: object) -> TypeGuard[date]:
    """Whether a value is a day without a time."""
    return isinstance(value, date) and not isinstance(value, datetime)


def plain(number: Decimal) -> str:
    """A decimal without exponent or trailing zeros: ``1500``, ``0.25``."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def normalise_text(text: str) -> str:
    """Unix line ends, no blanks at line ends, no blank lines at the edges."""
    if "\n" not in text and "\r" not in text:
        return text.rstrip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def normalise(kind: FieldType, value: Value) -> Value:
    """The one form in which equal values are equal.

    Empty text and empty sets are ``None``; instants are UTC with millisecond precision.
    """
    if is_set(value):
        items = frozenset(_normal(kind.kind, item) for item in value) - {None}
        return items or None
    return _normal(kind.kind, value)


def _normal(kind: Kind, value: Value) -> Value:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        if kind is Kind.RICH_TEXT:
            return normalise_text(value) or None
        return normalise_text(value).strip() or None if kind is Kind.TEXT else value
    if is_instant(value):
        moment = value.astimezone(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    return value


def instant_text(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds: ``2026-01-31T17:00:00.000Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_instant(text: str) -> datetime:
    """Read an ISO 8601 instant; one without a zone is refused.

    Raises ``ValueError`` for anything else.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"an instant needs a zone: {text!r}")
    return moment.astimezone(UTC)


def parse_number(text: object) -> Decimal:
    """Read a finite decimal from a string or a JSON number. Raises ``ValueError``."""
    try:
        number = Decimal(str(text))
    except InvalidOperation:
        raise ValueError(f"not a number: {text!r}") from None
    if not number.is_finite():
        raise ValueError(f"not a finite number: {text!r}")
    return number


def dump(value: Seen) -> Json:
    """A value as JSON; sets are sorted lists, so equal values give equal JSON."""
    if value is None or isinstance(value, str):
        return value
    if value is MISSING:
        raise ValueError("MISSING has no JSON form")
    if is_set(value):
        # Members of most sets are texts already.
        return sorted(map(dump, value), key=str)
    if is_instant(value):
        return instant_text(value)
    if is_day(value):
        return value.isoformat()
    if isinstance(value, Money):
        return {"amount": plain(value.amount), "currency": value.currency}
    if isinstance(value, Decimal):
        return plain(value)
    return value  # type: ignore[return-value]


def load(kind: FieldType, json: Json) -> Value:
    """The inverse of :func:`dump` for a field of this type. Raises ``ValueError``."""
    if json is None:
        return None
    if kind.many:
        if not isinstance(json, list):
            raise ValueError(f"expected a list for {kind}: {json!r}")
        return frozenset(_load_one(kind.kind, item) for item in json) or None
    return _load_one(kind.kind, json)


def _load_one(kind: Kind, json: Json) -> Scalar:
    if kind is Kind.MONEY and isinstance(json, dict):
        return Money(parse_number(json["amount"]), str(json["currency"]))
    if kind is Kind.NUMBER:
        return parse_number(json)
    if kind is Kind.BOOLEAN and isinstance(json, bool):
        return json
    if isinstance(json, str):
        if kind is Kind.DATE or (kind is Kind.WHEN and len(json) == 10):
            return date.fromisoformat(json)
        if kind in (Kind.INSTANT, Kind.WHEN):
            return parse_instant(json)
        return json
    raise ValueError(f"not a {kind}: {json!r}")


def same_raw(left: object, right: object) -> bool:
    """Whether two raw values are the same; all forms of empty are."""
    if left == right and type(left) is type(right):
        return True
    return left in _EMPTY and right in _EMPTY


_EMPTY: Final[tuple[object, ...]] = (None, "", [])


def readable(value: Seen) -> str:
    """A value in a few words, for plans and messages."""
    if value is MISSING:
        return "unknown"
    if value is None:
        return "empty"
    if is_set(value):
        return joined(value)
    if is_instant(value):
        return value.strftime("%Y-%m-%d %H:%M UTC")
    return plain(value) if isinstance(value, Decimal) else str(value)


def joined(values: Iterable[object]) -> str:
    """Values in a stable, readable order, for messages."""
    return ", ".join(sorted(str(value) for value in values))
