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
    for name, table, column in (
        ("ix_links_client_unverified", "links", "unverified"),
        ("ix_records_client_pending", "records", "pending"),
    ):
        op.drop_index(name, table, if_exists=True)
        op.create_index(
            name,
            table,
            ["client"],
            sqlite_where=sa.text(f"{column} = 1"),
            postgresql_where=sa.text(column),
        )
