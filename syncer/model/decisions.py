"""What the pure stages say: readings, views, edits, verdicts and the plan."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from msgspec import Struct
from msgspec import field as factory

from syncer.model.mapping import EntityMapping
from syncer.model.records import Hold, Proposal, ProposalStatus
from syncer.model.refusals import Refusal as Refusal  # noqa: PLC0414 - told with plans
from syncer.model.remote import Op, Raw
from syncer.model.rules import Rule
from syncer.model.shown import Bound as Bound  # noqa: PLC0414 - told with views
from syncer.model.shown import Expression as Expression  # noqa: PLC0414 - likewise
from syncer.model.shown import FieldView as FieldView  # noqa: PLC0414 - likewise
from syncer.model.shown import Reading as Reading  # noqa: PLC0414 - likewise
from syncer.model.values import MISSING, Missing, Seen, Value


class View(Struct, frozen=True, gc=False):
    """What one system shows of one record now."""

    connection: str
    object: str
    remote_id: str
    mapping: EntityMapping
    fields: Mapping[str, FieldView]
    existence: str
    container: str | None = None
    url: str | None = None
    as_of: datetime | None = None
    modified_at: datetime | None = None
    created_by: str | None = None
    in_scope: bool = True
    bindings: Mapping[str, Bound] = factory(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str]:
        """(connection, object, remote id)."""
        return (self.connection, self.object, self.remote_id)


class Editor(Struct, frozen=True, gc=False):
    """Who made a change: a person we know, a robot by name, or neither (nobody).

    ``shown`` is how to call them in a message.
    """

    person: str | None = None
    automation: str | None = None
    shown: str = "somebody unknown"


class Step(Struct, frozen=True, gc=False):
    """One value that somebody gave to a field in one system."""

    value: Seen
    connection: str
    editor: Editor
    at: datetime | None = None
    old: Seen = MISSING
    key: str = ""


class Change(StrEnum):
    """How a field of a twin stands against what was last decided on."""

    SAME = "same"
    EDITED = "edited"
    REMAPPED = "remapped"
    NEW = "new"
    UNREADABLE = "unreadable"
    KEPT = "kept"


class Judged(Struct, frozen=True, gc=False):
    """A step with what became of it; ``rule`` decided."""

    step: Step
    outcome: str
    role: str | None = None


class Draft(Struct, frozen=True):
    """A proposal to open, or a new version of one that is open."""

    proposer: str
    connection: str
    value: Value
    at: datetime | None


class Closing(Struct, frozen=True):
    """A proposal that ends."""

    proposal: Proposal
    status: ProposalStatus
    by: str | None = None


class Verdict(Struct, frozen=True):
    """What was decided about one field of one record.

    ``value`` is agreed from now on; ``keep_in`` are connections whose own differing value
    stays for now (an open proposal that is kept where it was made).
    ``told`` are steps that the owner must hear of.
    """

    field: str
    rule: Rule
    value: Seen
    changed: bool = False
    winner: Judged | None = None
    judged: tuple[Judged, ...] = ()
    drafts: tuple[Draft, ...] = ()
    closings: tuple[Closing, ...] = ()
    told: tuple[Step, ...] = ()
    keep_in: frozenset[str] = frozenset()
    held: str = ""


class FieldWrite(Struct, frozen=True, gc=False):
    """One field of an action: canonical old and new, and the very raw value that is sent."""

    field: str
    remote: str
    old: Seen
    new: Value
    raw: Raw
    why: str
    rule: str = ""
    cut: bool = False


class Action(Struct, frozen=True, gc=False):
    """One write of the plan.

    ``container`` is a remote id, or ``container_of`` names the record whose twin in this
    connection is the container and may still have to be made. ``level`` orders creation.
    """

    client: str
    record: str
    entity: str
    title: str
    connection: str
    op: Op
    object: str
    level: int
    remote_id: str | None = None
    container: str | None = None
    container_of: str | None = None
    writes: tuple[FieldWrite, ...] = ()
    base: Mapping[str, Raw | Missing] = factory(default_factory=dict)
    template: str | None = None
    archive: Mapping[str, str] | None = None
    why: str = ""
    rule: str = ""


class Inexpressible(Struct, frozen=True):
    """A value that a system cannot hold, said by ``plan``."""

    record: str
    title: str
    connection: str
    field: str
    reason: str


class Remap(Struct, frozen=True):
    """A group of twins that read differently because the mapping or a name changed."""

    connection: str
    entity: str
    field: str
    before: str
    now: str
    count: int
    source: str


@runtime_checkable
class Counting(Protocol):
    """Writes that know, without a look at each, how many of them are of a kind."""

    counts: Counter[tuple[str, Op]]


class Plan(Struct, frozen=True):
    """The sorted, printable list of what one cycle of one client will do."""

    client: str
    actions: Sequence[Action] = ()
    inexpressible: tuple[Inexpressible, ...] = ()
    remaps: tuple[Remap, ...] = ()
    holds: tuple[Hold, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    def counts(self) -> Counter[tuple[str, Op]]:
        """How many writes of each kind each connection gets."""
        if isinstance(self.actions, Counting):
            return self.actions.counts
        return Counter((action.connection, action.op) for action in self.actions)
