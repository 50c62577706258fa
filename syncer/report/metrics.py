"""How every client fares as figures, in the text format that Prometheus reads.

Nothing of what people write is in it: labels are keys of the configuration, names of systems and
words of ours.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from syncer.report.status import Standing
from syncer.state import Store

_ESCAPES: Final = {"\\": "\\\\", "\n": "\\n", '"': '\\"'}
_RESULTS: Final = ("done", "failed", "refused", "killed")

Labels = dict[str, str]


class Family(Struct, frozen=True):
    """One figure: its name, kind and meaning, and its value for each set of labels."""

    name: str
    kind: str
    help: str
    samples: tuple[tuple[Labels, float], ...]


def exposition(families: Sequence[Family]) -> str:
    """The text: HELP and TYPE of each figure, then its samples."""
    return "".join(f"{line}\n" for family in families for line in _lines(family))


def _lines(family: Family) -> Iterator[str]:
    yield f"# HELP {family.name} {_escaped(family.help, chr(92) + chr(10))}"
    yield f"# TYPE {family.name} {family.kind}"
    for labels, value in family.samples:
        told = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
        shown = str(int(value)) if float(value).is_integer() else repr(float(value))
        yield f"{family.name}{{{told}}} {shown}" if told else f"{family.name} {shown}"


def _escaped(text: str, what: str = "".join(_ESCAPES)) -> str:
    return "".join(_ESCAPES[c] if c in what else c for c in text)


def figures(
    standings: Sequence[Standing], store: Store | None, now: datetime, version: str
) -> list[Family]:
    """All figures; those of a state that is not there yet are 0, or left out.

    The state tells the cycles and proposals, and under ``totals`` what all runs together did.
    """
    cycles = store.cycles_by_status() if store else {}
    oldest = store.oldest_waiting() if store else {}
    totals = (store.meta("totals") if store else None) or {}
    keys = [one.client for one in standings]
    return [
        Family("syncer_info", "gauge", "The version.", (({"version": version}, 1),)),
        *_cycles(keys, cycles, totals),
        *_vendors(totals),
        *_clients(standings),
        _ages(keys, oldest, now),
    ]


def _cycles(
    keys: Sequence[str], cycles: Mapping[tuple[str, str], int], totals: Mapping[str, Any]
) -> Iterator[Family]:
    ended = [({"client": k, "result": r}, cycles.get((k, r), 0)) for k in keys for r in _RESULTS]
    yield Family("syncer_cycles_total", "counter", "Cycles by how they ended.", tuple(ended))
    written = totals.get("written", {})
    samples = tuple(({"client": key}, written.get(key, 0)) for key in keys)
    yield Family("syncer_writes_total", "counter", "Writes that tools answered well.", samples)


def _vendors(totals: Mapping[str, Any]) -> Iterator[Family]:
    asked = [({"system": name}, n) for name, n in totals.get("requests", {}).items()]
    yield Family("syncer_requests_total", "counter", "Requests sent to a system.", tuple(asked))
    shares = [
        ({"system": name, "window": window}, share)
        for name, windows in totals.get("quota", {}).items()
        for window, share in windows.items()
    ]
    text = "Highest share of a documented limit in use at once, in the last run."
    yield Family("syncer_quota_used_ratio", "gauge", text, tuple(shares))


def _clients(standings: Sequence[Standing]) -> Iterator[Family]:
    linked = [
        ({"client": one.client, "connection": name}, count)
        for one in standings
        for name, count in sorted(one.linked.items())
    ]
    text = "Records that are linked to a twin there."
    yield Family("syncer_records_linked", "gauge", text, tuple(linked))
    for name, text, of in (
        ("records", "Records that are known.", lambda one: _count(one, "records")),
        ("held", "Things that a person must look at.", lambda one: len(one.holds)),
        ("parked", "Work that failed and is tried again.", lambda one: len(one.parked)),
        ("proposals_open", "Held edits that wait.", lambda one: _count(one, "proposals")),
        ("paused", "1 while it is paused.", lambda one: one.paused_since is not None),
        ("retired", "1 if it is run no more.", lambda one: one.retired_since is not None),
        ("observed", "1 if it is only looked at.", lambda one: one.observes),
        (
            "configuration_broken",
            "1 if its own part of the configuration is wrong.",
            lambda one: bool(one.broken),
        ),
        (
            "last_success_timestamp_seconds",
            "When its last good cycle began; 0: never.",
            lambda one: _moment(one.health.last_ok_at if one.health else None),
        ),
    ):
        samples = tuple(({"client": one.client}, float(of(one))) for one in standings)
        yield Family(f"syncer_{name}", "gauge", text, samples)


def _count(one: Standing, what: str) -> int:
    return int(getattr(one.health, what)) if one.health else 0


def _moment(at: datetime | None) -> float:
    return at.timestamp() if at else 0


def _ages(keys: Sequence[str], oldest: Mapping[tuple[str, str], datetime], now: datetime) -> Family:
    samples = []
    for key in keys:
        for kind in ("hold", "parked", "proposal"):
            since = oldest.get((key, kind))
            age = max(0.0, (now - since).total_seconds()) if since else 0.0
            samples.append(({"client": key, "kind": kind}, age))
    text = "Age of what has waited longest; 0: nothing waits."
    return Family("syncer_oldest_age_seconds", "gauge", text, tuple(samples))
