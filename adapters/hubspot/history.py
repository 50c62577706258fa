"""Who changed a property, and when: HubSpot keeps it per property, newest first.

One batch reads 50 records ("Who changed it"). A person is told by the id of their user, not
of their owner row; :mod:`adapters.hubspot.people` gives owners that id as an alias.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final

from msgspec import Struct

from adapters.hubspot.schema import AMOUNT
from adapters.hubspot.shapes import TYPES, chunks, mapping, objects, unique, word
from adapters.hubspot.values import CURRENCY, decode, moment_or_none
from adapters.hubspot.wire import Row, Wire
from syncer.adapterkit.contract import HistoryRequest
from syncer.adapterkit.errors import SkipRecord
from syncer.model.entities import EXISTENCE
from syncer.model.remote import Author, Catalogue, Change, FieldInfo, Raw
from syncer.model.values import MISSING, Kind, Missing

BATCH: Final = 50

IN_THE_APP: Final = ("CRM_UI", "CONTACTS_WEB", "MOBILE")
"""How the sources begin that stand for people."""

_PROGRAMS: Final = ("INTEGRATION", "API", "AUTOMATION", "WORKFLOW", "CALCULATED")
"""Sources whose user, if one is told, may be whoever installed the program: not an editor."""

_EPOCH: Final = datetime.fromtimestamp(0, UTC)
_USER: Final = re.compile(r"^userId:(\d+)$")


class Entry(Struct, frozen=True):
    """One entry of a property's history, as it came."""

    at: datetime
    source: str
    source_id: str
    user: str
    value: Any
    stamp: str

    @property
    def editor(self) -> tuple[str | None, str | None]:
        """Who it was: (person, program). Neither, for a person whom HubSpot does not name."""
        told = _USER.match(self.source_id)
        user = self.user or (told[1] if told else "")
        if user and not self.source.startswith(_PROGRAMS):
            return f"user:{user}", None
        if self.source.startswith(IN_THE_APP):
            return None, None
        return None, f"{self.source}:{self.source_id}" if self.source_id else self.source


def history(
    wire: Wire, requests: Sequence[HistoryRequest], catalogue: Catalogue
) -> Iterator[Change]:
    """The changes of all records asked for, oldest first per record."""
    by_object: dict[str, list[HistoryRequest]] = defaultdict(list)
    for request in requests:
        if request.object not in TYPES:
            raise SkipRecord(f"HubSpot has no object {request.object!r}")
        by_object[request.object].append(request)
    for object, asked in sorted(by_object.items()):
        info = catalogue.objects.get(object)
        fields = {f.id: f for f in info.fields if f.author is Author.YES} if info else {}
        for chunk in chunks(unique(request.id for request in asked), BATCH):
            part = [request for request in asked if request.id in chunk]
            yield from _batch(wire, object, part, fields)


def _batch(
    wire: Wire, object: str, asked: Sequence[HistoryRequest], fields: Mapping[str, FieldInfo]
) -> Iterator[Change]:
    wanted = {name for request in asked for name in request.fields} & fields.keys() - {EXISTENCE}
    if not wanted:
        return
    with_currency = {CURRENCY} if any(_is_money(fields[name]) for name in wanted) else set()
    names = sorted(wanted | with_currency)
    ids = unique(request.id for request in asked)
    rows = wire.read(object, ids, names, history=names).rows
    for request in asked:
        if request.id in rows:
            kept = [fields[name] for name in sorted(request.fields & wanted)]
            yield from changes_of(object, rows[request.id], kept, request.since)


def changes_of(
    object: str, row: Row, fields: Iterable[FieldInfo], since: datetime | None
) -> list[Change]:
    """The changes of one record later than ``since``, oldest first."""
    born = moment_or_none(row.get("createdAt"))
    histories = mapping(row.get("propertiesWithHistory"))
    found = [
        change
        for info in fields
        for change in _of_field(object, word(row.get("id")), info, histories, born)
        if since is None or (change.at is not None and change.at > since)
    ]
    return sorted(found, key=lambda change: change.at or _EPOCH)


def _of_field(
    object: str,
    id: str,
    info: FieldInfo,
    histories: Mapping[str, Any],
    born: datetime | None,
) -> Iterator[Change]:
    """Each entry against the one before; what stood before the first is told only if it was
    made with the record, for HubSpot does not say how far back its history goes.
    """
    values: dict[str, Any] = {}
    old: Raw | Missing = MISSING
    for moment in _moments(info, histories):
        values |= {name: entry.value for name, entry in moment}
        name, entry = moment[-1]
        new = _value(info, values)
        if old is MISSING and born is not None and entry.at <= born:
            old = None
        if info.id in values and (name == info.id or new != old):
            by, automation = entry.editor
            key = f"{id}:{name}:{entry.stamp}:{entry.source}"
            yield Change(object, id, info.id, entry.at, by, automation, key, old, new)
            old = new


def _moments(info: FieldInfo, histories: Mapping[str, Any]) -> Iterator[list[tuple[str, Entry]]]:
    """Entries of a field, oldest first; an amount and its currency written together are one."""
    entries = [(info.id, entry) for entry in reversed(entries_of(histories.get(info.id)))]
    if _is_money(info):
        entries += [(CURRENCY, entry) for entry in reversed(entries_of(histories.get(CURRENCY)))]
    entries.sort(key=lambda item: (item[1].at, item[0] == info.id))
    for _, together in groupby(
        entries, key=lambda item: (item[1].at, item[1].source, item[1].user)
    ):
        moment = list(together)
        alone = [[item] for item in moment]
        yield from [moment] if len({name for name, _ in moment}) == len(moment) else alone


def _value(info: FieldInfo, values: Mapping[str, Any]) -> Raw | Missing:
    try:
        return decode(info, values)
    except ValueError:
        return MISSING


def _is_money(info: FieldInfo) -> bool:
    return info.type.kind is Kind.MONEY and info.id == AMOUNT


def entries_of(told: Any) -> list[Entry]:
    """The entries of one property, newest first as they came; one without a time is no use."""
    return [
        Entry(
            at=at,
            source=word(item.get("sourceType")).upper(),
            source_id=word(item.get("sourceId")),
            user=word(item.get("updatedByUserId")),
            value=item.get("value"),
            stamp=word(item.get("timestamp")),
        )
        for item in objects(told)
        if (at := moment_or_none(item.get("timestamp"))) is not None
    ]
