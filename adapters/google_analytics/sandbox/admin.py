"""The Admin API: accounts, properties, key events (guide, 4)."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from starlette.responses import Response

from adapters.google_analytics.sandbox.answers import answer, invalid, present
from adapters.google_analytics.sandbox.properties import Site
from adapters.google_analytics.sandbox.rights import Rights
from adapters.google_analytics.sandbox.traffic import EVENTS
from syncer.adapterkit.sandbox import SandboxRequest
from syncer.model.values import instant_text

Json = dict[str, Any]

USUAL_PAGE: Final = 50
MOST_PAGE: Final = 200
_ORDINARY: Final = "PROPERTY_TYPE_ORDINARY"


class Admin:
    """Handlers of the Admin API."""

    def __init__(self, rights: Rights) -> None:
        self._rights = rights

    def summaries(self, request: SandboxRequest) -> Response:
        """``accountSummaries``: everything that the caller may see."""
        found: dict[str, Json] = {}
        for site in self._rights.sites(request.user.name):
            account = f"accounts/{site.account}"
            summary: Json = {
                "name": f"accountSummaries/{site.account}",
                "account": account,
                "displayName": site.account_name,
                "propertySummaries": [],
            }
            told = found.setdefault(site.account, summary)
            told["propertySummaries"].append(
                {
                    "property": f"properties/{site.id}",
                    "displayName": site.name,
                    "propertyType": _ORDINARY,
                    "parent": account,
                }
            )
        return answer(_page(request, "accountSummaries", list(found.values())))

    def property(self, request: SandboxRequest) -> Response:
        """``properties.get``."""
        site = self._rights.site(request)
        made = instant_text(_made(site))
        account = f"accounts/{site.account}"
        return answer(
            {
                "name": f"properties/{site.id}",
                "parent": account,
                "createTime": made,
                "updateTime": made,
                "displayName": site.name,
                "industryCategory": site.industry,
                "timeZone": site.zone,
                "currencyCode": site.currency,
                "serviceLevel": site.level,
                "account": account,
                "propertyType": _ORDINARY,
            }
        )

    def key_events(self, request: SandboxRequest) -> Response:
        """``properties.keyEvents.list``."""
        site = self._rights.site(request)
        told = [
            present(
                {
                    "name": f"properties/{site.id}/keyEvents/{40_000_000 + number}",
                    "eventName": event,
                    "createTime": instant_text(_made(site)),
                    "deletable": event != "purchase",
                    "custom": event not in ("purchase", "sign_up"),
                    "countingMethod": "ONCE_PER_EVENT",
                }
            )
            for number, event in enumerate(EVENTS)
        ]
        return answer(_page(request, "keyEvents", told))


def _made(site: Site) -> datetime:
    return datetime.combine(site.profile.begun, time(9), UTC) - timedelta(1)


def _page(request: SandboxRequest, name: str, rows: list[Json]) -> Json:
    """A page of a list; too large a page is cut to the largest there is."""
    size, token = request.query.get("pageSize", "0"), request.query.get("pageToken", "")
    if not size.lstrip("-").isdecimal():
        raise invalid(f"Invalid value at 'page_size' (TYPE_INT32), \"{size}\"")
    if int(size) < 0:
        raise invalid("The page size must not be negative.")
    if token and not (token.startswith("p") and token[1:].isdecimal()):
        raise invalid("The page token is invalid.")
    start, count = int(token[1:] or 0), min(int(size) or USUAL_PAGE, MOST_PAGE)
    more = {"nextPageToken": f"p{start + count}"} if start + count < len(rows) else {}
    return present({name: rows[start : start + count]}) | more
