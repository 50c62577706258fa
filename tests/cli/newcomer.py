"""An agency that has syncer for the first time: stand-ins on real sockets, and an empty folder."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from syncer.adapterkit.registry import sandbox_class
from syncer.adapterkit.sandbox import Running, agency_world, serve
from syncer.cli import main
from syncer.onboarding.tools import variable
from tests.cli.hamlet import Said

ANSWERS: dict[str, Any] = {
    "zone": "Europe/London",
    "same_names": True,
    "clients": {"lakeside_cabins": "skip"},
    "roles": {"producer": ["maya", "tom"], "account_manager": ["anna", "ben"]},
}
"""All that nobody can tell of the agency."""


@dataclass
class Newcomer:
    """The folder, the stand-ins, and the command line over them."""

    root: Path
    running: Mapping[str, Running]
    capsys: pytest.CaptureFixture[str]
    environ: dict[str, str] = field(default_factory=dict)

    def run(self, *args: str) -> Said:
        """A command, with nobody to ask."""
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(args)
        out, err = self.capsys.readouterr()
        code = ended.value.code
        return Said(code if isinstance(code, int) else 0, out, err)

    def init(self, *args: str, answers: Any = None) -> Said:
        """``syncer init`` in the folder."""
        if answers is not None:
            (self.root.parent / "answers.yaml").write_text(yaml.safe_dump(answers), "utf-8")
            args = (*args, "--answers", str(self.root.parent / "answers.yaml"))
        return self.run("init", str(self.root), *args)

    def files(self) -> dict[str, str]:
        """Every file of the configuration that is there, by name; not the state, nor the memory."""
        places = [self.root / ".env", *(self.root / "config").rglob("*")]
        places += (self.root / "mappings").rglob("*")
        files = [path for path in places if path.is_file()]
        return {path.relative_to(self.root).as_posix(): path.read_text("utf-8") for path in files}

    def data(self, file: str) -> Any:
        """What a file says."""
        return yaml.safe_load((self.root / file).read_text("utf-8"))

    def requests(self) -> dict[str, int]:
        """How many each tool has had so far."""
        return {system: len(one.requests) for system, one in self.running.items()}

    def secrets(self) -> list[str]:
        """All that must not show."""
        return [
            str(value)
            for one in self.running.values()
            for name, value in one.connection("syncer").items()
            if name in one.sandbox.secrets
        ]


@contextmanager
def served(*systems: str) -> Iterator[dict[str, Running]]:
    """Stand-ins of these tools with the made-up agency in them."""
    with ExitStack() as stack:
        running: dict[str, Running] = {}
        for system in systems:
            sandbox = sandbox_class(system)()
            sandbox.start_with(agency_world())
            running[system] = stack.enter_context(serve(sandbox))
        yield running


@contextmanager
def newcomer(
    root: Path, capsys: pytest.CaptureFixture[str], running: Mapping[str, Running]
) -> Iterator[Newcomer]:
    """Somebody with an empty folder; addresses and secrets are in the environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("SYNCER_")]:
            patch.delenv(name)
        made = Newcomer(root, running, capsys)
        for system, one in running.items():
            for option, value in one.connection("syncer").items():
                made.environ[variable(system, option)] = str(value)
        for name, value in made.environ.items():
            patch.setenv(name, value)
        patch.setenv("TZ", "Europe/London")
        yield made
