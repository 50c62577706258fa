"""What many records have in common stands once: which fields are agreed, and by which rules."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from syncer.state.beside import Beside, beside
from syncer.state.codec_agreed import Kept, agreed_text, shaped_text, values_of
from syncer.state.codec_fields import fields_from_text, fields_text
from syncer.state.codec_records import agreed_as_json
from syncer.state.columns import UnreadableValue, parse_moment, unescape
from syncer.state.errors import StateError
from syncer.state.shapes import Shapes

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_PAGE: Final = 500
_TOLD: Final = ("client", "entity", "fields", "rules")
_DAMAGE: Final = (UnreadableValue, StateError, ValueError, TypeError, LookupError, AttributeError)
_RECORDS: Final = sa.text(
    "SELECT id, client, entity, title, since, agreed FROM records"
    " WHERE id > :last ORDER BY id LIMIT :page"
)
_LINKS: Final = sa.text("SELECT id, record, fields FROM links WHERE record IN :ids").bindparams(
    sa.bindparam("ids", expanding=True)
)
_SHAPED: Final = sa.text("UPDATE records SET agreed = :agreed, shape = :shape WHERE id = :id")
_SHORTER: Final = sa.text("UPDATE links SET fields = :fields WHERE id = :id")


def upgrade() -> None:
    connection, last, shapes = op.get_bind(), "", Shapes()
    _tables(connection.dialect.name)
    while rows := connection.execute(_RECORDS, {"last": last, "page": _PAGE}).all():
        told = [(row, _shaped(connection, shapes, row)) for row in rows]
        changed = [_row(row.id, kept) for row, kept in told if kept is not None]
        if changed:
            connection.execute(_SHAPED, changed)
        _shorten(connection, {row.id: (row, kept) for row, kept in told if kept is not None})
        last = rows[-1].id


def _tables(dialect: str) -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "shapes",
        sa.Column("number", number, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _TOLD),
        sa.PrimaryKeyConstraint("number", name="pk_shapes"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_shapes_client_entity", "shapes", ["client", "entity"])
    kind = "INTEGER" if dialect == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE records ADD COLUMN shape {kind}"
        " CONSTRAINT fk_records_shape_shapes REFERENCES shapes (number)"
    )


def _shaped(connection: sa.Connection, shapes: Shapes, row: Any) -> Kept | None:
    """What is agreed of a record in the shorter form; None where it stays as it is."""
    title = unescape(row.title)
    try:
        kept = Kept(row.agreed, None, title, row.since and parse_moment(row.since))
        agreed = agreed_as_json(kept)
        place = unescape(row.client), unescape(row.entity)
        shape = shapes.best(connection, place, agreed)
        if shape is None:
            return Kept(agreed_text(agreed), None, title, kept.since)
        titled = next((name for name, one in agreed.items() if one.value == title), "")
        return Kept(
            shaped_text(agreed, shape, values_of(agreed), titled, title, kept.since),
            shape,
            title,
            kept.since,
        )
    except _DAMAGE:
        return None  # told when it is looked at, with the way out


def _row(id: str, kept: Kept) -> dict[str, Any]:
    return {"id": id, "agreed": kept.text, "shape": kept.shape.number if kept.shape else None}


def _shorten(connection: sa.Connection, records: dict[str, tuple[Any, Kept]]) -> None:
    """What is known of their links, beside what is agreed in the shorter form."""
    if not records:
        return
    found = connection.execute(_LINKS, {"ids": list(records)}).all()
    told = [(id, text, _shorter(text, *records[record])) for id, record, text in found]
    changed = [{"id": id, "fields": short} for id, text, short in told if short != text]
    if changed:
        connection.execute(_SHORTER, changed)


def _shorter(text: str, before: Any, after: Kept) -> str:
    try:
        known = fields_from_text(text, beside=Beside(before.agreed))
        return fields_text(dict(known), beside(after))
    except (UnreadableValue, StateError):
        return text
