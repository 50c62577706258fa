"""What the state holds of one client beside its records and twins, read by a few statements.

Whatever may be much is only asked for whether there is any of it: of an idle client there is
nothing parked, unanswered, held or open, and what is linked does not count here.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    bindparam,
    exists,
    literal_column,
    null,
    select,
    union_all,
)

from syncer.model.contact import Contact
from syncer.model.notices import NoticeStatus, PostStatus
from syncer.model.records import IntentStatus, ProposalStatus
from syncer.state.codec_work import cycle_from_row
from syncer.state.columns import readable
from syncer.state.facts import ALL_CLIENTS, ClientState, Cycle
from syncer.state.tables import (
    cache,
    clients,
    cursors,
    cycles,
    holds,
    intents,
    links,
    meta,
    parked,
    proposals,
    records,
)
from syncer.state.tables_contact import candidates, contacts
from syncer.state.tables_notices import notices, postings, rooms

FEW: Final = 2
"""So many of the last cycles are read: the one before this one, and that before it."""

CACHED, CURSOR, META, CONTACT = "cache", "cursor", "meta", "contact"

_CLIENT: Final[BindParameter[str]] = bindparam("client")

_ANY: Final[Mapping[str, ColumnElement[bool]]] = {
    "parked": parked.c.client == _CLIENT,
    "intents": (intents.c.client == _CLIENT) & (intents.c.status == str(IntentStatus.SENT)),
    "postings": (postings.c.client == _CLIENT) & (postings.c.status == str(PostStatus.SENT)),
    "to_dos": (postings.c.client == _CLIENT)
    & (postings.c.status == str(PostStatus.DONE))
    & postings.c.to_do
    & postings.c.closed.is_(False),
    "notices": (notices.c.client == _CLIENT) & (notices.c.status == str(NoticeStatus.WAITING)),
    "proposals": (proposals.c.client == _CLIENT) & (proposals.c.status == str(ProposalStatus.OPEN)),
    "holds": holds.c.client == _CLIENT,
    "candidates": candidates.c.client == _CLIENT,
    "pending": (records.c.client == _CLIENT) & records.c.pending,
    "unverified": (links.c.client == _CLIENT) & links.c.unverified,
    "rooms": rooms.c.client == _CLIENT,
}
"""What there may be of a client, by name, with the condition that finds it."""

_WHETHER: Final = select(*(exists().where(one).label(name) for name, one in _ANY.items()))
_STANDING: Final = select(clients).where(clients.c.key.in_([_CLIENT, ALL_CLIENTS]))
_LAST: Final = (
    select(cycles)
    .where(cycles.c.client == _CLIENT)
    .order_by(cycles.c.started_at.desc(), cycles.c.id.desc())
    .limit(FEW)
)


def _kind(name: str) -> ColumnElement[str]:
    return literal_column(f"'{name}'").label("kind")


_KEPT: Final = union_all(
    select(_kind(CACHED), cache.c.connection, cache.c.kind.label("name"), cache.c.content, cache.c.at)
    .where(cache.c.client == _CLIENT),
    select(_kind(CURSOR), cursors.c.connection, cursors.c.feed, cursors.c.cursor, null())
    .where(cursors.c.client == _CLIENT),
    select(_kind(CONTACT), contacts.c.connection, contacts.c.rules, null(), contacts.c.met_at)
    .where(contacts.c.client == _CLIENT),
    select(_kind(META), meta.c.key, literal_column("''"), meta.c.value, null())
    .where(meta.c.key.in_(bindparam("keys", expanding=True))),
)  # fmt: skip
"""What is kept of a client as text, in one: its columns are those of the cache."""


class Outset(Struct, frozen=True):
    """One client as a cycle finds it.

    Args:
        clients: what is remembered of it, and of all together; ``cycles`` are the last ones.
        meta: values by key, of the keys that were asked for; ``cached`` by connection and kind.
        cursors: per connection and feed; ``contacts`` by connection.
        nothing: the names of what there is none of.
    """

    clients: Mapping[str, ClientState]
    cycles: Sequence[Cycle]
    meta: Mapping[str, Any]
    cached: Mapping[tuple[str, str], tuple[Any, datetime]]
    cursors: Mapping[str, dict[str, dict[str, Any]]]
    contacts: Mapping[str, Contact]
    nothing: frozenset[str]


def read_outset(database: Connection, client: str, keys: Collection[str]) -> Outset:
    """Read it. ``keys`` are values of :meth:`Transaction.put_meta` that will be asked for."""
    mine = {"client": client}
    kept: dict[str, list[Any]] = defaultdict(list)
    for row in database.execute(_KEPT, mine | {"keys": sorted(keys)}):
        kept[row.kind].append(row)
    feeds: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in kept[CURSOR]:
        feeds[row.connection][row.name] = row.content
    whether = database.execute(_WHETHER, mine).one()._mapping
    known = (ClientState(**row) for row in database.execute(_STANDING, mine).mappings())
    return Outset(
        clients={state.key: state for state in known},
        cycles=[
            readable(cycle_from_row, dict(row)) for row in database.execute(_LAST, mine).mappings()
        ],
        meta=dict.fromkeys(keys) | {row.connection: row.content for row in kept[META]},
        cached={(row.connection, row.name): (row.content, row.at) for row in kept[CACHED]},
        cursors=feeds,
        contacts={r.connection: Contact(client, r.connection, r.at, r.name) for r in kept[CONTACT]},
        nothing=frozenset(name for name, some in whether.items() if not some),
    )
