"""Has a create already landed? By its unique key; without one, among the company's new deals.

Never by search, which does not show what was made a moment ago.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from adapters.hubspot.decode import record_of
from adapters.hubspot.history import IN_THE_APP
from adapters.hubspot.schema import COMPANY, KEY, company_of, names_to_read
from adapters.hubspot.shapes import TYPES, chunks, mapping, word
from adapters.hubspot.wire import Row, Wire
from syncer.model.remote import Catalogue, RemoteRecord, Write

SOURCE: Final = "hs_object_source"
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
    company = company_of(write.fields, fields) if write.object == "deal" else ""
    names = [*names_to_read(write.object, wanted), SOURCE]
    if KEY in fields:
        rows = _by_key(wire, write, names, sleep)
    else:
        rows = _among_linked(wire, write, names, company)
    at = write.since or datetime.fromtimestamp(0, UTC)
    found = [record_of(write.object, row, wanted, at, company or None) for row in rows]
    return [record for record in found if record and (KEY in fields or _is_it(record, write))]


def _by_key(
    wire: Wire, write: Write, names: Sequence[str], sleep: Callable[[float], None]
) -> list[Row]:
    for pause in (0.0, *PAUSES):
        if pause:
            sleep(pause)
        row = wire.one(write.object, write.intent, names, idProperty=KEY)
        if row is not None:
            return [row]
    return []


def _among_linked(wire: Wire, write: Write, names: Sequence[str], company: str) -> list[Row]:
    if not company:
        return []
    linked, _ = wire.linked("company", [company], write.object)
    batches = [wire.read(write.object, chunk, names) for chunk in chunks(linked[company])]
    return [row for batch in batches for row in batch.rows.values() if not _by_hand(row)]


def _by_hand(row: Row) -> bool:
    """Whether somebody made it in the app: then it is not ours, however like."""
    return word(mapping(row.get("properties")).get(SOURCE)).upper().startswith(IN_THE_APP)


def _is_it(record: RemoteRecord, write: Write) -> bool:
    made = record.created_at
    fresh = write.since is None or (made is not None and made >= write.since - SLACK)
    said = {id: raw for id, raw in write.fields.items() if not isinstance(raw, dict)}
    said.pop(COMPANY, None)
    return fresh and all(record.fields.get(id) == raw for id, raw in said.items())
