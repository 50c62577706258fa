"""Has a create already landed? By its unique key; without one, among the company's new deals.

Never by search, which does not show what was made a moment ago.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from adapters.hubspot.decode import record_of
from adapters.hubspot.schema import COMPANY, KEY, names_to_read
from adapters.hubspot.shapes import TYPES, chunks, word
from adapters.hubspot.wire import Row, Wire
from syncer.model.remote import Catalogue, FieldInfo, RemoteRecord, Write

SLACK: Final = timedelta(minutes=2)
PAUSES: Final = (1.0, 2.0)
"""Seconds between looks: a record may not be found by its key right after it was made."""


def find(
    wire: Wire, write: Write, catalogue: Catalogue, sleep: Callable[[float], None] = time.sleep
) -> list[RemoteRecord]:
    """Records that this create may have made since ``write.since``, less two minutes."""
    info = catalogue.objects.get(write.object)
    if info is None or write.object not in TYPES:
        return []
    fields = {f.id: f for f in info.fields}
    wanted = {id: fields[id] for id in write.fields if id in fields}
    if KEY in fields:
        return list(_by_key(wire, write, wanted, sleep))
    return [record for record in _among_linked(wire, write, wanted) if _is_it(record, write)]


def _by_key(
    wire: Wire, write: Write, wanted: dict[str, FieldInfo], sleep: Callable[[float], None]
) -> Iterator[RemoteRecord]:
    names = names_to_read(write.object, wanted)
    row = wire.one(write.object, write.intent, names, idProperty=KEY)
    for pause in PAUSES if row is None else ():
        sleep(pause)
        row = row or wire.one(write.object, write.intent, names, idProperty=KEY)
    if row is not None:
        yield from _records(write, wanted, [row])


def _among_linked(wire: Wire, write: Write, wanted: dict[str, FieldInfo]) -> Iterator[RemoteRecord]:
    company = word(write.fields.get(COMPANY))
    if not company or write.object != "deal":
        return
    linked, _ = wire.linked("company", [company], write.object)
    for chunk in chunks(linked[company]):
        batch = wire.read(write.object, chunk, names_to_read(write.object, wanted))
        yield from _records(write, wanted, list(batch.rows.values()))


def _records(write: Write, wanted: dict[str, FieldInfo], rows: list[Row]) -> Iterator[RemoteRecord]:
    at = write.since or datetime.fromtimestamp(0, UTC)
    for row in rows:
        company = word(write.fields.get(COMPANY)) or None
        record = record_of(write.object, row, wanted, at, company)
        if record is not None:
            yield record


def _is_it(record: RemoteRecord, write: Write) -> bool:
    made = record.created_at
    fresh = write.since is None or (made is not None and made >= write.since - SLACK)
    said = {id: raw for id, raw in write.fields.items() if not isinstance(raw, dict)}
    return fresh and all(record.fields.get(id) == raw for id, raw in said.items())
