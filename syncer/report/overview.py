"""A large plan in numbers, before its details; and all clients' plans in one table."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from syncer.model.remote import Op
from syncer.model.report import CycleReport
from syncer.report.actions import by_connection, told
from syncer.report.changes import Look
from syncer.report.document import Block, Line, Style, counted, line, table
from syncer.report.jsonable import totals
from syncer.report.wrapping import flowing

MOST = 8
"""Names that are counted one by one."""

_COLUMNS = {Op.CREATE: "new", Op.UPDATE: "changes", Op.ARCHIVE: "archive", Op.RESTORE: "bring back"}


def overview(report: CycleReport, look: Look) -> Iterator[Line]:
    """One client's plan in a few lines."""
    assert report.plan is not None
    actions = report.plan.actions
    yield line(f"summary: {counted(len(actions), 'write')}", Style.TITLE, 1)
    for connection, writes in by_connection(report.plan):
        yield from flowing(f"{connection}: {told(writes)}", indent=2, width=look.width)
    changes = [w for a in actions if a.op is Op.UPDATE for w in a.writes]
    yield from _counts("by field", Counter(write.field for write in changes), look)
    yield from _counts("by whom", Counter(write.why for write in changes), look)
    edits = Counter(j.outcome for each in report.judgements for j in each.verdict.judged)
    held = [(edits["proposed"], "held as proposals"), (edits["reverted"], "put back")]
    held += [(edits["notified"], "told to their owner")]
    parts = [f"{counted(count, 'edit')} {words}" for count, words in held if count]
    parts += [f"{len(report.plan.holds)} wait for a person"] if report.plan.holds else []
    parts += [counted(len(report.notices), "heads-up", "heads-ups")] if report.notices else []
    if parts:
        yield from flowing("; ".join(parts), indent=2, width=look.width)


def _counts(words: str, counts: Counter[str], look: Look) -> Iterator[Line]:
    if not counts:
        return
    named = counts.most_common(MOST)
    rest = sum(counts.values()) - sum(count for _, count in named)
    parts = [f"{name} {count}" for name, count in named] + ([f"others {rest}"] if rest else [])
    yield from flowing(f"{words}: {', '.join(parts)}", indent=2, width=look.width)


def in_all(reports: Sequence[CycleReport]) -> list[Block]:
    """Every client's plan in numbers, where there are several."""
    rows = [
        (report.client, name, *(str(counts[str(op)]) for op in Op))
        for report in reports
        if report.plan is not None
        for name, counts in totals(report.plan).items()
    ]
    if len({row[0] for row in rows}) < 2:
        return []
    total = _sums(reports)
    rows.append(("in all", "", *(str(total[str(op)]) for op in Op)))
    columns = ("client", "system", *(_COLUMNS[op] for op in Op))
    return [line("in all", Style.TITLE), table(columns, rows)]


def _sums(reports: Sequence[CycleReport]) -> dict[str, int]:
    found: Counter[Op] = Counter()
    for report in reports:
        for (_, op), count in report.plan.counts().items() if report.plan is not None else ():
            found[op] += count
    return {str(op): found[op] for op in Op}


def in_all_json(reports: Sequence[CycleReport]) -> dict[str, Any]:
    """The same for machines: writes of each kind, of all clients together."""
    found = _sums(reports)
    return found | {"writes": sum(found.values())}
