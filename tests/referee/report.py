"""Everything recorded, judged, and the table of routes."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.referee.documents import FILES, Operation, dialect, operations
from tests.referee.exchanges import Exchange, Thinning, parts, recorded, shape
from tests.referee.judging import judged
from tests.referee.known import Table

STRANGERS = "strangers.json"
"""What the vendors' official clients drove, beside the recordings; written by their own run."""

_FEW = 40


@dataclass
class Row:
    """A route: how often adapters and strangers used it, and against what it was held."""

    route: str
    adapter: int = 0
    validated: str = ""
    strangers: int = 0
    dialects: set[str] = field(default_factory=set)


@dataclass
class Report:
    """What the referee has found.

    ``faults``: complaints that the table of known errors does not account for (operation, place,
    rule), with how often they came, and ``examples`` of them. ``recorded`` and ``judged`` count exchanges: all, and those that differ.
    """

    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    faults: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str, str], str] = field(default_factory=dict)
    known: Table = field(default_factory=Table)
    recorded: int = 0
    judged: int = 0
    _kinds: set[str] = field(default_factory=set)
    _thinning: Thinning = field(default_factory=Thinning)

    def take(self, exchange: Exchange) -> None:
        """Count an exchange, and judge it if there was none like it."""
        self.recorded += exchange.times
        for part in parts(exchange):
            found = operations(part)
            self._count(part, found)
            if found and self._new(part, found[0]):
                self.judged += 1
                place = f"{found[0].name} {part.status}"
                thin = replace(part, answer=self._thinning.thin(part.answer, place))
                self._judge(thin, found)

    def _count(self, part: Exchange, found: list[Operation]) -> None:
        if not (found or part.ours):
            return
        operation = found[0].name if found else f"{part.method} {part.route or part.path}"
        row = self.rows.setdefault((part.system, operation), Row(operation))
        row.validated = found[0].document.name if found else ""
        row.adapter += part.times if part.ours else 0
        if part.stranger:
            row.strangers += part.times
            row.dialects.add(dialect(part.path).strip(" ()") or "as documented")

    def _new(self, part: Exchange, operation: Operation) -> bool:
        said = (shape(dict(part.query)), shape(part.body), shape(part.answer))
        kind = f"{part.system} {operation.name} {part.status} {part.ours} {part.injected} {said}"
        fresh = kind not in self._kinds
        self._kinds.add(kind)
        return fresh

    def _judge(self, part: Exchange, found: list[Operation]) -> None:
        for complaint in judged(part, found):
            if not self.known.excuses(complaint, found[0].document.shown):
                fault = (complaint.operation, complaint.place, complaint.rule)
                self.faults[fault] += 1
                self.examples.setdefault(fault, complaint.text[:400])

    @property
    def unvalidated(self) -> list[str]:
        """Routes that adapters use and no document describes."""
        return [row.route for row in self.rows.values() if row.adapter and not row.validated]

    @property
    def failed(self) -> bool:
        """Whether something is wrong with adapters, stand-ins or the table of known errors."""
        return bool(self.faults or self.unvalidated)

    def strangers(self, place: Path) -> None:
        """Add what a run of the vendors' clients has told about itself.

        What of it was recorded as well is not counted twice.
        """
        calls: Counter[tuple[str, str]] = Counter()
        for told in json.loads(place.read_text(encoding="utf-8")) if place.is_file() else ():
            name = f"{told['method']} {told['route']}"
            row = self._row_of(told["system"], told["method"], told["route"], name)
            calls[told["system"], row.route] += told["calls"]
            row.dialects.add(told.get("dialect") or "as documented")
        for key, times in calls.items():
            self.rows[key].strangers = max(self.rows[key].strangers, times)

    def _row_of(self, system: str, method: str, route: str, name: str) -> Row:
        none: dict[str, str] = {}
        bare = Exchange(
            system, "", method, route, None, none, (), None, None, None, none, None, False
        )
        found = operations(bare)
        name = found[0].name if found else name
        row = self.rows.setdefault((system, name), Row(name))
        row.validated = row.validated or (found[0].document.name if found else "")
        return row

    def table(self) -> Iterator[str]:
        """Route, requests of adapters, document, calls of strangers with their dialect."""
        for system in FILES:
            rows = [row for (of, _), row in sorted(self.rows.items()) if of == system]
            if rows:
                yield f"{system:8} {'adapter':>8} {'stranger':>9}  validated against"
            for row in rows:
                told = f"{row.validated or 'NOTHING'}  {', '.join(sorted(row.dialects))}"
                yield f"{'':8} {row.adapter:8} {row.strangers:9}  {row.route}  [{told.strip()}]"

    def summary(self) -> Iterator[str]:
        """The totals."""
        rows = self.rows.values()
        used = [row for row in rows if row.adapter]
        good = [row for row in used if row.validated]
        yield f"exchanges: {self.recorded} recorded, {self.judged} that differ judged"
        yield f"routes used by adapters: {len(used)}, validated: {len(good)}"
        yield f"routes driven by strangers: {sum(bool(row.strangers) for row in rows)}"
        needed = sum(bool(entry.used) for entry in self.known.entries)
        yield f"known errors of the documents: {len(self.known.entries)}, needed: {needed}"

    def complaints(self) -> Iterator[str]:
        """What is wrong, the most frequent first."""
        yield from (f"no document describes {route}" for route in self.unvalidated)
        for fault, times in self.faults.most_common(_FEW):
            yield f"{times}x {': '.join(fault)}: {self.examples[fault]}"
        if len(self.faults) > _FEW:
            yield f"and {len(self.faults) - _FEW} more"

    def unneeded(self) -> Iterator[str]:
        """Entries of the table of known errors that nothing has needed."""
        for entry in self.known.entries:
            if not entry.used:
                yield entry.name


def judge(folder: Path) -> Report:
    """Judge what was recorded in ``folder/exchanges``, with ``folder/strangers*``."""
    report = Report()
    for exchange in recorded(folder / "exchanges"):
        if exchange.system in FILES:
            report.take(exchange)
    report.strangers(folder / STRANGERS)
    return report
