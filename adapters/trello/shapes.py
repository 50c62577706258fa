"""Untrusted JSON, read without surprises: a wrong shape is an empty one."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from syncer.adapterkit.answer import Answer
from syncer.adapterkit.errors import AdapterError, LookFirst, WaitAndRetry
from syncer.model.values import parse_instant

Object = dict[str, Any]

MOST: Final = 1000
"""Cards and actions on one page (documented maximum)."""


def mapping(value: Any) -> Object:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[Object]:
    """The objects with an id in a list; anything else is left out."""
    listed = value if isinstance(value, list) else []
    return [item for item in listed if isinstance(item, dict) and word(item.get("id"))]


def word(value: Any) -> str:
    """A text; anything else is empty."""
    return value if isinstance(value, str) else ""


def words(value: Any) -> list[str]:
    """The texts in a list, each once, sorted."""
    listed = value if isinstance(value, list) else []
    return sorted({item for item in listed if isinstance(item, str) and item})


def part(entry: Mapping[str, Any], *path: str) -> Any:
    """What stands under these keys, ``None`` where nothing does."""
    found: Any = entry
    for key in path:
        found = mapping(found).get(key)
    return found


def moment(value: Any) -> datetime | None:
    """An instant, or ``None`` for anything that is not one."""
    try:
        return parse_instant(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None


def born(id: str) -> datetime | None:
    """When a thing was made: an id begins with the second of it.

    Not exact: a card made from a checklist item keeps the item's stamp.
    """
    try:
        return datetime.fromtimestamp(int(id[:8], 16), UTC) if len(id) == 24 else None
    except (ValueError, OverflowError, OSError):
        return None


def stamp(at: datetime) -> str:
    """The smallest id that a thing made at this moment can have."""
    return f"{max(0, int(at.timestamp())):08x}{'0' * 16}"


def the_object(answer: Answer) -> Object:
    """The object that an answer holds. Raises a named error if it holds anything else."""
    body = answer.json()
    if not isinstance(body, dict):
        raise misshapen(answer, "an object")
    return body


def the_list(answer: Answer) -> list[Any]:
    """The list that an answer holds. Raises a named error if it holds anything else."""
    body = answer.json()
    if not isinstance(body, list):
        raise misshapen(answer, "a list")
    return body


def misshapen(answer: Answer, expected: str) -> AdapterError:
    """The error for JSON of another shape than this route has."""
    reason, shown = f"the answer is not {expected}", answer.hide.short(answer.text)
    if answer.unsafe:
        return LookFirst(reason, status=answer.status, detail=shown)
    return WaitAndRetry(reason, status=answer.status, detail=shown)
