"""Indexes hold what is looked up by them, and no more: few links and records are open at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Found by its whole key, or by its record: neither needs an index of its own.
    op.drop_index("ix_links_remote_id", "links", if_exists=True)
    op.drop_index("ix_agreements_client_field", "agreements", if_exists=True)
    _only("ix_links_client_unverified", "links", ["client"], "unverified = 1", "unverified")
    _only("ix_records_client_pending", "records", ["client"], "pending = 1", "pending")
    keyed = ["client", "connection", "key"]
    _only("ix_journal_client_key", "journal", keyed, "key IS NOT NULL", "key IS NOT NULL")


def _only(name: str, table: str, columns: list[str], sqlite: str, postgres: str) -> None:
    op.drop_index(name, table, if_exists=True)
    op.create_index(
        name, table, columns, sqlite_where=sa.text(sqlite), postgresql_where=sa.text(postgres)
    )
