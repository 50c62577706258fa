"""First contact in figures, by client."""

from collections.abc import Iterable
from typing import Any

from syncer.model.contact import Tally
from syncer.model.report import CycleReport
from syncer.report.document import Block, Style, counted, line, table

COLUMNS = ("first contact", "matched", "candidates", "create", "change", "held", "left alone")


def tallies(reports: Iterable[CycleReport]) -> list[Block]:
    """A row for each client that meets a system in this cycle; nothing where none does."""
    told = [(report.client, report.tally) for report in reports if report.tally is not None]
    met = [(client, tally) for client, tally in told if any(_numbers(tally))]
    if not met:
        return []
    rows = [[client, *(str(number) for number in _numbers(tally))] for client, tally in met]
    blocks: list[Block] = [table(COLUMNS, rows)]
    if waiting := sum(tally.candidates for _, tally in met):
        text = f"{counted(waiting, 'pair')} may be the same; nothing is made of them until somebody"
        blocks.append(line(f"{text} says what they are: see `syncer match`", Style.WARN))
    if left := sum(tally.left for _, tally in met):
        text = f"{counted(left, 'old thing')} left alone, as first_contact in sync.yaml says"
        blocks.append(line(text, Style.DIM))
    return blocks


def _numbers(tally: Tally) -> tuple[int, ...]:
    told = (tally.matched, tally.candidates, tally.create, tally.change, tally.held)
    return (*told, tally.left)


def tally_json(tally: Tally | None) -> dict[str, Any] | None:
    """The same for programs."""
    if tally is None:
        return None
    names = ("matched", "candidates", "create", "change", "held", "left_alone")
    return dict(zip(names, _numbers(tally), strict=True))
