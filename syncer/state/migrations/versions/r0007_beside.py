"""A link tells by a sign what is agreed of its record, and does not hold it once more.

Titles are looked for by people, now and then: no index is kept for that at each write.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

from syncer.state.beside import Beside
from syncer.state.codec_fields import fields_from_text, fields_text
from syncer.state.columns import UnreadableValue
from syncer.state.errors import StateError

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_PAGE: Final = 500
_LINKS: Final = sa.text(
    "SELECT links.id, links.fields, records.agreed FROM links"
    " JOIN records ON records.id = links.record"
    " WHERE links.id > :last ORDER BY links.id LIMIT :page"
)
_SHORTER: Final = sa.text("UPDATE links SET fields = :fields WHERE id = :id")


def upgrade() -> None:
    op.drop_index("ix_records_folded", "records", if_exists=True)
    connection, last = op.get_bind(), ""
    while rows := connection.execute(_LINKS, {"last": last, "page": _PAGE}).all():
        found = [(id, text, _shorter(text, agreed)) for id, text, agreed in rows]
        told = [{"id": id, "fields": short} for id, text, short in found if short != text]
        if told:
            connection.execute(_SHORTER, told)
        last = rows[-1].id


def _shorter(text: str, agreed: str) -> str:
    beside = Beside(agreed)
    try:
        return fields_text(dict(fields_from_text(text, beside=beside)), beside)
    except (UnreadableValue, StateError):
        return text  # told when it is looked at, with the way out
