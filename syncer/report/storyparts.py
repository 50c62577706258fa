"""A record's story: what the state knows of it, and the same in words."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec import field as factory

from syncer.model.agreements import Agreed, Agreement, Then
from syncer.model.entities import EntitySpec
from syncer.model.records import Hold, JournalEntry, Link, Proposal, Record
from syncer.report.proposals import Waiting
from syncer.report.saying import Piece
from syncer.report.told import Tale


class Story(Struct, frozen=True):
    """A record with all that the state knows about it.

    Args:
        field: tell of this field only.
        proposals: open ones first.
        history: the whole journal of it, newest first; ``agreements`` as well, oldest first.
        tale: what people were told of it, beside proposals.
        confidential: fields that nobody outside may read.
        moment: tell how things stood then: ``then`` by field, and the proposals ``open_then``.
    """

    record: Record
    spec: EntitySpec
    links: tuple[Link, ...]
    proposals: tuple[Waiting, ...]
    holds: tuple[Hold, ...]
    history: tuple[JournalEntry, ...]
    field: str | None = None
    tale: Tale = factory(default_factory=Tale)
    agreements: tuple[Agreement, ...] = ()
    confidential: frozenset[str] = frozenset()
    client: str = ""
    moment: datetime | None = None
    then: Mapping[str, Then] = factory(default_factory=dict)
    open_then: tuple[Proposal, ...] = ()

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.record.value(self.spec.title) or self.record.id)

    @property
    def fields(self) -> list[str]:
        """The field in question, or all."""
        return [self.field] if self.field else list(self.spec.fields)

    @property
    def agreed(self) -> Mapping[str, Agreed]:
        """What is agreed, or was at the moment that is asked for."""
        if self.moment is not None:
            found = {name: then.agreed for name, then in self.then.items()}
            return {name: agreed for name, agreed in found.items() if agreed is not None}
        return {n: self.record.agreed[n] for n in self.fields if n in self.record.agreed}


class Row(Struct, frozen=True):
    """What is agreed of one field."""

    field: str
    value: str
    who: str
    role: str
    where: str
    at: str
    rule: str
    confidential: bool


class Told(Struct, frozen=True):
    """One event of the timeline in words; ``pieces`` where a long text changed.

    ``where`` is a phrase: ``in Asana``, ``on the command line``.
    """

    when: str
    field: str
    old: str
    new: str
    pieces: tuple[Piece, ...]
    who: str
    role: str
    where: str
    verdict: str
    number: str
    became: str
    rule: str
    cycle: str
    shown_in: str
    text: str
    confidential: bool
    held: bool


class Twin(Struct, frozen=True):
    """Where a record lives."""

    where: str
    what: str
    id: str
    state: str
    url: str


class View(Struct, frozen=True):
    """A story in words.

    Args:
        sentence: the answer; ``also`` is what is not settled, or was not.
        lines: oldest first; ``earlier`` ones are left out, and ``beside`` ones that matter less.
    """

    client: str
    entity: str
    title: str
    id: str
    zone: str
    sentence: str
    also: tuple[str, ...]
    rows: tuple[Row, ...]
    twins: tuple[Twin, ...]
    lines: tuple[Told, ...]
    earlier: int = 0
    beside: int = 0
    moment: str = ""
    begins: str = ""
