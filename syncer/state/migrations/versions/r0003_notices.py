"""What people are told; a proposal is found by the number that people call it by."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def upgrade() -> None:
    _numbers()
    _notices()
    _postings()
    _rooms()


def _texts(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=null) for name in names]


def _flags(*names: str) -> list[sa.Column[bool]]:
    return [sa.Column(name, sa.Boolean(), nullable=False) for name in names]


def _number(id: str) -> str:
    # As it was when this step was made, whatever numbers look like later.
    digest = hashlib.sha256(id.encode()).digest()
    return "P" + "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:5])


def _numbers() -> None:
    column = sa.Column("number", sa.Text(), nullable=False, server_default="")
    op.add_column("proposals", column)
    table = sa.table("proposals", sa.column("id", sa.Text()), sa.column("number", sa.Text()))
    connection = op.get_bind()
    for id in connection.scalars(sa.select(table.c.id)).all():
        statement = sa.update(table).where(table.c.id == id).values(number=_number(id))
        connection.execute(statement)
    op.create_index("ix_proposals_number", "proposals", ["number"])


def _notices() -> None:
    op.create_table(
        "notices",
        *_texts("id", "client"),
        *_texts("record", "entity", "field", null=True),
        *_texts("kind"),
        *_texts("person", "role", "connection", "proposal", null=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_texts("facts"),
        *_flags("urgent"),
        *_texts("created_at", "status"),
        *_texts("told_at", "not_before", null=True),
        *_texts("why"),
        *_texts("ref", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
    )
    op.create_index("ix_notices_status_client", "notices", ["status", "client"])
    op.create_index("ix_notices_proposal", "notices", ["proposal"])
    op.create_index("ix_notices_record", "notices", ["record"])


def _postings() -> None:
    op.create_table(
        "postings",
        *_texts("ref", "client", "cycle", "connection", "object", "thread"),
        *_texts("container", null=True),
        *_texts("created_at", "people", "notices"),
        *_flags("to_do", "closed"),
        *_texts("comment", null=True),
        *_texts("status"),
        *_texts("told_at", "done_at", null=True),
        *_texts("reason"),
        sa.PrimaryKeyConstraint("ref", name="pk_postings"),
    )
    op.create_index("ix_postings_client_status", "postings", ["client", "status"])
    op.create_index("ix_postings_told_at_done_at", "postings", ["told_at", "done_at"])
    _posting_proposals()


def _posting_proposals() -> None:
    op.create_table(
        "posting_proposals",
        *_texts("posting"),
        sa.Column("position", sa.Integer(), nullable=False),
        *_texts("client", "proposal"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("posting", "position", name="pk_posting_proposals"),
        sa.ForeignKeyConstraint(
            ["posting"],
            ["postings.ref"],
            name="fk_posting_proposals_posting_postings",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_posting_proposals_proposal", "posting_proposals", ["proposal"])


def _rooms() -> None:
    key = ("client", "connection", "container")
    op.create_table(
        "rooms",
        *_texts(*key, "object", "thread"),
        *_texts("inside", null=True),
        sa.PrimaryKeyConstraint(*key, name="pk_rooms"),
    )
