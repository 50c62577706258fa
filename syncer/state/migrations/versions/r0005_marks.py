"""Links remember a fingerprint of what was told last, so that the same again needs no reading."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("links", sa.Column("mark", sa.BigInteger(), nullable=True))
