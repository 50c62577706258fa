"""A copy of the shipped configuration that a test may spoil."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from pydantic import Field, SecretStr

from syncer.adapterkit.contract import AdapterSpec, Opening, Strict
from syncer.adapterkit.measuring import SourceSpec, Spec
from syncer.adapterkit.registry import UnknownAdapter
from syncer.model.configuration import Configuration
from syncer.settings import ConfigurationError, load
from tests.service_account import key_of_nobody

ROOT = Path(__file__).resolve().parents[2]

SECRETS = {
    "TRELLO_KEY": "trello-key-8c1f",
    "TRELLO_TOKEN": "trello-token-77aa",
    "ASANA_TOKEN": "asana-token-31bd",
    "HUBSPOT_TOKEN": "hubspot-token-0e9c",
    "GOOGLE_ANALYTICS_CREDENTIALS": key_of_nobody(),
}


class Options(Strict):
    """What these tests need of a tool's options: a choice, a number and secrets."""

    base_url: str = "https://tool.example"
    token: SecretStr
    key: SecretStr | None = None
    pages: int = Field(default=1, gt=0)


class ScopeOptions(Strict):
    """Where a client lives: any of these."""

    workspace: str | None = None
    boards: tuple[str, ...] = ()
    team: str | None = None
    company: str | None = None


class SourceOptions(Strict):
    """What is needed of a source's options."""

    credentials: SecretStr


class Words(Strict):
    """Which part of it counts."""

    host: tuple[str, ...] = ()
    campaign: tuple[str, ...] = ()
    landing_page: tuple[str, ...] = ()


class SourceScope(Strict):
    """Where a client is measured."""

    property: str
    filters: Words = Words()
    projects: dict[str, Words] = Field(default_factory=dict)


def _closed(opening: Opening) -> NoReturn:
    raise AssertionError(f"reading the settings opened {opening.connection}")


def tools(name: str) -> Spec:
    """Three tools and a source of figures, that are described and never opened."""
    if name == "google_analytics":
        return SourceSpec(name, _closed, SourceOptions, SourceScope)
    if name not in ("trello", "asana", "hubspot"):
        raise UnknownAdapter(f"no adapter is called {name!r}")
    return AdapterSpec(name, _closed, Options, ScopeOptions)


@dataclass
class Agency:
    """A configuration folder."""

    root: Path
    environ: dict[str, str] = field(default_factory=lambda: dict(SECRETS))

    def change(self, file: str, old: str, new: str) -> "Agency":
        """Replace the first occurrence of a text that must be there."""
        path = self.root / file
        text = path.read_text("utf-8")
        assert old in text, f"{file} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1), "utf-8")
        return self

    def line(self, file: str, holding: str) -> int:
        """The number of the first line that holds a text."""
        lines = (self.root / file).read_text("utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if holding in line)

    def write(self, file: str, content: str | bytes) -> "Agency":
        """Replace a whole file."""
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def load(self, **more: Any) -> Configuration:
        """Read it."""
        return load(self.root, self.environ, **{"specs": tools, **more})

    def problems(self) -> list[str]:
        """What is wrong with all of it; nothing is an empty list."""
        try:
            self.load()
        except ConfigurationError as error:
            return [str(problem) for problem in error.problems]
        return []

    def broken(self) -> dict[str, tuple[str, ...]]:
        """What is wrong with single clients, where nothing else is."""
        return dict(self.load().broken)


def copied(root: Path) -> Agency:
    """A fresh copy in a folder."""
    for folder in ("config", "mappings"):
        shutil.copytree(ROOT / folder, root / folder)
    return Agency(root)
