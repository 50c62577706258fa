"""The people of the agency, and who they are in each system."""

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Final

from msgspec import Struct, field

from syncer.model.remote import RemotePerson
from syncer.model.rules import NOWHERE, Source
from syncer.model.structs import Discreet

EVERYWHERE: Final = "*"
"""Key of a person's home for every client that is not named."""


class Person(Discreet, Struct, frozen=True):
    """One entry of ``config/people.yaml``.

    ``ids`` maps a connection or system to an id, a user name or an e-mail address there.
    ``away`` holds (first, last) days, in which ``deputy`` acts for them. A leaver has ``left`` and
    perhaps a ``successor``. ``homes`` maps a client (or :data:`EVERYWHERE`) to the connection or
    system where a heads-up reaches them; it goes before their role's. ``quiet`` (over at once
    where both times are the same) and ``digest`` are their own times of day. ``addresses`` are of other channels (mail, chat), and secret.
    """

    HIDDEN = frozenset({"addresses"})

    key: str
    name: str
    email: str | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    zone: str | None = None
    away: tuple[tuple[date, date], ...] = ()
    left: date | None = None
    successor: str | None = None
    source: Source = NOWHERE
    homes: Mapping[str, str] = field(default_factory=dict)
    deputy: str | None = None
    quiet: tuple[time, time] | None = None
    digest: time | None = None
    addresses: tuple[str, ...] = ()


class Directory(Struct, frozen=True):
    """Who is who in one connection: both ways, exact, never guessed."""

    to_person: Mapping[str, str] = field(default_factory=dict)
    to_remote: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """Remote id to the name the vendor shows, for messages about people we do not know."""

    def person(self, remote: str | None) -> str | None:
        """The person's key, or None for somebody not in ``people.yaml``."""
        return self.to_person.get(remote) if remote else None

    def shown(self, remote: str) -> str:
        """How to call a remote user in a message."""
        return self.to_person.get(remote) or self.names.get(remote) or remote


def directory(
    people: Iterable[Person], connection: str, system: str, remote: Iterable[RemotePerson]
) -> Directory:
    """Match configured people with a system's users by id, alias or configured e-mail.

    Only exact identifiers written in ``people.yaml`` count; names are never compared.
    """
    to_person: dict[str, str] = {}
    to_remote: dict[str, str] = {}
    names: dict[str, str] = {}
    by_alias: dict[str, RemotePerson] = {}
    for user in remote:
        names[user.id] = user.name
        for alias in (user.id, *user.aliases, *((user.email,) if user.email else ())):
            by_alias.setdefault(alias.casefold(), user)
    for person in people:
        written = person.ids.get(connection) or person.ids.get(system)
        wanted = written or person.email
        if not wanted:
            continue
        found = by_alias.get(wanted.casefold())
        remote_id = found.id if found else (written or "")
        if not remote_id:
            continue
        to_remote[person.key] = remote_id
        for alias in (remote_id, *(found.aliases if found else ())):
            to_person[alias] = person.key
    return Directory(to_person, to_remote, names)
