"""Where the world is not as it was when a plan was saved."""

from collections.abc import Iterator, Sequence
from typing import Any

from syncer.model.saved import Moved, SavedItem
from syncer.model.values import Json
from syncer.report.changes import Names
from syncer.report.document import Line, Style, line, short
from syncer.report.wrapping import UNBOUND, flowing

MOST = 20
"""Differences that are told in text; JSON has all of them."""

WAY_OUT = "Nothing was written. To go on: save the plan anew, read it, and run that"

_SAID = {
    "write": "is written",
    "agreed": "is agreed",
    "verdict": "is decided",
    "proposal": "waits or ends",
    "hold": "waits for a person",
    "refusal": "is refused by the guard",
    "remap": "reads differently",
    "link": "is found to be a twin",
    "down": "does not answer",
}


def moved_document(moved: Sequence[Moved], names: Names, width: int = UNBOUND) -> Iterator[Line]:
    """What is different, new or gone, what was planned against what is now, and the way out."""
    for each in moved[:MOST]:
        yield from flowing(_told(each, names), Style.BAD, 1, width)
    if len(moved) > MOST:
        yield line(f"and {len(moved) - MOST} more differences", Style.BAD, 1)
    if moved:
        yield from flowing(WAY_OUT, Style.BAD, 1, width)


def _told(moved: Moved, names: Names) -> str:
    item = moved.item
    if item.kind == "configuration":
        return "what decides in the configuration was changed since the plan was saved"
    if item.kind == "carried out":
        return f"this plan was carried out at {item.said['at']}; a plan is carried out once"
    place = " ".join(part for part in (item.connection, _what(item)) if part)
    before, now = _side(moved.planned, names), _side(moved.now, names)
    if moved.planned is None:
        return f"{place}: new, not in the plan: {now}"
    if moved.now is None:
        return f"{place}: gone: planned was {before}"
    return f"{place}: planned was {before}; now it is {now}"


def _what(item: SavedItem) -> str:
    title = f'"{short(item.title)}"' if item.title else ""
    named = " of ".join(part for part in (item.field, title) if part)
    return named or " ".join(short(part) for part in item.key)


def _side(item: SavedItem | None, names: Names) -> str:
    if item is None:
        return "nothing"
    said = item.said
    if item.kind in ("write", "agreed"):
        return f"{_value(said.get('old'), names)} -> {_value(said.get('new'), names)}"
    if item.kind == "action":
        return f"to {item.key[2]} {said.get('object')} {said.get('id') or ''}".rstrip()
    if item.kind == "verdict":
        edits = said.get("edits")
        parts = [_edit(edit, names) for edit in edits] if isinstance(edits, list) else []
        return "; ".join(parts) or f"decided as {_value(said.get('value'), names)}"
    told = ", ".join(f"{name} {_value(value, names)}" for name, value in said.items())
    return f"{_SAID.get(item.kind, item.kind)}{f': {told}' if told else ''}"


def _edit(edit: Json, names: Names) -> str:
    told = edit if isinstance(edit, dict) else {}
    where, by = told.get("in"), told.get("by")
    return f"{by} set {_value(told.get('set'), names)} in {where}: {told.get('outcome')}"


def _value(value: Json, names: Names) -> str:
    if value is None:
        return "empty"
    if isinstance(value, list):
        return short(", ".join(_value(item, names) for item in value)) or "empty"
    return short(names(value) if isinstance(value, str) else str(value))


def moved_json(moved: Moved) -> dict[str, Any]:
    """One difference for machines."""
    item = moved.item
    how = "new" if moved.planned is None else "gone" if moved.now is None else "different"
    return {
        "how": how,
        "kind": item.kind,
        "connection": item.connection or None,
        "title": item.title or None,
        "field": item.field or None,
        "about": list(item.key),
        "planned": dict(moved.planned.said) if moved.planned else None,
        "now": dict(moved.now.said) if moved.now else None,
    }
