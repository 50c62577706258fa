"""``syncer check --live``: one table of what the systems say, and each fault with its way out."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from syncer.engine.looking import Look
    from syncer.report.document import Block


def live_document(looks: "Sequence[Look]") -> "Iterator[Block]":
    """What was looked at, and below it the faults."""
    from syncer.report.document import Cell, Style, line, table

    rows = []
    for each in looks:
        found = Cell("wrong: see below", Style.BAD) if each.cause else Cell(each.told)
        rows.append((each.connection, each.client, each.what, found))
    if rows:
        yield table(("connection", "client", "what", "found"), rows)
    for each in looks:
        if each.cause:
            yield line(f"{_whose(each)}: {each.cause}", Style.BAD)
            yield line(each.fix, indent=1)


def live_json(looks: "Sequence[Look]") -> list[dict[str, Any]]:
    """The same for programs."""
    return [asdict(each) | {"ok": not each.cause} for each in looks]


def _whose(look: "Look") -> str:
    return ": ".join(part for part in (look.connection, look.client, look.what) if part)
