"""``python -m tests.kills``: kill at every boundary, and see that it comes to the same.

Prints one line for each scenario; exit code 1 if one attempt did not end as the unkilled run.
"""

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.kills.boundaries import Place
from tests.kills.house import House, NotAsPromised
from tests.kills.moments import approve, lock, opening
from tests.kills.outside import killed_from_outside
from tests.kills.scenarios import SCENARIOS, Play, attempt, play

SHOWN = 40
"""Lines of a difference that are shown."""

FOLLOWED = 20
"""After each so-manieth kill the story goes on to its end; after others the cycle is compared."""


@dataclass(frozen=True)
class Attempt:
    """One kill: which boundary, counted over all cycles, and of which cycle."""

    number: int
    cycle: int
    place: Place

    @property
    def followed(self) -> bool:
        """Whether the story goes on after it."""
        return self.number % FOLLOWED == 0

    @property
    def kind(self) -> tuple[bool, ...]:
        """Before or after, commit or request."""
        return self.place.what.startswith("before"), " commit " in self.place.what


Tried = Iterator[tuple[Attempt, list[str]]]


def main() -> int:
    """Everything that was asked for."""
    asked = _asked()
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        acts = 1 if asked.scenario == "first-contact" else None
        with _house(Path(folder) / "unkilled") as house:
            played = play(house, acts)
            wrong = killed_from_outside(house, played[0], asked.outside, asked.seed)
            wrong += _moments(house, played, Path(folder), asked)
            every = _attempts(played)
            chosen = _chosen(every, asked)
            for name in [asked.scenario] if asked.scenario else list(SCENARIOS):
                cycles = range(len(played))[SCENARIOS[name]]
                mine = [a for a in chosen if a.cycle in cycles]
                trying = (
                    _one_by_one(house, played, mine)
                    if asked.workers == 1
                    else _side_by_side(Path(folder) / name, len(played), mine, asked.workers)
                )
                counted = sum(a.cycle in cycles for a in every)
                wrong += _scenario(name, played, counted, mine, trying)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(f"{sum(u.ru_utime + u.ru_stime for u in used):.0f} s of processor time")
    return 1 if wrong else 0


def _asked() -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    options.add_argument("--scenario", choices=list(SCENARIOS), help="only this one")
    options.add_argument("--every", type=int, default=1, help="only each so-manieth boundary")
    options.add_argument("--at", type=int, help="only the boundary of this number")
    options.add_argument("--workers", type=int, default=2, help="processes side by side")
    options.add_argument("--outside", type=int, default=8, help="kills at random moments")
    options.add_argument("--seed", type=int, default=20261122, help="of those moments")
    return options.parse_args()


def _moments(house: House, played: Play, folder: Path, asked: argparse.Namespace) -> int:
    """What is no cycle: making the file, the lock, an answer. Gives how many went wrong."""
    if asked.scenario or asked.at:
        return 0
    place = folder / "opening"
    place.mkdir()
    moments: list[tuple[str, Callable[[], str]]] = [
        ("opening", lambda: opening(place, max(1, asked.every // 10))),
        ("lock", lambda: lock(house, played)),
        ("approve", lambda: approve(house)),
    ]
    wrong = 0
    for name, tried in moments:
        try:
            print(f"{name}: {tried()}", flush=True)
        except NotAsPromised as error:
            wrong += 1
            print(f"{name}: not as it must be", *error.lines[:SHOWN], sep="\n  ", flush=True)
    return wrong


def _attempts(played: Play) -> list[Attempt]:
    """Every boundary."""
    places = [(number, place) for number, cycle in enumerate(played) for place in cycle.places]
    return [Attempt(at, number, place) for at, (number, place) in enumerate(places, 1)]


def _scenario(name: str, played: Play, counted: int, chosen: list[Attempt], trying: Tried) -> int:
    """All attempts of one scenario; gives how many went wrong."""
    started = time.monotonic()
    wrong = 0
    for one, told in trying:
        wrong += bool(told)
        if told:
            _show(played, one, told)
    ended = f"{len(chosen) - wrong} ended the same"
    followed = f"{sum(a.followed for a in chosen)} of them followed to the story's end"
    print(
        f"{name.replace('-', ' ')}: {counted} boundaries counted, {len(chosen)} tried, {ended}"
        f" ({followed}; {time.monotonic() - started:.0f} s)",
        flush=True,
    )
    return wrong


def _chosen(attempts: list[Attempt], asked: argparse.Namespace) -> list[Attempt]:
    """What was asked for; with ``--every``, one of each kind is always among it."""
    if asked.at is not None:
        return [a for a in attempts if a.number == asked.at]
    last = {one.kind: one.number for one in attempts}
    return [a for a in attempts if a.number % asked.every == 0 or last[a.kind] == a.number]


def _one_by_one(house: House, played: Play, chosen: list[Attempt]) -> Tried:
    for one in chosen:
        yield one, _tried(house, played, one)


def _tried(house: House, played: Play, one: Attempt) -> list[str]:
    """What went wrong with an attempt; nothing if all is well."""
    try:
        attempt(house, played, one.cycle, one.place, to_the_end=one.followed)
    except NotAsPromised as error:
        return list(error.lines)
    except Exception:  # noqa: BLE001 - told by the one who counts
        return traceback.format_exc().splitlines()
    return []


def _side_by_side(folder: Path, acts: int, chosen: list[Attempt], workers: int) -> Tried:
    """Attempts with what went wrong, as they end. Each worker has tools of its own."""
    folder.mkdir()
    fork = multiprocessing.get_context("fork")
    todo, done = fork.SimpleQueue(), fork.SimpleQueue()
    for one in [*chosen, *[None] * workers]:
        todo.put(one)
    team = [
        fork.Process(target=_work, args=(folder / str(n), acts, todo, done)) for n in range(workers)
    ]
    for worker in team:
        worker.start()
    for _ in chosen:
        one, told = done.get()
        if one is None:
            raise RuntimeError("\n".join(told))
        yield one, told
    for worker in team:
        worker.join()


def _work(folder: Path, acts: int, todo: Any, done: Any) -> None:
    try:
        with _house(folder) as house:
            played = play(house, acts)
            while (one := todo.get()) is not None:
                done.put((one, _tried(house, played, one)))
    except Exception:  # noqa: BLE001 - nobody else would hear of it
        done.put((None, traceback.format_exc().splitlines()))


def _house(folder: Path) -> House:
    folder.mkdir()
    return House(folder)


def _show(played: Play, one: Attempt, told: list[str]) -> None:
    title = played[one.cycle].title
    print(f'killed at boundary {one.number}, {one.place}, of the run after "{title}":')
    for line in told[:SHOWN]:
        print(f"  {line[:1200]}")
    if len(told) > SHOWN:
        print(f"  and {len(told) - SHOWN} more lines")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
