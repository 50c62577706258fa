"""One whole installation: tools, configuration, state file, and runs that may be killed."""

import gc
import json
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from syncer.cli.demo.people import Person
from syncer.cli.demo.stage import Stage
from syncer.cli.setup import Setup
from syncer.cli.stand import Stand
from syncer.model.records import Proposal
from syncer.model.report import CycleReport
from syncer.state import Store
from tests.kills.boundaries import Place
from tests.kills.child import Ended, Stopped, command, forked
from tests.kills.content import Content, content_of
from tests.kills.tools import Tools

QUIET_WITHIN = 4
"""Runs after which nothing may be left to write."""


class NotAsPromised(Exception):
    """Something is not as it must be; the lines say what."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass
class House:
    """A context manager; everything is below ``folder``."""

    folder: Path

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        self.root = self.folder / "syncer"
        self.state = self.root / "data" / "syncer.db"
        self.tools = self._stack.enter_context(Tools(self.root))
        self.tools.lift_limits()
        _warm(self.root)
        self._people: dict[tuple[str, str], Person] = {}
        self.open_state()
        self.picture("begin")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for person in self._people.values():
            person.close()
        self._stack.close()

    # -- what is remembered -----------------------------------------------------------------

    def open_state(self) -> None:
        """Have a process make the state file, with its tables, and end."""
        code, _, err = forked(self.folder, lambda: Store.open(self.state).close())
        if code != 0:
            raise NotAsPromised("the state could not be opened", err)

    def picture(self, name: str) -> None:
        """Remember tools and state as they are now."""
        self.tools.picture(name)
        shutil.copytree(self.state.parent, self.folder / f"state {name}", dirs_exist_ok=True)

    def restore(self, name: str) -> None:
        """Have tools and state as they were then."""
        self.tools.restore(name)
        shutil.rmtree(self.state.parent)
        shutil.copytree(self.folder / f"state {name}", self.state.parent)

    def content(self) -> Content:
        """What all of them hold."""
        return content_of(self.tools.state(), self.state)

    # -- runs -------------------------------------------------------------------------------

    def syncer(
        self, *args: str, end_at: Place | None = None, stopped: Stopped | None = None
    ) -> Ended:
        """Run a command of ``syncer`` in a process of its own; see :func:`command`."""
        return command(self.folder, ["--config", str(self.root), *args], end_at, stopped)

    def run(self) -> int:
        """A run that must succeed; gives the number of writes."""
        ended = self.syncer("run", "--json")
        if ended.code != 0:
            raise NotAsPromised(f"a run ended with {ended.code}", *_why(ended))
        return sum(client["written"] for client in json.loads(ended.out)["clients"])

    def run_until_quiet(self) -> int:
        """Run until nothing is written any more; gives the number of runs."""
        for number in range(1, QUIET_WITHIN + 1):
            if self.run() == 0:
                return number
        raise NotAsPromised(f"after {QUIET_WITHIN} runs there is still something to write")

    # -- what the story needs ---------------------------------------------------------------

    @property
    def stage(self) -> Stage:
        """This house as the demo's people see it."""
        return cast("Stage", self)

    @property
    def stand(self) -> Stand:
        """The tools as the demo's people see them."""
        return cast("Stand", self.tools)

    def person(self, name: str, client: str) -> Person:
        """Somebody at work for a client."""
        key = name, client
        if key not in self._people:
            self._people[key] = Person(self.stand, name, client)
        return self._people[key]

    def proposals(self, field: str) -> list[Proposal]:
        """The open proposals about a field."""
        with Store.open(self.state) as store:
            return [p for p in store.proposals() if p.field == field]

    def plan(self) -> list[CycleReport]:
        """Nothing: what a run would do is looked at in the demo, not here."""
        return []


def _warm(root: Path) -> None:
    """Import here, once, what every fork would import; nothing is kept but modules."""
    import syncer.engine.answers
    import syncer.engine.service
    import syncer.report.cycle  # noqa: F401
    from syncer.adapterkit.registry import adapter_spec

    for connection in Setup(config=root, environ={}).configuration().connections.values():
        adapter_spec(connection.adapter)
    gc.freeze()


def _why(ended: Ended) -> list[str]:
    told: list[str] = ended.err.splitlines()[-8:]
    try:
        for client in json.loads(ended.out)["clients"]:
            kept: dict[str, Any] = {k: client[k] for k in ("client", "result", "failed", "down")}
            told.append(json.dumps(kept | {"problems": client["problems"]}))
    except (ValueError, KeyError, TypeError):
        told.append(ended.out[-500:])
    return told
