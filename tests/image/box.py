"""The image's root as a container engine would run it: read-only, as its user, with /data."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from tests.image.tools import Failed

__all__ = ["Box", "Failed", "Said"]

_ENTER: Final = """
set -e
mount --bind "$1" "$1"
mount -o remount,bind,ro "$1"
mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
mount --bind "$2" "$1/data"
root=$1 user=$3
shift 3
exec chroot --userspec="$user" --groups= "$root" /usr/bin/env -i "$@"
"""
"""The mounts are those of a namespace of its own and go with it."""


@dataclass(frozen=True)
class Said:
    """How a command in the image ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Box:
    """The image's root and configuration, and the folder that is its volume."""

    root: Path
    config: Mapping[str, Any]
    data: Path

    @classmethod
    @contextmanager
    def made(cls, root: Path, config: Mapping[str, Any]) -> Iterator[Self]:
        """With a new volume, which an engine fills with what the image has there."""
        with tempfile.TemporaryDirectory(prefix="syncer-image-") as folder:
            data = Path(folder, "data")
            shutil.copytree(root / "data", data)
            stat = (root / "data").stat()
            data.chmod(stat.st_mode)
            shutil.chown(data, stat.st_uid, stat.st_gid)
            yield cls(root, config, data)

    def syncer(self, *args: str, seconds: float = 300) -> Said:
        """What the image runs with these arguments; without any, its own command."""
        return self.run(*self.config["Entrypoint"], *(args or self.config["Cmd"]), seconds=seconds)

    def run(self, *command: str, seconds: float = 300) -> Said:
        """Any command in it."""
        done = subprocess.run(
            self.words(*command), text=True, capture_output=True, timeout=seconds, check=False
        )
        return Said(done.returncode, done.stdout, done.stderr)

    @contextmanager
    def serving(self, *args: str) -> Iterator[str]:
        """A command that stays: its first line of output, and its end with the block."""
        process = subprocess.Popen(
            self.words(*self.config["Entrypoint"], *args),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            assert process.stdout is not None
            yield process.stdout.readline()
        finally:
            process.terminate()
            process.wait(30)

    def words(self, *command: str) -> list[str]:
        """How a command of the image is started here."""
        about = ["--chdir", self.config["WorkingDir"], *self.config["Env"]]
        enter = ["unshare", "--mount", "--propagation", "private", "sh", "-c", _ENTER, "enter"]
        return [*enter, str(self.root), str(self.data), self.config["User"], *about, *command]
