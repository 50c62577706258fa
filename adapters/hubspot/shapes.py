"""Untrusted JSON, read without surprises: a wrong shape is an empty one."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, TypeVar

VERSION: Final = "2026-09"
TYPES: Final = {"company": "companies", "deal": "deals"}
"""Our object names to the names that stand in paths."""

PATHS: Final = TYPES | {"note": "notes", "task": "tasks"}
"""The same with what is said about records, which is no record of ours."""

READ_MAX: Final = 100
"""Records in one batch of any kind ("Batch read, create, update, archive")."""

T = TypeVar("T")


def mapping(value: Any) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; anything else is left out."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def word(value: Any) -> str:
    """A text or number as text; anything else is empty."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)


def words(value: Any) -> tuple[str, ...]:
    """A list of texts, or one text, as texts."""
    items = value if isinstance(value, list) else [value]
    return tuple(text for text in map(word, items) if text)


def following(body: Any) -> str | None:
    """Where the next page begins, ``None`` at the end."""
    return word(mapping(mapping(mapping(body).get("paging")).get("next")).get("after")) or None


def chunks(items: Sequence[T], size: int = READ_MAX) -> Iterator[Sequence[T]]:
    """The items in pieces of at most ``size``."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def unique(items: Iterable[T]) -> list[T]:
    """The items without repetitions, in their order."""
    return list(dict.fromkeys(items))
