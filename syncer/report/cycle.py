"""How a cycle went: one line for each client, then what a person should know."""

from collections.abc import Iterator
from typing import Any

from syncer.model.decisions import Judged, Plan, Verdict
from syncer.model.report import CycleReport, CycleResult, Judgement
from syncer.report.actions import is_large
from syncer.report.contact import tally_json
from syncer.report.document import Block, Cell, Line, Style, counted, line, short
from syncer.report.edits import edits_document, put_back, verdicts_document
from syncer.report.hearing import hearing, hearing_json
from syncer.report.jsonable import moment_json, plan_json, value_json
from syncer.report.moved import moved_document, moved_json
from syncer.report.narrowing import narrowed
from syncer.report.observed import would_write
from syncer.report.overview import overview
from syncer.report.plan import (
    Look,
    Names,
    holds_document,
    plan_document,
    refusals_document,
    summary,
)
from syncer.report.wrapping import fitting, flowing

MOST = 10
"""Holds that a run lists; they are the same at every run."""

_RESULTS = {
    CycleResult.DONE: ("done", Style.GOOD),
    CycleResult.FAILED: ("failed, will be tried again", Style.BAD),
    CycleResult.REFUSED: ("refused by the guard, nothing was written", Style.BAD),
    CycleResult.LOCKED: ("left alone: another run is working on it", Style.WARN),
    CycleResult.PAUSED: ("paused", Style.WARN),
    CycleResult.RETIRED: ("retired", Style.DIM),
    CycleResult.BROKEN: ("its configuration is wrong", Style.BAD),
}
_MOVED = ("the world is not as it was planned, nothing was written", Style.BAD)


def run_document(report: CycleReport, names: Names) -> list[Block]:
    """What a run of one client did."""
    blocks: list[Block] = [_headline(report)]
    blocks += verdicts_document(report, names)
    blocks += hearing(report)
    blocks += would_write(report, names)
    blocks += moved_document(report.moved, names)
    if report.plan is not None:
        blocks += holds_document(report.plan.holds, names, 1, MOST)
        if report.result is CycleResult.REFUSED and not report.moved:
            blocks += refusals_document(report.plan)
    blocks += trouble(report, names)
    return blocks


def plan_report(report: CycleReport, look: Look) -> list[Block]:
    """What a run of one client would do now."""
    if report.plan is None:
        return [_headline(report), *trouble(report, look.names)]
    seen = narrowed(report, look)
    assert seen.plan is not None
    large = is_large(seen.plan, look)
    blocks: list[Block] = [line(report.client, Style.TITLE)]
    blocks += overview(seen, look) if large else ()
    blocks += edits_document(seen, look, folded=large)
    blocks += () if large else fitting(hearing(seen), look.width)
    blocks += plan_document(seen.plan, look, put_back(report))
    blocks += flowing(_in_all(report.plan, seen.plan, look), indent=1, width=look.width)
    return [*blocks, *fitting(trouble(report, look.names), look.width)]


def _in_all(plan: Plan, seen: Plan, look: Look) -> str:
    if not look.narrowed:
        return summary(plan)
    return f"{len(seen.actions)} of {counted(len(plan.actions), 'write')} in all: {summary(plan)}"


def trouble(report: CycleReport, names: Names) -> Iterator[Line]:
    """Systems that are down, records that failed, and whatever else went wrong."""
    for connection, reason in sorted(report.down.items()):
        yield line(f"{connection} could not be used: {reason}", Style.BAD, 1)
    for record, reasons in sorted(report.failed.items()):
        yield line(f'"{short(names(record))}": {"; ".join(reasons)}', Style.BAD, 1)
    for problem in report.problems:
        yield line(problem, Style.WARN, 1)


def _headline(report: CycleReport) -> Line:
    words, style = _MOVED if report.moved else _RESULTS[report.result]
    parts: list[str] = []
    if report.plan is not None and report.result is not CycleResult.REFUSED:
        wrote = "only observed" if report.planned_only else f"wrote {report.written}"
        parts = [f"read {sum(report.pulled.values())}", wrote]
        parts += [f"{counted(report.created, 'new record')}"] if report.created else []
        parts += [counted(report.told, "comment")] if report.told else []
        parts += [f"{report.recovered} looked up"] if report.recovered else []
        parts += [f"compared everything, healed {report.healed}"] if report.full else []
        would = "would be " if report.planned_only else ""
        parts += [would + summary(report.plan)] if report.plan.actions else []
    text = f"  {', '.join(parts)}{_seconds(report)}" if parts else ""
    return Line((Cell(f"{report.client}: ", Style.TITLE), Cell(words, style), Cell(text)))


def _seconds(report: CycleReport) -> str:
    if report.started is None or report.finished is None:
        return ""
    return f", {(report.finished - report.started).total_seconds():.1f} s"


def cycle_json(report: CycleReport) -> dict[str, Any]:
    """All of a report."""
    return {
        "client": report.client,
        "result": str(report.result),
        "cycle": report.cycle or None,
        "started": moment_json(report.started),
        "finished": moment_json(report.finished),
        "planned_only": report.planned_only,
        "observed": report.observed,
        "full": report.full,
        "pulled": dict(sorted(report.pulled.items())),
        "created": report.created,
        "written": report.written,
        "told": report.told,
        "untold": dict(report.untold),
        "hears": [hearing_json(notice) for notice in report.notices],
        "recovered": report.recovered,
        "down": dict(sorted(report.down.items())),
        "failed": {record: list(texts) for record, texts in sorted(report.failed.items())},
        "problems": list(report.problems),
        "verdicts": [_judgement_json(judgement) for judgement in report.judgements],
        "first_contact": tally_json(report.tally),
        "plan": plan_json(report.plan) if report.plan is not None else None,
        "moved": [moved_json(each) for each in report.moved],
    }


def _judgement_json(judgement: Judgement) -> dict[str, Any]:
    about = {name: getattr(judgement, name) for name in ("record", "entity", "title")}
    return about | verdict_json(judgement.verdict)


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """What was decided about one field, and about every edit of it."""
    return {
        "field": verdict.field,
        "value": value_json(verdict.value),
        "changed": verdict.changed,
        "rule": str(verdict.rule.source),
        "edits": [_judged_json(item) for item in verdict.judged],
        "proposed": [
            {"proposer": d.proposer, "connection": d.connection, "value": value_json(d.value)}
            for d in verdict.drafts
        ],
        "closed": [
            {"id": c.proposal.id, "status": str(c.status), "by": c.by} for c in verdict.closings
        ],
        "held": verdict.held or None,
    }


def _judged_json(item: Judged) -> dict[str, Any]:
    step = item.step
    return {
        "connection": step.connection,
        "editor": step.editor.person or step.editor.shown,
        "role": item.role,
        "at": moment_json(step.at),
        "value": value_json(step.value),
        "outcome": item.outcome,
    }
