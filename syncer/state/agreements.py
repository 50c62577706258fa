"""Agreements: every value that was agreed, of the fields whose history counts."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from msgspec import field
from sqlalchemy import select

from syncer.model.agreements import Agreement
from syncer.model.structs import names
from syncer.model.values import dump
from syncer.state import tables
from syncer.state.bulk import Values, append_values, chunks
from syncer.state.codec import value_as_stored
from syncer.state.columns import escape, moment_text, to_text
from syncer.state.figures import FigureWriter
from syncer.state.reader import Reader
from syncer.state.tables_measuring import agreements

AGREED: Final = (
    *("client", "record", "entity", "field", "value"),
    *("editor", "role", "connection", "at", "rule"),
)
"""The columns that an agreement is written to; the database numbers them."""

_WHOLE: Final = select(
    *(tables.records.c.id.label("record") if c.name == "record" else c for c in agreements.columns)
).join(tables.records)


def agreement_values(agreement: Agreement) -> Values:
    """A row of ``agreements``; ``by`` is a word of SQL and is called as in the journal."""
    told = (agreement.by, agreement.role, agreement.connection)
    return (
        escape(agreement.client),
        escape(agreement.record),
        escape(agreement.entity),
        escape(agreement.field),
        to_text(dump(agreement.value)),
        *(None if text is None else escape(text) for text in told),
        moment_text(agreement.at) if agreement.at else None,
        escape(agreement.rule),
    )


class AgreementReader(Reader):
    """What was agreed in the course of time."""

    def agreements(
        self,
        client: str,
        field: str | None = None,
        records: Collection[str] | None = None,
    ) -> list[Agreement]:
        """Oldest first, in the order in which they were agreed; the last one stands.

        A value that no longer fits its field's type is read as it looks. A record whose value
        was agreed before this was kept, and has not changed since, has none.
        """
        query = _WHOLE.where(agreements.c.client == client)
        if field is not None:
            query = query.where(agreements.c.field == field)
        if records is None:
            rows = self._rows(query)
        else:
            rows = self._rows(*(query.where(tables.records.c.id.in_(p)) for p in chunks(records)))
        return list(self._made(self._agreement, sorted(rows, key=lambda row: row["id"])))

    def _agreement(self, row: Mapping[str, Any]) -> Agreement:
        given = dict(row) | {"by": row["editor"]}
        given["value"] = value_as_stored(self.schema, row["entity"], row["field"], row["value"])
        return Agreement(**{name: given[name] for name in names(Agreement)})


class AgreementWriter(FigureWriter, frozen=True):
    """The part of a transaction that writes agreements."""

    agreeing: list[Values] = field(default_factory=list)
    """Rows that are written at its end, when their records are there."""

    def agree(self, items: Iterable[Agreement]) -> None:
        """Append, in this order. Their records must be stored in this transaction or before."""
        self.agreeing.extend(map(agreement_values, items))

    def finish(self) -> None:
        """Before the commit: what was agreed is written."""
        append_values(self.connection, agreements, self.agreeing, names=AGREED)
