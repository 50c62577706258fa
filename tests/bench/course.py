"""One course: a first sync and all that follows it, beside the peers, round by round.

A round is a first sync into an empty system, the cycle that hears the echoes, an idle cycle, a
full compare, one record in a hundred changed, and in between what the peers do instead. So ours
and theirs take turns on the same machine within minutes. After each phase both sides must be equal.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import median
from typing import Final

from tests.bench import environments
from tests.bench.cards import Cards
from tests.bench.environments import Failed
from tests.bench.folder import install
from tests.bench.ratios import further
from tests.bench.running import Cost, ours, run
from tests.bench.served import Server
from tests.bench.size import state_size

BATCH: Final = 100
SINGLE: Final = 1
CYCLES: Final = 20
TURNS: Final = 5
"""Of whole idle processes in a round: a second each, of which one may meet a noisy moment."""
FEW: Final = 5_000
"""Records of a course that is to be over soon: one turn does."""
RUN: Final[list["Course"]] = []
"""Every course that was run in this process."""

FIRST, ECHO, IDLE, FULL = "first sync", "echo", "idle", "full compare"
CHANGED, INSIDE, HELP = "1 % changed", "idle in one process", "--help"
DLT_FIRST, DLT_IDLE, TAP = "dlt, first load", "dlt, nothing new", "singer-sdk, reading"
CARDS_IDLE, CARDS_CHANGED = "vdirsyncer, nothing changed", "vdirsyncer, 1 % changed"
BARE = "bare loop"


@dataclass
class Course:
    """What a course of so many records cost, by phase and round."""

    count: int
    batch: int
    costs: dict[str, list[Cost]] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)
    state: dict[str, float] = field(default_factory=dict)

    def cpu(self, phase: str, per: int = 1) -> list[float]:
        """CPU seconds of each round, by so many records."""
        return [cost.cpu / per for cost in self.costs[phase]]

    @property
    def changed(self) -> int:
        """How many records one in a hundred is."""
        return max(1, self.count // 100)


def progress(text: str) -> None:
    """A line for whoever waits."""
    sys.stderr.write(f"bench: {text}\n")
    sys.stderr.flush()


@cache
def course(count: int, batch: int, rounds: int) -> Course:
    """Run a course; one that ran before in this process is not run again."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, Server() as server:
        turn = Turn(Path(folder), server, Course(count, batch))
        for number in range(1, rounds + 1):
            progress(f"{count} records, {batch} a write, round {number} of {rounds}")
            turn.round(number)
        turn.course.state = state_size(turn.installed.state)
        RUN.append(turn.course)
        return turn.course


class Turn:
    """The rounds of a course."""

    def __init__(self, root: Path, server: Server, course: Course) -> None:
        self.root, self.server, self.course = root, server, course
        server.load("one", course.count)
        self.installed = install(root / "ours", server.url, ("one", "two"), course.batch)
        self.cards = Cards(root / "cards", course.count)

    def round(self, number: int) -> None:
        """One of everything, ours and theirs in turn."""
        self.installed.forget()
        self.server.clear("two")
        self._ours(FIRST)
        self._equal("two")
        if self.course.batch == SINGLE:
            self._bare()
            self._ours(ECHO)
        else:
            with self._dlt(number) as load:
                load(DLT_FIRST)
                self._ours(ECHO)
                for _ in range(TURNS if self.course.count >= FEW else 1):
                    self._ours(HELP, "--help")
                    self._ours(IDLE)
                    load(DLT_IDLE)
            self._tap()
            self._inside()
            self._ours(FULL, "run", "--full")
            self._note(CARDS_IDLE, self.cards.sync())
        self._equal("two")
        self.server.change("one", self.course.changed, number)
        self.cards.change(self.course.changed, number)
        self._ours(CHANGED)
        self._note(CARDS_CHANGED, self.cards.sync())
        self._equal("two")

    def _ours(self, phase: str, *words: str) -> None:
        self.server.counts()
        command = self.installed.syncer(*words or ("run",))
        self._note(phase, run(command, self.installed.root, self.installed.env))
        self.course.requests[phase] = sum(self.server.counts().values())

    def _note(self, phase: str, cost: Cost) -> None:
        self.course.costs.setdefault(phase, []).append(cost)
        progress(f"  {phase:28} {cost.cpu:8.3f} s CPU {cost.wall:8.2f} s wall {cost.peak:5.0f} MB")

    def _equal(self, system: str) -> None:
        words = ("-m", "tests.bench.equal", "systems", self.server.url, "one", system)
        run(ours(*words), self.root)

    def _bare(self) -> None:
        self.server.clear("three")
        url = self.server.url
        words = ("-m", "tests.bench.bare", f"{url}/one", f"{url}/three")
        self._note(BARE, run(ours(*words), self.root))
        self._equal("three")

    def _tap(self) -> None:
        config = self.root / "tap.json"
        config.write_text(json.dumps({"url": f"{self.server.url}/one"}))
        tap = environments.python("singer"), environments.HERE / "tap.py"
        self._note(TAP, run((*tap, "--config", config), self.root, silent=True))

    @contextmanager
    def _dlt(self, number: int) -> Iterator[Callable[[str], None]]:
        with tempfile.TemporaryDirectory(prefix="dlt-", dir=self.root) as folder:
            url, script = self.server.url, environments.HERE / "load_dlt.py"

            def load(phase: str) -> None:
                peer = environments.python("dlt")
                self._note(phase, run((peer, script, f"{url}/one", folder), self.root))
                check = ("-m", "tests.bench.equal", "table", url, "one", f"{folder}/out__main2.db")
                run(ours(*check), self.root)

            yield load

    def _inside(self) -> None:
        """The median cycle of a process that goes on; its wall and memory are the process's."""
        words = ours("-m", "tests.bench.inside", self.installed.root, str(CYCLES))
        whole = run(words, self.installed.root, self.installed.env)
        cycles: list[float] = json.loads(whole.out)
        if len(cycles) != CYCLES:
            raise Failed(f"{len(cycles)} idle cycles, not {CYCLES}")
        self._note(INSIDE, Cost(median(cycles), whole.wall, whole.peak))


def beyond(mine: str, theirs: str, small: Course, large: Course) -> str:
    """The same ratio for each record more, in words: start-up of neither side is in it."""
    more = large.count - small.count
    each = [median(further(small.cpu(phase), large.cpu(phase), more)) for phase in (mine, theirs)]
    if min(each) <= 0:
        return ""
    return f"; each record more {each[0] * 1e6:,.0f} us by {each[1] * 1e6:,.0f} us"
