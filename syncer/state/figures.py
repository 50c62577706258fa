"""Figures: the numbers that a source answered, one row for each."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, and_, delete, select

from syncer.model.entities import Schema
from syncer.model.measures import Figure, Flag, Grain
from syncer.model.structs import names
from syncer.model.values import plain
from syncer.state.bulk import CHUNK
from syncer.state.codec import Row
from syncer.state.columns import fits_double, stable_text
from syncer.state.reader import Reader
from syncer.state.tables_measuring import metrics

_PLACE = ("connection", "property", "project", "report", "grain")
_NAMES = names(Figure)


def figure_to_row(client: str, figure: Figure) -> Row:
    """A row of ``metrics``."""
    dimensions = dict(sorted(figure.dimensions.items()))
    place = [client, *(str(getattr(figure, name)) for name in _PLACE)]
    key = stable_text([*place, figure.day.isoformat(), dimensions, figure.metric])
    value = figure.value
    row = {name: getattr(figure, name) for name in _NAMES}
    return row | {
        "id": hashlib.sha256(key.encode()).hexdigest()[:32],
        "client": client,
        "grain": str(figure.grain),
        "dimensions": dimensions,
        "exact": None if value is None or fits_double(value) else plain(value),
        "flags": " ".join(sorted(figure.flags)),
    }


def figure_from_row(row: Mapping[str, Any]) -> Figure:
    """The inverse of :func:`figure_to_row`; flags that this version does not know are left out."""
    known = frozenset(Flag(word) for word in row["flags"].split() if word in set(Flag))
    value = row["value"] if row["exact"] is None else Decimal(row["exact"])
    told = {"grain": Grain(row["grain"]), "flags": known, "value": value}
    return Figure(**{name: row[name] for name in _NAMES} | told)


class FigureReader(Reader):
    """What was measured."""

    def figures(
        self,
        client: str,
        *,
        connection: str | None = None,
        project: str | None = None,
        report: str | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Iterator[Figure]:
        """Figures by report, day, connection, property, project, grain, metric, dimensions.

        Days are whole and both ends count; a month is told by its first day. ``project`` empty
        gives those of the client itself, None all. Read in pages: writing meanwhile is allowed.
        """
        query = select(metrics).where(metrics.c.client == client)
        given = {"connection": connection, "project": project}
        query = query.filter_by(
            **{name: value for name, value in given.items() if value is not None}
        )
        query = query.where(*_days(since, until))
        for name in self._reports(client) if report is None else [report]:
            rows = self._by_day(query.where(metrics.c.report == name))
            for _, day in groupby(rows, itemgetter("day")):
                yield from self._made(figure_from_row, sorted(day, key=_order))

    def measured_clients(self) -> list[str]:
        """The clients that have figures, sorted; also those that are configured no more."""
        query = select(metrics.c.client).distinct()
        return sorted(row["client"] for row in self._rows(query))

    def _reports(self, client: str) -> list[str]:
        query = select(metrics.c.report).where(metrics.c.client == client).distinct()
        return sorted(row["report"] for row in self._rows(query))

    def _by_day(self, query: Select[Any]) -> Iterator[Mapping[str, Any]]:
        ordered = query.order_by(metrics.c.day, metrics.c.id).limit(CHUNK)
        page = self._rows(ordered)
        while page:
            yield from page
            if len(page) < CHUNK:
                return
            day, id = page[-1]["day"], page[-1]["id"]
            later = (metrics.c.day > day) | (metrics.c.id > id)
            page = self._rows(ordered.where(metrics.c.day >= day, later))


def _order(row: Mapping[str, Any]) -> tuple[str, ...]:
    place = (row["connection"], row["property"], row["project"], row["grain"])
    return (*place, row["metric"], stable_text(row["dimensions"]))


def _days(since: date | None, until: date | None) -> list[ColumnElement[bool]]:
    conditions = []
    if since is not None:
        conditions.append(metrics.c.day >= since)
    if until is not None:
        conditions.append(metrics.c.day <= until)
    return conditions


class FigureWriter(Struct, frozen=True):
    """The part of a transaction that writes figures."""

    connection: Connection
    schema: Schema
    where: str

    def replace_figures(
        self,
        client: str,
        connection: str,
        property: str,
        project: str,
        report: str,
        grain: Grain,
        since: date,
        until: date,
        figures: Iterable[Figure],
    ) -> bool:
        """Let these be all figures of a report over these days, both ends included.

        Returns whether anything moved. If all is as it was but for ``read_at``, nothing is
        written. Of two figures of one thing the later counts. Raises ``ValueError`` for a
        figure of another place or day, which the next answer would not replace.
        """
        place = dict(zip(_PLACE, (connection, property, project, report, grain), strict=True))
        rows: dict[str, Row] = {}
        for figure in figures:
            _check(figure, place, since, until)
            row = figure_to_row(client, figure)
            rows[row["id"]] = row
        mine = _mine(client, place, since, until)
        before = self.connection.execute(select(metrics).where(mine)).mappings()
        if {row["id"]: _said(dict(row)) for row in before} == {
            k: _said(r) for k, r in rows.items()
        }:
            return False
        self.connection.execute(delete(metrics).where(mine))
        if rows:
            self.connection.execute(metrics.insert(), list(rows.values()))
        return True

    def drop_figures(self, client: str, before: date, *, connection: str | None = None) -> None:
        """Forget figures of days before one; a month goes when its first day does.

        Those of one connection, or (None) of all.
        """
        mine = (metrics.c.client == client) & (metrics.c.day < before)
        if connection is not None:
            mine &= metrics.c.connection == connection
        self.connection.execute(delete(metrics).where(mine))


def _mine(client: str, place: Mapping[str, str], since: date, until: date) -> ColumnElement[bool]:
    same = [metrics.c[name] == str(value) for name, value in place.items()]
    return and_(metrics.c.client == client, *same, *_days(since, until))


def _said(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (row["value"] if row["exact"] is None else row["exact"], row["currency"], row["flags"])


def _check(figure: Figure, place: Mapping[str, str], since: date, until: date) -> None:
    for name, value in place.items():
        if getattr(figure, name) != value:
            raise ValueError(f"a figure of {name} {getattr(figure, name)!r}, not {value!r}")
    if not since <= figure.day <= until:
        raise ValueError(f"a figure of {figure.day}, not of {since} to {until}")
    if figure.value is not None and not figure.value.is_finite():
        raise ValueError(f"not a finite number: {figure.value!r}")
