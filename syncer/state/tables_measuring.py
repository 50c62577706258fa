"""The tables of figures and of what was agreed in the course of time: made to be queried.

Both are plain: ``select day, sum(value) from metrics where metric = 'sessions' group by day``
needs nothing of this program, in Datasette or in any other tool.
"""

from sqlalchemy import Column, Index, Table

from syncer.state.columns import Day, JsonText, Moment, Number, StableJson
from syncer.state.tables_base import (
    key_column,
    metadata,
    number_column,
    record_number_column,
    text_column,
)

metrics = Table(
    "metrics",
    metadata,
    # A digest of client, connection, property, project, report, grain, day, dimensions and
    # metric: a landing page can be longer than what an index of Postgres holds.
    key_column("id"),
    text_column("client"),
    text_column("connection"),
    text_column("property"),
    text_column("project"),  # empty for the client itself
    text_column("report"),
    text_column("grain"),
    Column("day", Day, nullable=False),
    Column("dimensions", StableJson, nullable=False),  # names sorted; {} where there are none
    text_column("metric"),
    Column("value", Number),  # NULL where our account may not see it
    # The number in full, only where SQLite's eight bytes do not hold it.
    text_column("exact", null=True),
    text_column("currency"),
    text_column("flags"),  # words with a blank between them
    Column("read_at", Moment, nullable=False),
    Index("ix_metrics_client_report_day_id", "client", "report", "day", "id"),
)

agreements = Table(
    "agreements",
    metadata,
    number_column("id"),
    text_column("client"),
    record_number_column(),
    text_column("entity"),
    text_column("field"),
    Column("value", JsonText, nullable=False),
    text_column("editor", null=True),
    text_column("role", null=True),
    text_column("connection", null=True),
    Column("at", Moment),
    text_column("rule"),
    sqlite_autoincrement=True,
)
