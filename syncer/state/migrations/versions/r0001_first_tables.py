"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _whole()
    _records()
    _links()
    _cursors_and_cache()
    _intents()
    _journal()
    _proposals()
    _holds_and_parked()
    _cycles()


def _make(name: str, key: tuple[str, ...], *items: sa.schema.SchemaItem) -> None:
    op.create_table(name, *items, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"))


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _maybe(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=True) for name in names]


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _of_record(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["record"],
        ["records.id"],
        name=f"fk_{name}_record_records",
        deferrable=True,
        initially="DEFERRED",
    )


def _whole() -> None:
    _make("meta", ("key",), *_texts("key", "value"))
    _make(
        "clients",
        ("key",),
        *_texts("key"),
        *_maybe("paused_since", "last_ok_at", "last_full_at"),
    )


def _records() -> None:
    _make(
        "records",
        ("id",),
        *_texts("id", "client", "entity", "title", "folded"),
        _flag("pending"),
        *_texts("agreed"),
    )
    op.create_index("ix_records_client_entity_id", "records", ["client", "entity", "id"])
    op.create_index("ix_records_client_pending", "records", ["client", "pending"])
    op.create_index("ix_records_folded", "records", ["folded"])


def _links() -> None:
    unique = ("client", "connection", "object", "remote_id")
    _make(
        "links",
        ("id",),
        *_texts("id", "client", "record", "connection", "object", "remote_id"),
        *_maybe("container"),
        *_texts("status", "existence"),
        *_maybe("linked_at", "as_of", "url"),
        *_texts("fields", "verify"),
        _flag("unverified"),
        _of_record("links"),
        sa.UniqueConstraint(*unique, name="uq_links_client_connection_object_remote_id"),
    )
    op.create_index("ix_links_record", "links", ["record"])
    op.create_index("ix_links_client_unverified", "links", ["client", "unverified"])
    op.create_index("ix_links_remote_id", "links", ["remote_id"])


def _cursors_and_cache() -> None:
    feed = ("client", "connection", "feed")
    _make("cursors", feed, *_texts(*feed, "cursor"))
    kind = ("connection", "client", "kind")
    _make("cache", kind, *_texts(*kind, "content", "at"))


def _intents() -> None:
    _make(
        "intents",
        ("id",),
        *_texts("id", "client", "cycle", "record", "connection", "op", "object"),
        *_maybe("remote_id", "container"),
        *_texts("fields", "created_at", "status"),
        *_maybe("done_at"),
        *_texts("got"),
    )
    op.create_index("ix_intents_client_status", "intents", ["client", "status"])
    remote = ["client", "connection", "object", "remote_id"]
    op.create_index("ix_intents_client_remote", "intents", remote)


def _journal() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "journal",
        sa.Column("id", number, nullable=False),
        *_texts("client", "at", "kind", "cycle"),
        *_maybe("record", "entity", "field", "connection", "key", "editor", "role"),
        *_texts("old", "new", "outcome", "rule", "text"),
        *_maybe("once"),
        sa.PrimaryKeyConstraint("id", name="pk_journal"),
        sa.UniqueConstraint("client", "once", name="uq_journal_client_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_journal_client_key", "journal", ["client", "connection", "key"])
    op.create_index("ix_journal_record_at", "journal", ["record", "at"])
    op.create_index("ix_journal_client_at", "journal", ["client", "at"])


def _proposals() -> None:
    _make(
        "proposals",
        ("id",),
        *_texts("id", "client", "record", "entity", "field", "proposer", "connection"),
        *_texts("value", "base", "rule", "opened_at", "updated_at"),
        *_maybe("expires_at"),
        _count("version"),
        _count("delivered"),
        *_maybe("delivered_at"),
        *_texts("status"),
        *_maybe("closed_by", "closed_at"),
        *_texts("reason"),
        _of_record("proposals"),
    )
    op.create_index("ix_proposals_record", "proposals", ["record"])
    op.create_index("ix_proposals_client_status", "proposals", ["client", "status"])
    op.create_index(
        "uq_proposals_open",
        "proposals",
        ["record", "field", "proposer"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )


def _holds_and_parked() -> None:
    key = ("client", "key")
    _make(
        "holds",
        key,
        *_texts(*key, "kind", "reason"),
        *_maybe("connection", "object", "remote_id", "record", "field"),
        *_texts("candidates"),
        *_maybe("since"),
    )
    _make(
        "parked",
        key,
        *_texts(*key),
        *_maybe("record"),
        *_texts("connection", "reason"),
        _count("attempts"),
        *_texts("next_try", "since", "detail"),
    )


def _cycles() -> None:
    _make(
        "cycles",
        ("id",),
        *_texts("id", "client", "started_at"),
        *_maybe("finished_at"),
        *_texts("status"),
        _flag("full"),
        *_texts("counts", "text"),
    )
    op.create_index("ix_cycles_client_started_at", "cycles", ["client", "started_at"])
