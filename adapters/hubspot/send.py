"""Batches of writes: every row answered for, wherever HubSpot answers for it.

A batch is no transaction: rows are found by id or by the label sent along, in whatever order.
A call refused whole is halved until the row at fault stands alone; a field refused is left out
and the rest of its row goes into a second batch.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from adapters.hubspot.faults import NO_SUCH_PROPERTY, NOT_FOUND, TAKEN, Fault
from adapters.hubspot.rows import Pending
from adapters.hubspot.schema import KEY, names_to_read
from adapters.hubspot.shapes import chunks, mapping, word
from adapters.hubspot.wire import Batch, Row, Wire, batch_of, records
from syncer.adapterkit.errors import LookFirst, SkipRecord, WaitAndRetry
from syncer.model.remote import Outcome, Result

PAUSES: Final = (0.5, 1.0, 2.0)
"""Seconds between tries: a property is usable a while after it was made (250 to 700 ms)."""

_ROUNDS: Final = 12


class Sender(Struct):
    """Sends rows of one object by one batch call, ``update`` or ``create``."""

    wire: Wire
    object: str
    action: str
    extras: Callable[[Pending], Row] = lambda _pending: {}
    sleep: Callable[[float], None] = time.sleep

    def send(self, rows: Sequence[Pending]) -> Iterator[Outcome]:
        """An outcome for each row, as it lands."""
        todo = list(rows)
        for _ in range(_ROUNDS):
            again: list[Pending] = []
            for chunk in chunks(todo):
                yield from self._once(chunk, again)
            if not again:
                return
            wait = max((PAUSES[row.tries - 1] for row in again if row.tries), default=0)
            if wait:
                self.sleep(wait)
            todo = again
        yield from (row.ended(Result.RETRY, "refused again and again") for row in todo)

    def _once(self, rows: Sequence[Pending], again: list[Pending]) -> Iterator[Outcome]:
        try:
            batch = batch_of(self.wire.post(self._path(), {"inputs": list(map(self._item, rows))}))
        except LookFirst as error:
            yield from (row.ended(Result.UNKNOWN, str(error)) for row in rows)
        except WaitAndRetry as error:
            yield from (row.ended(Result.RETRY, str(error)) for row in rows)
        except SkipRecord as error:
            yield from (row.ended(Result.REFUSED, str(error)) for row in rows)
        else:
            yield from self._answered(rows, batch, again)

    def _path(self) -> str:
        return records(self.object, "batch", self.action)

    def _item(self, row: Pending) -> Row:
        item: Row = {"properties": row.sent, "objectWriteTraceId": row.write.intent}
        if row.write.id is not None:
            item["id"] = row.write.id
        extra = self.extras(row)
        return {
            **item,
            **extra,
            "properties": {**item["properties"], **extra.get("properties", {})},
        }

    def _answered(
        self, rows: Sequence[Pending], batch: Batch, again: list[Pending]
    ) -> Iterator[Outcome]:
        if batch.whole is not None and len(rows) > 1 and not _names_a_row(batch.whole):
            middle = len(rows) // 2
            yield from self._once(rows[:middle], again)
            yield from self._once(rows[middle:], again)
            return
        faults = (*batch.faults, *([batch.whole] if batch.whole else []))
        silent = []
        for row in rows:
            alone = len(rows) == 1
            found, fault = _row_of(row, batch, alone), _fault_of(row, faults, alone)
            if found is not None:
                yield self._landed(row, found, batch.at)
            elif fault is not None:
                yield from self._refused(row, fault, batch.at, again)
            else:
                silent.append(row)
        if batch.whole is not None:
            # Refused for a row that was named, so nothing was done for the others.
            again += silent
        elif any(not _names_a_row(fault) for fault in faults):
            for row in silent:
                yield from self._once([row], again)
        else:
            yield from self._silent(silent, batch.at)

    def _landed(self, row: Pending, found: Row, at: datetime) -> Outcome:
        if not row.shows_all(found):
            id = word(found.get("id"))
            found = self._read([row], [id]).get(id, found)
        return row.landed(found, at)

    def _refused(
        self, row: Pending, fault: Fault, at: datetime, again: list[Pending]
    ) -> Iterator[Outcome]:
        if fault.category in TAKEN and self.action == "create":
            yield self._adopted(row, fault, at)
            return
        if fault.category == NOT_FOUND and row.write.id is not None:
            yield self._absent(row)
            return
        named = {id: p for name, p in fault.by_field.items() if (id := row.field_of(name))}
        fresh = all(problem.code == NO_SUCH_PROPERTY for problem in named.values())
        if named and fresh and row.tries < len(PAUSES):
            row.tries += 1
            again.append(row)
            return
        row.tries = 0
        for id, problem in named.items():
            row.refuse(id, problem.message or problem.code)
        if named and row.properties:
            again.append(row)
        else:
            yield row.ended(Result.REFUSED, fault.says)

    def _adopted(self, row: Pending, fault: Fault, at: datetime) -> Outcome:
        """A unique value is taken: by ours, if an earlier try of this create went through."""
        names = ["hs_object_id", KEY, *row.sent]
        found = self.wire.one(self.object, row.write.intent, names, idProperty=KEY)
        return row.landed(found, at) if found else row.ended(Result.REFUSED, fault.says)

    def _absent(self, row: Pending) -> Outcome:
        """An update of a record that is not there, or that went into another."""
        found = self.wire.one(self.object, row.write.id or "", ["hs_object_id"])
        if found is None:
            return row.ended(Result.REFUSED, "HubSpot has no such record any more")
        into = word(found.get("id"))
        reason = "not found by a batch but there" if into == row.write.id else f"merged into {into}"
        return row.ended(Result.RETRY, reason)

    def _silent(self, rows: Sequence[Pending], at: datetime) -> Iterator[Outcome]:
        """Rows that the answer does not mention: see what they hold (merged ids are dropped)."""
        if self.action == "create":
            yield from (row.ended(Result.UNKNOWN, "the answer left it out") for row in rows)
            return
        shown = self._read(rows, [row.write.id or "" for row in rows]) if rows else {}
        for row in rows:
            found = shown.get(row.write.id or "")
            if found is None:
                yield self._absent(row)
            elif row.is_held_by(found):
                yield row.landed(found, at)
            else:
                yield row.ended(Result.RETRY, "the answer left it out")

    def _read(self, rows: Sequence[Pending], ids: Sequence[str]) -> Mapping[str, Row]:
        fields = {id for row in rows for id in row.properties}
        return self.wire.read(self.object, ids, names_to_read(self.object, fields)).rows


def _names_a_row(fault: Fault) -> bool:
    return bool(fault.ids or fault.traces)


def _row_of(row: Pending, batch: Batch, alone: bool) -> Row | None:
    """The answer to a write: by its id, by the label sent along, by the key it was given."""
    if row.write.id is not None:
        return batch.rows.get(row.write.id)
    for found in batch.rows.values():
        key = mapping(found.get("properties")).get(KEY)
        if row.write.intent in (found.get("objectWriteTraceId"), key):
            return found
    return next(iter(batch.rows.values()), None) if alone else None


def _fault_of(row: Pending, faults: Sequence[Fault], alone: bool) -> Fault | None:
    named = (f for f in faults if row.write.id in f.ids or row.write.intent in f.traces)
    found = next(named, None)
    return found or (next(iter(faults), None) if alone else None)
