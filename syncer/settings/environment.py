"""What the environment says, also by an env file; the environment wins over the file."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from dotenv import dotenv_values
from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from syncer.settings.problems import ConfigurationError, Problem
from syncer.settings.wording import describe

PREFIX = "SYNCER_"
ENV_FILE = ".env"
"""Read from the configuration's folder when no other env file is named."""


class Environment(BaseSettings):
    """Settings of one process. Everything else stands in the files under ``config/``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    config: Path = Field(
        Path(), description="The folder that holds `config/` and `mappings/` (`--config`)."
    )
    state: str | None = Field(
        None, repr=False, description="A file or database URL; goes before `state:` in the file."
    )
    env_file: Path | None = Field(
        None, description="A file of NAME=value lines (`--env-file`); else `.env`, if it is there."
    )
    log_format: Literal["auto", "text", "json"] = Field(
        "auto", description="`auto` is text in a terminal and JSON elsewhere."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least important events that are logged."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *others: PydanticBaseSettingsSource,
        **named: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is handed in: the caller says what the environment is."""
        return (init_settings,)


def environment(environ: Mapping[str, str] = os.environ) -> Environment:
    """Read the ``SYNCER_...`` variables. Raises :class:`ConfigurationError`."""
    source = EnvSettingsSource(Environment)
    source.env_vars = {name.lower(): value for name, value in environ.items() if value}
    try:
        return Environment(**source())
    except ValidationError as error:
        raise ConfigurationError(_problem(fault) for fault in error.errors()) from None


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


def _problem(fault: Any) -> Problem:
    message, fix = describe(fault, fault.get("input"))
    variable = PREFIX + str(fault["loc"][0]).upper()
    return Problem("environment", 1, 1, f"{variable} {message}", fix)
