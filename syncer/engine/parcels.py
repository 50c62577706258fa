"""Parcels: what a large cycle looked at and will write, as bytes that a spool keeps."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from msgspec.msgpack import Decoder, Encoder, Ext
from msgspec.structs import astuple

from syncer.model.decisions import Action, FieldWrite, View
from syncer.model.remote import Op
from syncer.model.structs import names
from syncer.model.values import MISSING, Money, Seen

_MISSING, _SET, _INSTANT, _DAY, _NUMBER, _MONEY = range(6)
"""What stands before values that are not text, truth or nothing."""

_encode: Final = Encoder().encode
_WRITES: Final = names(Action).index("writes")
_BASE: Final = names(Action).index("base")
_OP: Final = names(Action).index("op")
_NOT: Final = Ext(_MISSING, b"")

UNFIT: Final = (OverflowError, UnicodeEncodeError, TypeError)
"""Raised for what cannot be put into bytes: numbers beyond 64 bits, halves of characters."""


def action_parcel(action: Action) -> bytes:
    """One write of a plan. Raises one of :data:`UNFIT` for what cannot be put into bytes."""
    parts = list(astuple(action))
    parts[_WRITES] = [_write(write) for write in action.writes]
    parts[_BASE] = {name: _NOT if raw is MISSING else raw for name, raw in action.base.items()}
    return _encode(parts)


def action_from(parcel: bytes) -> Action:
    """The inverse of :func:`action_parcel`."""
    parts = _decode(parcel)
    parts[_OP] = Op(parts[_OP])
    parts[_WRITES] = tuple(FieldWrite(*write) for write in parts[_WRITES])
    return Action(*parts)


def _write(one: FieldWrite) -> tuple[Any, ...]:
    old, new = _coded(one.old), _coded(one.new)
    return (one.field, one.remote, old, new, one.raw, one.why, one.rule, one.cut)


def _coded(value: Seen) -> Any:
    if value is None or type(value) is str or type(value) is bool:
        return value
    return Ext(*_extended(value))


def _extended(value: Seen) -> tuple[int, bytes]:
    if value is MISSING:
        return _MISSING, b""
    if isinstance(value, frozenset):
        return _SET, _encode([_coded(item) for item in value])
    if isinstance(value, datetime):
        return _INSTANT, value.isoformat().encode()
    if isinstance(value, date):
        return _DAY, value.isoformat().encode()
    if isinstance(value, Decimal):
        return _NUMBER, str(value).encode()
    if isinstance(value, Money):
        return _MONEY, _encode([str(value.amount), value.currency])
    raise TypeError(f"{type(value).__name__} is no value of a field")


def _value(code: int, content: memoryview) -> Any:
    if code == _MISSING:
        return MISSING
    if code == _SET:
        return frozenset(_decode(content))
    if code == _MONEY:
        amount, currency = _decode(content)
        return Money(Decimal(amount), currency)
    text = bytes(content).decode()
    if code == _INSTANT:
        return datetime.fromisoformat(text)
    return date.fromisoformat(text) if code == _DAY else Decimal(text)


_decode: Final = Decoder(ext_hook=_value).decode


def shown_parcel(view: View, names: Iterable[str], marks: Sequence[bool]) -> bytes:
    """What one thing shows in these fields, and where it is. Raises one of :data:`UNFIT`."""
    values = {name: _coded(view.fields[name].reading.value) for name in names}
    return _encode(((*view.key, view.existence, view.container, view.url), values, marks))


def shown_from(parcel: bytes) -> Any:
    """The inverse of :func:`shown_parcel`: where it is, the values by name, and the marks."""
    return _decode(parcel)
