"""How a cycle went: one line for each client, then what a person should know."""

from collections.abc import Iterator
from typing import Any

from syncer.model.decisions import Closing, Judged, Verdict
from syncer.model.goals import RESULTS
from syncer.model.report import CycleReport, CycleResult, Judgement
from syncer.report.document import Block, Cell, Line, Style, counted, line, short
from syncer.report.hearing import hearing, hearing_json
from syncer.report.jsonable import moment_json, plan_json, value_json
from syncer.report.observed import would_write
from syncer.report.plan import (
    Names,
    holds_document,
    plan_document,
    refusals_document,
    shown,
    summary,
)

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
_TAKEN = "taken"
_TELLING = {
    "reverted": "put back",
    "overruled": "overruled",
    "notified": "taken, the owner is to hear of it",
    "first": "taken as first value",
}


def run_document(report: CycleReport, names: Names) -> list[Block]:
    """What a run of one client did."""
    blocks: list[Block] = [_headline(report)]
    blocks += verdicts_document(report, names)
    blocks += hearing(report)
    blocks += would_write(report, names)
    if report.plan is not None:
        blocks += holds_document(report.plan.holds, names, 1, MOST)
        if report.result is CycleResult.REFUSED:
            blocks += refusals_document(report.plan)
    blocks += trouble(report, names)
    return blocks


def plan_report(report: CycleReport, names: Names) -> list[Block]:
    """What a run of one client would do now."""
    if report.plan is None:
        return [_headline(report), *trouble(report, names)]
    blocks: list[Block] = [line(report.client, Style.TITLE)]
    blocks += verdicts_document(report, names)
    blocks += hearing(report)
    blocks += plan_document(report.plan, names)
    return [*blocks, *trouble(report, names)]


def trouble(report: CycleReport, names: Names) -> Iterator[Line]:
    """Systems that are down, records that failed, and whatever else went wrong."""
    for connection, reason in sorted(report.down.items()):
        yield line(f"{connection} could not be used: {reason}", Style.BAD, 1)
    for record, reasons in sorted(report.failed.items()):
        yield line(f'"{short(names(record))}": {"; ".join(reasons)}', Style.BAD, 1)
    for problem in report.problems:
        yield line(problem, Style.WARN, 1)


def _headline(report: CycleReport) -> Line:
    words, style = _RESULTS[report.result]
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


def verdicts_document(report: CycleReport, names: Names, *, taken: bool = False) -> Iterator[Line]:
    """Edits that did not simply count: what they were, what became of them, by which rule.

    ``taken`` adds those that did.
    """
    told = {"proposed", *_TELLING} | ({_TAKEN} if taken else set())
    left = {(h.record, h.field, h.connection) for h in (report.plan.holds if report.plan else ())}
    for judgement in report.judgements:
        for item in judgement.verdict.judged:
            if item.outcome in told and not _beside(judgement.verdict.field, item):
                place = (judgement.record, judgement.verdict.field, item.step.connection)
                yield _edit(judgement, item, names, left=place in left, would=report.observed)
        for closing in judgement.verdict.closings:
            yield _closing(judgement, closing, names)


def _beside(name: str, item: Judged) -> bool:
    """Whether this only tells in a field of its own what the words of the results say."""
    return name.startswith(f"{RESULTS}_") and item.outcome == _TAKEN


def _edit(
    judgement: Judgement, item: Judged, names: Names, *, left: bool, would: bool = False
) -> Line:
    verdict, step = judgement.verdict, item.step
    if item.outcome == "proposed":
        became = f"held as a proposal; {shown(verdict.value, names)} stands"
        became = f"would be {became}" if would else became
    elif item.outcome == _TAKEN:
        became = f"counts, {item.role} owns it" if item.role in verdict.rule.owners else "counts"
    elif item.outcome == "reverted" and left:
        became = f"does not count, and is left there; {shown(verdict.value, names)} stands"
    else:
        became = f"would be {_TELLING[item.outcome]}" if would else _TELLING[item.outcome]
    text = (
        f"{step.editor.shown} set {verdict.field} of {_what(judgement)} in {step.connection}"
        f" to {shown(step.value, names)}: {became}"
    )
    return Line((Cell(text, Style.WARN), Cell(f"  {verdict.rule.source}", Style.DIM)), 1)


def _closing(judgement: Judgement, closing: Closing, names: Names) -> Line:
    proposal = closing.proposal
    by = f" by {closing.by}" if closing.by else ""
    text = (
        f"{proposal.proposer}'s proposal {proposal.id} ({proposal.field} of"
        f" {_what(judgement)}: {shown(proposal.value, names)}) {closing.status}{by}"
    )
    return Line((Cell(text, Style.GOOD), Cell(f"  {judgement.verdict.rule.source}", Style.DIM)), 1)


def _what(judgement: Judgement) -> str:
    return f'{judgement.entity} "{short(judgement.title)}"'


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
        "plan": plan_json(report.plan) if report.plan is not None else None,
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
