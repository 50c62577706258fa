"""Full-text search over the journal: FTS5 by sqlite-utils, a text index on Postgres."""

import sqlite3
import string
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    column,
    false,
    func,
    inspect,
    literal_column,
    select,
    table,
    text,
)

from syncer.state.codec_journal import SEARCHED, WORD
from syncer.state.tables import journal

# A migration that changes what is searched drops the index, and it is made anew.

SEARCH_TABLES: Final = "journal_fts"
"""How the names of everything begin that only search needs; not among the tables."""

TRIGGERS: Final = ("journal_ai", "journal_ad", "journal_au")
"""Keep the index up to date; named by sqlite-utils. Rebuilding the journal loses them."""

# Postgres reads "honey.example" as one word and FTS5 as two; blanks for punctuation make them
# alike. The percent sign is spelt chr(37), since drivers read it as a parameter. A text index
# takes less than 1 MiB an entry, so very long texts are searchable by their beginnings only.
_SIGNS = string.punctuation.replace("%", "").replace("'", "''")
_JOINED = " || ' ' || ".join(f"coalesce(\"{name}\", '')" for name in SEARCHED)
_WORDS = f"translate(left({_JOINED}, 100000), '{_SIGNS}' || chr(37), repeat(' ', 32))"
_DOCUMENT: Final = f"to_tsvector('simple'::regconfig, {_WORDS})"


def matching(dialect: str, wanted: str) -> ColumnElement[bool]:
    """Entries that hold every word of ``wanted``, or words that begin so."""
    words = WORD.findall(wanted)
    if not words:
        return false()
    if dialect == "sqlite":
        terms = " ".join(f'"{word}"*' for word in words)
        index = table(SEARCH_TABLES, column("rowid", Integer))
        found = select(index.c.rowid).where(literal_column(SEARCH_TABLES).match(terms))
        return journal.c.id.in_(found)
    terms = " & ".join(f"{word}:*" for word in words)
    query: Any = func.to_tsquery(literal_column("'simple'::regconfig"), terms)
    return literal_column(_DOCUMENT).bool_op("@@")(query)


def is_ready(connection: Connection) -> bool:
    """Whether the search index is there, with all that keeps it up to date."""
    if connection.dialect.name != "sqlite":
        names = {index["name"] for index in inspect(connection).get_indexes("journal")}
        return SEARCH_TABLES in names
    parts = connection.scalars(
        text("SELECT name FROM sqlite_master WHERE tbl_name IN ('journal', 'journal_fts')")
    )
    return {SEARCH_TABLES, *TRIGGERS} <= set(parts)


def tend_sqlite(connection: sqlite3.Connection) -> None:
    """Make the search index and its triggers, within the transaction that is under way."""
    import sqlite_utils  # only a new index needs it

    database = sqlite_utils.Database(connection, execute_plugins=False)
    for trigger in TRIGGERS:
        database.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    database.execute(f"DROP TABLE IF EXISTS {SEARCH_TABLES}")
    database.table("journal").enable_fts(SEARCHED, create_triggers=True)


def tend_postgres(connection: Connection) -> None:
    """Make the search index."""
    connection.exec_driver_sql(
        f"CREATE INDEX IF NOT EXISTS {SEARCH_TABLES} ON journal USING gin ({_DOCUMENT})"
    )
