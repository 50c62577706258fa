"""The writes of a plan, record by record; in a large plan like ones are told once and counted."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from syncer.model.decisions import Action, FieldWrite, Plan
from syncer.model.remote import Op
from syncer.report.changes import Look, change
from syncer.report.document import Line, Style, counted, short
from syncer.report.wrapping import flowing, with_reason

FOLDED_FROM: Final = 60
"""A plan of more writes than this is large."""

SHOWN: Final = 3
"""Of like writes in a large plan so many are shown."""

GROUPS: Final = 12
"""So many kinds of writes are told apart, of one thing in one system; the rest is counted."""

_SIGNS: Final = {
    Op.CREATE: ("+", Style.GOOD),
    Op.UPDATE: ("~", Style.WARN),
    Op.ARCHIVE: ("-", Style.BAD),
    Op.RESTORE: ("^", Style.GOOD),
}
_DONE: Final = {
    Op.CREATE: ("new", "new"),
    Op.UPDATE: ("change", "changes"),
    Op.ARCHIVE: ("to archive", "to archive"),
    Op.RESTORE: ("to bring back", "to bring back"),
}

Like = tuple[str, ...]

PutBack = Mapping[tuple[str, str, str], str]
"""Of (record, field, connection) whose edit it is that is written over, where one is."""


def is_large(plan: Plan, look: Look) -> bool:
    """Whether a plan is told in numbers first, and like writes once."""
    return len(plan.actions) > FOLDED_FROM and not look.all


def by_connection(plan: Plan) -> Iterator[tuple[str, list[Action]]]:
    """Each system with its writes."""
    ordered = sorted(plan.actions, key=lambda action: action.connection)
    for connection, actions in groupby(ordered, key=lambda action: action.connection):
        yield connection, list(actions)


def told(actions: Sequence[Action]) -> str:
    """Writes in numbers: ``3 new, 1 change``."""
    return in_numbers(Counter(action.op for action in actions))


def in_numbers(counts: Mapping[Op, int]) -> str:
    """The same of writes that are counted already, each kind of them."""
    return ", ".join(counted(counts[op], *_DONE[op]) for op in Op if counts[op])


def actions_document(
    actions: Sequence[Action], look: Look, back: PutBack, *, folded: bool
) -> Iterator[Line]:
    """The writes to one system; ``folded`` shows a few of those that are alike."""
    if not folded:
        for action in actions:
            yield from _action(action, look, back)
        return
    for _, alike in groupby(sorted(actions, key=_kind), key=_kind):
        yield from _folded(list(alike), look, back)


def _kind(action: Action) -> tuple[int, str, str]:
    return (list(Op).index(action.op), action.entity, action.object)


def _folded(actions: Sequence[Action], look: Look, back: PutBack) -> Iterator[Line]:
    """Writes of one kind: the most frequent first, each kind with a few examples."""
    groups: dict[Like, list[Action]] = {}
    for action in actions:
        groups.setdefault(_like(action, back), []).append(action)
    ordered = sorted(groups.values(), key=len, reverse=True)
    for group in ordered[:GROUPS]:
        for action in group[:SHOWN]:
            yield from _action(action, look, back)
        if len(group) > SHOWN:
            yield from _more(len(group) - SHOWN, group[0], look)
    rest = [action for group in ordered[GROUPS:] for action in group]
    if rest:
        fields = Counter(write.field for action in rest for write in action.writes)
        which = ", ".join(f"{name} {count}" for name, count in fields.most_common())
        text = f"and {told(rest)} of other kinds of {rest[0].entity}: {which}"
        yield from flowing(text, Style.DIM, 2, look.width)


def _like(action: Action, back: PutBack) -> Like:
    """What two writes have in common that need not both be shown."""
    if action.op is Op.CREATE:
        return (action.why,)
    parts = [
        (write.field, write.why, write.rule, _whose(action, write, back)) for write in action.writes
    ]
    return (action.why, action.rule, *(part for parts_of in parts for part in parts_of))


def _more(left: int, action: Action, look: Look) -> Iterator[Line]:
    fields = ", ".join(write.field for write in action.writes)
    what = f": {fields}" if fields and action.op is not Op.CREATE else ""
    text = f"and {left} more of the same ({_SIGNS[action.op][0]} {action.entity}{what})"
    yield from flowing(text, Style.DIM, 2, look.width)


def _whose(action: Action, write: FieldWrite, back: PutBack) -> str:
    return back.get((action.record, write.field, action.connection), "")


def _action(action: Action, look: Look, back: PutBack) -> Iterator[Line]:
    sign, style = _SIGNS[action.op]
    reason = "  ".join(part for part in (action.why, action.rule) if part)
    what = f'{sign} {action.entity} "{short(action.title)}"'
    yield from with_reason(what, reason, style, 2, look.width)
    for write in action.writes:
        yield from change(write, action.op, look, 4, _whose(action, write, back))
