"""The tables of what people are told: notices, the comments that carry them, and their places.

Plain, to be asked in Datasette: who was told what, when and where, and what waits, and why.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table

from syncer.state.columns import JsonText, Moment, PlainText
from syncer.state.tables_base import key_column, metadata, text_column

notices = Table(
    "notices",
    metadata,
    key_column("id"),
    text_column("client"),
    text_column("record", null=True),
    text_column("entity", null=True),
    text_column("field", null=True),
    text_column("kind"),
    text_column("person", null=True),  # whom it is for
    text_column("role", null=True),
    text_column("connection", null=True),  # where the edit was made, for a note to its editor
    text_column("proposal", null=True),
    Column("version", Integer, nullable=False),
    Column("facts", JsonText, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    text_column("status"),
    Column("told_at", Moment),
    Column("not_before", Moment),
    text_column("why"),
    text_column("ref", null=True),  # the posting that told it
    Index("ix_notices_status_client", "status", "client"),
    Index("ix_notices_proposal", "proposal"),
    Index("ix_notices_record", "record"),
)

postings = Table(
    "postings",
    metadata,
    key_column("ref"),
    text_column("client"),
    text_column("cycle"),
    text_column("connection"),
    text_column("object"),
    text_column("thread"),
    text_column("container", null=True),
    Column("created_at", Moment, nullable=False),
    Column("people", JsonText, nullable=False),  # a list of keys
    Column("notices", JsonText, nullable=False),  # a list of ids
    Column("to_do", Boolean, nullable=False),
    Column("closed", Boolean, nullable=False),
    text_column("comment", null=True),
    text_column("status"),
    Column("told_at", Moment),
    Column("done_at", Moment),
    text_column("reason"),
    Index("ix_postings_client_status", "client", "status"),
    Index("ix_postings_told_at_done_at", "told_at", "done_at"),
)

posting_proposals = Table(
    "posting_proposals",
    metadata,
    # Checked at commit, like the reference to a record.
    Column(
        "posting",
        PlainText,
        ForeignKey("postings.ref", deferrable=True, initially="DEFERRED"),
        primary_key=True,
    ),
    Column("position", Integer, primary_key=True, autoincrement=False),
    text_column("client"),
    text_column("proposal"),
    Column("version", Integer, nullable=False),
    Index("ix_posting_proposals_proposal", "proposal"),
)

rooms = Table(
    "rooms",
    metadata,
    key_column("client"),
    key_column("connection"),
    key_column("container"),  # the board or project that has a "Heads-up" item of ours
    text_column("object"),
    text_column("thread"),
    text_column("inside", null=True),  # where the item itself is
)
