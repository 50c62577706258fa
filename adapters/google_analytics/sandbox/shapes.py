"""The vendor's request messages, and bodies held against them.

Field by field after the discovery document of the Data API v1beta. As Google does, both
spellings of a name are taken, numbers and texts for 64-bit integers, and names or numbers for
words of an enumeration; whatever is not known is refused.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from adapters.google_analytics.sandbox.answers import invalid

Json = dict[str, Any]


class Listed(Struct, frozen=True):
    """Several of a kind."""

    of: Any


_MATCHES: Final = (
    *("MATCH_TYPE_UNSPECIFIED", "EXACT", "BEGINS_WITH", "ENDS_WITH", "CONTAINS"),
    *("FULL_REGEXP", "PARTIAL_REGEXP"),
)
_OPERATIONS: Final = (
    *("OPERATION_UNSPECIFIED", "EQUAL", "LESS_THAN", "LESS_THAN_OR_EQUAL"),
    *("GREATER_THAN", "GREATER_THAN_OR_EQUAL"),
)
_ORDERS: Final = (
    *("ORDER_TYPE_UNSPECIFIED", "ALPHANUMERIC", "CASE_INSENSITIVE_ALPHANUMERIC", "NUMERIC"),
)
_AGGREGATIONS: Final = ("METRIC_AGGREGATION_UNSPECIFIED", "TOTAL", "MINIMUM", "MAXIMUM", "COUNT")
# The number 3 is not in use.
_AGGREGATION_NUMBERS: Final = {0: 0, 1: 1, 5: 2, 6: 3, 4: 4}
_COMPATIBILITIES: Final = ("COMPATIBILITY_UNSPECIFIED", "COMPATIBLE", "INCOMPATIBLE")

MESSAGES: Final[Mapping[str, Mapping[str, Any]]] = {
    "RunReportRequest": {
        "property": str,
        "dimensions": Listed("Dimension"),
        "metrics": Listed("Metric"),
        "dateRanges": Listed("DateRange"),
        "dimensionFilter": "FilterExpression",
        "metricFilter": "FilterExpression",
        "offset": int,
        "limit": int,
        "metricAggregations": Listed(_AGGREGATIONS),
        "orderBys": Listed("OrderBy"),
        "currencyCode": str,
        "cohortSpec": "CohortSpec",
        "keepEmptyRows": bool,
        "returnPropertyQuota": bool,
        "comparisons": Listed("Comparison"),
    },
    "BatchRunReportsRequest": {"requests": Listed("RunReportRequest")},
    "CheckCompatibilityRequest": {
        "dimensions": Listed("Dimension"),
        "metrics": Listed("Metric"),
        "dimensionFilter": "FilterExpression",
        "metricFilter": "FilterExpression",
        "compatibilityFilter": _COMPATIBILITIES,
    },
    "Dimension": {"name": str, "dimensionExpression": "DimensionExpression"},
    "DimensionExpression": {},
    "CohortSpec": {},
    "Comparison": {},
    "Metric": {"name": str, "expression": str, "invisible": bool},
    "DateRange": {"startDate": str, "endDate": str, "name": str},
    "FilterExpression": {
        "andGroup": "FilterExpressionList",
        "orGroup": "FilterExpressionList",
        "notExpression": "FilterExpression",
        "filter": "Filter",
    },
    "FilterExpressionList": {"expressions": Listed("FilterExpression")},
    "Filter": {
        "fieldName": str,
        "stringFilter": "StringFilter",
        "inListFilter": "InListFilter",
        "numericFilter": "NumericFilter",
        "betweenFilter": "BetweenFilter",
        "emptyFilter": "EmptyFilter",
    },
    "StringFilter": {"matchType": _MATCHES, "value": str, "caseSensitive": bool},
    "InListFilter": {"values": Listed(str), "caseSensitive": bool},
    "NumericFilter": {"operation": _OPERATIONS, "value": "NumericValue"},
    "BetweenFilter": {"fromValue": "NumericValue", "toValue": "NumericValue"},
    "EmptyFilter": {},
    "NumericValue": {"int64Value": int, "doubleValue": float},
    "OrderBy": {
        "metric": "MetricOrderBy",
        "dimension": "DimensionOrderBy",
        "pivot": "PivotOrderBy",
        "desc": bool,
    },
    "MetricOrderBy": {"metricName": str},
    "DimensionOrderBy": {"dimensionName": str, "orderType": _ORDERS},
    "PivotOrderBy": {},
}
"""What each message holds. Those without fields (but for EmptyFilter) are not played."""

_PLAYED: Final = frozenset({"EmptyFilter"})
_KINDS: Final[Mapping[type, str]] = {str: "STRING", bool: "BOOL", int: "INT64", float: "DOUBLE"}


def checked(message: str, value: Any, place: str = "") -> Json:
    """A body as the message has it: names in camel case, enumerations as words.

    Raises :class:`Refusal` in Google's words for what the message does not hold.
    """
    if not isinstance(value, dict):
        raise invalid("Invalid JSON payload received. Unexpected token.")
    fields, found = MESSAGES[message], {}
    for key, item in value.items():
        name = _camel(key)
        if not fields and message not in _PLAYED:
            raise invalid(f"{place or message} is not played by this stand-in.")
        if name not in fields:
            where = f" at '{place}'" if place else ""
            text = f'Invalid JSON payload received. Unknown name "{key}"{where}: Cannot find field.'
            raise invalid(text)
        if item is not None:
            found[name] = _value(fields[name], item, f"{place}.{key}".lstrip("."))
    return found


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def _value(kind: Any, value: Any, place: str) -> Any:
    if isinstance(kind, Listed):
        if not isinstance(value, list):
            value = [value]
        return [_value(kind.of, item, f"{place}[{n}]") for n, item in enumerate(value)]
    if isinstance(kind, tuple):
        return _word(kind, value, place)
    if isinstance(kind, str):
        return checked(kind, value, place)
    return _plain(kind, value, place)


def _word(words: Sequence[str], value: Any, place: str) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        number = _AGGREGATION_NUMBERS.get(value, -1) if words is _AGGREGATIONS else value
        if 0 <= number < len(words):
            return words[number]
    elif value in words:
        return str(value)
    raise invalid(f"Invalid value at '{place}' (TYPE_ENUM), {_shown(value)}")


def _plain(kind: type, value: Any, place: str) -> Any:
    wrong = invalid(f"Invalid value at '{place}' (TYPE_{_KINDS[kind]}), {_shown(value)}")
    if kind in (str, bool):
        if not isinstance(value, kind):
            raise wrong
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise wrong
    try:
        number = float(value)
        whole = int(value) if isinstance(value, str) and kind is int else int(number)
    except (ValueError, OverflowError):
        raise wrong from None
    if kind is int and whole != number:
        raise wrong
    return whole if kind is int else number


def _shown(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
