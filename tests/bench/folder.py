"""A real installation for the bench: configuration files, mapping, the adapter as a plugin."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.bench.environments import ROOT
from tests.bench.records import PEOPLE

_MAPPING = """
system: wire
variants:
  standard:
    project:
      object: project
      match: [name]
      create: always
      archive: closed
      fields:
        name: name
        brief: notes
    task:
      object: item
      match: [title, project]
      create: always
      archive: closed
      fields:
        title: name
        notes: notes
        project: project
        status:
          field: status
          values: {todo: To do, doing: Doing, review: Review, done: Done}
          otherwise: hold
        start: start
        deadline: due
        assignees: assignees
        labels: labels
        priority:
          field: priority
          values: {low: Low, medium: Medium, high: High}
          otherwise: hold
        estimate: estimate
        size:
          field: size
          values: {small: Small, medium: Medium, large: Large}
          otherwise: hold
        code: code
"""


@dataclass(frozen=True)
class Installation:
    """Where everything stands."""

    root: Path

    @property
    def state(self) -> Path:
        """The state file."""
        return self.root / "syncer.db"

    @property
    def env(self) -> dict[str, str]:
        """What a process of it finds in its environment."""
        return {"PYTHONPATH": f"{ROOT}:{self.root / 'plugin'}", "BENCH_TOKEN": "u-syncer"}

    def syncer(self, *words: str) -> list[str | Path]:
        """A command line of the program."""
        return [sys.executable, "-m", "syncer", "--config", self.root, *words]

    def forget(self) -> None:
        """Remove the state."""
        for file in self.root.glob("syncer.db*"):
            file.unlink()


def install(root: Path, url: str, systems: Sequence[str], batch: int) -> Installation:
    """Write the files of an installation that keeps these systems of the server in step."""
    (root / "config").mkdir(parents=True, exist_ok=True)
    (root / "mappings").mkdir(exist_ok=True)
    (root / "mappings" / "wire.yaml").write_text(_MAPPING)
    people = {key: {"name": key.title(), "wire": f"u-{key}"} for key in PEOPLE}
    _write(root / "config" / "people.yaml", people)
    _write(root / "config" / "ownership.yaml", _ownership(systems))
    _write(root / "config" / "sync.yaml", _sync(root, url, systems, batch))
    plugin = root / "plugin" / "bench_wire-1.dist-info"
    plugin.mkdir(parents=True, exist_ok=True)
    (plugin / "METADATA").write_text("Metadata-Version: 2.1\nName: bench-wire\nVersion: 1\n")
    (plugin / "entry_points.txt").write_text("[syncer.adapters]\nwire = tests.bench.wire:ADAPTER\n")
    return Installation(root)


def _ownership(systems: Sequence[str]) -> dict[str, Any]:
    """The rules that come with the program, with our systems as homes, and two more fields."""
    found: dict[str, Any] = YAML(typ="safe").load(ROOT / "config" / "ownership.yaml")
    del found["roles"]["analytics"]
    found["roles"]["producer"]["home"] = systems[0]
    found["roles"]["account_manager"]["home"] = systems[-1]
    for entity in ("client", "project"):
        found[entity]["results"] = {"owner": "account_manager"}
    found["task"] |= {"size": {"shared": "latest"}, "code": {"shared": "latest"}}
    return found


def _sync(root: Path, url: str, systems: Sequence[str], batch: int) -> dict[str, Any]:
    connections = {
        name: {
            "adapter": "wire",
            "base_url": f"{url}/{name}",
            "token": "env:BENCH_TOKEN",
            "batch": batch,
        }
        for name in systems
    }
    own = {"size": {"type": "enumeration", "values": ["small", "medium", "large"]}}
    return {
        "state": str(root / "syncer.db"),
        "heads_up": "cli-only",
        "first_contact": "match then create",
        "connections": connections,
        "clients": {
            "bakery": {
                "name": "Honey & Rye Bakery",
                "zone": "Europe/London",
                "scopes": {name: {} for name in systems},
            }
        },
        "entities": {"task": own | {"code": {"type": "text"}}},
    }


def _write(path: Path, value: Mapping[str, Any]) -> None:
    yaml = YAML(typ="safe")
    yaml.default_flow_style = False
    yaml.dump(value, path)
