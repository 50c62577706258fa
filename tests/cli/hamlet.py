"""A configuration directory for two memory systems, and the command line over it."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from adapters.memory import World, put_world
from syncer.cli import main
from tests.architecture.source import ROOT

SYNC = """first_contact: match then create
state: data/syncer.db
heads_up: cli-only
connections:
  one: {{adapter: memory, world: "{name}:one"}}
  two: {{adapter: memory, world: "{name}:two"}}
clients:
  acme:
    name: Acme
    zone: Europe/Berlin
    scopes: {{one: {{team: main}}, two: {{team: main}}}}
{more}
"""

PEOPLE = """
maya: {name: Maya Okafor, memory: u-maya}
tom: {name: Tom Lindqvist, memory: u-tom}
anna: {name: Anna Brandt, memory: u-anna}
"""

OWNERSHIP = """
roles:
  producer: {people: [maya, tom], home: one}
  account_manager: {people: [anna], home: two}
unknown_editor: nobody
project:
  existence: {owner: account_manager, others: {create: allow, archive: propose}}
  name: {owner: account_manager, others: propose}
  strategy: {owner: account_manager, others: propose}
  deadline: {owner: producer, others: propose, expires: 3 working days, stand_in: anna}
task:
  existence: {owner: producer, others: {create: allow, archive: propose}}
  title: {shared: latest}
  notes: {shared: latest}
  deadline: {owner: producer, others: propose}
  status: {owner: producer, others: notify}
  project: {owner: producer, others: notify}
"""

MAPPING = """
system: memory
variants:
  all:
    project:
      object: project
      match: [name]
      create: always
      archive: closed
      fields: {name: name, strategy: strategy, deadline: deadline}
    task:
      object: item
      match: [title, project]
      create: always
      archive: closed
      fields:
        title: title
        notes: notes
        deadline: due
        project: project
        status: {field: list, values: {todo: [To do], doing: [Doing], done: [Done]}, otherwise: hold}
"""


@dataclass
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass
class Hamlet:
    """A folder with a configuration, two worlds and the command line."""

    root: Path
    capture: pytest.CaptureFixture[str] | None = None
    worlds: dict[str, World] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.write(more="")
        for name in ("one", "two"):
            self.worlds[name] = World()
            put_world(f"{self.root}:{name}", self.worlds[name])

    def write(self, more: str, **texts: str) -> None:
        """Write the files; ``more`` stands at the end of sync.yaml, others replace a file."""
        files = {
            "config/sync": SYNC.format(name=self.root, more=more),
            "config/people": PEOPLE,
            "config/ownership": OWNERSHIP,
            "mappings/memory": MAPPING,
        }
        for name, text in files.items():
            path = self.root / f"{name}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(texts.get(path.stem, text), encoding="utf-8")

    def fill(self) -> None:
        """A project with two tasks, in the first system."""
        one = self.worlds["one"]
        project = one.create("tom", "project", {"name": "Relaunch", "deadline": "2026-12-01"})
        for title in ("Sketch", "Build"):
            one.create("maya", "item", {"title": title, "due": "2026-11-30"}, project.id)

    def find(self, system: str, title: str) -> Any:
        """The thing of this title."""
        (found,) = [
            thing
            for thing in self.worlds[system].things.values()
            if title in (thing.fields.get("title"), thing.fields.get("name"))
        ]
        return found

    def edit(self, system: str, title: str, by: str, **fields: Any) -> None:
        """A person edits a thing."""
        self.worlds[system].change(by, self.find(system, title).id, fields)

    def __call__(self, *args: str, config: str | None = "--config") -> Said:
        """Run a command in this process; ``config`` None leaves the folder to the environment."""
        assert self.capture is not None
        self.capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([*([config, str(self.root)] if config else []), *args])
        told = self.capture.readouterr()
        return Said(int(ended.value.code or 0), told.out, told.err)


CHILD = """
import sys
from pathlib import Path
from tests.cli.hamlet import Hamlet
from syncer.cli import main

hamlet = Hamlet(Path(sys.argv[1]))
hamlet.fill()
main(["--config", sys.argv[1], *sys.argv[2:]])
"""


def child(root: Path, args: Sequence[str], script: str = CHILD) -> subprocess.Popen[str]:
    """The command line in a process of its own, over worlds that it fills itself."""
    return subprocess.Popen(
        [sys.executable, "-c", script, str(root), *args],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
