"""A small installation whose every command is a real process, with sandboxes that can be watched."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from msgspec.structs import replace

from syncer.adapterkit.sandbox import Task, World, agency_world
from tests.system.agency import Agency
from tests.system.processes import Processes, Said

CLIENT = "bakery"
PROJECT = "Website relaunch"
TITLES = ("Build", "Ship", "Sketch")


def small_world() -> World:
    """One client with one project of three tasks, all in Asana."""
    world = agency_world()
    home = frozenset({"asana"})
    project = next(p for p in world.projects if p.name == PROJECT)
    tasks = [Task(f"{project.key}-{t}", project.key, t, home, notes=f"*{t}*") for t in TITLES]
    return World(
        world.people, (world.client(CLIENT),), (replace(project, systems=home),), tuple(tasks)
    )


class Watched(list[dict[str, Any]]):
    """A sandbox's log of requests that tells of each as it is added.

    That is after the request took effect and before its answer is sent. Reads of the service
    before a write are requests as well.
    """

    def __init__(self, told: Callable[[dict[str, Any]], None]) -> None:
        super().__init__()
        self.told = told

    def append(self, entry: dict[str, Any]) -> None:
        """Add it, then tell."""
        super().append(entry)
        self.told(entry)


@dataclass
class Install:
    """Sandboxes, a configuration, and a state file that may be named anew."""

    agency: Agency
    processes: Processes
    state: Path

    def env(self) -> dict[str, str]:
        """What the processes find in their environment."""
        return {**self.agency.secrets, "SYNCER_STATE": str(self.state)}

    def start(self, *args: str, uid: int = 0, first: str = "") -> int:
        """Start a command."""
        config = ["--config", str(self.agency.folder)]
        return self.processes.start([*config, *args], self.env(), uid, first)

    def __call__(self, *args: str, uid: int = 0, first: str = "") -> Said:
        """Run a command."""
        return self.processes.wait(self.start(*args, uid=uid, first=first))

    # -- the sandboxes --------------------------------------------------------------------

    def reset(self, state: Path) -> None:
        """Begin anew: sandboxes as at first, another state file."""
        self.state = state
        for running in self.agency.running.values():
            running.desk.requests = []
            with urlopen(Request(f"{running.url}/_sandbox/reset", method="POST"), timeout=10):
                pass
        self.agency.write()  # its clients live elsewhere now

    @contextmanager
    def told(self, what: Callable[[int], None]) -> Iterator[None]:
        """Call ``what`` with the number of each request of the service, from 1, as it is served."""
        count = 0

        def counted(entry: dict[str, Any]) -> None:
            nonlocal count
            if entry["user"] == self.agency.user:
                count += 1
                what(count)

        for running in self.agency.running.values():
            running.desk.requests = Watched(counted)
        try:
            yield
        finally:
            for running in self.agency.running.values():
                running.desk.requests = list(running.desk.requests)

    def asked(self) -> int:
        """Requests of the service since they were forgotten."""
        return sum(len(self.agency.requests(name)) for name in self.agency.systems)

    def written(self) -> int:
        """How many of them were no reads."""
        return sum(map(len, self.agency.writes().values()))

    def titles(self) -> dict[str, list[str]]:
        """The titles of all tasks and cards there are, whatever the service thinks."""
        cards: Any = self.agency.boxes["trello"].state()
        tasks: Any = self.agency.boxes["asana"].state()
        return {
            "trello": sorted(card["name"] for card in _all(cards["cards"])),
            "asana": sorted(t["name"] for t in tasks.values() if t["resource_type"] == "task"),
        }

    def boards(self) -> int:
        """How many boards there are."""
        state: Any = self.agency.boxes["trello"].state()
        return len(state["boards"])

    def rename(self, title: str, to: str) -> None:
        """Maya renames a task in Asana."""
        state: Any = self.agency.boxes["asana"].state()
        found = [g for g, t in state.items() if t.get("name") == title and "completed" in t]
        assert len(found) == 1, found
        box, running = self.agency.boxes["asana"], self.agency.running["asana"]
        request = Request(
            f"{running.url}/api/1.0/tasks/{found[0]}",
            data=json.dumps({"data": {"name": to}}).encode(),
            method="PUT",
            headers={
                "content-type": "application/json",
                "authorization": f"Bearer {box.users['maya'].token}",
            },
        )
        with urlopen(request, timeout=10):
            pass

    def settle(self) -> None:
        """Runs that are not disturbed: all is in step, once, and then nothing is written."""
        said = self("run")
        if said.code == 1:  # what failed is tried again by the next run
            said = self("run")
        assert said.code == 0, said.out + said.err
        titles = self.titles()
        assert titles["trello"] == titles["asana"]
        assert len(titles["asana"]) == len(TITLES)
        assert self.boards() == 1
        self.agency.forget()
        assert self("run").code == 0
        assert self.written() == 0


def _all(found: Any) -> list[Any]:
    return list(found.values()) if isinstance(found, dict) else list(found)
