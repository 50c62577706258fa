"""First contact: what becomes of the old stock of a system, and what a person said of twins."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct, field

Place = tuple[str, str, str]
"""(connection, object, remote id): one thing in one system."""

Pair = frozenset[Place]
"""Two things of two systems."""

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class FirstContact(StrEnum):
    """What becomes of old stock: what a system held when a client first met it there.

    ``MATCH_ONLY``: it is linked to what it matches, and no new twin is made of it anywhere.
    ``MATCH_THEN_CREATE``: what has no match, and no open candidate, gets its twins.
    ``CREATE_ONLY``: nothing is matched, twins are made (the other systems are empty).
    """

    MATCH_ONLY = "match only"
    MATCH_THEN_CREATE = "match then create"
    CREATE_ONLY = "create only"


class ContactRule(Struct, frozen=True):
    """What is said of the old stock of one entity in one connection.

    Args:
        lists: names of the lists, sections or stages that take part; empty is all of them.
        active_since: what was last touched before this day (client's zone) takes no part.
    """

    mode: FirstContact = FirstContact.MATCH_ONLY
    lists: tuple[str, ...] = ()
    active_since: date | None = None


class ContactRules(Struct, frozen=True):
    """All that a client's configuration says of old stock, by connection and entity."""

    rules: Mapping[tuple[str, str], ContactRule] = field(default_factory=dict)
    otherwise: ContactRule = ContactRule()

    def of(self, connection: str, entity: str) -> ContactRule:
        """What is said of one entity in one connection."""
        return self.rules.get((connection, entity), self.otherwise)

    def digest(self, connection: str) -> str:
        """Changes when what is said of a connection does."""
        mine = ((entity, r) for (name, entity), r in self.rules.items() if name == connection)
        return _digest(frozenset(mine), self.otherwise)


@lru_cache
def _digest(mine: frozenset[tuple[str, ContactRule]], otherwise: ContactRule) -> str:
    """Made once and not for each cycle."""
    told = f"({sorted((entity, repr(rule)) for entity, rule in mine)!r}, {otherwise!r})"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


class Contact(Struct, frozen=True):
    """When a client first met a connection, by our clock.

    ``rules`` is the digest of what was said of old stock when a cycle last got to its end there;
    empty while no cycle did.
    """

    client: str
    connection: str
    met_at: datetime
    rules: str = ""


class Decision(StrEnum):
    """What a person said of a candidate. ``CREATED``: two things, and both get their twins now."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CREATED = "created"

    @property
    def apart(self) -> bool:
        """Whether it says that the two are different things."""
        return self in (Decision.REJECTED, Decision.CREATED)


class Side(Struct, frozen=True):
    """One of the two things of a candidate, as people see it. ``where`` is its board or project."""

    place: Place
    title: str
    where: str = ""
    url: str | None = None


class Candidate(Struct, frozen=True):
    """Two things of two systems that may be one; a person must say. ``score`` is 0 to 1."""

    client: str
    entity: str
    left: Side
    right: Side
    score: float
    reason: str
    since: datetime
    decision: Decision = Decision.OPEN
    decided_by: str = ""
    decided_at: datetime | None = None

    @property
    def pair(self) -> Pair:
        """The two things."""
        return frozenset({self.left.place, self.right.place})

    @property
    def id(self) -> str:
        """What people call it: the same for as long as these two things are there."""
        return pair_id(self.client, self.pair)


def pair_id(client: str, pair: Pair) -> str:
    """A short name of two things, easily told from a word."""
    digest = hashlib.sha256(repr((client, sorted(pair))).encode()).digest()
    return "M" + "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:7])


class Tally(Struct, frozen=True):
    """A first contact in figures.

    Args:
        matched: records that things of several systems were found to be.
        candidates: pairs that may be one thing and wait for a person.
        create: twins to be made; ``change`` other writes.
        held: what else waits for a person.
        left: old stock left alone: by mode or by filter.
    """

    matched: int = 0
    candidates: int = 0
    create: int = 0
    change: int = 0
    held: int = 0
    left: int = 0
