"""Files that are about to be written: what changes in them, and whether they are right."""

import difflib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from syncer.onboarding.existing import shipped_text
from syncer.onboarding.kept import FILE, Kept, digest
from syncer.settings.environment import ENV_FILE
from syncer.settings.load import load
from syncer.settings.problems import ConfigurationError

_FOLDERS: Final = ("config", "mappings")
_ESCAPED: Final = re.compile(r"\\(?=[\\']|$)|'")


class Change(Struct, frozen=True):
    """A file that is to be written. ``by_hand``: somebody has changed what stands there."""

    name: str
    before: str | None
    after: str
    by_hand: bool

    def diff(self) -> list[str]:
        """What changes, line by line."""
        names = (f"{self.name} (as it is)", f"{self.name} (as proposed)")
        before = (self.before or "").splitlines()
        return list(difflib.unified_diff(before, self.after.splitlines(), *names, lineterm=""))


def changes(texts: Mapping[str, str], wanted: Mapping[str, str], kept: Kept) -> list[Change]:
    """What is to be written: only what is not there yet as it should be."""
    found = []
    for name, after in wanted.items():
        before = texts.get(name)
        if before != after:
            usual = before is None or before == shipped_text(name)
            by_hand = not usual and not kept.is_ours(name, before or "")
            found.append(Change(name, before, after, by_hand))
    return found


def problems(root: Path, made: Iterable[Change], environ: Mapping[str, str]) -> list[str]:
    """What ``syncer check`` would say once these are written; nothing is written yet."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for each in root.iterdir() if root.is_dir() else ():
            if each.name in _FOLDERS:
                shutil.copytree(each, folder / each.name)
            else:
                (folder / each.name).symlink_to(each.absolute())
        for change in made:
            _put(folder / change.name, change.after)
        try:
            config = load(folder, environ)
        except ConfigurationError as error:
            return [str(problem) for problem in error.problems]
        return [text for texts in config.broken.values() for text in texts]


def write(root: Path, made: Iterable[Change], kept: Kept) -> None:
    """Write them, and remember how they were written. Raises :class:`OSError`."""
    for change in made:
        _put(root / change.name, change.after)
        kept.written[change.name] = digest(change.after)


def keep(root: Path, kept: Kept) -> None:
    """Remember what was found and answered. Raises :class:`OSError`."""
    _put(root / FILE, kept.dump())


def _put(path: Path, text: str) -> None:
    """Whole or not at all: nobody finds half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, "utf-8")
    fresh.replace(path)


def put_secrets(root: Path, values: Mapping[str, str]) -> None:
    """Add secrets to ``.env``, which only this user can read, at no moment anybody else.

    What stands there stays; a variable that has a value gets the new one. Raises :class:`OSError`.
    """
    root.mkdir(parents=True, exist_ok=True)
    path = root / ENV_FILE
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        lines = ["# Secrets of syncer. Keep this file out of version control."]
    lines = [line for line in lines if line.partition("=")[0].strip() not in values]
    lines += [f"{name}={quoted(value)}" for name, value in values.items()]
    secret(path, "\n".join(lines) + "\n")


def quoted(value: str) -> str:
    """A value as an env file holds it: only what would be read as an escape is one."""
    return "'" + _ESCAPED.sub(lambda found: f"\\{found[0]}", value) + "'"


def secret(path: Path, text: str) -> None:
    """Write a file that nobody else can read, at no moment. Raises :class:`OSError`."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)
