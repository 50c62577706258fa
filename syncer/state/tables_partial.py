"""Indexes over some rows of the tables only: of few among many, and of what may be there once.

They are apart because only migrations, and the test that compares them with the tables, need them:
to know its option, SQLAlchemy loads all of Postgres' dialect, asyncio too, at each start.
"""

from sqlalchemy import Index, text

from syncer.state.tables import journal, links, proposals, records

Index(
    "ix_records_client_pending",
    records.c.client,
    sqlite_where=text("pending = 1"),
    postgresql_where=text("pending"),
)
Index(
    "ix_links_client_unverified",
    links.c.client,
    sqlite_where=text("unverified = 1"),
    postgresql_where=text("unverified"),
)
Index(
    "ix_journal_client_key",
    journal.c.client,
    journal.c.connection,
    journal.c.key,
    sqlite_where=text("key IS NOT NULL"),
    postgresql_where=text("key IS NOT NULL"),
)
Index(
    "uq_proposals_open",
    proposals.c.record,
    proposals.c.field,
    proposals.c.proposer,
    unique=True,
    sqlite_where=text("status = 'open'"),
    postgresql_where=text("status = 'open'"),
)
