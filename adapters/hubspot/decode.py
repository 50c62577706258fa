"""A record on the wire, as a neutral one."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import structlog

from adapters.hubspot.schema import COMPANY, PIPELINE
from adapters.hubspot.shapes import mapping, word
from adapters.hubspot.values import decode, moment_or_none
from syncer.adapterkit.contract import PullRequest
from syncer.model.remote import FieldInfo, Gone, Raw, RemoteRecord

_log: Final = structlog.get_logger(__name__)


def record_of(
    object: str,
    row: Mapping[str, Any],
    wanted: Mapping[str, FieldInfo],
    at: datetime,
    company: str | None = None,
) -> RemoteRecord | None:
    """A row as a record; ``None`` for one without an id.

    ``as_of`` is the record's own time of change, never the time of the answer: search shows
    what an index knew a while ago, and a batch may be older than a write it was sent after.

    Args:
        object: our name of it.
        row: as it came.
        wanted: the fields asked for.
        at: when it was answered, for a row that does not tell when it changed.
        company: what a deal was found by.
    """
    id, properties = word(row.get("id")), mapping(row.get("properties"))
    if not id:
        _log.warning("hubspot.row.skipped", object=object, reason="it has no id")
        return None
    changed = moment_or_none(row.get("updatedAt"))
    changed = changed or moment_or_none(properties.get("hs_lastmodifieddate"))
    maker = word(properties.get("hs_created_by_user_id"))
    return RemoteRecord(
        object=object,
        id=id,
        fields=fields_of_row(object, id, properties, wanted, company),
        as_of=changed or at,
        container=word(properties.get(PIPELINE)) or None if object == "deal" else None,
        modified_at=changed,
        created_at=moment_or_none(row.get("createdAt")),
        created_by=f"user:{maker}" if maker else None,
        url=word(row.get("url")) or None,
    )


def fields_of_row(
    object: str,
    id: str,
    properties: Mapping[str, Any],
    wanted: Mapping[str, FieldInfo],
    company: str | None = None,
) -> dict[str, Raw]:
    """The values of the fields wanted; one that cannot be read counts as not told."""
    fields: dict[str, Raw] = {}
    for name, info in wanted.items():
        if object == "deal" and name == COMPANY:
            if company is not None:
                fields[name] = company
            continue
        try:
            fields[name] = decode(info, properties)
        except ValueError as error:
            reason = str(error)[:120]
            _log.warning("hubspot.value.skipped", object=object, id=id, field=name, reason=reason)
    return fields


def gone_of(object: str, id: str, row: Mapping[str, Any] | None = None) -> Gone:
    """A deletion; who did it HubSpot does not say."""
    return Gone(object, id, at=moment_or_none((row or {}).get("archivedAt")))


def absorbed_by(row: Mapping[str, Any]) -> frozenset[str]:
    """The ids of records that were merged into this one; search never tells of them again."""
    told = mapping(row.get("properties")).get("hs_merged_object_ids")
    return frozenset(filter(None, str(told or "").split(";")))


def digest_of(record: RemoteRecord) -> str:
    """A short text that differs if the record does: its time of change, then its values."""
    content = json.dumps([record.container, record.fields], sort_keys=True, default=str)
    mark = hashlib.blake2b(content.encode(), digest_size=6).hexdigest()
    return f"{int(record.as_of.timestamp() * 1000)}.{mark}"


def is_newer(row: Mapping[str, Any], than: str | None) -> bool:
    """Whether a row was changed later than the record we know; an index may lag behind."""
    changed = moment_or_none(row.get("updatedAt"))
    if than is None or changed is None:
        return True
    return int(changed.timestamp() * 1000) > int(than.partition(".")[0])


def news_of(
    found: Iterable[RemoteRecord], known: Mapping[str, str], *, full: bool
) -> Iterator[RemoteRecord]:
    """The records that are not as they were delivered last; all of them in a full pull."""
    return (record for record in found if full or digest_of(record) != known.get(record.id))


def wanted_fields(request: PullRequest, object: str) -> dict[str, FieldInfo]:
    """The fields wanted that are defined, by id."""
    info = request.catalogue.objects.get(object)
    ids = request.fields.get(object, frozenset())
    return {f.id: f for f in info.fields if f.id in ids} if info else {}
