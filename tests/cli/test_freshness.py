"""`status --max-age` tells of clients that are not in step; `--health` only whether it lives."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from syncer.report.fresh import Age, fresh_document, fresh_json, freshness
from syncer.report.status import Standing
from syncer.state import Cycle, CycleStatus
from syncer.state.health import Health
from tests.cli.hamlet import Hamlet

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def standing(name: str, *, ok: float | None = None, known: float | None = None, **more: Any) -> Any:
    """A client that was last in step, or first known, so many hours ago."""
    last = Cycle("c", name, NOW, status=CycleStatus.FAILED, text="two: 503")
    health = Health(
        client=name,
        paused_since=NOW - 2 * HOUR if more.pop("paused", False) else None,
        last_ok_at=None if ok is None else NOW - ok * HOUR,
        last_full_at=None,
        last_cycle=last if more.pop("fails", False) else None,
        last_full=None,
        **dict.fromkeys(("records", "pending", "twins", "proposals"), 0),
        **dict.fromkeys(("holds", "parked", "unanswered"), 0),
        known_since=None if known is None else NOW - known * HOUR,
    )
    return Standing(name, health, **more)


@pytest.mark.parametrize(
    ("client", "age", "text"),
    [
        pytest.param(standing("a", ok=0.5), Age.FRESH, "a: last in step 30 min ago", id="fresh"),
        pytest.param(standing("a", ok=1), Age.FRESH, "a: last in step 1 h ago", id="just"),
        pytest.param(
            standing("a", ok=3), Age.OLD, "a: last in step 3 h ago, quiet since", id="silent"
        ),
        pytest.param(
            standing("a", ok=3, fails=True),
            Age.OLD,
            "a: last in step 3 h ago, failed: two: 503",
            id="cycles-fail",
        ),
        pytest.param(
            standing("a", known=3, fails=True),
            Age.OLD,
            "a: never in step, tried since 3 h ago, failed: two: 503",
            id="never-in-step",
        ),
        pytest.param(
            standing("a", known=0.5),
            Age.FRESH,
            "a: never in step, tried since 30 min ago",
            id="new",
        ),
        pytest.param(Standing("a"), Age.NEVER, "a: never ran yet", id="never-ran"),
        pytest.param(
            standing("a", ok=30, paused=True), Age.PAUSED, "a: paused 2 h ago", id="paused"
        ),
        pytest.param(
            standing("a", ok=3, observes=True),
            Age.OLD,
            "a (only observed): last in step 3 h ago, quiet since",
            id="observed",
        ),
        pytest.param(
            standing("a", ok=0, broken=("x:1:1: bad",)),
            Age.BROKEN,
            "a: its configuration is wrong",
            id="broken",
        ),
    ],
)
def test_how_a_client_stands(client: Standing, age: Age, text: str) -> None:
    """Only what nobody wants so is not fine; what is paused or only observed is told apart."""
    (found,) = freshness([client], NOW, HOUR)

    assert (age, text, age in (Age.FRESH, Age.PAUSED)) == (found.age, found.text, found.fine)
    assert found.fine is fresh_json([found])["fresh"]
    assert (text in [c.text for b in fresh_document([found], HOUR) for c in b.cells]) is (
        age is not Age.FRESH
    )


def test_a_tool_that_is_down_is_no_matter_of_health(
    hamlet: Hamlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cycles that fail make a client old, and the service no less alive."""
    hamlet.worlds["two"].revoked.add("syncer")
    assert 1 == hamlet("run").code

    old = hamlet("status", "--max-age", "0s", "--json")
    told = json.loads(old.out)

    assert (1, False, "old") == (old.code, told["fresh"], told["freshness"][0]["age"])
    wanted = r"acme: never in step, tried since \d+ s ago, failed: two"
    assert re.match(wanted, told["reasons"][0])
    assert 0 == hamlet("status", "--max-age", "1d").code
    assert 0 == hamlet("status", "--health").code
    hamlet("pause", "acme")
    paused = hamlet("status", "--max-age", "0s")
    assert 0 == paused.code
    assert re.fullmatch(r"acme: paused \d+ s ago", paused.out.splitlines()[-2])


def test_a_state_that_cannot_be_written_is_one(
    hamlet: Hamlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no cycle could remember what it does, a new container may help."""
    hamlet("run")
    file = hamlet.root / "data" / "syncer.db"
    monkeypatch.setattr("syncer.cli.status._writable", lambda place: Path(place) != file)

    said = hamlet("status", "--health")

    assert (1, f"{file} cannot be written\n") == (said.code, said.out)
    file.write_bytes(b"no database")
    assert 2 == hamlet("status", "--health").code
