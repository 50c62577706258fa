"""What adapters and the engine say to each other: vendor things in neutral JSON.

A raw value is JSON with ids, not names, in one form per kind; what an adapter pulls and
what it is asked to push have the same form, so a value read can be written back unchanged:

===========  =====================================================================
kind         raw form
===========  =====================================================================
text         ``"..."`` or ``None``
rich_text    Markdown, or ``None``
date         ``"2026-01-31"``
instant      ``"2026-01-31T17:00:00.000Z"``
when         either of the two above
number       decimal string, ``"42.5"``
money        ``{"amount": "1500", "currency": "EUR"}`` (currency may be ``None``)
enumeration  option id; many: sorted list of option ids
person       user id as in :class:`RemotePerson`; many: sorted list
reference    remote id of an object named by the field's target; many: sorted list
boolean      ``true`` / ``false``
===========  =====================================================================

An empty field is ``None``; a key that is absent from ``fields`` was not told. In a write,
``{"name": "..."}`` may stand for an option id where the field is extensible.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from syncer.model.entities import PRESENT
from syncer.model.values import MISSING, FieldType, Json, Missing

Raw = Json
Fields = Mapping[str, Raw]


class Author(StrEnum):
    """Whether the vendor can say who changed a field."""

    YES = "yes"
    FEED_ONLY = "feed-only"
    NO = "no"


class Option(Struct, frozen=True):
    """One choice of an enumeration field. ``container`` is set where choices differ by board."""

    id: str
    name: str
    container: str | None = None
    active: bool = True


class FieldInfo(Struct, frozen=True):
    """A vendor field as it stands in the live system.

    ``id`` is the key in ``Record.fields`` and does not change when ``name`` does.
    ``max_length`` is in characters, ``precision`` in decimal digits.
    ``extensible`` says that a choice that does not exist is made when it is written by name.
    """

    id: str
    name: str
    type: FieldType
    options: tuple[Option, ...] = ()
    writable: bool = True
    author: Author = Author.YES
    container: str | None = None
    custom: bool = False
    max_length: int | None = None
    precision: int | None = None
    extensible: bool = False


class ObjectInfo(Struct, frozen=True):
    """A vendor record type. ``inside`` is the object its containers are (a card: ``board``).

    ``home`` is where this scope makes new ones that are in no container (a workspace, a team).
    """

    name: str
    fields: tuple[FieldInfo, ...]
    inside: str | None = None
    creatable: bool = True
    archivable: bool = True
    comments: bool = False
    home: str | None = None

    def candidates(self, name: str, container: str | None, *, custom: bool) -> list[FieldInfo]:
        """Fields that this name (or id) can mean in a container; more than one is a fault."""
        here = [f for f in self.fields if f.container in (None, container) and f.custom == custom]
        return [f for f in here if f.id == name] or [f for f in here if f.name == name]


class Catalogue(Struct, frozen=True):
    """What ``describe`` found in one scope: objects, their fields, options and limits."""

    objects: Mapping[str, ObjectInfo] = field(default_factory=dict)
    containers: Mapping[str, str] = field(default_factory=dict)
    """Containers in scope: id to name."""


class RemotePerson(Struct, frozen=True):
    """A vendor's user. ``id`` is what person fields and changes hold; ``aliases`` also name them.

    ``zone`` is the time zone of the account that answers to :meth:`whoami`, where it has one.
    """

    id: str
    name: str
    email: str | None = None
    aliases: tuple[str, ...] = ()
    active: bool = True
    guest: bool = False
    zone: str = ""


class RemoteRecord(Struct, frozen=True, gc=False):
    """One vendor thing as it stood at ``as_of`` (the vendor's clock, UTC).

    ``container`` is the board or project it is in; ``parent`` the remote id it hangs under.
    """

    object: str
    id: str
    fields: Fields
    as_of: datetime
    container: str | None = None
    existence: str = PRESENT
    modified_at: datetime | None = None
    created_at: datetime | None = None
    created_by: str | None = None
    url: str | None = None


class Gone(Struct, frozen=True):
    """A record was deleted, left the scope (``moved``) or was merged ``into`` another."""

    object: str
    id: str
    at: datetime | None = None
    by: str | None = None
    moved: bool = False
    into: str | None = None


class Change(Struct, frozen=True, gc=False):
    """One entry of a vendor's own history of a field.

    ``key`` is the vendor's id of the entry and the same from feed and history; an empty key
    is a hint: the field was touched, values are not told, ask ``history``.
    ``field`` is a :class:`FieldInfo` id or ``existence`` (then ``new`` is present/archived).
    For sets ``old`` and ``new`` are whole sets. ``MISSING`` is a value the vendor does not tell.
    ``by`` is a :class:`RemotePerson` id; ``automation`` names a robot, rule or app instead.
    """

    object: str
    id: str
    field: str
    at: datetime | None
    by: str | None = None
    automation: str | None = None
    key: str = ""
    old: Raw | Missing = MISSING
    new: Raw | Missing = MISSING


class Op(StrEnum):
    """What a write does."""

    CREATE = "create"
    UPDATE = "update"
    ARCHIVE = "archive"
    RESTORE = "restore"


class Write(Struct, frozen=True, gc=False):
    """One write to one vendor record.

    ``intent`` identifies it for ever. ``base`` holds, for updates, the raw values we believe
    the fields to have now. ``archive`` says how: ``closed`` or ``{"field": id, "option": name}``.
    ``since`` is when the intent was made; ``find`` looks for results from then on.
    """

    intent: str
    op: Op
    object: str
    id: str | None = None
    container: str | None = None
    fields: Fields = field(default_factory=dict)
    base: Fields = field(default_factory=dict)
    template: str | None = None
    archive: Mapping[str, str] | None = None
    since: datetime | None = None


class Result(StrEnum):
    """How a write ended. ``UNKNOWN``: it may have happened; look before repeating."""

    DONE = "done"
    REFUSED = "refused"
    RETRY = "retry"
    UNKNOWN = "unknown"


class Outcome(Struct, frozen=True, gc=False):
    """What became of a write.

    ``got`` is what the answer shows for each field sent. ``stale`` holds fields that were not
    written because, read again just before, they no longer showed ``base``; with what they show.
    ``refused`` names single fields that the vendor would not take, with its reason.
    """

    intent: str
    result: Result
    id: str | None = None
    container: str | None = None
    got: Fields = field(default_factory=dict)
    stale: Fields = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    as_of: datetime | None = None
    url: str | None = None
    reason: str = ""
