"""The cycles of several clients, and below them what first contact comes to in figures."""

from collections.abc import Sequence

from syncer.model.report import CycleReport
from syncer.report.contact import tallies
from syncer.report.cycle import plan_report, run_document
from syncer.report.document import Block
from syncer.report.plan import Look, Names


def run_documents(reports: Sequence[CycleReport], names: Names) -> list[Block]:
    """What a run did, client by client."""
    told = (block for report in reports for block in run_document(report, names))
    return [*told, *tallies(reports)]


def plan_reports(reports: Sequence[CycleReport], look: Look) -> list[Block]:
    """What a run would do now, client by client."""
    told = (block for report in reports for block in plan_report(report, look))
    return [*told, *tallies(reports)]
