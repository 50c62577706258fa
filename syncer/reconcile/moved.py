"""Whether the world moved since a plan was saved: two plans, compared thing by thing."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from syncer.model.saved import Moved, SavedItem

ORDER: Final = (
    *("refusal", "down", "remap"),
    *("action", "write"),
    *("agreed", "verdict", "proposal", "link", "hold"),
)
"""What is told first: what stops a plan, what is written, and then what it comes from."""

Place = tuple[int, str, tuple[str, ...], int]


def moved(planned: Iterable[SavedItem], now: Iterable[SavedItem]) -> tuple[Moved, ...]:
    """What differs between a plan as it was saved and the same plan thought again."""
    before, after = _placed(planned), _placed(now)
    return tuple(
        Moved(before.get(place), after.get(place))
        for place in sorted({*before, *after})
        if _said(before.get(place)) != _said(after.get(place))
    )


def _placed(items: Iterable[SavedItem]) -> dict[Place, SavedItem]:
    """Each item by what it is about; of several about one thing the first, the second, ..."""
    found: dict[Place, SavedItem] = {}
    count: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for item in items:
        which = (item.kind, item.key)
        rank = ORDER.index(item.kind) if item.kind in ORDER else len(ORDER)
        found[(rank, *which, count[which])] = item
        count[which] += 1
    return found


def _said(item: SavedItem | None) -> object:
    return None if item is None else dict(item.said)
