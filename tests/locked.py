"""Environments of their own for programs that are no dependency of ours, built from locks with hashes.

Each is named in ``NAME.in``, locked in ``NAME.lock`` and installed under a folder that git does not
see, which is built anew when the lock has changed.
"""

import hashlib
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent

Tell = Callable[[str], None]


class Failed(Exception):
    """What could not be installed, locked or measured; the message says what was tried."""


@dataclass(frozen=True)
class Environments:
    """Some environments.

    Args:
        locks: the folder of the ``.in`` and ``.lock`` files.
        home: where they are built.
        names: what they are called.
    """

    locks: Path
    home: Path
    names: tuple[str, ...]

    def python(self, name: str) -> Path:
        """The interpreter of an environment."""
        return self.home / name / "bin" / "python"

    def build(self, tell: Tell) -> None:
        """Bring every environment into the state that its lock describes, side by side.

        Raises :class:`Failed`.
        """
        with ThreadPoolExecutor(len(self.names)) as pool:
            list(pool.map(lambda name: self._build(name, tell), self.names))

    def lock(self, tell: Tell) -> None:
        """Lock everything again, with hashes and without a word about where it comes from.

        Raises :class:`Failed`.
        """
        for name in self.names:
            source, target = self.locks / f"{name}.in", self.locks / f"{name}.lock"
            compile_ = [
                *(str(Path(sys.executable).with_name("uv")), "pip", "compile", "--quiet"),
                *("--universal", "--python-version", "3.11", "--generate-hashes"),
                *("--no-header", "--no-annotate", str(source), "--output-file", str(target)),
            ]
            _ran(compile_, f"{source.name} could not be locked")
            tell(f"{target.relative_to(ROOT)} is written")

    def _build(self, name: str, tell: Tell) -> None:
        lock, stamp = self.locks / f"{name}.lock", self.home / name / "lock.sha256"
        version = f"{sys.version_info[:2]} {hashlib.sha256(lock.read_bytes()).hexdigest()}"
        if stamp.exists() and stamp.read_text() == version:
            return
        started = time.monotonic()
        named = ", ".join((self.locks / f"{name}.in").read_text().split())
        tell(f"installing {named} into {self.home.name}/{name} ...")
        shutil.rmtree(self.home / name, ignore_errors=True)
        venv.create(self.home / name, with_pip=False, symlinks=True)
        install = [
            *(sys.executable, "-m", "pip", "--python", str(self.python(name))),
            *("--disable-pip-version-check", "--no-input", "install", "--quiet"),
            *("--require-hashes", "--no-deps", "--requirement", str(lock)),
        ]
        _ran(install, f"{named} could not be installed from {lock.relative_to(ROOT)}")
        stamp.write_text(version)
        tell(f"{named} is there, {time.monotonic() - started:.0f} s")


def _ran(command: list[str], failure: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"{failure}:\n{done.stderr.strip()}")
