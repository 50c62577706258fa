"""The tables of records, links and work.

Those of figures are in ``tables_measuring``, those of what people are told in ``tables_notices``,
those of first contact in ``tables_contact``, indexes of some rows only in ``tables_partial``.
All are stated once for both databases. Migrations build them; a test compares the two.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
)

from syncer.state.columns import JsonText, Moment
from syncer.state.tables_base import key_column as _key
from syncer.state.tables_base import metadata, number_column, record_number_column
from syncer.state.tables_base import record_column as _record
from syncer.state.tables_base import text_column as _text

meta = Table("meta", metadata, _key("key"), Column("value", JsonText, nullable=False))

clients = Table(
    "clients",
    metadata,
    _key("key"),
    Column("paused_since", Moment),
    Column("last_ok_at", Moment),
    Column("last_full_at", Moment),
)

records = Table(
    "records",
    metadata,
    number_column("number"),  # what refers to it within the state; it stays
    _text("id"),
    _text("client"),
    _text("entity"),
    _text("title"),
    _text("folded"),  # the title for finding: NFKC and without case; empty: in small letters
    Column("pending", Boolean, nullable=False),
    Column("since", Moment),
    Column("agreed", JsonText, nullable=False),
    # Which fields these are, each by which rule; none: it is told with the values.
    Column("shape", ForeignKey("shapes.number")),
    UniqueConstraint("id"),
    Index("ix_records_client_entity_number", "client", "entity", "number"),
    sqlite_autoincrement=True,  # what was of one that was deleted by hand is never of another
)

links = Table(
    "links",
    metadata,
    _key("id"),
    _text("client"),
    record_number_column(),
    _text("connection"),
    _text("object"),
    _text("remote_id"),
    _text("container", null=True),
    _text("status"),
    _text("existence"),
    Column("linked_at", Moment),
    Column("as_of", Moment),
    _text("url", null=True),
    Column("fields", JsonText, nullable=False),
    Column("verify", JsonText, nullable=False),
    Column("unverified", Boolean, nullable=False),
    Column("stock", Boolean, nullable=False),
    Column("let_in", Boolean, nullable=False),
    Column("mark", BigInteger),
    UniqueConstraint("client", "connection", "object", "remote_id"),
)

cursors = Table(
    "cursors",
    metadata,
    _key("client"),
    _key("connection"),
    _key("feed"),
    Column("cursor", JsonText, nullable=False),
)

intents = Table(
    "intents",
    metadata,
    _key("id"),
    _text("client"),
    _text("cycle"),
    _text("record"),
    _text("connection"),
    _text("op"),
    _text("object"),
    _text("remote_id", null=True),
    _text("container", null=True),
    Column("fields", JsonText, nullable=False),
    Column("created_at", Moment, nullable=False),
    _text("status"),
    Column("done_at", Moment),
    Column("got", JsonText, nullable=False),
    Index("ix_intents_client_status", "client", "status"),
    Index("ix_intents_client_remote", "client", "connection", "object", "remote_id"),
)

journal = Table(
    "journal",
    metadata,
    number_column("id"),
    _text("client"),
    Column("at", Moment, nullable=False),
    _text("kind"),
    _text("cycle"),
    _text("record", null=True),
    _text("entity", null=True),
    _text("field", null=True),
    _text("connection", null=True),
    _text("key", null=True),
    _text("editor", null=True),
    _text("role", null=True),
    Column("old", JsonText, nullable=False),
    Column("new", JsonText, nullable=False),
    _text("outcome"),
    _text("rule"),
    _text("text"),
    _text("once", null=True),  # digest of (connection, key, field) where there is a key
    UniqueConstraint("client", "once"),
    Index("ix_journal_record_at", "record", "at"),
    Index("ix_journal_client_at", "client", "at"),
    sqlite_autoincrement=True,
)

proposals = Table(
    "proposals",
    metadata,
    _key("id"),
    _text("client"),
    _record(),
    _text("entity"),
    _text("field"),
    _text("proposer"),
    _text("connection"),
    Column("value", JsonText, nullable=False),
    Column("base", JsonText, nullable=False),
    _text("rule"),
    Column("opened_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("version", Integer, nullable=False),
    Column("delivered", Integer, nullable=False),
    Column("delivered_at", Moment),
    _text("status"),
    _text("closed_by", null=True),
    Column("closed_at", Moment),
    _text("reason"),
    _text("number"),  # what people call it
    Index("ix_proposals_client_status", "client", "status"),
    Index("ix_proposals_number", "number"),
)

holds = Table(
    "holds",
    metadata,
    _key("client"),
    _key("key"),
    _text("kind"),
    _text("reason"),
    _text("connection", null=True),
    _text("object", null=True),
    _text("remote_id", null=True),
    _text("record", null=True),
    _text("field", null=True),
    Column("candidates", JsonText, nullable=False),
    Column("since", Moment),
)

parked = Table(
    "parked",
    metadata,
    _key("client"),
    _key("key"),
    _text("record", null=True),
    _text("connection"),
    _text("reason"),
    Column("attempts", Integer, nullable=False),
    Column("next_try", Moment, nullable=False),
    Column("since", Moment, nullable=False),
    Column("detail", JsonText, nullable=False),
)

cycles = Table(
    "cycles",
    metadata,
    _key("id"),
    _text("client"),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    _text("status"),
    Column("full", Boolean, nullable=False),
    Column("counts", JsonText, nullable=False),
    _text("text"),
    Index("ix_cycles_client_started_at", "client", "started_at"),
)

cache = Table(
    "cache",
    metadata,
    _key("connection"),
    _key("client"),
    _key("kind"),
    Column("content", JsonText, nullable=False),
    Column("at", Moment, nullable=False),
)
