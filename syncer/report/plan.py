"""A plan as people read it: by system and record, every change with its reason."""

from collections.abc import Iterator, Sequence

from syncer.model.decisions import Plan
from syncer.model.records import Hold
from syncer.model.refusals import BY_PLAN
from syncer.model.remote import Op
from syncer.model.values import joined
from syncer.report.actions import (
    PutBack,
    actions_document,
    by_connection,
    in_numbers,
    is_large,
    told,
)
from syncer.report.changes import Look, Names, shown
from syncer.report.document import Block, Line, Style, counted, line, short
from syncer.report.jsonable import to_allow, to_save
from syncer.report.wrapping import UNBOUND, flowing, with_reason

__all__ = ["Look", "Names", "holds_document", "plan_document", "refusals_document", "shown"]

MOST = 10
"""Lines of one kind that are shown beside the writes of a large plan."""


def plan_document(plan: Plan, look: Look, back: PutBack) -> list[Block]:
    """All of a plan; of a large one, of which not all is asked for, like changes are folded.

    ``back`` says whose edits are written over.
    """
    blocks: list[Block] = []
    large = is_large(plan, look)
    for connection, actions in by_connection(plan):
        blocks += flowing(f"{connection}: {told(actions)}", Style.TITLE, 1, look.width)
        blocks += actions_document(actions, look, back, folded=large)
    blocks += _inexpressible(plan, look, MOST if large else None)
    blocks += _remaps(plan, look)
    blocks += holds_document(plan.holds, look.names, 1, MOST if large else None, look.width)
    blocks += refusals_document(plan)
    return blocks


def summary(plan: Plan) -> str:
    """A plan in one line."""
    counts = plan.counts()
    names = sorted({name for name, _ in counts})
    told_of = {name: in_numbers({op: counts[(name, op)] for op in Op}) for name in names}
    parts = [f"{name}: {numbers}" for name, numbers in told_of.items()]
    return "; ".join(parts) or "nothing to write"


def _inexpressible(plan: Plan, look: Look, most: int | None) -> Iterator[Line]:
    if plan.inexpressible:
        yield line("not expressible", Style.TITLE, 1)
    for note in plan.inexpressible[:most]:
        text = f'{note.connection}: {note.field} of "{short(note.title)}": {note.reason}'
        yield from flowing(text, indent=2, width=look.width)
    if left := len(plan.inexpressible) - len(plan.inexpressible[:most]):
        yield line(f"and {left} more: see all with --all", Style.DIM, 2)


def _remaps(plan: Plan, look: Look) -> Iterator[Line]:
    for remap in plan.remaps:
        text = (
            f"the mapping now reads {remap.count} {remap.entity}.{remap.field} in"
            f" {remap.connection} as {remap.now} (before: {remap.before})"
        )
        yield from with_reason(text, remap.source, Style.WARN, 1, look.width)


def refusals_document(plan: Plan) -> Iterator[Line]:
    """Why the guard refuses a plan, in numbers, and the command that lets it pass once.

    Numbers and commands stay on one line each, to be looked for and copied.
    """
    for refusal in plan.refusals:
        yield line(f"refused: {refusal}", Style.BAD, 1)
    if any(refusal.flag == BY_PLAN for refusal in plan.refusals):
        text = "What decides was changed in the configuration. To carry out what was read:"
        yield line(text, Style.BAD, 1)
        yield line(to_save(plan), Style.BAD, 2)
        yield line(to_allow(plan), Style.BAD, 2)
    elif plan.refusals:
        yield line(f"to let it pass, once: {to_allow(plan)}", Style.BAD, 1)


def holds_document(
    holds: Sequence[Hold],
    names: Names,
    indent: int = 0,
    most: int | None = None,
    width: int = UNBOUND,
) -> Iterator[Line]:
    """What waits for a person to look at it; ``most`` lines of it."""
    strangers = strangers_of(holds)
    texts = [_stranger(who, found) for who, found in strangers.items()]
    told = {hold.key for found in strangers.values() for hold in found}
    candidates = [hold for hold in holds if hold.kind == "match" and hold.candidates]
    if candidates:
        texts.append(_candidates(candidates))
        told |= {hold.key for hold in candidates}
    texts += [_hold(hold, names) for hold in holds if hold.key not in told]
    if texts:
        yield line("held for a person", Style.TITLE, indent)
    for text in texts[:most]:
        yield from flowing(text, Style.WARN, indent + 1, width)
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


def _candidates(holds: Sequence[Hold]) -> str:
    """One line about all that may be the same as something else: it has a list of its own."""
    where = joined({hold.connection or "" for hold in holds})
    said = "thing may be the same as another", "things may be the same as others"
    return f"{where}: {counted(len(holds), *said)}; to say so: `syncer match`"


def _hold(hold: Hold, names: Names) -> str:
    what = f'"{short(names(hold.record))}"' if hold.record else ""
    thing = f"{hold.object or ''} {hold.remote_id or ''}".strip()
    place = " ".join(part for part in (hold.connection, what or thing, hold.field) if part)
    candidates = joined(f'"{short(names(id))}"' for id in hold.candidates)
    return f"{place}: {hold.reason}" + (f" ({candidates})" if candidates else "")
