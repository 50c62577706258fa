"""Links and agreements refer to their record by a number, which is a third of its id and sorted."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from syncer.state.columns import UnreadableValue

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_REFERRING: Final = ("links", "agreements")
_DEFERRED: Final = "DEFERRABLE INITIALLY DEFERRED"
_RECORDS: Final = """
CREATE TABLE new_records (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    client TEXT NOT NULL,
    entity TEXT NOT NULL,
    title TEXT NOT NULL,
    folded TEXT NOT NULL,
    pending BOOLEAN NOT NULL,
    agreed TEXT NOT NULL,
    since TEXT,
    shape INTEGER,
    CONSTRAINT uq_records_id UNIQUE (id),
    CONSTRAINT fk_records_shape_shapes FOREIGN KEY (shape) REFERENCES shapes (number)
)
"""
_LINKS: Final = f"""
CREATE TABLE new_links (
    id TEXT NOT NULL,
    client TEXT NOT NULL,
    record INTEGER NOT NULL,
    connection TEXT NOT NULL,
    object TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    container TEXT,
    status TEXT NOT NULL,
    existence TEXT NOT NULL,
    linked_at TEXT,
    as_of TEXT,
    url TEXT,
    fields TEXT NOT NULL,
    verify TEXT NOT NULL,
    unverified BOOLEAN NOT NULL,
    stock BOOLEAN NOT NULL,
    let_in BOOLEAN NOT NULL,
    mark BIGINT,
    CONSTRAINT pk_links PRIMARY KEY (id),
    CONSTRAINT fk_links_record_records
        FOREIGN KEY (record) REFERENCES records (number) {_DEFERRED},
    CONSTRAINT uq_links_client_connection_object_remote_id
        UNIQUE (client, connection, object, remote_id)
)
"""
_AGREEMENTS: Final = f"""
CREATE TABLE new_agreements (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    client TEXT NOT NULL,
    record INTEGER NOT NULL,
    entity TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    editor TEXT,
    role TEXT,
    connection TEXT,
    at TEXT,
    rule TEXT NOT NULL,
    CONSTRAINT fk_agreements_record_records
        FOREIGN KEY (record) REFERENCES records (number) {_DEFERRED}
)
"""
_KEPT: Final = {
    "records": "id, client, entity, title, folded, pending, since, agreed, shape",
    "links": "id, client, connection, object, remote_id, container, status, existence, linked_at,"
    " as_of, url, fields, verify, unverified, stock, let_in, mark",
    "agreements": "id, client, entity, field, value, editor, role, connection, at, rule",
}


def upgrade() -> None:
    connection = op.get_bind()
    for table in _REFERRING:
        _check(connection, table)
    if connection.dialect.name == "sqlite":
        _rebuild()
    else:
        _alter()
    key = ["client", "entity", "number"]
    op.create_index("ix_records_client_entity_number", "records", key)
    for table in _REFERRING:
        op.create_index(f"ix_{table}_record", table, ["record"])


def _check(connection: sa.Connection, table: str) -> None:
    """Nothing is left behind: what refers to no record is told, and the state stays as it was."""
    lost = connection.execute(
        sa.text(
            f"SELECT id, record FROM {table}"  # noqa: S608 - our names
            f" WHERE NOT EXISTS (SELECT 1 FROM records WHERE records.id = {table}.record) LIMIT 1"
        )
    ).first()
    if lost:
        raise UnreadableValue(
            f"{table} {lost.id!r} names record {lost.record!r}, which is not there; if somebody"
            f" deleted that on purpose, what names it may be deleted from {table} too"
        )


def _rebuild() -> None:
    """SQLite changes no key of a table that is there: each is made anew, row by row."""
    for table, made in (("records", _RECORDS), ("links", _LINKS), ("agreements", _AGREEMENTS)):
        op.execute(made)
        names, source = _KEPT[table], f"{table} AS old"
        told = ", ".join(f"old.{name}" for name in names.split(", "))
        if table in _REFERRING:
            names, told = f"{names}, record", f"{told}, records.number"
            source += " JOIN records ON records.id = old.record"
        op.execute(
            f"INSERT INTO new_{table} ({names})"  # noqa: S608 - our names
            f" SELECT {told} FROM {source} ORDER BY old.rowid"
        )
        op.drop_table(table)
        op.rename_table(f"new_{table}", table)
    for table, which in (("records", "pending"), ("links", "unverified")):
        op.create_index(
            f"ix_{table}_client_{which}", table, ["client"], sqlite_where=sa.text(f"{which} = 1")
        )


def _alter() -> None:
    for table in (*_REFERRING, "proposals"):
        op.drop_constraint(f"fk_{table}_record_records", table)
    op.drop_index("ix_records_client_entity_id", "records")
    op.drop_constraint("pk_records", "records")
    op.execute("ALTER TABLE records ADD COLUMN number BIGSERIAL")
    op.create_primary_key("pk_records", "records", ["number"])
    op.create_unique_constraint("uq_records_id", "records", ["id"])
    _refer("proposals", "id")
    for table in _REFERRING:
        op.drop_index(f"ix_{table}_record", table)
        op.alter_column(table, "record", new_column_name="record_id")
        op.add_column(table, sa.Column("record", sa.BigInteger()))
        op.execute(
            f"UPDATE {table} SET record = records.number"  # noqa: S608 - our names
            f" FROM records WHERE records.id = {table}.record_id"
        )
        op.alter_column(table, "record", nullable=False)
        op.drop_column(table, "record_id")
        _refer(table, "number")


def _refer(table: str, key: str) -> None:
    op.create_foreign_key(
        f"fk_{table}_record_records",
        table,
        "records",
        ["record"],
        [key],
        deferrable=True,
        initially="DEFERRED",
    )
