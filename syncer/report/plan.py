"""A plan as people read it: by system and record, every change with its reason."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from syncer.model.decisions import Action, FieldWrite, Plan
from syncer.model.records import Hold
from syncer.model.remote import Op
from syncer.model.values import Seen, is_set, joined, readable
from syncer.report.document import Block, Cell, Line, Style, counted, line, short
from syncer.report.jsonable import to_allow, totals

Names = Callable[[str], str]
"""What people call a record, by its id; any other text as it is."""

_SIGNS = {
    Op.CREATE: ("+", Style.GOOD),
    Op.UPDATE: ("~", Style.WARN),
    Op.ARCHIVE: ("-", Style.BAD),
    Op.RESTORE: ("^", Style.GOOD),
}
_DONE = {
    Op.CREATE: ("new", "new"),
    Op.UPDATE: ("change", "changes"),
    Op.ARCHIVE: ("to archive", "to archive"),
    Op.RESTORE: ("to bring back", "to bring back"),
}


def plan_document(plan: Plan, names: Names) -> list[Block]:
    """All of a plan."""
    blocks: list[Block] = []
    ordered = sorted(plan.actions, key=lambda action: action.connection)
    for connection, actions in groupby(ordered, key=lambda action: action.connection):
        blocks.append(line(connection, Style.TITLE, 1))
        for action in actions:
            blocks += _action(action, names)
    blocks += _inexpressible(plan)
    blocks += _remaps(plan)
    blocks += holds_document(plan.holds, names, 1)
    blocks += refusals_document(plan)
    blocks.append(line(summary(plan), indent=1))
    return blocks


def summary(plan: Plan) -> str:
    """A plan in one line."""
    told = [
        f"{connection}: " + ", ".join(_counted(op, counts[str(op)]) for op in Op if counts[str(op)])
        for connection, counts in totals(plan).items()
    ]
    return "; ".join(told) or "nothing to write"


def _counted(op: Op, count: int) -> str:
    return counted(count, *_DONE[op])


def shown(value: Seen, names: Names) -> str:
    """A value in a few words; a reference as the title of what it refers to."""
    if is_set(value):
        return short(joined(names(str(item)) for item in value))
    return short(names(value) if isinstance(value, str) else readable(value))


def _action(action: Action, names: Names) -> Iterator[Line]:
    sign, style = _SIGNS[action.op]
    why = f"  {action.why}" if action.why else ""
    rule = f"  {action.rule}" if action.rule else ""
    what = f'{sign} {action.entity} "{short(action.title)}"'
    yield Line((Cell(what, style), Cell(f"{why}{rule}", Style.DIM)), 2)
    for write in action.writes:
        yield _write(write, action.op, names)


def _write(write: FieldWrite, op: Op, names: Names) -> Line:
    new = shown(write.new, names) + (" (cut to fit)" if write.cut else "")
    change = new if op is Op.CREATE else f"{shown(write.old, names)} -> {new}"
    reason = "  ".join(part for part in (write.why, write.rule) if part)
    return Line((Cell(f"{write.field}: {change}"), Cell(f"  {reason}", Style.DIM)), 4)


def _inexpressible(plan: Plan) -> Iterator[Line]:
    if plan.inexpressible:
        yield line("not expressible", Style.TITLE, 1)
    for note in plan.inexpressible:
        text = f'{note.connection}: {note.field} of "{short(note.title)}": {note.reason}'
        yield line(text, indent=2)


def _remaps(plan: Plan) -> Iterator[Line]:
    for remap in plan.remaps:
        text = (
            f"the mapping now reads {remap.count} {remap.entity}.{remap.field} in"
            f" {remap.connection} as {remap.now} (before: {remap.before})"
        )
        yield Line((Cell(text, Style.WARN), Cell(f"  {remap.source}", Style.DIM)), 1)


def refusals_document(plan: Plan) -> Iterator[Line]:
    """Why the guard refuses a plan, in numbers, and the command that lets it pass once."""
    for refusal in plan.refusals:
        yield line(f"refused: {refusal}", Style.BAD, 1)
    if plan.refusals:
        yield line(f"to let it pass, once: {to_allow(plan)}", Style.BAD, 1)


def holds_document(
    holds: Sequence[Hold], names: Names, indent: int = 0, most: int | None = None
) -> Iterator[Line]:
    """What waits for a person to look at it; ``most`` lines of it."""
    strangers = strangers_of(holds)
    texts = [_stranger(who, found) for who, found in strangers.items()]
    told = {hold.key for found in strangers.values() for hold in found}
    texts += [_hold(hold, names) for hold in holds if hold.key not in told]
    if texts:
        yield line("held for a person", Style.TITLE, indent)
    for text in texts[:most]:
        yield Line((Cell(text, Style.WARN),), indent + 1)
    left = len(texts) - len(texts[:most])
    if left:
        yield line(f"and {left} more: see `syncer status`", Style.DIM, indent + 1)


def strangers_of(holds: Sequence[Hold]) -> dict[tuple[str, str], list[Hold]]:
    """Holds about people whom ``people.yaml`` lacks, by connection and person (``NAME <id>``)."""
    found: dict[tuple[str, str], list[Hold]] = {}
    for hold in holds:
        for who in hold.candidates if hold.kind in ("partly", "unreadable") else ():
            found.setdefault((hold.connection or "", who), []).append(hold)
    return dict(sorted(found.items()))


def _stranger(person: tuple[str, str], holds: Sequence[Hold]) -> str:
    """One line about one person, with what to write, wherever they are named."""
    connection, who = person
    name, _, id = who.removesuffix(">").rpartition("<")
    records = counted(len({hold.record for hold in holds}), "record")
    fields = joined({hold.field for hold in holds})
    said = f"{name.strip() or 'somebody'} ({id}) is not in people.yaml"
    write = f'{connection}: "{id}"'
    return f"{connection}: {said}: {fields} of {records}; to say who it is, write {write} under a person there"


def _hold(hold: Hold, names: Names) -> str:
    what = f'"{short(names(hold.record))}"' if hold.record else ""
    thing = f"{hold.object or ''} {hold.remote_id or ''}".strip()
    place = " ".join(part for part in (hold.connection, what or thing, hold.field) if part)
    candidates = joined(f'"{short(names(id))}"' for id in hold.candidates)
    return f"{place}: {hold.reason}" + (f" ({candidates})" if candidates else "")
