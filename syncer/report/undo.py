"""An undoing as people read it: what goes back, what is only proposed, what is left and why."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from syncer.model.report import CycleReport
from syncer.model.undoing import Beyond, Undone
from syncer.model.values import Json, readable
from syncer.report.document import Block, Cell, Line, Style, counted, line, short
from syncer.report.plan import Names, refusals_document, summary

_WORDS = {
    "back": ("goes back", Style.GOOD),
    "proposed": ("is proposed", Style.WARN),
    "put away": ("is put away", Style.GOOD),
    "left": ("is left", Style.DIM),
}


def undo_document(report: CycleReport, beyond: Beyond, names: Names, *, done: bool) -> list[Block]:
    """All of one client."""
    blocks: list[Block] = [line(report.client, Style.TITLE)]
    blocks += [line(problem, Style.BAD, 1) for problem in report.problems]
    blocks += [
        line(f"{name} does not answer: {why}", Style.BAD, 1) for name, why in report.down.items()
    ]
    for each in report.undone:
        blocks.append(_undone(each, names))
    if not report.undone:
        blocks.append(line("nothing to take back", indent=1))
    blocks += [line(text, Style.DIM, 1) for text in beyond_lines(beyond, names)]
    if report.plan is not None:
        blocks += refusals_document(report.plan)
        blocks.append(line(f"writes: {summary(report.plan)}", indent=1))
    for id, reasons in report.failed.items():
        blocks.append(line(f"{names(id)}: {'; '.join(reasons)}", Style.BAD, 1))
    return [*blocks, *_ending(report)] if done else blocks


def carried_out(report: CycleReport) -> bool:
    """Whether it was decided and written, and not only thought."""
    return report.plan is not None and not report.planned_only


def _ending(report: CycleReport) -> Iterator[Line]:
    if carried_out(report):
        text = f"{counted(report.written, 'write')} done; to take this back: syncer undo {report.cycle}"
        yield line(text, Style.GOOD, 1)
    elif report.plan is not None and not report.plan.refusals:
        yield line("nothing was changed: this client is only observed", Style.WARN, 1)
    else:
        yield line("nothing was changed", Style.WARN, 1)


def _undone(each: Undone, names: Names) -> Line:
    word, style = _WORDS[each.outcome]
    what = each.field or f"the twin in {each.connection}"
    change = f": {_value(each.stands, names)} -> {_value(each.back, names)}" if each.field else ""
    reason = f"  {each.reason}" if each.reason else ""
    text = Cell(f'"{short(each.title, 60)}"  {what}{change}  ')
    return Line((text, Cell(word, style), Cell(reason, Style.DIM)), 1)


def beyond_lines(beyond: Beyond, names: Names) -> Iterator[str]:
    """What cannot be undone, or is not, said plainly."""
    for entry in beyond.put_back:
        text = f'{entry.editor}\'s {entry.field} of "{short(names(entry.record or ""), 60)}"'
        yield f"{text} was put back then and stays so: see `syncer explain {entry.record}`"
    if beyond.brought:
        wrote = counted(beyond.brought, "write")
        yield f"{wrote} only brought a tool into step with what was agreed before: not undone"
    if beyond.comments:
        one = beyond.comments == 1
        stays = "stays where it was" if one else "stay where they were"
        yield f"{counted(beyond.comments, 'comment')} of the service {stays} written"
    if beyond.connections:
        where = ", ".join(beyond.connections)
        yield (
            f"cannot be undone: mails and notifications that were sent, and automations that ran,"
            f" when {where} changed"
        )


def _value(value: Json, names: Names) -> str:
    if value is None:
        return "empty"
    if isinstance(value, dict):
        return " ".join(str(item) for item in value.values())
    if isinstance(value, list):
        return short(", ".join(names(str(item)) for item in value), 60) or "empty"
    return short(_moment(value) or names(str(value)), 60)


def _moment(value: Json) -> str:
    """A date with a time as people write it; nothing for any other text."""
    if not isinstance(value, str) or len(value) < len("2026-01-31T09:30Z") or value[10] != "T":
        return ""
    try:
        return readable(datetime.fromisoformat(value))
    except ValueError:
        return ""


def undo_json(report: CycleReport, beyond: Beyond) -> dict[str, Any]:
    """The same for programs."""
    return {
        "client": report.client,
        "result": str(report.result),
        "cycle": report.cycle,
        "written": report.written,
        "undone": [_json(each) for each in report.undone],
        "not_undone": {
            "put_back": [
                {"record": e.record, "field": e.field, "editor": e.editor, "outcome": e.outcome}
                for e in beyond.put_back
            ],
            "brought_into_step": beyond.brought,
            "comments": beyond.comments,
            "may_have_acted": list(beyond.connections),
        },
        "refusals": [str(refusal) for refusal in report.plan.refusals] if report.plan else [],
        "failed": {id: list(reasons) for id, reasons in report.failed.items()},
        "down": dict(report.down),
    }


def _json(each: Undone) -> dict[str, Any]:
    return {
        "record": each.record,
        "title": each.title,
        "field": each.field or None,
        "connection": each.connection or None,
        "outcome": each.outcome,
        "stands": each.stands,
        "back": each.back,
        "reason": each.reason,
    }


def anything(reports: Sequence[CycleReport]) -> bool:
    """Whether something of these would be taken back, or proposed to be."""
    return any(each.outcome != "left" for report in reports for each in report.undone)
