"""The variables of the environment that are the program's own; read only where there are any."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from syncer.settings.prefix import PREFIX
from syncer.settings.problems import ConfigurationError, Problem
from syncer.settings.wording import describe


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


def read(environ: Mapping[str, str]) -> Environment:
    """Read the ``SYNCER_...`` variables. Raises :class:`ConfigurationError`."""
    source = EnvSettingsSource(Environment)
    source.env_vars = {name.lower(): value for name, value in environ.items() if value}
    try:
        return Environment(**source())
    except ValidationError as error:
        raise ConfigurationError(_problem(fault) for fault in error.errors()) from None


def _problem(fault: Any) -> Problem:
    message, fix = describe(fault, fault.get("input"))
    variable = PREFIX + str(fault["loc"][0]).upper()
    return Problem("environment", 1, 1, f"{variable} {message}", fix)
