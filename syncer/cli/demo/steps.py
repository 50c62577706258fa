"""Steps of the demo: what is said, what is then seen in the tools, and what was decided."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from syncer.cli.demo.stage import Stage

if TYPE_CHECKING:
    from syncer.model.report import CycleReport
    from syncer.report.document import Line

PATIENCE: Final = 8.0
"""Seconds for which a claim may still be untrue: vendors' feeds are late."""

PAUSE: Final = 0.5


class Seen(Struct, frozen=True):
    """A claim, what was to be seen if it is true, and what was seen."""

    claim: str
    expected: str
    seen: str

    @property
    def true(self) -> bool:
        """Whether it is."""
        return self.expected == self.seen

    def json(self) -> dict[str, Any]:
        """All of it."""
        about = {"claim": self.claim, "expected": self.expected, "seen": self.seen}
        return about | {"true": self.true}


class Untrue(Exception):
    """A claim turned out to be false."""

    def __init__(self, seen: Seen) -> None:
        super().__init__(f"{seen.claim}: expected {seen.expected}, seen {seen.seen}")
        self.seen = seen


class Step(Struct):
    """One step. Claims are added as they are read back; the first false one ends the demo."""

    number: int
    title: str
    stage: Stage
    said: list[str] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    reports: "list[CycleReport]" = field(default_factory=list)

    def say(self, text: str) -> None:
        """Tell what happens."""
        self.said.append(text)

    def run(self) -> "list[CycleReport]":
        """Let syncer run once."""
        reports = self.stage.run()
        self.reports += reports
        return reports

    def claim(
        self, claim: str, expected: str, look: Callable[[], str], *, running: bool = True
    ) -> None:
        """Read something back; while it is not there yet, ``running`` syncer again, for a while.

        Raises :class:`Untrue`.
        """
        until = time.monotonic() + PATIENCE
        seen = Seen(claim, expected, look())
        while not seen.true and time.monotonic() < until:
            time.sleep(PAUSE)
            if running:
                self.run()
            seen = Seen(claim, expected, look())
        self.settle(seen)

    def settle(self, seen: Seen) -> None:
        """Keep a claim that is true; raises :class:`Untrue` for another."""
        self.seen.append(seen)
        if not seen.true:
            raise Untrue(seen)

    def json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "step": self.number,
            "title": self.title,
            "said": self.said,
            "seen": [seen.json() for seen in self.seen],
            "verdicts": self._verdicts(),
        }

    def _verdicts(self) -> list[dict[str, Any]]:
        """What was decided about edits; first values and single writes are left to ``run``."""
        from syncer.report.cycle import verdict_json

        return [
            {"client": report.client, "entity": j.entity, "title": j.title}
            | verdict_json(j.verdict)
            for report in self.reports
            for j in report.judgements
            if j.verdict.judged or j.verdict.closings
        ]

    def document(self) -> "list[Line]":
        """What people are shown."""
        from syncer.report.document import Cell, Line, Style, line
        from syncer.report.edits import verdicts_document

        blocks = [line(f"{self.number}. {self.title}", Style.TITLE)]
        blocks += [line(text, indent=1) for text in self.said]
        for report in self.reports:
            for found in verdicts_document(report, self.stage.names(self.reports), taken=True):
                blocks.append(Line((Cell("decided: "), *found.cells), 1))
        for seen in self.seen:
            word, style = ("seen:", Style.GOOD) if seen.true else ("NOT SO:", Style.BAD)
            cells = (Cell(f"{word} ", style), Cell(f"{seen.claim}: {seen.seen}"))
            blocks.append(Line(cells, 1))
        return blocks
