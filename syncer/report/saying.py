"""Values, people, places and times as people say them, in one client's zone."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from syncer.model.entities import EXISTENCE, EntitySpec
from syncer.model.values import (
    MISSING,
    FieldType,
    Json,
    Kind,
    Seen,
    is_day,
    is_instant,
    is_set,
    joined,
    load,
    readable,
)
from syncer.report.document import short

Names = Callable[[str], str]
"""What people call a record, by its id; any other text as it is."""

EMPTY: Final = "empty"
COMMAND_LINE: Final = "the command line"
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
LONG: Final = 60
"""Characters above which a text is told by what changed in it."""

_AROUND: Final = 3
"""Words that are shown around what changed."""

_MOST: Final = 4000
"""Words of a text that are compared; of a longer one only its size is told."""


class Piece(Struct, frozen=True):
    """A part of a text: ``same``, ``gone`` or ``new``."""

    kind: str
    text: str


class Sayer(Struct, frozen=True):
    """How things of one client are called.

    Args:
        zone: the client's; all times are told on its clocks.
        people: names by key of ``people.yaml``.
        systems: what connections are called.
        titles: what people call a record.
    """

    zone: str
    people: Mapping[str, str] = field(default_factory=dict)
    systems: Mapping[str, str] = field(default_factory=dict)
    titles: Names = str

    def person(self, key: str | None) -> str:
        """The name of a person of the agency; whoever else, as they are shown."""
        return self.people.get(key) or self.systems.get(key, key) if key else ""

    def system(self, connection: str | None) -> str:
        """What a connection is called."""
        return self.systems.get(connection, connection) if connection else ""

    def place(self, connection: str | None) -> str:
        """``in Asana``, ``on the command line``."""
        if connection == COMMAND_LINE:
            return f"on {COMMAND_LINE}"
        return f"in {self.system(connection)}" if connection else ""

    def day(self, value: date) -> str:
        """``4 December 2026``."""
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"

    def on(self, at: datetime) -> date:
        """The day of a moment, on the client's clocks."""
        return at.astimezone(ZoneInfo(self.zone)).date()

    def moment(self, at: datetime) -> str:
        """``20 November 2026, 14:05``."""
        return f"{self.day(self.on(at))}, {at.astimezone(ZoneInfo(self.zone)):%H:%M}"

    def stamp(self, at: datetime) -> str:
        """``20 Nov 2026 14:05``, in as many characters for each day of a month."""
        there = at.astimezone(ZoneInfo(self.zone))
        return f"{there.day:2} {MONTHS[there.month - 1][:3]} {there:%Y %H:%M}"

    def value(self, value: Seen) -> str:
        """A value in words, whole."""
        if value is None:
            return EMPTY
        if is_set(value):
            return joined(self._named(item) for item in value)
        if is_instant(value):
            return self.moment(value)
        if is_day(value):
            return self.day(value)
        if isinstance(value, bool):
            return "yes" if value else "no"
        return self._named(value)

    def _named(self, value: object) -> str:
        if not isinstance(value, str):
            return readable(value)  # type: ignore[arg-type]
        return self.people.get(value) or self.titles(value)

    def of_type(self, kind: FieldType | None, value: Seen) -> str:
        """The same of a field of this type: free text is never taken for a name."""
        if kind is not None and isinstance(value, str) and kind.kind in _FREE:
            return value
        if kind is not None and kind.kind is Kind.TEXT and is_set(value):
            return joined(value)
        if kind is not None and kind.kind is Kind.ENUMERATION and isinstance(value, str):
            return plain(value)
        return self.value(value)


_FREE: Final = (Kind.TEXT, Kind.RICH_TEXT)


def kind_of(spec: EntitySpec, name: str | None) -> FieldType | None:
    """The type of a field; None of one that is not known any more."""
    found = spec.fields.get(name) if name else None
    return found.type if found else None


def loaded(kind: FieldType | None, value: Json) -> Seen:
    """A value as the journal has it; one that fits its type no more is read as it looks."""
    if kind is not None:
        try:
            return load(kind, value)
        except (ValueError, KeyError, TypeError, ArithmeticError):
            pass
    if isinstance(value, list):
        return frozenset(str(item) for item in value) or None
    if isinstance(value, dict):
        return " ".join(str(item) for item in value.values())
    return value if value is None or isinstance(value, str | bool) else str(value)


def plain(name: str | None) -> str:
    """``account manager`` of ``account_manager``; what a field or a role is called."""
    return (name or "").replace("_", " ")


def called(name: str) -> str:
    """What a field is called in a sentence; of the thing itself, whether it is there."""
    return "being there" if name == EXISTENCE else plain(name)


def rule_of(source: str) -> str:
    """``ownership.yaml:41``: the line of a rule without the folder it is in."""
    return source.rsplit("/", 1)[-1]


def is_long(*values: Seen) -> bool:
    """Whether values are told by what changed in them."""
    return any(isinstance(v, str) and (len(v) > LONG or "\n" in v) for v in values)


def changed(old: Seen, new: Seen) -> tuple[Piece, ...]:
    """What changed in a long text, with a few words around it."""
    before, after = (
        v.split() if isinstance(v, str) else [] for v in (None if old is MISSING else old, new)
    )
    if len(before) > _MOST or len(after) > _MOST:
        return (Piece("gone", f"{len(before)} words"), Piece("new", f"{len(after)} words"))
    pieces: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", _cut(before[a:b], first=a == 0, last=b == len(before))))
            continue
        if a < b:
            pieces.append(Piece("gone", short(" ".join(before[a:b]))))
        if c < d:
            pieces.append(Piece("new", short(" ".join(after[c:d]))))
    return tuple(piece for piece in pieces if piece.text)


def _cut(words: list[str], *, first: bool, last: bool) -> str:
    """Words that did not change: only those beside what did."""
    if first and last:
        return short(" ".join(words))
    head, tail = ([] if first else words[:_AROUND]), ([] if last else words[-_AROUND:])
    if len(head) + len(tail) >= len(words):
        return " ".join(words)
    return " ".join([*head, "…", *tail])


def marked(pieces: tuple[Piece, ...]) -> str:
    """What changed in a text, where there is no colour: ``[-gone-] {+new+}``."""
    signs = {"gone": "[-{}-]", "new": "{{+{}+}}"}
    return " ".join(signs.get(piece.kind, "{}").format(piece.text) for piece in pieces)
