"""Statements over many rows at once, in both databases' dialects.

Each statement is written once and prepared by the driver; rows are plain tuples by then. What
a column's type makes of a value is asked once per column and not looked up for each value.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Table
from sqlalchemy.engine import Dialect

CHUNK = 500
"""Values in one ``IN``; both databases take many more, but plans stay good."""

TOGETHER = 100
"""Rows in one ``VALUES`` where a statement for each row would cost more than the row."""

_NUMBER = "(SELECT number FROM records WHERE id = {})"
"""A record's number; rows that refer to it are handed in with its id."""

Item = TypeVar("Item")
Values = tuple[Any, ...]
"""A row as the driver takes it: one value for each column, in the table's order."""


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """Items without repetitions, in lists of at most ``size``."""
    unique = list(dict.fromkeys(items))
    for start in range(0, len(unique), size):
        yield unique[start : start + size]


@lru_cache(maxsize=256)
def _insert(dialect: str, table: Table, names: tuple[str, ...], rows: int) -> str:
    mark = "?" if dialect == "sqlite" else "%s"
    marks = (_NUMBER.format(mark) if _by_number(table.columns[name]) else mark for name in names)
    one = f"({', '.join(marks)})"
    values = ", ".join([one] * rows)
    return f"INSERT INTO {table.name} ({_listed(names)}) VALUES {values}"  # noqa: S608 - our names


@lru_cache(maxsize=256)
def _on_conflict(keys: tuple[str, ...], changed: tuple[str, ...]) -> str:
    told = ", ".join(f'"{name}" = excluded."{name}"' for name in changed)
    return f" ON CONFLICT ({_listed(keys)}) DO " + (f"UPDATE SET {told}" if told else "NOTHING")


def _by_number(column: Column[Any]) -> bool:
    return any(key.target_fullname == "records.number" for key in column.foreign_keys)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


@lru_cache(maxsize=256)
def _keys(table: Table) -> tuple[str, ...]:
    """By which rows are known outside the state."""
    return ("id",) if table.name == "records" else tuple(c.name for c in table.primary_key)


def put_values(
    connection: Connection,
    table: Table,
    rows: Sequence[Values],
    *,
    names: Sequence[str] | None = None,
    only: Collection[str] | None = None,
) -> None:
    """Insert rows that are coded already; where the key exists, set the columns.

    Args:
        names: the columns of which each row has a value; all of the table unless said.
        only: the columns to set where the key exists; with none, existing rows stay.
    """
    if not rows:
        return
    said = tuple(names or table.columns.keys())
    keys = _keys(table)
    changed = tuple(name for name in said if name not in keys) if only is None else tuple(only)
    statement = _insert(connection.dialect.name, table, said, 1) + _on_conflict(keys, changed)
    connection.exec_driver_sql(statement, list(rows))


@lru_cache(maxsize=256)
def _update(dialect: str, table: Table, names: tuple[str, ...]) -> str:
    mark = "?" if dialect == "sqlite" else "%s"
    told = ", ".join(f'"{name}" = {mark}' for name in names)
    where = " AND ".join(f'"{name}" = {mark}' for name in _keys(table))
    return f"UPDATE {table.name} SET {told} WHERE {where}"  # noqa: S608 - our names


def change_values(
    connection: Connection, table: Table, rows: Sequence[Values], names: Sequence[str]
) -> None:
    """Set these columns of rows that exist; each row ends with the values of its primary key."""
    if rows:
        statement = _update(connection.dialect.name, table, tuple(names))
        connection.exec_driver_sql(statement, list(rows))


def append_values(
    connection: Connection,
    table: Table,
    rows: Sequence[Values],
    *,
    names: Sequence[str],
    unique: Sequence[str] = (),
) -> None:
    """Append rows that are coded already, many a statement; ones that are there stay.

    A statement for each row would let SQLite's text search write its index for each.
    """
    said = tuple(names)
    ending = _on_conflict(tuple(unique), ()) if unique else ""
    for start in range(0, len(rows), TOGETHER):
        part = rows[start : start + TOGETHER]
        statement = _insert(connection.dialect.name, table, said, len(part)) + ending
        connection.exec_driver_sql(statement, tuple(chain.from_iterable(part)))


Coder = Callable[[Any], Any]


@lru_cache(maxsize=256)
def _coders(dialect: Dialect, table: Table, names: tuple[str, ...]) -> list[Coder | None]:
    columns = (table.columns[name] for name in names)
    return [column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns]


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[dict[str, Any]],
    *,
    only: Collection[str] | None = None,
) -> None:
    """Insert rows; where the primary key exists, set the columns (or ``only`` these).

    All rows name the same columns. With ``only`` empty, existing rows stay as they are.
    """
    if not rows:
        return
    names = tuple(rows[0])
    coders = list(zip(names, _coders(connection.dialect, table, names), strict=True))
    values = [tuple(code(row[n]) if code else row[n] for n, code in coders) for row in rows]
    put_values(connection, table, values, names=names, only=only)
