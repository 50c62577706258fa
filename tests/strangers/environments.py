"""An environment of its own for each vendor's client, built from a lock file with hashes.

The clients are never dependencies of ours. Each is named in ``SYSTEM.in``, locked in
``SYSTEM.lock`` and installed under ``.strangers/SYSTEM/``, which is built anew when the lock
has changed.
"""

import hashlib
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent.parent
HOME: Final = ROOT / ".strangers"
SYSTEMS: Final = ("asana", "google_analytics", "hubspot", "trello")

Tell = Callable[[str], None]


class Failed(Exception):
    """A client that could not be installed or locked; the message says what was tried."""


def python(system: str) -> Path:
    """The interpreter of a client's environment."""
    return HOME / system / "bin" / "python"


def build(tell: Tell) -> None:
    """Bring every environment into the state that its lock describes, side by side.

    Raises :class:`Failed`.
    """
    with ThreadPoolExecutor(len(SYSTEMS)) as pool:
        list(pool.map(lambda system: _build(system, tell), SYSTEMS))


def _build(system: str, tell: Tell) -> None:
    lock, stamp = HERE / f"{system}.lock", HOME / system / "lock.sha256"
    version = f"{sys.version_info[:2]} {hashlib.sha256(lock.read_bytes()).hexdigest()}"
    if stamp.exists() and stamp.read_text() == version:
        return
    started, named = time.monotonic(), ", ".join((HERE / f"{system}.in").read_text().split())
    tell(f"installing {named} into .strangers/{system} ...")
    shutil.rmtree(HOME / system, ignore_errors=True)
    venv.create(HOME / system, with_pip=False, symlinks=True)
    install = [
        *(sys.executable, "-m", "pip", "--python", str(python(system))),
        *("--disable-pip-version-check", "--no-input", "install", "--quiet"),
        *("--require-hashes", "--no-deps", "--requirement", str(lock)),
    ]
    _ran(install, f"{named} could not be installed from {lock.relative_to(ROOT)}")
    stamp.write_text(version)
    tell(f"{named} is there, {time.monotonic() - started:.0f} s")


def lock(tell: Tell) -> None:
    """Lock every client again, with hashes and without a word about where it comes from.

    Raises :class:`Failed`.
    """
    for system in SYSTEMS:
        source, target = HERE / f"{system}.in", HERE / f"{system}.lock"
        compile_ = [
            *(str(Path(sys.executable).with_name("uv")), "pip", "compile", "--quiet"),
            *("--universal", "--python-version", "3.11", "--generate-hashes"),
            *("--no-header", "--no-annotate", str(source), "--output-file", str(target)),
        ]
        _ran(compile_, f"{source.name} could not be locked")
        tell(f"{target.relative_to(ROOT)} is written")


def _ran(command: list[str], failure: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"{failure}:\n{done.stderr.strip()}")
