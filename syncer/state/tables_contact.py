"""The tables of first contact: when each system was met, and pairs of things that may be one."""

from sqlalchemy import Column, Float, Index, Table

from syncer.state.columns import Moment
from syncer.state.tables_base import key_column, metadata, text_column

contacts = Table(
    "contacts",
    metadata,
    key_column("client"),
    key_column("connection"),
    Column("met_at", Moment, nullable=False),
    text_column("rules"),  # digest of what was said of old stock; empty: no cycle got to its end
)

candidates = Table(
    "candidates",
    metadata,
    key_column("id"),
    text_column("client"),
    text_column("entity"),
    text_column("left_connection"),
    text_column("left_object"),
    text_column("left_id"),
    text_column("left_title"),
    text_column("left_where"),
    text_column("left_url", null=True),
    text_column("right_connection"),
    text_column("right_object"),
    text_column("right_id"),
    text_column("right_title"),
    text_column("right_where"),
    text_column("right_url", null=True),
    Column("score", Float, nullable=False),  # 0 to 1
    text_column("reason"),
    Column("since", Moment, nullable=False),
    text_column("decision"),  # open, accepted, rejected, created
    text_column("decided_by"),
    Column("decided_at", Moment),
    Index("ix_candidates_client_decision", "client", "decision"),
)
