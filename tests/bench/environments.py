"""An environment of its own for each peer, built from a lock file with hashes; and ours, compiled.

A peer is what people would use instead; none of them is a dependency of ours. Each is named in
``peers/NAME.in``, locked in ``peers/NAME.lock`` and installed under ``.bench/NAME/``, which is
built anew when the lock has changed.
"""

import compileall
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

HERE: Final = Path(__file__).parent / "peers"
ROOT: Final = HERE.parent.parent.parent
HOME: Final = ROOT / ".bench"
OURS: Final = ("syncer", "adapters", "tests/bench")
PEERS: Final = ("dlt", "singer", "vdirsyncer")

Tell = Callable[[str], None]


class Failed(Exception):
    """The bench itself failed, or two sides that must be equal are not; the message says what."""


def python(peer: str) -> Path:
    """The interpreter of a peer's environment."""
    return HOME / peer / "bin" / "python"


def program(peer: str) -> Path:
    """The peer's own command."""
    return HOME / peer / "bin" / peer


def build(tell: Tell) -> None:
    """Bring every environment into the state that its lock describes, side by side.

    Peers are compiled when they are installed; so are we, or the first phase would pay for it.

    Raises :class:`Failed`.
    """
    for folder in OURS:
        if not compileall.compile_dir(ROOT / folder, quiet=2):
            raise Failed(f"{folder}/ could not be compiled: start-up would cost twice as much")
    with ThreadPoolExecutor(len(PEERS)) as pool:
        list(pool.map(lambda peer: _build(peer, tell), PEERS))


def _build(peer: str, tell: Tell) -> None:
    lock, stamp = HERE / f"{peer}.lock", HOME / peer / "lock.sha256"
    version = f"{sys.version_info[:2]} {hashlib.sha256(lock.read_bytes()).hexdigest()}"
    if stamp.exists() and stamp.read_text() == version:
        return
    started, named = time.monotonic(), (HERE / f"{peer}.in").read_text().strip()
    tell(f"installing {named} into .bench/{peer} ...")
    shutil.rmtree(HOME / peer, ignore_errors=True)
    venv.create(HOME / peer, with_pip=False, symlinks=True)
    install = [
        *(sys.executable, "-m", "pip", "--python", str(python(peer))),
        *("--disable-pip-version-check", "--no-input", "install", "--quiet"),
        *("--require-hashes", "--no-deps", "--requirement", str(lock)),
    ]
    _ran(install, f"{named} could not be installed from {lock.relative_to(ROOT)}")
    stamp.write_text(version)
    tell(f"{named} is there, {time.monotonic() - started:.0f} s")


def lock(tell: Tell) -> None:
    """Lock every peer again, with hashes and without a word about where it comes from.

    Raises :class:`Failed`.
    """
    for peer in PEERS:
        source, target = HERE / f"{peer}.in", HERE / f"{peer}.lock"
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
