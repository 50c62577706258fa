"""How the tools differ right now, by client, system, record and field."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any, Final

from syncer.model.drift import Cause, Drift, DriftReport, Standing
from syncer.model.entities import ARCHIVED, EXISTENCE, PRESENT, Schema
from syncer.model.values import MISSING, Seen
from syncer.report.document import Block, Cell, Line, Style, counted, line, short
from syncer.report.jsonable import value_json
from syncer.report.saying import Sayer, kind_of, plain

_STYLES: Final = {
    Standing.ALLOWED: Style.DIM,
    Standing.PENDING: Style.WARN,
    Standing.FAULT: Style.BAD,
}
_WORDS: Final = {
    Cause.NOT_MAPPED: "its mapping has no place for it there",
    Cause.NO_TWIN: "its mapping makes no twin there",
    Cause.LEFT: "it left what is synced",
    Cause.DIRECTION: "it is not written there",
    Cause.KEPT: "the mapping says to leave it so",
    Cause.COARSER: "it is shown as exactly as the system can",
    Cause.NOT_EXPRESSIBLE: "the system cannot hold it",
    Cause.CONFIDENTIAL: "it is confidential and withheld",
    Cause.PROPOSAL: "a proposal is open",
    Cause.HELD: "held for a person",
    Cause.PARKED: "the system did not take it; it is tried again",
    Cause.UNANSWERED: "a write of it was not answered yet",
    Cause.PAUSED: "the client is paused",
    Cause.OBSERVED: "the client is only observed",
    Cause.SETTLING: "a fresh edit, left alone for now",
    Cause.EDITED: "edited since the last run",
    Cause.REMAPPED: "the mapping was changed since the last run",
    Cause.NEW: "new since the last run",
    Cause.OWED: "the last run could not write it yet",
    Cause.MISSED: "edited before the last run, which did not hear of it",
    Cause.NO_FIELD: "it is mapped, and the system has no such field",
    Cause.UNREAD: "it cannot be read",
    Cause.UNEXPLAINED: "nobody edited it, and it is not what is agreed",
}
_FULL: Final = "syncer run --full --client {client}"
_WAYS: Final = {
    Cause.MISSED: f"`{_FULL}` compares everything and takes it in",
    Cause.UNEXPLAINED: f"`{_FULL}` writes what is agreed; `syncer explain {{record}} {{field}}"
    " --all` says what was decided",
    Cause.NO_FIELD: "`syncer provision --client {client}` makes it, or correct the mapping",
    Cause.UNREAD: "`syncer run --client {client}` tries it again, then see `syncer parked`",
}

Sayers = Callable[[str], Sayer]
"""How things of a client are called, by its key."""


def drift_document(
    report: DriftReport, sayer: Sayer, schema: Schema, *, every: bool = False
) -> list[Block]:
    """One client: what differs and why; what is allowed is only counted unless ``every``."""
    if report.problem:
        return [_head(report, report.problem)]
    blocks: list[Block] = [_head(report, _totals(report))]
    for name, why in sorted(report.down.items()):
        blocks.append(line(f"{sayer.system(name)} could not be looked at: {why}", Style.BAD, 1))
    shown = [one for one in report.found if every or one.standing is not Standing.ALLOWED]
    for connection, found in groupby(shown, key=lambda one: one.connection):
        blocks.append(line(sayer.system(connection), Style.TITLE, 1))
        for _, each in groupby(found, key=lambda one: (one.entity, one.title, one.record)):
            blocks += _record(report.client, list(each), sayer, schema)
    allowed = Counter(str(one.cause) for one in report.of(Standing.ALLOWED))
    if allowed and not every:
        few = ", ".join(f"{count} {cause}" for cause, count in sorted(allowed.items()))
        blocks.append(line(f"allowed: {few}; --all lists them", Style.DIM, 1))
    return blocks


def _head(report: DriftReport, text: str) -> Line:
    return Line((Cell(f"{report.client}: ", Style.TITLE), Cell(text)))


def _totals(report: DriftReport) -> str:
    counts = {standing: len(report.of(standing)) for standing in _STYLES}
    told = [f"{count} {standing}" for standing, count in counts.items() if standing != "fault"]
    faults = counted(counts[Standing.FAULT], "fault")
    return f"{counted(report.alike, 'field')} as agreed, {', '.join(told)}, {faults}"


def _record(client: str, found: list[Drift], sayer: Sayer, schema: Schema) -> Iterator[Line]:
    first = found[0]
    where = f"  {first.url or first.id}" if first.url or first.id else ""
    what = f'{first.entity} "{short(first.title, 60)}"'
    yield Line((Cell(what), Cell(where, Style.DIM)), 2)
    for one in found:
        yield _line(client, one, sayer, schema)


def _line(client: str, one: Drift, sayer: Sayer, schema: Schema) -> Line:
    name = plain(one.field) if one.field else "all of it"
    shown, agreed = (_value(one, value, sayer, schema) for value in (one.shown, one.agreed))
    values = f" shows {shown}, agreed is {agreed}" if one.field else ""
    if one.field == EXISTENCE:
        name, values = _there(one.shown), f", agreed is {_there(one.agreed)}"
    elif one.shown is MISSING and one.field and one.standing is Standing.ALLOWED:
        values = f" is not shown, agreed is {agreed}"
    said = [_WORDS[one.cause] + (f" ({one.why})" if one.why else "")]
    if one.people:
        said.append("waits for " + " or ".join(sayer.person(key) for key in one.people))
    if one.until:
        said.append(f"until {one.until}")
    way = way_out(client, one)
    text = f"{one.standing}: {', '.join(said)}" + (f"; {way}" if way else "")
    return Line((Cell(f"{name}{values}  "), Cell(text, _STYLES[one.standing])), 3)


def _there(value: Seen) -> str:
    """Whether something is there, in words."""
    if value == ARCHIVED:
        return "put away or deleted"
    return "there" if value == PRESENT else "not there"


def _value(one: Drift, value: Seen, sayer: Sayer, schema: Schema) -> str:
    if value is MISSING:
        return "nothing that can be read"
    spec = schema.get(one.entity)
    return short(sayer.of_type(kind_of(spec, one.field) if spec else None, value), 60)


def way_out(client: str, one: Drift) -> str:
    """What to do about a fault."""
    if one.standing is not Standing.FAULT:
        return ""
    record, field = one.record or one.id, one.field
    return _WAYS.get(one.cause, "").format(client=client, record=record, field=field)


def drift_json(report: DriftReport) -> dict[str, Any]:
    """All of one client, what is allowed included."""
    return {
        "client": report.client,
        "problem": report.problem or None,
        "down": dict(sorted(report.down.items())),
        "totals": {"alike": report.alike}
        | {str(standing): len(report.of(standing)) for standing in _STYLES},
        "causes": dict(sorted(Counter(str(one.cause) for one in report.found).items())),
        "differs": [_drift_json(report.client, one) for one in report.found],
    }


def _drift_json(client: str, one: Drift) -> dict[str, Any]:
    names = ("connection", "entity", "title", "field", "id", "url", "until", "why")
    told: dict[str, Any] = {name: getattr(one, name) or None for name in names}
    return told | {
        "record": one.record or None,
        "standing": str(one.standing),
        "cause": str(one.cause),
        "shown": value_json(one.shown),
        "agreed": value_json(one.agreed),
        "waits_for": list(one.people),
        "what_to_do": way_out(client, one) or None,
    }
