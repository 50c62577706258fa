"""Who hears of a cycle, and what nobody could be told, in a few lines."""

from collections.abc import Iterator, Mapping
from typing import Any

from syncer.model.notices import Notice, NoticeKind
from syncer.model.report import CycleReport
from syncer.report.document import Line, Style, counted, line, short

_SAYS: Mapping[NoticeKind, str] = {
    NoticeKind.ASK: "is asked about",
    NoticeKind.REMINDER: "is reminded of",
    NoticeKind.CHANGED: "hears of a change of",
    NoticeKind.CONFIRM: "hears of the first value of",
    NoticeKind.AGAIN: "is asked again about",
    NoticeKind.WAITS: "hears who must agree to",
    NoticeKind.PUT_BACK: "hears who owns",
    NoticeKind.OVERTAKEN: "hears whose value counts for",
    NoticeKind.RIVALS: "hears of rival values of",
    NoticeKind.ENDED: "hears what became of",
    NoticeKind.NOT_YOURS: "hears who may decide",
    NoticeKind.UNCLEAR: "is asked which one is meant:",
    NoticeKind.SUMMARY: "gets a summary of",
}

_OF_SCOPE: Mapping[NoticeKind, str] = {
    NoticeKind.LEFT: "is not kept in step any more",
    NoticeKind.BACK: "is kept in step again",
}


def hearing(report: CycleReport) -> Iterator[Line]:
    """Everybody whom this cycle makes hear something, and what is left untold, with the reason."""
    for notice in report.notices:
        would = "would be told: " if report.observed else ""
        yield line(f"{would}{_told(notice)}", Style.PLAIN, 1)
    reasons: dict[str, int] = {}
    for why in report.untold.values():
        reasons[why] = reasons.get(why, 0) + 1
    for why, count in sorted(reasons.items()):
        yield line(f"{counted(count, 'heads-up')} not told yet: {why}", Style.WARN, 1)


def hearing_json(notice: Notice) -> dict[str, Any]:
    """One of them for machines."""
    return {
        "id": notice.id,
        "kind": str(notice.kind),
        "to": notice.to,
        "record": notice.record,
        "field": notice.field,
        "proposal": notice.proposal,
        "urgent": notice.urgent,
    }


def _told(notice: Notice) -> str:
    if notice.kind in _OF_SCOPE:
        title, where = short(str(notice.facts.get("record") or "")), notice.facts.get("where")
        return f'a note in {notice.at} says that "{title}" in {where} {_OF_SCOPE[notice.kind]}'
    return f"{_who(notice)} {_SAYS[notice.kind]} {_what(notice)}"


def _who(notice: Notice) -> str:
    return notice.to or str(notice.facts.get("who") or "somebody unknown")


def _what(notice: Notice) -> str:
    title = short(str(notice.facts.get("record") or ""))
    return f'{notice.field or "it"} of "{title}"' if title else (notice.field or "the client")
