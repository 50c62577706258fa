"""What the build needs and nobody fetches: a base image, and the libraries as wheels."""

import platform
import shutil
import sys
from pathlib import Path
from typing import Final

from tests.image.tools import Buildah, Failed, run, say

BASE: Final = "localhost/syncer-base"
LIBRARIES: Final = (
    "libbz2-1.0 libcrypt1 libexpat1 libffi8 liblzma5 libncursesw6 libreadline8 libsqlite3-0"
    " libssl3 libuuid1 zlib1g"
).split()
"""What Python's own modules link to."""

VERSION: Final = f"python{sys.version_info.major}.{sys.version_info.minor}"


def ready_base(buildah: Buildah, kept: Path) -> str:
    """A local image: Debian as on this machine, with this machine's Python in /usr/local.

    Debian's own Python may be older than the locked libraries want.
    """
    if buildah.has(BASE):
        return BASE
    root = kept / "root"
    shutil.rmtree(root, ignore_errors=True)
    say(f"making a Debian root ({_suite()}); this takes some minutes")
    packages = ",".join(["ca-certificates", *LIBRARIES])
    run(["debootstrap", "--variant=minbase", f"--include={packages}", _suite(), root])
    _put_python(root)
    container = buildah("from", "scratch").strip()
    buildah("add", "--quiet", container, root, "/")
    buildah("commit", "--quiet", "--rm", container, BASE)
    shutil.rmtree(root)
    return BASE


def _suite() -> str:
    """This machine's Debian: libraries must be those that its Python was built with."""
    about = platform.freedesktop_os_release()
    if about.get("ID") != "debian" or "VERSION_CODENAME" not in about:
        raise Failed(f"the base is made of this machine's Debian, and this is {about.get('ID')}")
    return about["VERSION_CODENAME"]


def _put_python(root: Path) -> None:
    """The interpreter and its own modules, without what else is installed here, and with pip."""
    there, here = root / "usr/local", Path(sys.base_prefix)
    shutil.copy2(here / "bin" / VERSION, there / "bin" / VERSION)
    for name in ("python3", "python"):
        (there / "bin" / name).symlink_to(VERSION)
    shutil.copytree(
        here / "lib" / VERSION,
        there / "lib" / VERSION,
        symlinks=True,
        ignore=shutil.ignore_patterns("site-packages", "dist-packages", "test", "__pycache__"),
    )
    for library in (here / "lib").glob(f"lib{VERSION}*.so*"):
        shutil.copy2(library, there / "lib" / library.name, follow_symlinks=False)
    run(["chroot", root, "/sbin/ldconfig"])
    run(["chroot", root, "/usr/local/bin/python", "-m", "ensurepip"])


def wheels(source: Path, kept: Path) -> Path:
    """The locked libraries for this Python, checked against their hashes."""
    folder = kept / "wheels"
    say("fetching the locked libraries with this machine's pip")
    locks = [
        part for lock in ("", "-build") for part in ("-r", source / f"requirements{lock}.lock")
    ]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "download"]
    safe = ["--quiet", "--require-hashes", "--no-deps", "--only-binary", ":all:", "--dest", folder]
    run([*pip, *safe, *locks])
    return folder
