"""What people did and what becomes of it: held, put back, told, with the rule that decides."""

from collections.abc import Iterator
from typing import Final

from syncer.model.decisions import Closing, Judged
from syncer.model.goals import RESULTS
from syncer.model.report import CycleReport, Judgement
from syncer.report.changes import Look, Names, shown
from syncer.report.document import Line, Style, line, short
from syncer.report.wrapping import UNBOUND, flowing, with_reason

SHOWN: Final = 3
"""Of like edits in a large plan so many are shown."""

_TAKEN: Final = "taken"
_TELLING: Final = {
    "reverted": "put back",
    "overruled": "overruled",
    "notified": "taken, the owner is to hear of it",
    "first": "taken as first value",
}

_OVER: Final = ("proposed", "reverted", "overruled", "overtaken")

Edit = tuple[Judgement, Judged]


def verdicts_document(report: CycleReport, names: Names, *, taken: bool = False) -> Iterator[Line]:
    """Edits that did not simply count, and proposals that ended, each on one line.

    ``taken`` adds those that did count.
    """
    for edit in _edits(report, taken=taken):
        yield from _edit(edit, report, names, UNBOUND)
    for judgement, closing in _closings(report):
        yield from _closing(judgement, closing, names, UNBOUND)


def edits_document(report: CycleReport, look: Look, *, folded: bool) -> Iterator[Line]:
    """The same as far as there is room; ``folded`` shows a few of those that are alike."""
    found = list(_edits(report, taken=False))
    ended = list(_closings(report))
    if found or ended:
        yield line("edits", Style.TITLE, 1)
    count: dict[tuple[str, ...], int] = {}
    for edit in found:
        kind = _like(edit)
        count[kind] = count.get(kind, 0) + 1
        if not folded or count[kind] <= SHOWN:
            yield from _edit(edit, report, look.names, look.width, 2)
    for kind, many in count.items():
        if folded and many > SHOWN:
            outcome, name, who, where, rule = kind
            text = f"and {many - SHOWN} more of the same: {name}, by {who} in {where}: {outcome}"
            yield from with_reason(text, rule, Style.DIM, 2, look.width)
    for judgement, closing in ended[: SHOWN if folded else None]:
        yield from _closing(judgement, closing, look.names, look.width, 2)
    if folded and len(ended) > SHOWN:
        text = f"and {len(ended) - SHOWN} more proposals end"
        yield from flowing(text, Style.DIM, 2, look.width)


def put_back(report: CycleReport) -> dict[tuple[str, str, str], str]:
    """Of (record, field, connection) who made the edit there that does not count."""
    return {
        (judgement.record, judgement.verdict.field, item.step.connection): item.step.editor.shown
        for judgement in report.judgements
        for item in judgement.verdict.judged
        if item.outcome in _OVER
    }


def _edits(report: CycleReport, *, taken: bool) -> Iterator[Edit]:
    told = {"proposed", *_TELLING} | ({_TAKEN} if taken else set())
    for judgement in report.judgements:
        for item in judgement.verdict.judged:
            if item.outcome in told and not _beside(judgement.verdict.field, item):
                yield judgement, item


def _closings(report: CycleReport) -> Iterator[tuple[Judgement, Closing]]:
    for judgement in report.judgements:
        for closing in judgement.verdict.closings:
            yield judgement, closing


def _like(edit: Edit) -> tuple[str, ...]:
    judgement, item = edit
    verdict, step = judgement.verdict, item.step
    rule = str(verdict.rule.source)
    return (_word(item), verdict.field, step.editor.shown, step.connection, rule)


def _word(item: Judged) -> str:
    return "held" if item.outcome == "proposed" else _TELLING.get(item.outcome, item.outcome)


def _beside(name: str, item: Judged) -> bool:
    """Whether this only tells in a field of its own what the words of the results say."""
    return name.startswith(f"{RESULTS}_") and item.outcome == _TAKEN


def _edit(
    edit: Edit, report: CycleReport, names: Names, width: int, indent: int = 1
) -> Iterator[Line]:
    judgement, item = edit
    verdict, step = judgement.verdict, item.step
    text = (
        f"{step.editor.shown} set {verdict.field} of {_what(judgement)} in {step.connection}"
        f" to {shown(step.value, names)}: {_became(edit, report, names)}"
    )
    yield from with_reason(text, str(verdict.rule.source), Style.WARN, indent, width)


def _became(edit: Edit, report: CycleReport, names: Names) -> str:
    judgement, item = edit
    verdict, would = judgement.verdict, "would be " if report.observed else ""
    stands = f"{shown(verdict.value, names)} stands"
    if item.outcome == "proposed":
        return f"{would}held as a proposal; {stands}"
    if item.outcome == _TAKEN:
        return f"counts, {item.role} owns it" if item.role in verdict.rule.owners else "counts"
    if item.outcome == "reverted" and _left(edit, report):
        return f"does not count, and is left there; {stands}"
    return would + _TELLING[item.outcome]


def _left(edit: Edit, report: CycleReport) -> bool:
    """Whether an edit that does not count is left where it was made."""
    judgement, item = edit
    place = (judgement.record, judgement.verdict.field, item.step.connection)
    holds = report.plan.holds if report.plan else ()
    return any((hold.record, hold.field, hold.connection) == place for hold in holds)


def _closing(
    judgement: Judgement, closing: Closing, names: Names, width: int, indent: int = 1
) -> Iterator[Line]:
    proposal = closing.proposal
    by = f" by {closing.by}" if closing.by else ""
    text = (
        f"{proposal.proposer}'s proposal {proposal.id} ({proposal.field} of"
        f" {_what(judgement)}: {shown(proposal.value, names)}) {closing.status}{by}"
    )
    yield from with_reason(text, str(judgement.verdict.rule.source), Style.GOOD, indent, width)


def _what(judgement: Judgement) -> str:
    return f'{judgement.entity} "{short(judgement.title)}"'
