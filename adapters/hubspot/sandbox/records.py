"""One record and its history, as an account keeps them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct, field

from adapters.hubspot.sandbox.answers import stamp

TYPE_IDS: Final = {"companies": "0-2", "deals": "0-3", "notes": "0-46", "tasks": "0-27"}
SINGULAR: Final = {"companies": "company", "deals": "deal", "notes": "note", "tasks": "task"}
CREATED: Final = {
    "companies": "createdate",
    "deals": "createdate",
    "notes": "hs_createdate",
    "tasks": "hs_createdate",
}
"""The property that says when a record was made (guide, 10)."""

APP: Final = "2981174"
DEPTH: Final = 20
"""Entries that a property's history keeps; how many HubSpot keeps it does not say."""


def type_of(name: str) -> str | None:
    """The type that a name in a path means: plural, singular or id, in any case."""
    for type, id in TYPE_IDS.items():
        if name.lower() in (type, SINGULAR[type], id):
            return type
    return None


class Source(Struct, frozen=True):
    """Who or what makes a change, as history tells it."""

    type: str
    id: str | None = None
    user: int | None = None

    @classmethod
    def person(cls, user: int) -> "Source":
        """Somebody in the app."""
        return cls("CRM_UI", f"userId:{user}", user)


CALCULATED: Final = Source("CALCULATED")


class Version(Struct, frozen=True):
    """A record as the search index comes to know it."""

    at: datetime
    values: Mapping[str, str]
    updated: datetime


class Stored(Struct):
    """One record. ``values`` has no empty ones; ``history`` is newest first."""

    type: str
    id: str
    created: datetime
    updated: datetime
    values: dict[str, str] = field(default_factory=dict)
    history: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    archived: datetime | None = None
    versions: list[Version] = field(default_factory=list)

    def note(self, name: str, value: str, at: datetime, source: Source) -> bool:
        """Set a value; whether that changed anything."""
        if self.values.get(name, "") == value:
            return False
        self.values[name] = value
        if not value:
            del self.values[name]
        entry: dict[str, Any] = {"value": value, "timestamp": stamp(at), "sourceType": source.type}
        if source.id is not None:
            entry["sourceId"] = source.id
        if source.user is not None:
            entry["updatedByUserId"] = source.user
        self.history[name] = [entry, *self.history.get(name, [])][:DEPTH]
        return True

    def touch(self, at: datetime) -> None:
        """Something changed that moves the time of change; the index will hear of it."""
        self.updated = at
        self.values["hs_lastmodifieddate"] = stamp(at)
        self.index(at)

    def index(self, at: datetime) -> None:
        """Let the index know how the record is now."""
        self.versions = [*self.versions[-DEPTH:], Version(at, dict(self.values), self.updated)]

    def indexed(self, until: datetime) -> Version | None:
        """What the index knew at a time."""
        return next((v for v in reversed(self.versions) if v.at <= until), None)
