"""A report as it is asked for, checked as the vendor checks it (guide, 5)."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any, Final

from msgspec import Struct

from adapters.google_analytics.sandbox import compatible
from adapters.google_analytics.sandbox.answers import invalid
from adapters.google_analytics.sandbox.computed import Formula, computed
from adapters.google_analytics.sandbox.fields import DIMENSIONS, METRICS, OLDER
from adapters.google_analytics.sandbox.figures import RATES
from adapters.google_analytics.sandbox.filters import Test, fields, test_of
from adapters.google_analytics.sandbox.spans import Span, ranges

Json = Mapping[str, Any]

MOST_DIMENSIONS: Final = 9
MOST_METRICS: Final = 10
USUAL_LIMIT: Final = 10_000
MOST_ROWS: Final = 250_000
SPAN: Final = "dateRange"

_LIST: Final = "https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema"


class Column(Struct, frozen=True):
    """A metric as a column of an answer; ``hidden`` ones are for filters and orders only."""

    name: str
    type: str
    formula: Formula
    uses: tuple[str, ...]
    hidden: bool = False


class Query(Struct, frozen=True):
    """A report.

    Args:
        dimensions: as the columns stand, the one of date ranges last.
        wanted: all dimensions that are looked at, those of filters included.
        test: of the dimension filter.
        having: of the metric filter.
        aggregations: TOTAL, MINIMUM, MAXIMUM or COUNT.
    """

    dimensions: tuple[str, ...]
    wanted: frozenset[str]
    columns: tuple[Column, ...]
    spans: tuple[Span, ...]
    test: Test | None
    having: Test | None
    having_fields: tuple[str, ...]
    orders: tuple[Json, ...]
    aggregations: tuple[str, ...]
    offset: int
    limit: int
    keep_empty: bool
    currency: str
    quota: bool
    filters: int

    @property
    def metrics(self) -> list[str]:
        """The vendor's metrics that columns and filters are made of."""
        return list(dict.fromkeys(name for column in self.columns for name in column.uses))


def query(told: Json, today: date, currency: str) -> Query:
    """A checked body as a report. Raises :class:`Refusal` for what the vendor would not answer.

    Args:
        told: of the message RunReportRequest.
        today: in the property's zone.
        currency: the property's.
    """
    dimensions = _dimensions(told)
    columns = _columns(told)
    asked = ranges(told, today)
    if len(asked) > 1 and SPAN not in dimensions:
        dimensions = (*dimensions, SPAN)
    by = _named(fields(told.get("dimensionFilter", {})), DIMENSIONS, "dimension")
    having = _named(fields(told.get("metricFilter", {})), _known(columns), "metric")
    _compatible(dimensions, by, columns, having)
    return Query(
        dimensions,
        frozenset({*dimensions, *by}),
        (*columns, *_for_filters(columns, having)),
        asked,
        test_of(told["dimensionFilter"]) if told.get("dimensionFilter") else None,
        test_of(told["metricFilter"]) if told.get("metricFilter") else None,
        tuple(having),
        _orders(told, dimensions, columns),
        tuple(told.get("metricAggregations", ())),
        *_page(told),
        bool(told.get("keepEmptyRows")),
        _currency(told.get("currencyCode") or currency),
        bool(told.get("returnPropertyQuota")),
        len(by) + len(having),
    )


def _dimensions(told: Json) -> tuple[str, ...]:
    names = [str(one.get("name", "")) for one in told.get("dimensions", ())]
    if len(names) > MOST_DIMENSIONS:
        raise invalid(f"Requests are limited to {MOST_DIMENSIONS} dimensions.")
    _once(names, "dimension")
    return tuple(_named(names, DIMENSIONS, "dimension"))


def _columns(told: Json) -> tuple[Column, ...]:
    metrics = told.get("metrics", ())
    if len(metrics) > MOST_METRICS:
        raise invalid(f"Requests are limited to {MOST_METRICS} metrics.")
    if not metrics and not told.get("dimensions"):
        raise invalid("A report must have at least one dimension or metric.")
    _once([str(one.get("name", "")) for one in metrics], "metric")
    return tuple(map(_column, metrics))


def _column(told: Json) -> Column:
    name, hidden = str(told.get("name", "")), bool(told.get("invisible"))
    if told.get("expression"):
        if not re.fullmatch(r"[a-zA-Z0-9_]+", name):
            raise invalid(
                f"The metric name {name} must match the regular expression ^[a-zA-Z0-9_]+$."
            )
        formula, uses = computed(str(told["expression"]))
        return Column(name, "TYPE_FLOAT", formula, tuple(_named(uses, METRICS, "metric")), hidden)
    # The header keeps the name that was asked for, also an old one.
    current = _named([OLDER.get(name, name)], METRICS, "metric")[0]
    return Column(name, METRICS[current].type, _alone(current), (current,), hidden)


def _alone(name: str) -> Formula:
    return lambda look: look(name)


def _for_filters(columns: Iterable[Column], names: Iterable[str]) -> list[Column]:
    """Metrics that only the filter looks at."""
    there = {column.name for column in columns}
    return [
        Column(name, METRICS[name].type, _alone(name), (name,), hidden=True)
        for name in dict.fromkeys(names)
        if name not in there
    ]


def _known(columns: Iterable[Column]) -> set[str]:
    return {*METRICS, *(column.name for column in columns)}


def _named(names: Iterable[str], known: Iterable[str], kind: str) -> list[str]:
    found, there = list(names), set(known)
    for name in found:
        if name not in there:
            close = get_close_matches(name, sorted(there), 1, 0.75)
            hint = f"Did you mean {close[0]}? " if close else ""
            raise invalid(
                f"{hint}Field {name} is not a valid {kind}. For a list of valid dimensions and"
                f" metrics, see {_LIST} "
            )
    return found


def _once(names: list[str], kind: str) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise invalid(f"The {kind} {twice[0]} is in the request more than once.")


def _compatible(
    dimensions: Iterable[str], by: Iterable[str], columns: Iterable[Column], having: Iterable[str]
) -> None:
    own = [name for column in columns for name in column.uses]
    compatible.check([*dimensions, *by], [*own, *(name for name in having if name in METRICS)])


def _orders(told: Json, dimensions: Iterable[str], columns: Iterable[Column]) -> tuple[Json, ...]:
    split, asked = set(dimensions), {column.name for column in columns}
    for order in told.get("orderBys", ()):
        if len({"metric", "dimension"} & set(order)) != 1:
            raise invalid("An orderBy must have one of metric and dimension.")
        name = order.get("metric", {}).get("metricName")
        if "metric" in order and name not in asked:
            raise invalid(f"The orderBy metric {name} is not in the request.")
        name = order.get("dimension", {}).get("dimensionName")
        if "dimension" in order and name not in split:
            raise invalid(f"The orderBy dimension {name} is not in the request.")
    return tuple(told.get("orderBys", ()))


def _page(told: Json) -> tuple[int, int]:
    offset, limit = told.get("offset", 0), told.get("limit", 0)
    if offset < 0:
        raise invalid("The offset must not be negative.")
    if limit < 0:
        raise invalid("The limit must be positive.")
    return offset, min(limit or USUAL_LIMIT, MOST_ROWS)


def _currency(code: str) -> str:
    if code not in RATES:
        raise invalid(f"Invalid currency code {code}.")
    return code
