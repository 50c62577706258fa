"""What the build needs and nobody fetches: a base image, and the libraries as wheels."""

import shutil
import sys
from pathlib import Path
from typing import Final

from tests.image.tools import Buildah, run, say

BASE: Final = "localhost/syncer-base"
SUITE: Final = "bookworm"
PYTHON: Final = "3.11"
PACKAGES: Final = "ca-certificates,python3,python3-pip,python3-venv,python-is-python3"


def ready_base(buildah: Buildah, kept: Path) -> str:
    """A local image with Debian's Python, where `python` and pip are as in the usual base."""
    if buildah.has(BASE):
        return BASE
    root = kept / "root"
    shutil.rmtree(root, ignore_errors=True)
    say(f"making a Debian root ({SUITE}); this takes some minutes")
    run(["debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, root])
    # The usual base lets pip install beside the system's packages.
    for mark in root.glob("usr/lib/python3*/EXTERNALLY-MANAGED"):
        mark.unlink()
    container = buildah("from", "scratch").strip()
    buildah("add", "--quiet", container, root, "/")
    buildah("commit", "--quiet", "--rm", container, BASE)
    shutil.rmtree(root)
    return BASE


def wheels(source: Path, kept: Path) -> Path:
    """The locked libraries for the base's Python, checked against their hashes."""
    folder = kept / "wheels"
    say("fetching the locked libraries with this machine's pip")
    locks = [
        part for lock in ("", "-build") for part in ("-r", source / f"requirements{lock}.lock")
    ]
    wanted = ["--python-version", PYTHON, "--only-binary", ":all:", "--dest", folder]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "download"]
    run([*pip, "--quiet", "--require-hashes", "--no-deps", *wanted, *locks])
    return folder
