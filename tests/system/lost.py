"""What can become of an answer, and what must hold once it was lost."""

from collections.abc import Iterator, Mapping
from typing import Any

from syncer.model.report import CycleResult
from tests.system.corner import TIMEOUT, Corner

Fault = dict[str, Any]

ONCE: Mapping[str, Fault] = {
    "dropped before": {"drop": "before"},
    "dropped after": {"drop": "after"},
    "500 after": {"status": 500, "late": True},
    "timed out after": {"slow": TIMEOUT * 2, "late": True},
    "cut short after": {"cut": 9},
}
"""The answer to one request is lost, before or after the request took effect."""

HASTE: Mapping[str, Mapping[str, Fault]] = {
    "trello": {"429": {"status": 429}},
    "asana": {"429": {"status": 429, "headers": {"Retry-After": "0.02"}}},
    "hubspot": {
        "429": {"status": 429},
        "429 with Retry-After": {"status": 429, "headers": {"Retry-After": "0.02"}},
    },
}
"""Too many requests, as each vendor says it: only Asana always tells how long to wait."""

STUBBORN: Mapping[str, Fault] = {
    "503 again and again": {"status": 503},
    "500 after, again and again": {"status": 500, "late": True},
    "dropped after, again and again": {"drop": "after"},
    "429 again and again": {"status": 429, "headers": {"Retry-After": "0.02"}},
}
"""So often that the service gives up within the cycle."""

ATTEMPTS = 4
"""How often one request is sent at most."""


def faults(system: str) -> Iterator[tuple[str, Fault, int]]:
    """Every fault of the table for a vendor: its name, itself, and how often."""
    yield from ((name, fault, 1) for name, fault in {**ONCE, **HASTE[system]}.items())
    yield from ((name, fault, ATTEMPTS) for name, fault in STUBBORN.items())


def struck(corner: Corner) -> None:
    """Every fault met its request, at least once."""
    for running in corner.running.values():
        unseen = [one for one in running.desk.faults.waiting if not one.seen]
        assert not unseen, f"these faults met no request: {[str(one.order) for one in unseen]}"
        running.desk.faults.clear()


def settled(corner: Corner) -> None:
    """Everything is done: the next cycle writes nothing, and nothing is left over."""
    corner.forget()
    report = corner.cycle()
    assert report.result is CycleResult.DONE, report
    assert report.plan is not None
    assert report.plan.actions == ()
    assert {name: made for name, made in corner.writes().items() if made} == {}
    store = corner.store
    assert corner.open_intents() == []
    assert [f"{p.proposer}: {p.field} {p.value}" for p in store.proposals("bakery")] == []
    assert store.parked("bakery") == []
    assert store.pending("bakery") == []
    assert [hold.reason for hold in store.holds("bakery")] == []
    rewrites = [e.text for e in store.journal("bakery", limit=None) if e.kind == "rewrite"]
    assert rewrites == [], "our own write counts as the vendor's"
    problems = [problem for running in corner.running.values() for problem in running.problems]
    assert not problems, "\n".join(problems)
