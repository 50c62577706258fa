"""A record on the wire, as a neutral one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
import structlog
import xxhash

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
    changed = _changed(row, properties)
    maker = word(properties.get("hs_created_by_user_id"))
    return RemoteRecord(
        object=object,
        id=id,
        fields=fields_of_row(object, id, properties, wanted, company),
        as_of=changed or at,
        container=pipeline_of(row) if object == "deal" else None,
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


def mark_of(row: Mapping[str, Any], company: str | None = None) -> str:
    """A short text that differs if what is read of a row does: its time of change, then the rest.

    Of the row as it came: what is as it was delivered last need not be made into a record.
    """
    properties = mapping(row.get("properties"))
    changed = _changed(row, properties)
    content = msgspec.json.encode([company, row.get("url"), properties], order="sorted")
    at = int(changed.timestamp() * 1000) if changed else 0
    return f"{at}.{xxhash.xxh3_64_hexdigest(content)}"


def pipeline_of(row: Mapping[str, Any]) -> str | None:
    """The pipeline of a deal: the place that it is in."""
    return word(mapping(row.get("properties")).get(PIPELINE)) or None


def _changed(row: Mapping[str, Any], properties: Mapping[str, Any]) -> datetime | None:
    told = moment_or_none(row.get("updatedAt"))
    return told or moment_or_none(properties.get("hs_lastmodifieddate"))


def is_newer(row: Mapping[str, Any], than: str | None) -> bool:
    """Whether a row was changed later than the record we know; an index may lag behind."""
    changed = moment_or_none(row.get("updatedAt"))
    if than is None or changed is None:
        return True
    return int(changed.timestamp() * 1000) > int(than.partition(".")[0])


def wanted_fields(request: PullRequest, object: str) -> dict[str, FieldInfo]:
    """The fields wanted that are defined, by id."""
    info = request.catalogue.objects.get(object)
    ids = request.fields.get(object, frozenset())
    return {f.id: f for f in info.fields if f.id in ids} if info else {}
