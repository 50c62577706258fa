"""Enumerations as numbers, for clients that ask for ``$alt=json;enum-encoding=int``."""

import json
from typing import Any, Final

from starlette.responses import Response

from adapters.google_analytics.sandbox.answers import answer
from syncer.adapterkit.sandbox import SandboxRequest

_TYPES: Final = {"TYPE_INTEGER": 1, "TYPE_FLOAT": 2, "TYPE_SECONDS": 4, "TYPE_CURRENCY": 9}
NUMBERS: Final[dict[str, dict[str, int]]] = {
    "type": _TYPES,
    "compatibility": {"COMPATIBLE": 1, "INCOMPATIBLE": 2},
    "blockedReasons": {"NO_REVENUE_METRICS": 1, "NO_COST_METRICS": 2},
    "restrictedMetricTypes": {"COST_DATA": 1, "REVENUE_DATA": 2},
    "propertyType": {"PROPERTY_TYPE_ORDINARY": 1},
    "serviceLevel": {"GOOGLE_ANALYTICS_STANDARD": 1, "GOOGLE_ANALYTICS_360": 2},
    "industryCategory": {"TRAVEL": 6, "SHOPPING": 26},
    "countingMethod": {"ONCE_PER_EVENT": 1},
}
"""By the name of the field; the vendor's protocol buffers number them so."""


def numbered(value: Any, name: str = "") -> Any:
    """The same with numbers for words of enumerations."""
    if isinstance(value, dict):
        return {key: numbered(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [numbered(item, name) for item in value]
    return NUMBERS[name].get(value, value) if name in NUMBERS and isinstance(value, str) else value


def as_numbers(request: SandboxRequest, response: Response) -> Response:
    """The answer as the client wants it encoded."""
    if "enum-encoding=int" not in request.query.get("$alt", ""):
        return response
    return answer(numbered(json.loads(bytes(response.body))))
