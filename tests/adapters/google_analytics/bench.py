"""The agency's properties on loopback, and adapters on them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx

from adapters.google_analytics import ADAPTER
from adapters.google_analytics.adapter import GoogleAnalytics
from adapters.google_analytics.sandbox import GoogleAnalyticsSandbox
from syncer.adapterkit.contract import Opening, Scope
from syncer.adapterkit.measuring import Unanswered
from syncer.adapterkit.sandbox import Running, agency_world, serve
from syncer.model.measures import Answer, Ask, Slice

BAKERY = "412345678"
DAYS = (date(2026, 11, 2), date(2026, 11, 6))
"""A working week that lies behind."""


@dataclass
class Bench:
    """The stand-in as it is served."""

    sandbox: GoogleAnalyticsSandbox
    running: Running
    open: list[GoogleAnalytics] = field(default_factory=list)
    bodies: list[tuple[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        handled = self.running.desk._handled

        def noted(request: Any, fault: Any) -> Any:
            if not request.path.endswith("/token") and request.body:
                self.bodies.append((request.path, json.loads(request.body)))
            return handled(request, fault)

        # The log of requests leaves bodies out, as they may hold secrets.
        self.running.desk._handled = noted  # type: ignore[method-assign]

    def opened(self, user: str = "maya", **more: Any) -> GoogleAnalytics:
        """An adapter that signs in as a user; ``more`` are further options.

        Only ``syncer`` is a service account; reading its key takes time.
        """
        options = ADAPTER.options(**self.running.connection(user) | more)
        self.open.append(GoogleAnalytics.opened(Opening("analytics", options, timeout=20)))
        return self.open[-1]

    @property
    def adapter(self) -> GoogleAnalytics:
        """Maya's, always the same."""
        return self.open[0] if self.open else self.opened()

    @property
    def scope(self) -> Scope:
        """The bakery's."""
        return Scope("bakery", ADAPTER.scope(**self.sandbox.scope_of("bakery")))

    def control(self, name: str, **wish: Any) -> None:
        """Ask the stand-in for something beside the vendor's API."""
        httpx.post(f"{self.running.url}/_sandbox/{name}", json=wish).raise_for_status()

    def sent(self, path: str = "") -> list[Any]:
        """The bodies that were posted to paths with this in them."""
        return [body for where, body in self.bodies if path in where]

    def count(self, path: str = "") -> int:
        """How many requests there were to such paths."""
        return sum(path in str(r["path"]) for r in self.running.requests)

    def answer(self, ask: Ask, adapter: GoogleAnalytics | None = None) -> Answer:
        """The one answer to one ask."""
        [found] = (adapter or self.adapter).ask([ask])
        assert isinstance(found, Answer), found
        return found

    def refusal(self, ask: Ask, adapter: GoogleAnalytics | None = None) -> Unanswered:
        """The one refusal of one ask."""
        [found] = (adapter or self.adapter).ask([ask])
        assert isinstance(found, Unanswered), found
        return found


@contextmanager
def bench() -> Iterator[Bench]:
    """A stand-in of its own, with nothing left open."""
    sandbox = GoogleAnalyticsSandbox()
    sandbox.start_with(agency_world())
    with serve(sandbox) as running:
        made = Bench(sandbox, running)
        yield made
        for adapter in made.open:
            adapter.close()
        assert running.problems == []


def ask(*metrics: str, report: str = "goals", **more: Any) -> Ask:
    """An ask of the bakery's whole property over the working week."""
    filters = more.pop("slice", {})
    since, until = more.pop("days", DAYS)
    where = Slice(more.pop("property", BAKERY), filters=filters)
    return Ask(report, where, metrics or ("sessions",), since, until, **more)
