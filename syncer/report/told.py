"""Who was told what, where and when, or why not yet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct, field

from syncer.model.notices import Notice, NoticeKind, NoticeStatus, Posting
from syncer.report.document import Line, Style, line
from syncer.report.jsonable import moment_json

ELSEWHERE: Final = "mail or chat"

SAID: Final = {
    NoticeKind.ASK: "asked",
    NoticeKind.AGAIN: "asked again",
    NoticeKind.REMINDER: "reminded",
    NoticeKind.CHANGED: "told of the change",
    NoticeKind.CONFIRM: "told of the first value",
    NoticeKind.WAITS: "told that it waits",
    NoticeKind.PUT_BACK: "told that it was put back",
    NoticeKind.OVERTAKEN: "told whose value counts",
    NoticeKind.RIVALS: "told of rivals",
    NoticeKind.ENDED: "told how it ended",
    NoticeKind.NOT_YOURS: "told who may decide",
    NoticeKind.UNCLEAR: "asked which one was meant",
    NoticeKind.SUMMARY: "told of the first contact",
}
"""What a notice does to whom it is for."""

ASKS: Final = (NoticeKind.ASK, NoticeKind.AGAIN, NoticeKind.REMINDER)


class Tale(Struct, frozen=True):
    """Notices, oldest first, and by its ref the comment that told each."""

    notices: tuple[Notice, ...] = ()
    postings: Mapping[str, Posting] = field(default_factory=dict)

    def where(self, notice: Notice) -> str:
        """In which connection it was told; empty if that is not known."""
        posting = self.postings.get(notice.ref or "")
        return (posting.connection or ELSEWHERE) if posting else ""

    def asked(self, version: int) -> Sequence[Notice]:
        """Whom the owners' part of it asked about this version, or tries to."""
        return [
            notice
            for notice in self.notices
            if notice.kind in ASKS
            and notice.version == version
            and notice.status is not NoticeStatus.DROPPED
        ]


def who(notice: Notice) -> str:
    """Whom a notice is for."""
    return notice.to or str(notice.facts.get("who") or "whoever edited")


def in_short(tale: Tale, version: int) -> str:
    """Of one version: who knows of it, and of whom it is not known why not."""
    asked = tale.asked(version)
    told = {who(n): tale.where(n) for n in asked if n.status is NoticeStatus.TOLD}
    late = {who(n): n.why or _when(n) for n in asked if n.status is NoticeStatus.WAITING}
    parts = [f"{name} in {where}" if where else name for name, where in sorted(told.items())]
    parts += [f"not {name}: {why}" for name, why in sorted(late.items()) if name not in told]
    return "; ".join(parts) or "nobody yet"


def _when(notice: Notice) -> str:
    """When somebody hears of it whom nothing keeps from it."""
    until = notice.not_before
    return f"digest of {_minute(until)} UTC" if until else "next run"


def told_lines(tale: Tale, indent: int = 1, called: Callable[[str], str] = str) -> Iterator[Line]:
    """Every step, oldest first; ``called`` gives the name of a person."""
    for notice in tale.notices:
        yield line(_line(tale, notice, called), _style(notice), indent)


def _style(notice: Notice) -> Style:
    if notice.status is NoticeStatus.WAITING and notice.why:
        return Style.WARN
    return Style.PLAIN if notice.status is NoticeStatus.TOLD else Style.DIM


def _line(tale: Tale, notice: Notice, called: Callable[[str], str]) -> str:
    about = f" about {notice.field}" if notice.field else ""
    about += f" (version {notice.version})" if notice.version else ""
    said = f"{called(who(notice))} {SAID[notice.kind]}{about}"
    if notice.status is NoticeStatus.DROPPED:
        return f"{_minute(notice.created_at)}  not any more: {said}"
    if notice.status is NoticeStatus.WAITING:
        until = f", not before {_minute(notice.not_before)}" if notice.not_before else ""
        return f"{_minute(notice.created_at)}  to be {said}: {notice.why or 'next run'}{until}"
    where = tale.where(notice)
    return f"{_minute(notice.told_at)}  {said}{f' in {where}' if where else ''}"


def _minute(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else "at some time"


def told_json(tale: Tale) -> list[dict[str, Any]]:
    """All of it, for programs."""
    return [
        {
            "kind": str(notice.kind),
            "to": notice.to,
            "role": notice.role,
            "field": notice.field,
            "proposal": notice.proposal,
            "version": notice.version,
            "status": str(notice.status),
            "connection": tale.where(notice) or None,
            "created_at": moment_json(notice.created_at),
            "told_at": moment_json(notice.told_at),
            "not_before": moment_json(notice.not_before),
            "why": notice.why,
            "urgent": notice.urgent,
        }
        for notice in tale.notices
    ]
