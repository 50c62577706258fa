"""The programs that build: debootstrap and buildah, installed where they are not."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

TOOLS: Final = ("buildah", "debootstrap")
PIP: Final = "[global]\nno-index = true\nfind-links = /wheelhouse\nroot-user-action = ignore\n"


class Failed(Exception):
    """Something is not as it should be, or cannot be tried here."""


def say(text: str) -> None:
    """What is being done."""
    print(f"image-test: {text}", flush=True)


def run(command: Sequence[str | Path], **more: Any) -> str:
    """The output of a command. Raises :class:`Failed` with the end of what it said."""
    done = subprocess.run([*map(str, command)], text=True, capture_output=True, check=False, **more)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).splitlines()[-25:])
        raise Failed(f"{' '.join(map(str, command[:3]))} ended with {done.returncode}:\n{said}")
    return done.stdout


def have_tools() -> None:
    """Both are there, or are installed. Raises :class:`Failed` where that is not possible."""
    if os.geteuid() != 0:
        raise Failed("it needs root: a Debian root is made, and mounts in a namespace of its own")
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if not missing:
        return
    names = " and ".join(missing)
    if shutil.which("apt-get") is None:
        raise Failed(f"install Debian's packages {names} first: there is no apt-get here")
    say(f"installing {names}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], env=quiet)
    run(["apt-get", "install", "-qq", "-y", "--no-install-recommends", *missing], env=quiet)


@dataclass(frozen=True)
class Buildah:
    """buildah with a storage of its own, so that nothing else on the machine is touched."""

    storage: Path

    def __call__(self, *args: str | Path) -> str:
        """The output of a command of it."""
        place = ["--storage-driver", "vfs", "--root", self.storage / "root"]
        return run(["buildah", *place, "--runroot", self.storage / "run", *args])

    def has(self, image: str) -> bool:
        """Whether an image is there."""
        return bool(self("images", "--quiet", "--filter", f"reference={image}").strip())

    def build(self, source: Path, base: str, wheels: Path) -> str:
        """Build the Dockerfile on a local base; libraries come from the folder of wheels only."""
        settings = self.storage / "pip.conf"
        settings.write_text(PIP, encoding="utf-8")
        self(
            *("build", "--isolation", "chroot", "--format", "docker", "--pull-never"),
            *("--build-arg", f"BASE={base}", "--tag", "localhost/syncer-test"),
            *("--volume", f"{wheels}:/wheelhouse:ro", "--volume", f"{settings}:/etc/pip.conf:ro"),
            source,
        )
        return "localhost/syncer-test"

    @contextmanager
    def opened(self, image: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        """The root of a container of an image, and what the image says of how it is run."""
        told = json.loads(self("inspect", "--type", "image", image))
        container = self("from", "--pull-never", image).strip()
        try:
            yield Path(self("mount", container).strip()), told["Docker"]["config"]
        finally:
            self("rm", container)
