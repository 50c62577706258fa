"""What the environment says, also by an env file; the environment wins over the file."""

import os
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values
from msgspec import Struct

from syncer.settings.prefix import PREFIX
from syncer.settings.problems import ConfigurationError, Problem

ENV_FILE = ".env"
"""Read from the configuration's folder when no other env file is named."""


class Said(Struct, frozen=True):
    """What variables say of how a command runs, as ``Environment`` has it; None: nothing."""

    config: Path | None = None
    env_file: Path | None = None
    log_format: str | None = None
    log_level: str | None = None


def environment(environ: Mapping[str, str] = os.environ) -> Said:
    """Read the ``SYNCER_...`` variables. Raises :class:`ConfigurationError`."""
    if not any(value and name.upper().startswith(PREFIX) for name, value in environ.items()):
        return Said()
    # pydantic-settings brings asyncio and more: nothing loads it where there is nothing to read.
    from syncer.settings.variables import read

    found = read(environ)
    said = found.model_fields_set.intersection(Said.__struct_fields__)
    return Said(**{name: getattr(found, name) for name in said})


def merged(root: Path, environ: Mapping[str, str], env_file: Path | None = None) -> dict[str, str]:
    """The environment, with what the env file adds to it.

    Args:
        root: the configuration's folder; its ``.env`` is read if no other file is named.
        environ: wins over the file.
        env_file: must exist if it is named. Raises :class:`ConfigurationError` if it does not.
    """
    named = env_file or (Path(name) if (name := environ.get(f"{PREFIX}ENV_FILE")) else None)
    path = named or root / ENV_FILE
    if not path.is_file():
        if named is None:
            return dict(environ)
        raise ConfigurationError([Problem(str(path), 1, 1, "the env file is missing")])
    try:
        values = dotenv_values(path, interpolate=False, encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(
            [Problem(str(path), 1, 1, "the env file cannot be read", "save it as UTF-8")]
        ) from None
    return {name: value for name, value in values.items() if value is not None} | dict(environ)
