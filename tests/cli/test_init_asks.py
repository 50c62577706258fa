"""``syncer init`` in a terminal: it asks, hides what is secret, and goes on."""

import os
import pty
import select
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import structlog
import yaml

from tests.cli.newcomer import Newcomer, newcomer, served

HIDDEN = "does not show"
PATIENCE = 25.0
"""Seconds for a question to come, on a machine that has much else to do."""


@pytest.fixture
def two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Newcomer]:
    folder = tmp_path / "agency"
    with served("trello", "asana") as running, newcomer(folder, capsys, running) as made:
        yield made
    structlog.reset_defaults()


def typed(
    args: Sequence[str], environ: dict[str, str], *said: tuple[str, str | None]
) -> tuple[str, int]:
    """The command in a terminal: each answer is typed once its question stands there."""
    child, terminal = pty.fork()
    if child == 0:
        os.execve(sys.executable, [sys.executable, "-m", "syncer", *args], environ)
    shown, seen = "", 0
    try:
        for question, answer in said:
            while question not in shown[seen:]:
                part = _more(terminal)
                assert part, f"it ended without {question!r}: {shown}"
                shown += part
            seen = shown.index(question, seen) + len(question)
            while question == HIDDEN and termios.tcgetattr(terminal)[3] & termios.ECHO:
                select.select([], [], [], 0.01)
            if answer is not None:
                os.write(terminal, f"{answer}\n".encode())
        while part := _more(terminal):
            shown += part
    finally:
        os.close(terminal)
    return shown, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _more(terminal: int) -> str:
    """What comes next; nothing at the end."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if select.select([terminal], [], [], 1)[0]:
            try:
                return os.read(terminal, 4096).decode("utf-8", "replace")
            except OSError:
                return ""
    return ""


def test_it_asks_what_nobody_can_tell(two: Newcomer) -> None:
    """Credentials do not show and are tried at once; Enter leaves a question for the next time."""
    secrets = {name: two.environ.pop(name) for name in ("TRELLO_KEY", "TRELLO_TOKEN")}
    environ = {k: v for k, v in os.environ.items() if k not in secrets} | two.environ
    environ |= {"COLUMNS": "200", "TERM": "dumb"}

    shown, code = typed(
        ["init", str(two.root)],
        environ,
        ("Time zone", "Europe/Nowhere"),
        ("not a time zone", "Europe/London"),
        ("Do you use trello", "y"),
        (HIDDEN, secrets["TRELLO_KEY"]),
        (HIDDEN, "a wrong one"),
        ("the credential was refused", None),
        (HIDDEN, secrets["TRELLO_KEY"]),
        (HIDDEN, secrets["TRELLO_TOKEN"]),
        ("Do you use hubspot", ""),
        ("Do you use google_analytics", ""),
        ("Which are the same person", "3"),
        ("Who holds the role producer", "maya nobody"),
        ("There is no nobody", "maya"),
        ("Who holds the role account manager", ""),
    )
    people = two.data("config/people.yaml")
    env = two.root / ".env"

    assert code == 4, shown
    assert "syncer --config" in shown.partition("Next:")[2]
    assert "trello" in people["maya"]
    assert "trello" not in people["anna"]
    roles = two.data("config/ownership.yaml")["roles"]
    assert (roles["producer"]["people"], roles["account_manager"]["people"]) == (["maya"], [])
    assert env.stat().st_mode & 0o777 == 0o600
    assert all(value in env.read_text() for value in secrets.values())
    others = [p for p in two.root.rglob("*") if p.is_file() and p.name != ".env"]
    kept = "".join([shown, *(path.read_text() for path in others)])
    assert not [value for value in secrets.values() if value in kept]

    again, code = typed(
        ["init", str(two.root)], environ, ("Who holds the role account manager", "anna")
    )
    assert code == 0, again
    assert "same person" not in again  # none of the others, as was said
    roles = yaml.safe_load((two.root / "config/ownership.yaml").read_text())["roles"]
    assert roles["account_manager"]["people"] == ["anna"]
