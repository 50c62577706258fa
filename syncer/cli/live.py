"""``syncer check --live``: one table of what the systems say, and each fault with its way out."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from syncer.model.structs import as_dict

if TYPE_CHECKING:
    from syncer.engine.looking import Look
    from syncer.report.document import Block


def live_document(looks: "Sequence[Look]") -> "Iterator[Block]":
    """What was looked at; below it the faults, each with its way out, and what is good to know."""
    from syncer.report.document import Cell, Style, line, short, table

    rows = []
    for each in looks:
        found = Cell("wrong: see below", Style.BAD) if each.wrong else Cell(each.told)
        found = Cell(f"good to know: {short(each.cause, 60)}", Style.WARN) if each.note else found
        rows.append((each.connection, each.client, each.what, found))
    if rows:
        yield table(("connection", "client", "what", "found"), rows)
    for each in [*(one for one in looks if one.note), *(one for one in looks if one.wrong)]:
        yield line(f"{_whose(each)}: {each.cause}", Style.BAD if each.wrong else Style.WARN)
        yield line(each.fix, indent=1)


def live_json(looks: "Sequence[Look]") -> list[dict[str, Any]]:
    """The same for programs."""
    return [as_dict(each) | {"ok": not each.wrong} for each in looks]


def _whose(look: "Look") -> str:
    return ": ".join(part for part in (look.connection, look.client, look.what) if part)
