"""One change of one field, old and new, as people read it."""

from collections.abc import Callable, Iterator
from typing import TypeGuard

from msgspec import Struct, field

from syncer.model.decisions import FieldWrite
from syncer.model.remote import Op
from syncer.model.values import Seen, is_set, joined, readable
from syncer.report.document import Cell, Line, Style, counted, short
from syncer.report.textdiff import is_long, text_diff
from syncer.report.wrapping import WIDTH, flowing, with_reason

Names = Callable[[str], str]
"""What people call a record, by its id; any other text as it is."""

MOST_LINES = 12
"""Lines of one long text that are shown unless all is asked for."""

_MOST_CHARACTERS = 320
"""Of one such line."""

_STYLES = {"-": Style.BAD, "+": Style.GOOD, "~": Style.WARN, ":": Style.DIM}


def _itself(text: str) -> str:
    return text


class Look(Struct, frozen=True):
    """How somebody looks at a plan.

    Args:
        width: columns that there are.
        all: nothing is folded or cut.
        records, fields, connections: only these, where any are named.
    """

    names: Names = field(default=_itself)
    width: int = WIDTH
    all: bool = False
    records: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    connections: tuple[str, ...] = ()

    @property
    def narrowed(self) -> bool:
        """Whether only a part is to be shown."""
        return bool(self.records or self.fields or self.connections)


def shown(value: Seen, names: Names) -> str:
    """A value in a few words; a reference as the title of what it refers to."""
    if is_set(value):
        return short(joined(names(str(item)) for item in value))
    return short(names(value) if isinstance(value, str) else readable(value))


def change(write: FieldWrite, op: Op, look: Look, indent: int, whose: str = "") -> Iterator[Line]:
    """A field that is written: what it shows, what it will show, who wants that, by which rule.

    ``whose`` edit is written over, if it is one that does not count.
    """
    back = f"puts back {whose}'s edit" if whose else ""
    reason = "  ".join(part for part in (back, write.why, write.rule) if part)
    cut = " (cut to fit)" if write.cut else ""
    old, new = write.old, write.new
    if op is not Op.CREATE and _is_text(old) and _is_text(new) and (is_long(old) or is_long(new)):
        yield from with_reason(f"{write.field}:{cut}", reason, indent=indent, width=look.width)
        yield from _text(old, new, look, indent + 1)
        return
    if op is Op.CREATE:
        told = shown(new, look.names) + _size(new)
    elif (is_set(old) or old is None) and (is_set(new) or new is None) and (old or new):
        told = _members(old, new, look.names)
    else:
        told = f"{shown(old, look.names)} -> {shown(new, look.names)}"
    yield from with_reason(f"{write.field}: {told}{cut}", reason, indent=indent, width=look.width)


def _is_text(value: Seen) -> TypeGuard[str]:
    return isinstance(value, str)


def _members(old: Seen, new: Seen, names: Names) -> str:
    before = old if is_set(old) else frozenset()
    after = new if is_set(new) else frozenset()
    told = [("+", after - before), ("-", before - after)]
    parts = [f"{s} {joined(names(str(item)) for item in found)}" for s, found in told if found]
    return short("; ".join(parts) or "the same members")


def _size(value: Seen) -> str:
    lines = len(value.splitlines()) if isinstance(value, str) else 0
    return f" ({counted(lines, 'line')})" if lines > 1 else ""


def _text(old: str, new: str, look: Look, indent: int) -> Iterator[Line]:
    found = list(text_diff(look.names(old), look.names(new)))
    kept = found if look.all else found[:MOST_LINES]
    for sign, text in kept:
        style = _STYLES.get(sign, Style.PLAIN)
        words = text if look.all else short(text, _MOST_CHARACTERS)
        yield from flowing(f"{sign} {words}", style, indent, look.width)
    if left := len(found) - len(kept):
        yield Line((Cell(f": and {counted(left, 'more line')}", Style.DIM),), indent)
