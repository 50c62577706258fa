"""Statements over many rows at once, in both databases' dialects."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

CHUNK = 500
"""Values in one ``IN``; both databases take many more, but plans stay good."""


Item = TypeVar("Item")


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """Items without repetitions, in lists of at most ``size``."""
    unique = list(dict.fromkeys(items))
    for start in range(0, len(unique), size):
        yield unique[start : start + size]


def insert(connection: Connection, table: Table) -> Any:
    """An insert that knows ``ON CONFLICT``; it has the same shape in both dialects."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[dict[str, Any]],
    *,
    only: Collection[str] | None = None,
) -> None:
    """Insert rows; where the primary key exists, set the columns (or ``only`` these).

    With ``only`` empty, existing rows stay as they are.
    """
    if not rows:
        return
    statement = insert(connection, table)
    keys = [column.name for column in table.primary_key]
    names = [c.name for c in table.columns if c.name not in keys] if only is None else only
    if names:
        changed = {name: statement.excluded[name] for name in names}
        statement = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    connection.execute(statement, list(rows))
