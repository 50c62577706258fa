"""The table of what many records have in common: which fields are agreed, each by which rule."""

from sqlalchemy import Column, Index, Table

from syncer.state.columns import JsonText
from syncer.state.tables_base import metadata, number_column, text_column

shapes = Table(
    "shapes",
    metadata,
    number_column("number"),
    text_column("client"),
    text_column("entity"),
    Column("fields", JsonText, nullable=False),  # their names, in the order of the values
    Column("rules", JsonText, nullable=False),  # the rule of each
    Index("ix_shapes_client_entity", "client", "entity"),
    sqlite_autoincrement=True,  # a number is never given to another one
)
