"""Figures, and every agreed value of the fields whose history counts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _metrics()
    _agreements()


def _texts(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=null) for name in names]


def _metrics() -> None:
    op.create_table(
        "metrics",
        *_texts("id", "client", "connection", "property", "project", "report", "grain", "day"),
        *_texts("dimensions", "metric"),
        sa.Column("value", sa.Numeric(), nullable=True),
        *_texts("exact", null=True),
        *_texts("currency", "flags", "read_at"),
        sa.PrimaryKeyConstraint("id", name="pk_metrics"),
    )
    place = ["client", "report", "day", "id"]
    op.create_index("ix_metrics_client_report_day_id", "metrics", place)


def _agreements() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "agreements",
        sa.Column("id", number, nullable=False),
        *_texts("client", "record", "entity", "field", "value"),
        *_texts("editor", "role", "connection", "at", null=True),
        *_texts("rule"),
        sa.PrimaryKeyConstraint("id", name="pk_agreements"),
        sa.ForeignKeyConstraint(
            ["record"],
            ["records.id"],
            name="fk_agreements_record_records",
            deferrable=True,
            initially="DEFERRED",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_agreements_record", "agreements", ["record"])
    op.create_index("ix_agreements_client_field", "agreements", ["client", "field"])
