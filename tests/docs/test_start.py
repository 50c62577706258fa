"""The first steps on the page, taken as they are printed."""

import json
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.docs import page
from tests.service_account import key_of_nobody
from tests.shared import bare_environment

FIRST, OWN = [b for b in page.README.blocks if b.section == "Start" and b.language == "sh"]
FOLDER = "/tmp/agency"


def commands() -> list[str]:
    """The program's own lines of the start, without comments."""
    lines = [re.split("[#&]", line)[0].strip() for line in FIRST.content.splitlines()]
    return [line for line in lines if line.startswith("syncer ")]


def words(line: str, folder: Path) -> list[str]:
    """A printed line as this interpreter runs it, in a folder of the test's own."""
    return [sys.executable, "-m", *shlex.split(line.replace(FOLDER, str(folder)))]


def environ() -> dict[str, str]:
    """As a newcomer's: nothing of ours is set."""
    return bare_environment()


def run(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run one line to its end."""
    return subprocess.run(
        words(line, folder),
        capture_output=True,
        check=False,
        cwd=page.ROOT,
        env=environ(),
        text=True,
        timeout=120,
    )


@contextmanager
def standing(line: str, folder: Path) -> Iterator[dict[str, object]]:
    """The stand-ins while they are served, and what they print when they are ready."""
    with subprocess.Popen(
        words(line, folder), stdout=subprocess.PIPE, cwd=page.ROOT, env=environ(), text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.send_signal(signal.SIGTERM)


def _filled(line: str) -> str:
    """A variable with a token behind it; Google's is a whole key."""
    return f"{line}'{key_of_nobody()}'" if "CREDENTIALS" in line else f"{line}x"


def test_ten_lines() -> None:
    """A start that is longer is not read."""
    assert 10 == len(FIRST.content.splitlines())


def test_the_start_works_as_printed(tmp_path: Path) -> None:
    """Each line in turn ends well; a second run tells the results, and then all is quiet."""
    sandbox, *others = commands()
    with standing(sandbox, tmp_path) as told:
        assert {"trello", "asana", "hubspot", "google_analytics"} == told.keys()
        ended = {line: run(line, tmp_path) for line in others}
        once_more = next(line for line in others if line.endswith(" run"))
        second = run(once_more, tmp_path)
        again = run(f"{once_more} --json", tmp_path)

    assert dict.fromkeys(others, 0) == {line: end.returncode for line, end in ended.items()}
    assert (0, 0) == (second.returncode, again.returncode)
    clients = json.loads(again.stdout)["clients"]
    assert [0, 0] == [client["written"] for client in clients]
    assert [[], []] == [client["plan"]["actions"] for client in clients]


def test_a_configuration_of_ones_own_begins_as_printed(tmp_path: Path) -> None:
    """What is copied is whole: once the tokens are filled in, `check` finds nothing wrong."""
    line = OWN.content.splitlines()[0].replace("agency", str(tmp_path / "own"))
    subprocess.run(["bash", "-c", line], cwd=page.ROOT, check=True)
    env = tmp_path / "own" / ".env"
    lines = env.read_text("utf-8").splitlines()
    filled = [_filled(line) if line.endswith("=") else line for line in lines]
    env.write_text("\n".join(filled), "utf-8")
    check = next(x for x in OWN.content.splitlines() if " check" in x).partition("#")[0]
    ended = run(check.replace(" agency ", f" {tmp_path / 'own'} "), tmp_path)

    assert (0, "") == (ended.returncode, ended.stderr)
