"""The content of a page as data, for programs: the same, and for a client no more."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from syncer.model.client_inside import AgencyPage
from syncer.model.client_report import Page
from syncer.model.readers import Audience
from syncer.model.structs import names
from syncer.model.values import plain
from syncer.report.jsonable import moment_json

T = TypeVar("T")


def page_json(page: Page | AgencyPage) -> dict[str, Any]:
    """All of it: days as ISO 8601, numbers as text in full."""
    audience = Audience.CLIENT if isinstance(page, Page) else Audience.AGENCY
    told: dict[str, Any] = _json(page)
    return {"for": str(audience), **told}


def _json(value: Any) -> Any:
    if isinstance(value, Struct):
        return {name: _json(getattr(value, name)) for name in names(value)}
    if isinstance(value, tuple):
        return [_json(one) for one in value]
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return moment_json(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


def mapped(value: T, change: Callable[[str], str]) -> T:
    """The same with every plain text in it changed, however deep it stands."""
    found: Any = value
    if isinstance(found, Struct):
        parts = {name: mapped(getattr(found, name), change) for name in names(found)}
        return replace(found, **parts)  # type: ignore[return-value]
    if isinstance(found, tuple):
        return tuple(mapped(one, change) for one in found)  # type: ignore[return-value]
    # Words of our own are of other types; only what people or systems wrote is plain text.
    return change(found) if type(found) is str else value  # type: ignore[return-value]
