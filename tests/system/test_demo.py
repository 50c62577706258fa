"""The demo as people run it: a process, real sockets, and nothing that is not so."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from syncer.adapterkit.registry import sandbox_class
from syncer.cli.demo.command import WITHOUT_PUT_BACK
from tests.architecture.source import ROOT
from tests.shared import bare_environment
from tests.system.agency import SYSTEMS

STEPS = [
    "First contact",
    "Google Analytics is read",
    "A producer moves a task's deadline in Asana",
    "A producer moves the project's deadline in Asana",
    "The account manager rewrites the strategy in HubSpot",
    "The account manager moves the deadline in HubSpot",
    "A producer approves by a reply",
    "A producer edits the brief in Trello",
    "The account manager declines, and says why",
    "What was counted is nobody's to write",
    "A last run",
    "The page for the client",
]


@dataclass(frozen=True)
class Played:
    """A demo that is over."""

    code: int
    out: str
    err: str
    kept: Path

    @property
    def steps(self) -> list[Any]:
        """What it told."""
        return list(json.loads(self.out))


def syncer(*args: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    """The command line as a process."""
    clean = bare_environment()
    return subprocess.run(
        [sys.executable, "-m", "syncer", *args],
        cwd=ROOT,
        env=clean | environ,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The demo, once, with everything logged and its folder kept."""
    kept = tmp_path_factory.mktemp("demo")
    done = syncer("--debug", "demo", "--json", "--keep", str(kept))
    return Played(done.returncode, done.stdout, done.stderr, kept)


def secrets() -> Iterator[str]:
    """Every credential of every user of every sandbox."""
    for system in SYSTEMS:
        box = sandbox_class(system)()
        for name in box.users:
            options = box.connection("http://127.0.0.1", name)
            yield from (str(options[key]) for key in box.secrets)


def test_every_claim_is_true(played: Played) -> None:
    """All steps are told in order, each with claims that were read back."""
    assert 0 == played.code, played.err[-2000:]
    assert STEPS == [step["title"] for step in played.steps]
    assert all(step["seen"] for step in played.steps)
    assert all(seen["true"] for step in played.steps for seen in step["seen"])
    assert {"step", "said", "seen", "verdicts"} <= set(played.steps[0])


def test_the_verdicts_tell_who_and_by_which_rule(played: Played) -> None:
    """Anna's date and Tom's brief are proposed, owners' edits count, what is counted stands."""
    edits = [
        (edit["editor"], verdict["field"], edit["outcome"])
        for step in played.steps
        for verdict in step["verdicts"]
        for edit in verdict["edits"]
    ]

    counted = [edit for edit in edits if edit[0] == "google_analytics"]
    assert counted
    assert all(f.startswith("results") and outcome == "taken" for _, f, outcome in counted)
    assert [
        ("maya", "deadline", "taken"),
        ("tom", "deadline", "taken"),
        ("anna", "strategy", "taken"),
        ("anna", "deadline", "proposed"),
        ("tom", "brief", "proposed"),
        ("anna", "results_share", "reverted"),
    ] == [edit for edit in edits if edit not in counted]
    assert all(
        verdict["rule"].startswith("config/ownership.yaml:")
        for step in played.steps
        for verdict in step["verdicts"]
    )


def test_nobody_asks_the_control_routes(played: Played) -> None:
    """All that was said and seen went through the vendors' APIs."""
    paths = [json.loads(line).get("path", "") for line in played.err.splitlines()]

    assert len([path for path in paths if path]) > 100
    assert not [path for path in paths if "_sandbox" in path]


def test_no_secret_is_told_or_kept(played: Played) -> None:
    """No credential of anybody is in the output, the log, the state or the files kept, but .env."""
    files = [path for path in played.kept.rglob("*") if path.is_file() and path.name != ".env"]
    texts = [played.out.encode(), played.err.encode(), *(path.read_bytes() for path in files)]
    tokens = set(secrets())

    assert any(path.suffix == ".db" for path in files)
    assert len(tokens) > 12
    assert not [token for token in tokens for text in texts if token.encode() in text]


def test_what_is_kept_can_be_looked_at(played: Played) -> None:
    """With the sandboxes gone, status, proposals and explain still answer from the state."""
    config = ("--config", str(played.kept))
    status = json.loads(syncer(*config, "status", "--json").stdout)
    waiting = json.loads(syncer(*config, "proposals", "--json").stdout)["proposals"]
    told = json.loads(syncer(*config, "explain", "Website relaunch", "deadline", "--json").stdout)

    assert {"bakery", "outdoor"} == {client["client"] for client in status["clients"]}
    ended = json.loads(syncer(*config, "proposals", "--all", "--json").stdout)["proposals"]
    assert waiting == []
    assert {("anna", "deadline", "accepted"), ("tom", "brief", "declined")} == {
        (p["proposer"], p["field"], p["status"]) for p in ended
    }
    assert ("maya", "producer", "asana") == tuple(
        told["agreed"]["deadline"][key] for key in ("by", "role", "connection")
    )


def test_a_false_claim_ends_the_demo(tmp_path: Path) -> None:
    """With put-back switched off it ends with 1, saying what was expected and what was seen."""
    done = syncer("demo", "--json", **{WITHOUT_PUT_BACK: "1"})

    steps = json.loads(done.stdout)
    last = steps[-1]["seen"][-1]
    assert 1 == done.returncode
    assert STEPS[:6] == [step["title"] for step in steps]
    assert (False, "Anna sees the producers' date on the deal again") == (
        last["true"],
        last["claim"],
    )
    assert last["expected"] != last["seen"]
