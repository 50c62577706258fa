"""The Data API: reports, batches, metadata, compatibility."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec import Struct
from starlette.responses import Response

from adapters.google_analytics.sandbox import compatible, meter
from adapters.google_analytics.sandbox.accounts import project_of
from adapters.google_analytics.sandbox.answers import answer, invalid, present
from adapters.google_analytics.sandbox.asked import SPAN, Query, query
from adapters.google_analytics.sandbox.fields import DEMOGRAPHIC, DIMENSIONS, METRICS
from adapters.google_analytics.sandbox.figures import RATES
from adapters.google_analytics.sandbox.meter import Payer, price
from adapters.google_analytics.sandbox.properties import Site
from adapters.google_analytics.sandbox.reports import Lens, Report, run
from adapters.google_analytics.sandbox.rights import Rights
from adapters.google_analytics.sandbox.shapes import checked
from adapters.google_analytics.sandbox.shown import shown
from adapters.google_analytics.sandbox.store import Store
from syncer.adapterkit.sandbox import Refusal, SandboxRequest

Json = dict[str, Any]

MOST_REPORTS: Final = 5
_BLOCKED: Final = {"REVENUE_DATA": "NO_REVENUE_METRICS", "COST_DATA": "NO_COST_METRICS"}
_TOKENS: Final = (meter.DAY, meter.HOUR, meter.PROJECT)


class Data(Struct):
    """Handlers of the Data API.

    Args:
        now: the vendor's clock.
    """

    store: Callable[[], Store]
    rights: Rights
    now: Callable[[], datetime]

    def report(self, request: SandboxRequest) -> Response:
        """``runReport``."""
        site, body = self.rights.site(request), checked("RunReportRequest", _body(request))
        return answer(self._reported(request, site, body))

    def batch(self, request: SandboxRequest) -> Response:
        """``batchRunReports``: one bad member fails the call, and nothing is charged then."""
        site = self.rights.site(request)
        members = checked("BatchRunReportsRequest", _body(request)).get("requests", [])
        if not members or len(members) > MOST_REPORTS:
            raise invalid(f"A batch must have between 1 and {MOST_REPORTS} requests.")
        for member in members:
            self._query(request, site, member)
        told = [self._reported(request, site, member) for member in members]
        return answer({"reports": told, "kind": "analyticsData#batchRunReports"})

    def _query(self, request: SandboxRequest, site: Site, body: Json) -> Query:
        if body.get("property", f"properties/{site.id}") != f"properties/{site.id}":
            raise invalid("The property of a request must be that of the call.")
        today = self.now().astimezone(ZoneInfo(site.zone)).date()
        found = query(body, today, site.currency)
        hidden = self.rights.hidden(request.user.name, site)
        if blocked := [name for name in found.having_fields if name in hidden]:
            raise invalid(f"The metric filter is about {blocked[0]}, which is restricted for you.")
        return found

    def _reported(self, request: SandboxRequest, site: Site, body: Json) -> Json:
        found, payer = self._query(request, site, body), self.payer(request, site)
        watched = bool(found.wanted & DEMOGRAPHIC)
        store = self.store()
        store.meter.check(payer, *_TOKENS, *([meter.THRESHOLDED] if watched else []))
        rate = RATES[found.currency] / RATES[site.currency]
        lens = Lens(rate, self.rights.hidden(request.user.name, site))
        flags, report = store.flags_of(site), self._run(site, found, lens)
        days = sum(span.days for span in found.spans)
        columns = (len(found.dimensions), len(found.metrics))
        tokens = price(*columns, found.filters, len(report.rows), days)
        store.meter.use(payer, tokens, *_TOKENS)
        store.meter.use(payer, int(watched), meter.THRESHOLDED)
        told = shown(found, report, site, lens, flags)
        if found.quota:
            told["propertyQuota"] = store.meter.told(payer, tokens, int(watched))
        return told

    def _run(self, site: Site, found: Query, lens: Lens) -> Report:
        store, now = self.store(), self.now()
        flags = store.flags_of(site)
        if flags.empty:
            return Report(())
        last = now.astimezone(ZoneInfo(site.zone)).date()
        # Tests may have put figures on days to come, or before the site was there.
        days = [day for id, day in store.changes if id == site.id]
        first, last = min([site.profile.begun, *days]), max([last, *days])
        return run(found, lambda day: store.cells(site, day, now), first, last, lens, flags.other)

    def payer(self, request: SandboxRequest, site: Site) -> Payer:
        """Whose quota a request uses."""
        large = site.level.endswith("360")
        return Payer(site.id, project_of(request.user.name), self.now(), large)

    def metadata(self, request: SandboxRequest) -> Response:
        """``getMetadata``; of the property 0, what all properties have."""
        id = request.path_params["property"]
        site = self.rights.site(request) if id != "0" else None
        hidden = self.rights.hidden(request.user.name, site) if site else frozenset()
        # Key events are each property's own.
        metrics = [name for name in METRICS if site or ":" not in name]
        return answer(
            {
                "name": f"properties/{id}/metadata",
                "dimensions": [_dimension(name) for name in DIMENSIONS if name != SPAN],
                "metrics": [_metric(name, hidden) for name in metrics],
            }
        )

    def compatibility(self, request: SandboxRequest) -> Response:
        """``checkCompatibility``: what could be asked beside; fails if the request cannot be."""
        site = self.rights.site(request)
        body = checked("CheckCompatibilityRequest", _body(request))
        dates = [{"startDate": "today", "endDate": "today"}]
        asked = {k: v for k, v in body.items() if k != "compatibilityFilter"}
        if not asked.get("dimensions") and not asked.get("metrics"):
            asked = {**asked, "metrics": [{"name": "sessions"}]}
        found = self._query(request, site, {**asked, "dateRanges": dates})
        split, metrics = list(found.wanted), found.metrics if body.get("metrics") else []
        hidden = self.rights.hidden(request.user.name, site)
        told = {
            "dimensionCompatibilities": [
                {"dimensionMetadata": _dimension(name), **_fits([*split, name], metrics)}
                for name in DIMENSIONS
                if name != SPAN
            ],
            "metricCompatibilities": [
                {"metricMetadata": _metric(name, hidden), **_fits(split, [*metrics, name])}
                for name in METRICS
            ],
        }
        wanted = body.get("compatibilityFilter")
        return answer(present({key: _only(rows, wanted) for key, rows in told.items()}))


def reports_in(request: SandboxRequest) -> int:
    """How many reports a request asks for; one if it cannot be read."""
    if not request.path.endswith(":batchRunReports"):
        return 1
    try:
        return max(1, min(MOST_REPORTS, len(request.json()["requests"])))
    except (Refusal, KeyError, TypeError):
        return 1


def _fits(dimensions: list[str], metrics: list[str]) -> Json:
    fits = not compatible.culprits(dimensions, metrics)
    return {"compatibility": "COMPATIBLE" if fits else "INCOMPATIBLE"}


def _only(rows: list[Json], wanted: str | None) -> list[Json]:
    if wanted in (None, "COMPATIBILITY_UNSPECIFIED"):
        return rows
    return [row for row in rows if row["compatibility"] == wanted]


def _body(request: SandboxRequest) -> Any:
    told = request.json()
    return {} if told is None else told


def _dimension(name: str) -> Json:
    one = DIMENSIONS[name]
    described = f"The {one.label[0].lower()}{one.label[1:]} of what is counted."
    return {
        "apiName": name,
        "uiName": one.label,
        "description": described,
        "category": one.category,
    }


def _metric(name: str, hidden: frozenset[str]) -> Json:
    one = METRICS[name]
    return present(
        {
            "apiName": name,
            "uiName": one.label,
            "description": f"The {one.label[0].lower()}{one.label[1:]}.",
            "deprecatedApiNames": list(one.older),
            "type": one.type,
            "blockedReasons": [_BLOCKED[one.restricted]] if name in hidden else [],
            "category": one.category,
        }
    )
