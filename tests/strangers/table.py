"""What strangers drove: by vendor, kind of thing and dialect, from the sandboxes' own logs."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from starlette.routing import Match, Route

from syncer.adapterkit.registry import sandbox_class
from tests.strangers.environments import ROOT, SYSTEMS

TARGET: Final = ROOT / "build" / "referee" / "strangers.json"

_KINDS: Final = {
    "trello": (
        ("custom field", ("customfield",)),
        ("search", ("/search",)),
        ("batch", ("/batch",)),
        ("checklist", ("checklist", "checkitem")),
        ("attachment", ("attachments",)),
        ("notification", ("notifications",)),
        ("action", ("actions",)),
        ("label", ("label",)),
        ("member", ("idmembers", "members/{member}", "/members", "memberships", "boardstars")),
        ("workspace", ("/organizations",)),
        ("list", ("/lists",)),
        ("card", ("/cards", "/card/")),
        ("board", ("/boards",)),
    ),
    "asana": (
        ("event", ("/events",)),
        ("custom field", ("custom_field", "enum_options", "customfield")),
        ("story", ("/stories",)),
        ("tag", ("tag",)),
        ("membership", ("/memberships", "members", "followers")),
        ("section", ("/sections",)),
        ("task", ("/tasks",)),
        ("status update", ("/status_updates",)),
        ("project", ("/projects",)),
        ("user", ("/users",)),
        ("team", ("/teams",)),
        ("workspace", ("/workspaces",)),
    ),
    "hubspot": (
        ("association", ("/associations",)),
        ("property", ("/properties",)),
        ("pipeline", ("/pipelines",)),
        ("owner", ("/owners",)),
        ("account", ("/account-info",)),
        ("search", ("/search",)),
        ("batch", ("/batch",)),
    ),
    "google_analytics": (
        ("token", ("/token",)),
        ("metadata", ("/metadata",)),
        ("compatibility", (":checkcompatibility",)),
        ("batch", (":batchrunreports",)),
        ("report", (":runreport",)),
        ("key event", ("/keyevents",)),
        ("account", ("/accountsummaries",)),
        ("property", ("/properties",)),
    ),
}
"""What a route is about: the first kind one of whose words stands in it."""

_RECORDS = {
    "note": ("/notes", "/0-46"),
    "task": ("/tasks", "/0-27"),
    "company": ("/compan", "/0-2"),
}


@dataclass(frozen=True)
class Driven:
    """A route that strangers drove in one dialect, and how many of their calls it answered."""

    system: str
    method: str
    route: str
    kind: str
    dialect: str
    calls: int


def driven(logs: dict[str, list[dict[str, Any]]], bots: dict[str, set[str]]) -> list[Driven]:
    """The routes that people drove; the service's own account is no stranger."""
    found: Counter[tuple[str, str, str, str, str]] = Counter()
    for system, log in logs.items():
        routes = sandbox_class(system)().routes()
        for entry in log:
            if entry["user"] in bots[system] or not 200 <= (entry["status"] or 0) < 300:
                continue
            route = _template(routes, entry)
            kind = _kind(system, route, entry["path"])
            found[system, entry["method"], route, kind, _dialect(system, entry)] += 1
    return [Driven(*key, calls) for key, calls in sorted(found.items())]


def _template(routes: list[Route], entry: dict[str, Any]) -> str:
    scope = {"type": "http", "path": entry["path"], "method": entry["method"], "headers": []}
    hit = next(route for route in routes if route.matches(scope)[0] is Match.FULL)
    return hit.path.rstrip("/")


def _kind(system: str, route: str, path: str) -> str:
    hits = (k for k, words in _KINDS[system] if any(word in route.lower() for word in words))
    kind = next(hits, "record")
    if system == "hubspot" and kind in ("record", "search", "batch"):
        named = next(
            (one for one, words in _RECORDS.items() if any(w in path for w in words)), "deal"
        )
        return named if kind == "record" else f"{named} {kind}"
    return kind


def _dialect(system: str, entry: dict[str, Any]) -> str:
    if system == "trello":
        return "key in query" if "key" in entry["query"] else "signed header"
    if system == "hubspot":
        return next(part for part in ("v4", "v3") if f"/{part}" in entry["path"])
    return "v1beta" if system == "google_analytics" else "1.0"


def save(rows: list[Driven]) -> Path:
    """Write what was driven for others to read; gives where."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    told = [
        {
            "system": row.system,
            "method": row.method,
            "route": row.route,
            "calls": row.calls,
            "dialect": row.dialect,
        }
        for row in rows
    ]
    TARGET.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    return TARGET


def lines(rows: list[Driven]) -> Iterator[str]:
    """Two tables for people: by kind, then every route."""
    kinds: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        kinds[row.system, row.kind, row.dialect] += row.calls
    yield from _table(("vendor", "object", "dialect", "calls"), sorted(kinds.items()))
    yield ""
    every: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        every[row.system, row.method, row.route] += row.calls
    yield from _table(("vendor", "method", "route", "calls"), sorted(every.items()))
    yield ""
    yield f"{len(every)} of {_offered()} routes of the sandboxes that people's clients can reach"


def _table(head: tuple[str, ...], rows: list[tuple[tuple[str, ...], int]]) -> Iterator[str]:
    cells = [head, *((*key, str(calls)) for key, calls in rows)]
    wide = [max(len(row[n]) for row in cells) for n in range(len(head))]
    for row in cells:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, wide, strict=True)).rstrip()


def _offered() -> int:
    """Routes of all sandboxes, each once; HubSpot's dated paths are no dialect of its client."""
    found = {
        (system, method, route.path.rstrip("/"))
        for system in SYSTEMS
        for route in sandbox_class(system)().routes()
        for method in route.methods or ()
        if method != "HEAD" and "2026-09" not in route.path
    }
    return len(found)
