"""First contact: what is old stock, since when records are known, and candidates for twins.

What is linked already was met long ago: nothing of it is old stock.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_LONG_AGO = "1970-01-01T00:00:00.000000Z"
_MET = "*"  # whatever is said of old stock now was always so


def upgrade() -> None:
    for name, value in (("stock", sa.false()), ("let_in", sa.true())):
        column: sa.Column[bool] = sa.Column(
            name, sa.Boolean(), nullable=False, server_default=value
        )
        op.add_column("links", column)
    op.add_column("records", sa.Column("since", sa.Text(), nullable=True))
    _contacts()
    _candidates()


def _texts(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=null) for name in names]


def _contacts() -> None:
    table = op.create_table(
        "contacts",
        *_texts("client", "connection", "met_at", "rules"),
        sa.PrimaryKeyConstraint("client", "connection", name="pk_contacts"),
    )
    met = sa.union(*(_places(name) for name in ("links", "cursors")))
    found = [(row.client, row.connection) for row in op.get_bind().execute(met)]
    told = {"met_at": _LONG_AGO, "rules": _MET}
    op.bulk_insert(table, [{"client": c, "connection": n, **told} for c, n in sorted(found)])


def _places(name: str) -> sa.Select[tuple[str, str]]:
    table = sa.table(name, sa.column("client", sa.Text()), sa.column("connection", sa.Text()))
    return sa.select(table.c.client, table.c.connection).distinct()


def _candidates() -> None:
    sides = [
        column
        for side in ("left", "right")
        for column in (
            *_texts(*(f"{side}_{name}" for name in ("connection", "object", "id"))),
            *_texts(f"{side}_title", f"{side}_where"),
            *_texts(f"{side}_url", null=True),
        )
    ]
    op.create_table(
        "candidates",
        *_texts("id", "client", "entity"),
        *sides,
        sa.Column("score", sa.Float(), nullable=False),
        *_texts("reason", "since", "decision", "decided_by"),
        *_texts("decided_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_candidates"),
    )
    op.create_index("ix_candidates_client_decision", "candidates", ["client", "decision"])
