"""What a run would have written for a client that is only observed: in full what is new."""

from collections.abc import Iterator

from msgspec.structs import replace

from syncer.model.report import CycleReport
from syncer.report.document import Block, Style, counted, line
from syncer.report.edits import put_back
from syncer.report.plan import Look, Names, plan_document
from syncer.report.wrapping import UNBOUND

MOST = 20
"""Writes that a run lists; `plan` lists all of them."""


def would_write(report: CycleReport, names: Names) -> Iterator[Block]:
    """The writes that no cycle before would have made, and how many others still wait."""
    if not report.observed or report.plan is None:
        return
    new, every = len(report.news), len(report.plan.actions)
    if new:
        which = f", the first {MOST} of {new}" if new > MOST else ""
        yield line(f"would be written{which}:", indent=1)
        few = replace(
            report.plan, actions=report.news[:MOST], inexpressible=(), remaps=(), holds=()
        )
        look = Look(names, UNBOUND, all=True)
        yield from plan_document(replace(few, refusals=()), look, put_back(report))
    if new > MOST:
        yield line(f"{counted(new - MOST, 'more write')}: `syncer plan` lists all", Style.DIM, 1)
    if every > new:
        yield line(f"{counted(every - new, 'write')} as before", Style.DIM, 1)
    for refusal in report.plan.refusals:
        yield line(f"a run would be refused: {refusal}", Style.WARN, 1)
