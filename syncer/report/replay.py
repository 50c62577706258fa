"""What the rules as they are now would have done with the edits of the past."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from syncer.model.replays import Replayed, fate
from syncer.report.changes import Look
from syncer.report.document import Block, Line, Style, counted, line, short, table
from syncer.report.jsonable import moment_json
from syncer.report.wrapping import flowing, with_reason

MOST: Final = 20
"""Edits that are listed unless all is asked for."""

NOT_PLAYED: Final = (
    "Each edit is judged in the world as it was. Not played: what people would have done next,"
    " answers to proposals, `settle`, how coarse a tool shows a value, and who held a role that a"
    " project names by another record (as of now)."
)

_Key = Callable[[Replayed], str]
_BY: Final[dict[str, _Key]] = {
    "field": lambda edit: f"{edit.entity}.{edit.field}",
    "person": lambda edit: edit.editor,
    "rule": lambda edit: edit.rule_now or edit.rule_then,
}


def chosen(edits: Sequence[Replayed], look: Look) -> list[Replayed]:
    """The edits that somebody wants to see."""
    return [
        edit
        for edit in edits
        if (not look.fields or edit.field in look.fields)
        and (not look.connections or edit.connection in look.connections)
        and (
            not look.records
            or any(
                wanted == edit.record or wanted.casefold() in edit.title.casefold()
                for wanted in look.records
            )
        )
    ]


def replay_document(edits: Sequence[Replayed], since: datetime, look: Look) -> list[Block]:
    """In numbers, then the edits of which another thing would become."""
    moved = [edit for edit in edits if edit.different]
    unknown = [edit for edit in edits if edit.unknown]
    day = moment_json(since)
    head = f"{counted(len(edits), 'edit')} since {day}: {len(moved)} would end differently now"
    blocks: list[Block] = [*flowing(head, Style.TITLE, width=look.width)]
    for name, key in _BY.items():
        blocks += _counted(name, key, moved)
    shown = moved if look.all else moved[:MOST]
    if shown:
        blocks.append(line("different now", Style.TITLE))
    for edit in shown:
        blocks += _edit(edit, look)
    if len(moved) > len(shown):
        blocks.append(line(f"and {len(moved) - len(shown)} more: see --all", Style.DIM, 1))
    why = Counter(edit.unknown for edit in unknown)
    if why:
        blocks.append(line("cannot be known", Style.TITLE))
    for text, count in why.most_common():
        blocks += flowing(f"{counted(count, 'edit')}: {text}", Style.DIM, 1, look.width)
    return [*blocks, *flowing(NOT_PLAYED, Style.DIM, width=look.width)]


def _counted(name: str, key: _Key, edits: Sequence[Replayed]) -> list[Block]:
    rows = [(what, change, str(count)) for what, change, count in _counts(key, edits)]
    return [table((f"by {name}", "then -> now", "edits"), rows)] if rows else []


def _counts(key: _Key, edits: Sequence[Replayed]) -> list[tuple[str, str, int]]:
    found = Counter((key(edit), f"{fate(edit.then)} -> {fate(edit.now)}") for edit in edits)
    ordered = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(what, change, count) for (what, change), count in ordered]


def _edit(edit: Replayed, look: Look) -> Iterator[Line]:
    value = edit.new if isinstance(edit.new, str) else _plain(edit.new)
    text = (
        f"{edit.client}: {edit.editor or 'somebody'} set {edit.field} of {edit.entity}"
        f' "{short(edit.title)}" in {edit.connection} to {short(look.names(value))}'
        f" on {edit.at:%Y-%m-%d}: then {fate(edit.then)}, now {fate(edit.now)}"
    )
    yield from with_reason(text, edit.rule_now, Style.WARN, 1, look.width)


def _plain(value: object) -> str:
    if value is None:
        return "empty"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def replay_json(edits: Sequence[Replayed], since: datetime) -> dict[str, Any]:
    """All of it for machines."""
    moved = [edit for edit in edits if edit.different]
    counts = {
        f"by_{name}": [
            {name: what, "change": change, "edits": count}
            for what, change, count in _counts(key, moved)
        ]
        for name, key in _BY.items()
    }
    return {
        "since": moment_json(since),
        "edits": len(edits),
        "different": len(moved),
        "unknown": sum(bool(edit.unknown) for edit in edits),
        **counts,
        "list": [_json(edit) for edit in edits],
        "not_played": NOT_PLAYED,
    }


def _json(edit: Replayed) -> dict[str, Any]:
    names = ("client", "record", "entity", "title", "field", "connection", "editor", "new", "role")
    return {
        **{name: getattr(edit, name) for name in names},
        "at": moment_json(edit.at),
        "then": fate(edit.then),
        "now": None if edit.unknown else fate(edit.now),
        "different": edit.different,
        "rule_then": edit.rule_then or None,
        "rule_now": edit.rule_now or None,
        "unknown": edit.unknown or None,
    }
