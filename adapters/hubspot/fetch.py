"""Records by their ids, as they are now."""

from collections.abc import Iterator, Sequence

from adapters.hubspot.cursor import cursor_of
from adapters.hubspot.decode import record_of, wanted_fields
from adapters.hubspot.options import ScopeOptions
from adapters.hubspot.schema import names_to_read
from adapters.hubspot.shapes import TYPES, chunks, word
from adapters.hubspot.wire import Wire
from syncer.adapterkit.contract import PullRequest
from syncer.adapterkit.errors import SkipRecord
from syncer.model.remote import RemoteRecord


def fetch(
    wire: Wire, object: str, ids: Sequence[str], request: PullRequest
) -> Iterator[RemoteRecord]:
    """A request per 100, strongly consistent; one more for deals, for their companies.

    Records that are gone, linked to another company or in another pipeline are left out.
    """
    if object not in TYPES:
        raise SkipRecord(f"HubSpot has no object {object!r}")
    scope: ScopeOptions = request.scope.options
    company = cursor_of(request.cursors.get(object), scope.company).company
    fields = wanted_fields(request, object)
    for chunk in chunks(list(ids)):
        batch = wire.read(object, chunk, names_to_read(object, fields))
        linked = wire.linked(object, list(batch.rows), "company")[0] if object == "deal" else {}
        if linked and not any(company in companies for companies in linked.values()):
            company = _now(wire, company)
        for id, row in batch.rows.items():
            record = record_of(object, row, fields, batch.at, company)
            here = object == "company" or company in linked[id]
            if record is not None and here and _within(record, scope):
                yield record


def _now(wire: Wire, company: str) -> str:
    """The id of a company, which may have been merged into another."""
    row = wire.one("company", company, ["hs_object_id"])
    return word(row.get("id")) or company if row else company


def _within(record: RemoteRecord, scope: ScopeOptions) -> bool:
    pipelines = scope.pipelines if record.object == "deal" else None
    return pipelines is None or record.container in pipelines
