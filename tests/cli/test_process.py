"""The command line as a process: exit codes, locks, broken states, silence, a quick start."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from syncer.state import Store
from tests.architecture.source import ROOT
from tests.cli.hamlet import CHILD, Hamlet, child

HOLD = """
import sys
from syncer.state import Store

with Store.open(sys.argv[1]) as store, store.lock("acme"):
    print("held", flush=True)
    sys.stdin.read()
"""

HEAVY = ("sqlalchemy", "alembic", "starlette", "uvicorn", "httpx", "syncer.settings", "structlog")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configuration directory."""
    return Hamlet(tmp_path).root


def finished(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    """Exit code and both streams of a process that ends by itself."""
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_a_run_in_a_pipe_is_plain_and_logs_json(folder: Path) -> None:
    """Results on standard output without colour, one JSON line a client on standard error."""
    code, out, err = finished(child(folder, ["run"]))

    events = [json.loads(line) for line in err.splitlines()]
    assert (0, "acme: done") == (code, out[:10])
    assert "\x1b" not in out + err
    assert ["cycle.finished"] == [event["event"] for event in events]
    assert ("acme", "done", 3) == tuple(events[0][k] for k in ("client", "result", "written"))


def test_a_second_run_while_one_is_going_on(folder: Path) -> None:
    """The second leaves with 5, names the process that holds the lock, and writes nothing."""
    (folder / "data").mkdir()
    state = folder / "data" / "syncer.db"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(state)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        assert "held\n" == holder.stdout.readline()
        for command in (["run"], ["plan"]):
            code, out, _ = finished(child(folder, command))
            assert 5 == code
            assert f"client 'acme' is being synchronised by process {holder.pid} on " in out
    finally:
        holder.stdin.close()
        holder.wait(30)
        holder.stdout.close()
    assert 0 == finished(child(folder, ["run"]))[0]


def test_a_state_that_is_not_a_database(folder: Path) -> None:
    """Exit code 2, one message with the way out; the file is left as it was."""
    file = folder / "data" / "syncer.db"
    file.parent.mkdir()
    file.write_text("dear diary", encoding="utf-8")

    code, out, err = finished(child(folder, ["run"]))

    assert (2, "") == (code, out)
    assert (
        f"syncer: the state cannot be used: {file}: this is not a database. Correct `state:` in"
        " sync.yaml, or move the file out of the way\n"
    ) == err
    assert "dear diary" == file.read_text("utf-8")


def test_a_state_from_a_newer_version(folder: Path) -> None:
    """Exit code 2 and what to install."""
    file = folder / "data" / "syncer.db"
    file.parent.mkdir()
    Store.open(file).close()
    with sqlite3.connect(file) as database:
        (table,) = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%version%'"
        ).fetchone()
        database.execute(f"UPDATE {table} SET version_num = 'r9999'")
    database.close()

    code, out, err = finished(child(folder, ["run"]))

    assert (2, "") == (code, out)
    assert f"syncer: the state cannot be used: {file}: it was written by a newer syncer" in err
    assert "Install a syncer that knows version r9999" in err
    assert "Traceback" not in err


def test_a_folder_without_a_configuration(tmp_path: Path) -> None:
    """Exit code 2, and three ways to go on."""
    code, out, err = finished(
        subprocess.Popen(
            [sys.executable, "-m", "syncer", "run"],
            cwd=tmp_path,
            env={k: v for k, v in os.environ.items() if not k.startswith("SYNCER_")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    )

    assert (2, "") == (code, out)
    assert err.startswith(f"syncer: there is no configuration in {tmp_path} (")
    for way in ("--config DIR", "SYNCER_CONFIG", "syncer demo", "syncer sandbox --write-config"):
        assert way in err


def test_the_folder_config_itself_may_be_named(folder: Path) -> None:
    """`--config` takes the folder above or the folder `config`; so does SYNCER_CONFIG."""
    for named in (folder, folder / "config"):
        script = 'import os, sys; os.environ["SYNCER_CONFIG"] = sys.argv[1]; '
        script += "from syncer.cli import main; main(sys.argv[2:])"
        code, out, _ = finished(child(named, ["check"], script))
        assert (0, "the configuration is right: 1 client, 2 connections\n") == (code, out)


BROKEN = CHILD.replace(
    "main([",
    """
import syncer.engine.service as service

def fails(*args):
    raise RuntimeError("a fault, with Bearer abcdefghijklmnop in it")

service.run_cycle = fails
main([""",
)


def test_a_fault_of_the_program_is_one_line(folder: Path) -> None:
    """No traceback unless it is asked for, no secret even then, and exit code 1."""
    code, out, err = finished(child(folder, ["run"], BROKEN))
    assert 1 == code
    assert "a fault of the program: RuntimeError: a fault, with Bearer [secret] in it" in out
    assert "Traceback" not in out + err

    code, out, err = finished(child(folder, ["--debug", "run"], BROKEN))
    assert 1 == code
    assert "Traceback" in err
    assert "abcdefghijklmnop" not in out + err


def test_help_starts_quickly() -> None:
    """`--help` and a wrong command import nothing heavy."""
    script = (
        "import sys\nfrom syncer.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
        "print([name for name in sys.modules if name.startswith('adapters')])"
    )
    for args in (["--help"], ["run", "--help"], ["--version"]):
        done = subprocess.run(
            [sys.executable, "-c", script, *args],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert ["[]", "[]"] == done.stdout.splitlines()[-2:], args
