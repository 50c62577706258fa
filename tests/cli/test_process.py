"""The command line and the world around it: pipes, locks, broken states, faults, a quick start."""

import json
import os
import pty
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from syncer.cli.exits import Exit, worst
from syncer.cli.output import plain
from syncer.report.document import line, table
from syncer.state import Store
from tests.architecture.source import ROOT
from tests.cli.hamlet import Hamlet, child
from tests.shared import bare_environment

HOLD = """
import sys
from syncer.state import Store

with Store.open(sys.argv[1]) as store, store.lock("acme"):
    print("held", flush=True)
    sys.stdin.read()
"""

HEAVY = (
    *("sqlalchemy", "alembic", "starlette", "uvicorn", "httpx", "syncer.settings", "structlog"),
    *("rich", "markdown_it", "syncer.model.decisions", "syncer.model.records"),
)


def state(hamlet: Hamlet) -> Path:
    """Where the state is going to be."""
    file = hamlet.root / "data" / "syncer.db"
    file.parent.mkdir()
    return file


@contextmanager
def held(file: Path) -> Iterator[int]:
    """A real process that holds the client's lock; its id."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        assert "held\n" == holder.stdout.readline()
        yield holder.pid
    finally:
        holder.stdin.close()
        holder.wait(30)
        holder.stdout.close()


def test_a_run_in_a_pipe_is_plain_and_logs_json(tmp_path: Path) -> None:
    """Results on standard output without colour, one JSON line a client on standard error."""
    process = child(Hamlet(tmp_path).root, ["run"])
    out, err = process.communicate(timeout=60)

    events = [json.loads(text) for text in err.splitlines()]
    assert (0, "acme: done") == (process.returncode, out[:10])
    assert "\x1b" not in out + err
    assert ["cycle.finished"] == [event["event"] for event in events]
    assert ("acme", "done", 3) == tuple(events[0][k] for k in ("client", "result", "written"))


def test_a_terminal_gets_tables_and_colour(tmp_path: Path) -> None:
    """On a terminal the table has lines and colours, and no log is mixed in."""
    ours, theirs = pty.openpty()
    environ = os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "COLUMNS": "120"}
    environ.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "syncer", "--config", str(Hamlet(tmp_path).root), "status"]
    done = subprocess.run(command, cwd=ROOT, env=environ, stdout=theirs, stderr=theirs, timeout=60)
    os.close(theirs)
    told = os.read(ours, 10_000).decode()
    os.close(ours)

    assert 0 == done.returncode
    assert "\x1b[1m" in told
    assert "─" in told
    assert "never ran" in told
    assert "{" not in told


def test_a_second_run_while_one_is_going_on(hamlet: Hamlet) -> None:
    """The second leaves with 5, names the process that holds the lock, and writes nothing."""
    with held(state(hamlet)) as pid:
        for command in ("run", "plan"):
            said = hamlet(command)
            assert 5 == said.code
            assert f"client 'acme' is being synchronised by process {pid} on " in said.out
    assert not hamlet.worlds["two"].things
    assert 0 == hamlet("run").code


def test_a_client_without_a_cycle_is_in_the_log(hamlet: Hamlet) -> None:
    """Paused, locked and broken clients have their line as well."""
    hamlet("pause", "acme")

    (event,) = [json.loads(text) for text in hamlet("run").err.splitlines()]

    assert ("cycle.finished", "acme", "paused") == (
        event["event"],
        event["client"],
        event["result"],
    )


def test_a_state_that_is_not_a_database(hamlet: Hamlet) -> None:
    """Exit code 2, one message with the way out; the file is left as it was."""
    file = state(hamlet)
    file.write_text("dear diary", encoding="utf-8")

    said = hamlet("run")

    assert (2, "") == (said.code, said.out)
    assert (
        f"syncer: the state cannot be used: {file}: this is not a database. Correct `state:` in"
        " sync.yaml, or move the file out of the way\n"
    ) == said.err
    assert "dear diary" == file.read_text("utf-8")


def test_a_state_from_a_newer_version(hamlet: Hamlet) -> None:
    """Exit code 2 and what to install."""
    file = state(hamlet)
    Store.open(file).close()
    with sqlite3.connect(file) as database:
        (name,) = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%version%'"
        ).fetchone()
        database.execute(f"UPDATE {name} SET version_num = 'r9999'")
    database.close()

    said = hamlet("run")

    assert (2, "") == (said.code, said.out)
    begins = f"syncer: the state cannot be used: {file}: it was written by a newer syncer"
    assert said.err.startswith(begins)
    assert "Install a syncer that knows version r9999" in said.err


def test_an_error_speaks_json_too(hamlet: Hamlet) -> None:
    """A program that asked for JSON gets the message, the details and the code as JSON."""
    state(hamlet).write_text("dear diary", encoding="utf-8")

    said = hamlet("status", "--json")

    told = json.loads(said.out)
    assert (2, 2, []) == (said.code, told["exit_code"], told["details"])
    assert "this is not a database" in told["error"]


def test_a_fault_of_the_program_is_one_line(
    hamlet: Hamlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback unless it is asked for, no secret even then, and exit code 1."""

    def fails(*_: object) -> None:
        raise RuntimeError("a fault, with Bearer abcdefghijklmnop in it")

    monkeypatch.setattr("syncer.engine.service.run_cycle", fails)
    said = hamlet("run")
    assert 1 == said.code
    assert "a fault of the program: RuntimeError: a fault, with Bearer [secret] in it" in said.out
    assert "Traceback" not in said.out + said.err

    said = hamlet("--debug", "run")
    assert 1 == said.code
    assert "Traceback" in said.err
    assert "abcdefghijklmnop" not in said.out + said.err


