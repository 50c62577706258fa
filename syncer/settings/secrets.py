"""Values that do not stand in the file: ``env:NAME`` and ``file:PATH``."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from syncer.model.structs import Discreet
from syncer.settings.places import Place
from syncer.settings.problems import Problem

MAX_BYTES: Final = 64 * 1024

_ADDRESS: Final = 'apprise\'s documentation lists them; they begin like "slack://" or "mailto://"'
_REFERENCE: Final = re.compile(r"(env|file):(.*)", re.DOTALL)
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class _Unresolved(Exception):
    """Why a reference cannot be followed: what, and the fix."""


class Secrets(Discreet, Struct, frozen=True):
    """Follows references. Neither it nor its problems ever show a value.

    Args:
        root: relative paths begin here.
        environ: where ``env:`` looks.
    """

    HIDDEN = frozenset({"environ"})

    root: Path
    environ: Mapping[str, str]

    def follow(self, place: Place, *, secret: bool) -> tuple[object, Problem | None]:
        """The value meant at a place.

        ``secret`` says that it may not stand there in plain text. Returns the value, or None
        and a problem.
        """
        written = place.data
        reference = _REFERENCE.fullmatch(written) if isinstance(written, str) else None
        if reference is None:
            return (None, _plain(place)) if secret and written is not None else (written, None)
        try:
            look = self._variable if reference[1] == "env" else self._file
            return look(reference[2].strip()), None
        except _Unresolved as reason:
            return None, place.problem(*reason.args, value=True)

    def addresses(
        self, place: Place, written: tuple[str, ...]
    ) -> tuple[tuple[str, ...], list[Problem]]:
        """The addresses meant by what is written at a place; each may hold a token."""
        listed = isinstance(place.data, list)
        places = [place / n if listed else place for n in range(len(written))]
        followed = [(here, *self.follow(here, secret=True)) for here in places]
        problems = [problem for _, _, problem in followed if problem]
        found = [(here, str(value)) for here, value, _ in followed if value is not None]
        problems += [
            here.problem(f"what {here.data} names is no address", _ADDRESS, value=True)
            for here, value in found
            if "://" not in value
        ]
        return tuple(value for _, value in found if "://" in value), problems

    def _variable(self, name: str) -> str:
        if not _VARIABLE.fullmatch(name):
            raise _Unresolved('"env:" needs the name of a variable', "write it like env:API_TOKEN")
        value = self.environ.get(name)
        if value is None:
            raise _Unresolved(
                f"the environment variable {name} is not set", "set it, or add it to the env file"
            )
        return _one_line(value, f"the environment variable {name}", "give it a value")

    def _file(self, name: str) -> str:
        path = self.root / name
        try:
            if not path.is_file():
                raise _Unresolved(f"the file {name} is missing", "mount or create it")
            if path.stat().st_size > MAX_BYTES:
                raise _Unresolved(f"the file {name} is too large for a secret", "name another")
            value = path.read_text("utf-8")
        except (OSError, ValueError):
            raise _Unresolved(
                f"the file {name} cannot be read", "it must be readable UTF-8 text"
            ) from None
        return _one_line(value, f"the file {name}", "put the value into it")


def _one_line(value: str, what: str, fix: str) -> str:
    """A value without the blanks around it. No credential holds a control character.

    A JSON document, as Google gives out for a service account, is put on one line.
    """
    value = _unfolded(value.strip())
    if not value:
        raise _Unresolved(f"{what} is empty", fix)
    if not value.isprintable():
        raise _Unresolved(
            f"{what} holds a line break or another control character", "write one line of text"
        )
    return value


def _plain(place: Place) -> Problem:
    key = next(part for part in reversed(place.path) if isinstance(part, str))
    return place.problem(
        f'"{key}" is a secret and must not stand in this file',
        "write env:NAME or file:PATH, and renew what stood here",
        value=True,
    )


def _unfolded(value: str) -> str:
    try:
        return value if value.isprintable() else json.dumps(dict(json.loads(value)))
    except (TypeError, ValueError, RecursionError):
        return value
