"""Requests a cycle, by the fewest that a vendor allows (`floors` says how many and why).

Two agencies in sandboxes: tasks on a Trello board and in an Asana project, deals of HubSpot
that are projects in Asana. A third one has figures in Google Analytics. People edit through the
vendors' own interfaces; a phase is the cycle in which it is heard of and the next one, in which
the service hears of its own writes.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Final

import structlog

from syncer.adapterkit.sandbox import World
from tests.bench.asking import Office, deals_world, office, tasks_world
from tests.bench.floors import CREATES, FIRST, IDLE, PULL, UPDATES, Size, floor_of, floors
from tests.bench.goal import Goal

FAILING: Final = 0.02
MOST_CYCLES: Final = 4
_GOOGLE: Final = "google_analytics"


@dataclass(frozen=True)
class Line:
    """One phase in one system: what was asked, and the fewest that could be."""

    system: str
    phase: str
    asked: int
    fewest: int

    @property
    def ratio(self) -> float:
        """1 is the floor."""
        return self.asked / self.fewest


@dataclass(frozen=True)
class Told:
    """What was counted in one agency, and how many answers were 503."""

    lines: list[Line]
    struck: int


class Count:
    """The phases of one agency, as they are gone through."""

    def __init__(self, place: Office, failing: float) -> None:
        self.place = place
        self.failing = failing
        self.lines: list[Line] = []

    def first(self, sizes: dict[str, Size]) -> None:
        """The first cycle, less what it costs to connect; from then on answers may be 503."""
        connect = self.place.connected()
        self.place.unsteady(self.failing)
        asked = self.place.cycle()
        for system, size in sizes.items():
            fewest = floor_of(system, FIRST).count(size)
            self.lines.append(Line(system, FIRST, asked[system] - connect[system], fewest))
        self.place.cycle()

    def phase(self, sizes: dict[str, tuple[str, Size]], besides: int | None = 0) -> None:
        """The cycle that hears of what people did, and the next one.

        What an answer of 503 kept from being written is written by then, or in a cycle after it
        that would be an idle one. ``besides`` is written where it is not at issue.
        """
        asked, due = Counter(self.place.cycle()), self._due(sizes, besides)
        written, later = self.place.written, 0
        while later < 1 or (due is not None and written < due and later < MOST_CYCLES):
            asked.update(self.place.cycle())
            written, later = written + self.place.written, later + 1
        # Of a write that takes two requests the second one may have to be written by itself.
        wrong = due is not None and (written < due or (written > due and not self.failing))
        if wrong:
            raise RuntimeError(f"{written} writes where {due} were due: {sizes}")
        for system, (phase, size) in sizes.items():
            floor, idle = floor_of(system, phase), floor_of(system, IDLE)
            fewest = floor.count(size) + floor.after(size) + (later - 1) * idle.count(size)
            self.lines.append(Line(system, phase, asked[system], fewest))

    def _due(self, sizes: dict[str, tuple[str, Size]], besides: int | None) -> int | None:
        if besides is None:
            return None
        return sum(size.written for _, size in sizes.values()) + besides

    def told(self) -> Told:
        """All that was counted."""
        return Told(self.lines, self.place.struck())


@contextmanager
def _counted(systems: tuple[str, ...], world: World, failing: float) -> Iterator[Count]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with office(systems, world) as place:
        yield Count(place, failing)


def _tasks(n: int, k: int, failing: float) -> Told:
    """Cards and tasks: what is heard in one tool is written in the other."""
    with _counted(("trello", "asana"), tasks_world(n), failing) as count:
        place, one = count.place, Size(records=n)
        heard, written = Size(changed=k), Size(written=k)
        count.first({"trello": one, "asana": one})
        count.phase({"trello": (IDLE, one), "asana": (IDLE, one)})
        place.edit("asana", "maya", "task", {"due": "2026-12-22"}, k)
        count.phase({"asana": (PULL, Size(changed=k, owned=k)), "trello": (UPDATES, written)})
        place.edit("trello", "maya", "task", {"due": "2026-12-23T17:00:00.000Z"}, k)
        count.phase({"trello": (PULL, heard), "asana": (UPDATES, written)})
        place.edit("trello", "maya", "task", {"desc": "Other notes"}, k)
        count.phase({"trello": (PULL, heard), "asana": (UPDATES, Size(written=k, reread=k))})
        place.make("trello", "maya", "task", {"desc": "New", "Hours": "3"}, k)
        count.phase({"trello": (PULL, heard), "asana": (CREATES, written)})
        place.make("asana", "maya", "task", {"notes": "New", "Hours": "4"}, k)
        count.phase({"asana": (PULL, heard), "trello": (CREATES, Size(written=k, custom=k))})
        return count.told()


def _deals(n: int, k: int, failing: float) -> Told:
    """Deals and projects; what each project costs in Asana is not at issue here."""
    with _counted(("asana", "hubspot"), deals_world(n), failing) as count:
        place, all_ = count.place, Size(records=n)
        count.first({"hubspot": all_})
        count.phase({"hubspot": (IDLE, all_)})
        place.edit("asana", "maya", "project", {"due": "2027-01-22"}, k)
        count.phase({"hubspot": (UPDATES, Size(records=n, written=k))})
        place.edit("hubspot", "anna", "project", {"project_brief": "Another brief"}, k)
        count.phase({"hubspot": (PULL, Size(records=n, changed=k, owned=k))}, besides=k)
        place.make("asana", "maya", "project", {"notes": "A new one"}, k)
        place.look_around("asana")
        count.phase({"hubspot": (CREATES, Size(records=n, written=k))})
        return count.told()


def _figures() -> Told:
    """Figures of one property: sessions and key events by day, for the goals of a client."""
    with _counted((_GOOGLE, "hubspot"), deals_world(1), 0.0) as count:
        place, one = count.place, Size(reports=1)
        count.first({_GOOGLE: one})
        count.phase({_GOOGLE: (IDLE, one)}, besides=None)
        place.more_sessions(days_ago=2)
        count.phase({_GOOGLE: (PULL, one)}, besides=None)
        place.edit("hubspot", "anna", "project", {"project_brief": "Another brief"}, 1)
        count.phase({_GOOGLE: (UPDATES, one)}, besides=None)
        return count.told()


def measure(quick: bool) -> list[Goal]:
    """A line for each system with its worst phase, and one for all with answers of 503.

    Quick: few records, and nothing of Google Analytics.
    """
    n, k, deals, edited = (12, 3, 3, 2) if quick else (1900, 19, 120, 60)
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        steady = [
            pool.submit(_tasks, n, k, 0.0),
            pool.submit(_deals, deals, edited, 0.0),
            *([] if quick else [pool.submit(_figures)]),
        ]
        unsteady = [
            pool.submit(_tasks, n, k, FAILING),
            *([] if quick else [pool.submit(_deals, deals, edited, FAILING)]),
        ]
        lines = [line for one in steady for line in one.result().lines]
        failing = _failing([one.result() for one in unsteady])
    sizes = f"{n} tasks, {k} changed; {deals} deals, {edited} changed"
    return [*_each(lines, sizes), failing]


def section() -> str:
    """What the page on performance says about requests."""
    return (
        "## The fewest requests\n\n"
        "Derived from the guides to the vendors' interfaces; what a cycle costs is divided by "
        "these. Connecting (who we are, who is there, which fields there are) is no part of them: "
        "it is done once, and again on its own schedule. A phase is the cycle that hears of what "
        "people did and the next one, in which the service hears of its own writes. A write that "
        "is answered 503 may have happened: it is looked up before it is sent again.\n\n" + floors()
    )


def _each(lines: Sequence[Line], sizes: str) -> Iterator[Goal]:
    for system in dict.fromkeys(line.system for line in lines):
        own = [line for line in lines if line.system == system]
        worst = max(line.ratio for line in own)
        parts = ", ".join(f"{one.phase} {one.asked} / {one.fewest}" for one in own)
        name = f"requests / floor, {system}, the worst phase"
        yield Goal(8, name, "= 1.00", worst, "", worst <= 1, f"{sizes}: {parts}")


def _failing(told: Sequence[Told]) -> Goal:
    lines = [line for one in told for line in one.lines]
    asked, fewest = sum(line.asked for line in lines), sum(line.fewest for line in lines)
    struck, ratio = sum(one.struck for one in told), asked / fewest
    detail = (
        f"all phases and systems together: {asked} requests, floor {fewest}, {struck} of them 503"
    )
    name = f"requests / floor with {FAILING:.0%} of answers 503"
    return Goal(8, name, "<= 1.03", ratio, "", ratio <= 1.03, detail)
