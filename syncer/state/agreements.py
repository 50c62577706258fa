"""Agreements: every value that was agreed, of the fields whose history counts."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select

from syncer.model.agreements import Agreement
from syncer.model.structs import names
from syncer.model.values import dump
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
        query = select(agreements).where(agreements.c.client == client)
        if field is not None:
            query = query.where(agreements.c.field == field)
        if records is None:
            rows = self._rows(query)
        else:
            rows = self._rows(*(query.where(agreements.c.record.in_(p)) for p in chunks(records)))
        return [self._agreement(row) for row in sorted(rows, key=lambda row: row["id"])]

    def _agreement(self, row: Mapping[str, Any]) -> Agreement:
        given = dict(row) | {"by": row["editor"]}
        given["value"] = value_as_stored(self.schema, row["entity"], row["field"], row["value"])
        return Agreement(**{name: given[name] for name in names(Agreement)})


class AgreementWriter(FigureWriter, frozen=True):
    """The part of a transaction that writes agreements."""

    def agree(self, items: Sequence[Agreement]) -> None:
        """Append, in this order. Their records must be stored in this transaction or before."""
        rows = [agreement_values(item) for item in items]
        append_values(self.connection, agreements, rows, names=AGREED)
