"""What the state remembers: records, their links, and per link and field what was seen and asked."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from syncer.model.agreements import Agreed as Agreed  # noqa: PLC0414 - told with records
from syncer.model.agreements import Agreement as Agreement  # noqa: PLC0414 - likewise
from syncer.model.remote import Change, Op, Raw
from syncer.model.values import MISSING, Json, Missing, Value

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class LinkField(Struct, frozen=True, gc=False):
    """What one system's field showed and was asked.

    Args:
        seen: the raw value last decided on.
        read: the canonical value (as JSON) that ``seen`` was read as; if the same raw value
            now reads differently, the mapping changed and nobody edited anything.
        asked: the raw value last asked for; ``got`` what was answered; ``asked_at`` there.
        shown: the raw value last shown, where it is not yet decided on (held, settling).
        cut: the value asked for was cut to fit, so what is shown is not the whole.
        remote: the id of the field that showed it; another one now is nobody's edit.
        told: what the vendor told of it and is not decided on: it may not be told again.
    """

    seen: Raw | Missing = MISSING
    read: Json | Missing = MISSING
    asked: Raw | Missing = MISSING
    got: Raw | Missing = MISSING
    asked_at: datetime | None = None
    shown: Raw | Missing = MISSING
    cut: bool = False
    remote: str | None = None
    told: tuple[Change, ...] = ()


class LinkStatus(StrEnum):
    """``LINKED`` twins are kept in step; ``GONE`` were deleted; ``UNLINKED`` left the scope."""

    LINKED = "linked"
    GONE = "gone"
    UNLINKED = "unlinked"


class Link(Struct, frozen=True, gc=False):
    """A record's twin in a connection.

    ``linked_at`` and ``as_of`` are by the vendor's clock: history up to the first was before our
    time; the second is how far the state we decided on reached. ``verify`` names fields we wrote
    whose history was not looked at since. ``existence`` is what the twin last showed.
    ``stock``: it was there when the client first met the system; ``let_in`` by the filter of that.
    ``mark`` is a fingerprint of what was told when it was last decided on and left nothing open.
    """

    id: str
    record: str
    connection: str
    object: str
    remote_id: str
    container: str | None = None
    status: LinkStatus = LinkStatus.LINKED
    existence: str = "present"
    linked_at: datetime | None = None
    as_of: datetime | None = None
    url: str | None = None
    fields: Mapping[str, LinkField] = field(default_factory=dict)
    verify: frozenset[str] = frozenset()
    stock: bool = False
    let_in: bool = True
    mark: int | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """(connection, object, remote id): unique among all links."""
        return (self.connection, self.object, self.remote_id)


class Record(Struct, frozen=True, gc=False):
    """One canonical thing, known ``since`` then. ``pending``: it is still to be done or looked at."""

    id: str
    client: str
    entity: str
    agreed: Mapping[str, Agreed] = field(default_factory=dict)
    pending: bool = False
    since: datetime | None = None

    def value(self, name: str) -> Value:
        """The agreed value of a field; None where nothing was agreed yet."""
        found = self.agreed.get(name)
        return found.value if found else None


class ProposalStatus(StrEnum):
    """How a proposal stands or ended."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    COUNTERED = "countered"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    LAPSED = "lapsed"


class Proposal(Struct, frozen=True):
    """A held edit waiting for the owner. One open one per (record, field, proposer).

    ``base`` is the agreed value when it was made; ``version`` counts edits of it; ``delivered`` is
    the version the owner was last told of (0: none).
    """

    id: str
    client: str
    record: str
    entity: str
    field: str
    proposer: str
    connection: str
    value: Value
    base: Value
    rule: str
    opened_at: datetime
    updated_at: datetime
    expires_at: datetime | None = None
    version: int = 1
    delivered: int = 0
    delivered_at: datetime | None = None
    status: ProposalStatus = ProposalStatus.OPEN
    closed_by: str | None = None
    closed_at: datetime | None = None
    reason: str = ""

    @property
    def number(self) -> str:
        """What people call it in an answer: short, and easily told from a word."""
        digest = hashlib.sha256(self.id.encode()).digest()
        return "P" + "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:5])


class JournalEntry(Struct, frozen=True, gc=False):
    """One line of the append-only history.

    Args:
        kind: ``edit``, ``verdict``, ``first_contact``, ``write``, ``proposal``, ``link``,
            ``hold``, ``remap``, ``rewrite``, ``parked``, ``command``.
        key: the vendor's id of a change, unique per connection, so it is journalled once.
        old, new: canonical values as JSON.
        outcome: what was decided: ``taken``, ``proposed``, ``reverted``, ``overruled``, ...
    """

    client: str
    at: datetime
    kind: str
    cycle: str = ""
    record: str | None = None
    entity: str | None = None
    field: str | None = None
    connection: str | None = None
    key: str | None = None
    editor: str | None = None
    role: str | None = None
    old: Json = None
    new: Json = None
    outcome: str = ""
    rule: str = ""
    text: str = ""


class IntentStatus(StrEnum):
    """``SENT`` intents may have happened; they are looked up before anything is repeated."""

    SENT = "sent"
    DONE = "done"
    FAILED = "failed"


class Intent(Struct, frozen=True, gc=False):
    """A write that is about to be sent, recorded before it is.

    ``fields`` maps remote field ids to raw values; ``got`` to what the answer showed. Vendor's clock.
    """

    id: str
    client: str
    cycle: str
    record: str
    connection: str
    op: Op
    object: str
    remote_id: str | None
    container: str | None
    fields: Mapping[str, Raw]
    created_at: datetime
    status: IntentStatus = IntentStatus.SENT
    done_at: datetime | None = None
    got: Mapping[str, Raw] = field(default_factory=dict)


class Hold(Struct, frozen=True):
    """Something that is not decided until a person looks at it.

    ``key`` is stable, so a hold is listed once for as long as it lasts. ``candidates`` are the
    records it may be, or the people (``NAME <id>``) of whom nobody said who they are.
    """

    key: str
    client: str
    kind: str
    reason: str
    connection: str | None = None
    object: str | None = None
    remote_id: str | None = None
    record: str | None = None
    field: str | None = None
    candidates: tuple[str, ...] = ()
    since: datetime | None = None


class Parked(Struct, frozen=True):
    """Work that failed and is tried again; without ``connection`` the record as a whole did."""

    key: str
    client: str
    record: str | None
    connection: str
    reason: str
    attempts: int
    next_try: datetime
    since: datetime
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """A short name for people to type: the same for as long as it is parked."""
        return f"f_{hashlib.sha256(f'{self.client}:{self.key}'.encode()).hexdigest()[:10]}"
