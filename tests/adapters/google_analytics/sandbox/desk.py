"""Google Analytics on loopback, and somebody who asks it by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import httpx

from adapters.google_analytics.sandbox import GoogleAnalyticsSandbox
from syncer.adapterkit.sandbox import Running

BAKERY: Final = "412345678"
OUTDOOR: Final = "423456789"
ELSEWHERE: Final = "498765432"
NOON: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""When the tests' clock stands: a Friday, when it is noon in London."""

HTTP: Final = httpx.Client(trust_env=False, timeout=60)
"""One for all: making one takes longer than most requests."""

Row = tuple[str, ...]


@dataclass
class Desk:
    """A stand-in that is being served, asked by one of its users."""

    box: GoogleAnalyticsSandbox
    running: Running
    user: str = "syncer"

    def send(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """A request with this user's token, whatever comes of it."""
        headers = {"authorization": f"Bearer {self.box.users[self.user].token}"}
        url = f"{self.running.url}/v1beta{path}"
        return HTTP.request(method, url, json=body, headers=headers, **more)

    def ask(self, verb: str, body: Mapping[str, Any], property: str = BAKERY) -> Any:
        """A call of the Data API that is answered."""
        answer = self.send("POST", f"/properties/{property}:{verb}", body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def report(
        self, by: str = "", of: str = "sessions", property: str = BAKERY, **more: Any
    ) -> Any:
        """A report of sessions yesterday, unless it is said otherwise."""
        return self.ask("runReport", wish(by, of, **more), property)

    def rows(self, by: str = "", of: str = "sessions", **more: Any) -> list[Row]:
        """The rows of a report, values of dimensions first."""
        return rows(self.report(by, of, **more))

    def number(self, **more: Any) -> float:
        """The one figure of a report without dimensions."""
        found = self.rows(**more)
        return float(found[0][0]) if found else 0.0

    def refused(self, **more: Any) -> tuple[int, str, str]:
        """The status, the word and the text of a report that is not answered."""
        return self.refused_of(BAKERY, **more)

    def refused_of(self, place: str, **more: Any) -> tuple[int, str, str]:
        """The same of another property."""
        answer = self.send("POST", f"/properties/{place}:runReport", wish(**more))
        error = answer.json()["error"]
        assert error["code"] == answer.status_code
        return answer.status_code, error["status"], error["message"]

    def control(self, name: str, /, **wish: Any) -> Any:
        """A control route."""
        answer = HTTP.post(f"{self.running.url}/_sandbox/{name}", json=wish)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def at(self, day: int, hour: int = 12, month: int = 11) -> None:
        """Let the vendor's clock stand at an hour of 2026, London being an hour of UTC."""
        moment = datetime(2026, month, day, hour, tzinfo=UTC)
        self.control("clock", at=moment.isoformat(), frozen=True)


def wish(
    by: str = "", of: str = "sessions", since: str = "yesterday", until: str = "", **more: Any
) -> dict[str, Any]:
    """A request for a report; names are separated by blanks."""
    return {
        "dimensions": [{"name": name} for name in by.split()],
        "metrics": [{"name": name} for name in of.split()],
        "dateRanges": [{"startDate": since, "endDate": until or since}],
    } | more


def rows(report: Any, part: str = "rows") -> list[Row]:
    """The rows of an answer as texts."""
    return [
        tuple(
            one["value"]
            for kind in ("dimensionValues", "metricValues")
            for one in row.get(kind, ())
        )
        for row in report.get(part, ())
    ]


def only(field: str, kind: str = "stringFilter", **told: Any) -> dict[str, Any]:
    """A filter of one field."""
    return {"filter": {"fieldName": field, kind: told}}
