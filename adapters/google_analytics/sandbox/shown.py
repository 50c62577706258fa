"""A report as it stands in an answer: texts, headers, flags, and nothing that is a default."""

from typing import Any, Final

from adapters.google_analytics.sandbox.answers import present
from adapters.google_analytics.sandbox.asked import Query
from adapters.google_analytics.sandbox.fields import METRICS
from adapters.google_analytics.sandbox.figures import text
from adapters.google_analytics.sandbox.properties import Site
from adapters.google_analytics.sandbox.reports import Lens, Report, Row, aggregated
from adapters.google_analytics.sandbox.store import Flags

Json = dict[str, Any]

_LISTS: Final = {"TOTAL": "totals", "MINIMUM": "minimums", "MAXIMUM": "maximums", "COUNT": "totals"}
_HITS: Final = 40
"""Events of a session, for what is said of samples."""


def shown(query: Query, report: Report, site: Site, lens: Lens, flags: Flags) -> Json:
    """The whole answer but for the quota."""
    page = report.rows[query.offset : query.offset + query.limit]
    told: Json = {
        "dimensionHeaders": [{"name": name} for name in query.dimensions],
        "metricHeaders": [
            {"name": column.name, "type": column.type}
            for column in query.columns
            if not column.hidden
        ],
        "rows": [_row(query, row) for row in page],
        "rowCount": len(report.rows),
        "metadata": _metadata(query, report, site, lens, flags),
    }
    for kind in query.aggregations:
        rows = [_row(query, row) for row in aggregated(query, report.rows, kind, lens)]
        told[_LISTS[kind]] = [*told.get(_LISTS[kind], []), *rows]
    return present(told) | {"kind": "analyticsData#runReport"}


def _row(query: Query, row: Row) -> Json:
    pairs = zip(query.columns, row.figures, strict=True)
    # A value that is empty is there: it is one of several kinds in the vendor's message.
    return present(
        {
            "dimensionValues": [{"value": value} for value in row.key],
            "metricValues": [{"value": text(f)} for column, f in pairs if not column.hidden],
        }
    )


def _metadata(query: Query, report: Report, site: Site, lens: Lens, flags: Flags) -> Json:
    restricted = [
        {"metricName": name, "restrictedMetricTypes": [METRICS[name].restricted]}
        for name in query.metrics
        if name in lens.hidden
    ]
    return present(
        {
            "dataLossFromOtherRow": flags.other is not None,
            "schemaRestrictionResponse": present({"activeMetricRestrictions": restricted}),
            "currencyCode": query.currency,
            "timeZone": site.zone,
            "emptyReason": flags.empty,
            "subjectToThresholding": flags.thresholded or report.thresholded,
            "samplingMetadatas": _samples(query, report, flags),
            "dataTruncationReasons": flags.truncated,
        }
    )


def _samples(query: Query, report: Report, flags: Flags) -> list[Json]:
    """For each date range how many events were looked at, of how many."""
    if flags.sampled is None:
        return []
    whole = max(1, sum(row.counts.sessions for row in report.rows)) * _HITS
    read = max(1, round(whole * flags.sampled))
    return [{"samplesReadCount": str(read), "samplingSpaceSize": str(whole)} for _ in query.spans]
