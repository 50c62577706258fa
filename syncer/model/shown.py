"""One field of one system: what it is tied to, what it shows, and what is written into it."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from msgspec import Struct

from syncer.model.mapping import FieldMapping
from syncer.model.records import LinkField
from syncer.model.remote import FieldInfo, Option, Raw
from syncer.model.values import FieldType, Kind, Seen, Value

_ABOUT = (Kind.PERSON, Kind.REFERENCE)
"""Kinds that mean what is known of others."""

_FREE = (Kind.TEXT, Kind.RICH_TEXT)
"""Kinds of which hardly two records share a value, unless it is one of the field's options."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A field mapping tied to the live field it means in one container.

    ``shown`` keeps how raw values read that many records share and that mean the same whoever
    reads them: none at all, options, days, numbers; ``said`` how such values are written where
    nothing stands yet. Both grow to a fixed size and no more. ``shared``: there are such values.
    ``by_title``: records are named here as people call them, which they may change.
    """

    mapping: FieldMapping
    info: FieldInfo
    type: FieldType
    zone: ZoneInfo
    options: tuple[Option, ...] = ()
    shown: "dict[str | tuple[object, ...] | None, FieldView]" = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    said: "dict[Value, Expression]" = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    shared: bool = field(init=False, repr=False, compare=False)
    by_title: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        kind, wire = self.type.kind, self.info.type.kind
        own = kind in _ABOUT or wire is Kind.PERSON or (kind in _FREE and wire in _FREE)
        object.__setattr__(self, "shared", not own)
        named = kind is Kind.REFERENCE and wire is not kind
        object.__setattr__(self, "by_title", named)


class Reading(Struct, frozen=True, gc=False):
    """A raw value as canonical value.

    ``MISSING`` with a ``problem`` cannot be read and is held; ``MISSING`` without one means
    "keep what was agreed". ``leftover`` are the unread members of a set; ``strangers`` people.
    """

    value: Seen
    problem: str = ""
    leftover: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()


class Expression(Struct, frozen=True, gc=False):
    """The raw value to write.

    ``cut`` if the system can show only the beginning of it; ``unsaid`` says of each member of
    a set that it cannot show why not.
    """

    raw: Raw
    cut: bool = False
    unsaid: tuple[str, ...] = ()


class FieldView(Struct, frozen=True):
    """One field of one twin now: raw and as read.

    ``met`` is what is remembered of it where it is seen for the first time, if many things show
    the same: it is made once.
    """

    bound: Bound
    raw: Raw
    reading: Reading
    met: LinkField | None = None