def test_a_folder_without_a_configuration(tmp_path: Path) -> None:
    """Exit code 2, and three ways to go on."""
    done = subprocess.run(
        [sys.executable, "-m", "syncer", "run"],
        cwd=tmp_path,
        env=bare_environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (2, "") == (done.returncode, done.stdout)
    assert done.stderr.startswith(f"syncer: there is no configuration in {tmp_path} (")
    for way in ("--config DIR", "SYNCER_CONFIG", "syncer demo", "syncer sandbox --write-config"):
        assert way in done.stderr


def test_the_folder_config_itself_may_be_named(
    hamlet: Hamlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--config` takes the folder above or the folder `config`; so does SYNCER_CONFIG."""
    for named in (hamlet.root, hamlet.root / "config"):
        monkeypatch.setenv("SYNCER_CONFIG", str(named))
        said = hamlet("check", config=None)
        assert (0, "the configuration is right: 1 client, 2 connections\n") == (said.code, said.out)


def test_help_starts_quickly() -> None:
    """`--help`, in every place, and `--version` import nothing heavy."""
    script = (
        "import sys\nfrom syncer.cli import main\n"
        "for args in (['--help'], ['run', '--help'], ['demo', '--help'], ['--version']):\n"
        "    try:\n        main(args)\n    except SystemExit:\n        pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
        "print([name for name in sys.modules if name.startswith('adapters')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert ["[]", "[]"] == done.stdout.splitlines()[-2:]


def test_the_code_that_counts() -> None:
    """Of several clients, what needs a person soonest: 2, 3, 1, 5, 4, 0."""
    order = [Exit(number) for number in (2, 3, 1, 5, 4, 0)]

    assert Exit.DONE is worst([])
    for place, code in enumerate(order):
        assert code is worst(reversed(order[place:]))


def test_nothing_from_a_vendor_moves_the_cursor() -> None:
    """Control characters in titles are shown as such, in lines and in tables."""
    nasty = "a\x1b[2Jb\x07\nc"

    assert ["a�[2Jb� c"] == list(plain(line(nasty)))
    assert ["title", "a�[2Jb� c"] == list(plain(table(["title"], [[nasty]])))
