"""Property values as HubSpot writes them, every one a string, and our raw values.

Formats from "Property definitions" and "Date formats": numbers as decimal strings, booleans
``true``/``false``, days ``YYYY-MM-DD``, instants RFC 3339, several choices joined by ``;``.
Reading also takes milliseconds since 1970, which older versions gave.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from syncer.model.remote import FieldInfo, Option, Raw
from syncer.model.values import (
    Kind,
    instant_text,
    parse_instant,
    parse_number,
    plain,
)

CURRENCY: Final = "deal_currency_code"
"""The property that says what an amount is in."""

MAX_TEXT: Final = 65536
MAX_DIGITS: Final = 100
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def decode(info: FieldInfo, properties: Mapping[str, Any]) -> Raw:
    """The raw value of a field in a record's properties; a property not there is empty.

    Raises ``ValueError`` if the text is not what its type says.
    """
    text = _text(properties.get(info.id))
    if text == "":
        return None
    if info.type.many:
        return sorted({part.strip() for part in text.split(";")} - {""}) or None
    return _one(info.type.kind, text, properties)


def _one(kind: Kind, text: str, properties: Mapping[str, Any]) -> Raw:
    if kind is Kind.BOOLEAN:
        return _boolean(text)
    if kind is Kind.NUMBER:
        return _number(text)
    if kind is Kind.MONEY:
        currency = _text(properties.get(CURRENCY)).upper()
        return {"amount": _number(text), "currency": currency or None}
    if kind is Kind.DATE:
        return _day(text)
    if kind is Kind.INSTANT:
        return instant_text(moment_of(text))
    return text


def _number(text: object) -> str:
    number = parse_number(text)
    # Written out in full, 1e999999999 would fill the memory.
    if abs(number.adjusted()) > MAX_DIGITS:
        raise ValueError(f"not a usable number: {text!r}")
    return plain(number)


def moment_of(text: Any) -> datetime:
    """A point in time as HubSpot writes it. Raises ``ValueError``."""
    told = _text(text)
    if told.lstrip("-").isdecimal() and len(told) > 10:
        try:
            return _EPOCH + timedelta(milliseconds=int(told))
        except OverflowError:
            raise ValueError(f"not a time: {told!r}") from None
    try:
        return parse_instant(told)
    except OverflowError:
        raise ValueError(f"not a time: {told!r}") from None


def moment_or_none(text: Any) -> datetime | None:
    """The same, ``None`` for anything else."""
    try:
        return moment_of(text)
    except ValueError:
        return None


def _day(text: str) -> str:
    if len(text) == 10 and not text.isdecimal():
        return date.fromisoformat(text).isoformat()
    moment = moment_of(text)
    if moment.time() != _EPOCH.time():
        raise ValueError(f"not a day: {text!r}")
    return moment.date().isoformat()


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(f"neither true nor false: {text!r}")
    return text.lower() == "true"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise ValueError("neither text nor number")


def encode(info: FieldInfo, raw: Raw, base: Raw = None) -> dict[str, str]:
    """The properties to send so that a field holds a raw value; empty is ``""``.

    Args:
        info: the field.
        raw: the value; options by id.
        base: what we believe it to hold now.

    Raises ``ValueError`` with a reason for people if this field cannot hold it.
    """
    if raw is None or raw in ("", []):
        return {info.id: ""}
    if info.type.many:
        return {info.id: _joined(info, raw)}
    if info.type.kind is Kind.MONEY:
        return _money(info.id, raw, base)
    return {info.id: _written(info, raw)}


def _written(info: FieldInfo, raw: Raw) -> str:
    kind = info.type.kind
    if kind is Kind.BOOLEAN and isinstance(raw, bool):
        return "true" if raw else "false"
    if not isinstance(raw, str):
        raise ValueError(f"not a {info.type}: {raw!r}")
    if kind is Kind.NUMBER:
        return _number(raw)
    if kind is Kind.DATE:
        return date.fromisoformat(raw).isoformat()
    if kind is Kind.INSTANT:
        return instant_text(parse_instant(raw))
    if kind is Kind.ENUMERATION:
        return _choice(info, raw)
    if len(raw) > MAX_TEXT:
        raise ValueError(f"longer than {MAX_TEXT} characters")
    return raw


def _choice(info: FieldInfo, raw: str) -> str:
    if info.options and raw not in {option.id for option in info.options}:
        raise ValueError(f"{raw!r} is not one of the choices of {info.name}")
    return raw


def _joined(info: FieldInfo, raw: Raw) -> str:
    if not (isinstance(raw, list) and all(isinstance(item, str) and item for item in raw)):
        raise ValueError(f"not a {info.type}: {raw!r}")
    chosen = info.type.kind is Kind.ENUMERATION
    return ";".join(sorted({_choice(info, str(item)) if chosen else str(item) for item in raw}))


def _money(id: str, raw: Raw, base: Raw) -> dict[str, str]:
    if not isinstance(raw, dict):
        raise ValueError(f"not an amount: {raw!r}")
    written = {id: _number(raw.get("amount"))}
    currency = raw.get("currency")
    if currency and currency != (base.get("currency") if isinstance(base, dict) else None):
        written[CURRENCY] = str(currency)
    return written


def option_named(options: Iterable[Option], name: str, container: str | None) -> Option | None:
    """The choice that people know by this name, in this container."""
    here = [option for option in options if option.container in (None, container)]
    exact = [option for option in here if option.name == name]
    return next(iter(exact or [o for o in here if o.name.casefold() == name.casefold()]), None)
