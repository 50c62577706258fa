"""Untrusted JSON, read without surprises: a wrong shape is an empty one."""

import re
from datetime import date
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,4})?", re.ASCII)
_LONGEST: Final = 100
_LARGEST: Final = 30
"""Digits before the point; far more than anything that is counted."""


def mapping(value: Any) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; anything else is left out."""
    return [item for item in items(value) if isinstance(item, dict)]


def word(value: Any) -> str:
    """A text as it is; anything else is empty."""
    return value if isinstance(value, str) else ""


def whole(value: Any) -> int | None:
    """A whole number, also one written as text, as 64-bit integers are; else None."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value, re.ASCII):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def number(value: Any) -> Decimal | None:
    """A metric's value: with a fraction or an exponent, or not; None for anything else."""
    if not isinstance(value, str) or len(value) > _LONGEST or not _NUMBER.fullmatch(value):
        return None
    found = Decimal(value)
    return found if abs(found.adjusted()) <= _LARGEST else None


def day(value: str) -> date | None:
    """A day as the dimension ``date`` has it (YYYYMMDD), or a month's first (YYYYMM)."""
    if not re.fullmatch(r"[0-9]{6}(?:[0-9]{2})?", value, re.ASCII):
        return None
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:] or 1))
    except ValueError:
        return None


def is_currency(text: str) -> bool:
    """Whether a text is a currency's code (ISO 4217)."""
    return re.fullmatch(r"[A-Z]{3}", text, re.ASCII) is not None


def is_zone(text: str) -> bool:
    """Whether a text names a time zone that is known here (IANA)."""
    try:
        ZoneInfo(text)
    except (KeyError, OSError, ValueError):  # a missing one is a KeyError, an odd one any of them
        return False
    return True
