"""``python -m tests.kills``: kill at every boundary, and see that it comes to the same.

Prints one line for each scenario; exit code 1 if one attempt did not end as the unkilled run.
"""

import argparse
import multiprocessing
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.kills.boundaries import Place
from tests.kills.house import House, NotAsPromised
from tests.kills.outside import killed_from_outside
from tests.kills.scenarios import SCENARIOS, Play, attempt

SHOWN = 40
"""Lines of a difference that are shown."""


@dataclass(frozen=True)
class Attempt:
    """One kill: which cycle, which boundary of it."""

    number: int
    cycle: int
    place: Place
    to_the_end: bool


def main() -> int:
    """Everything that was asked for."""
    asked = _asked()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        for name in [asked.scenario] if asked.scenario else list(SCENARIOS):
            failed += _scenario(name, Path(folder), asked)
        if asked.outside:
            with House(Path(folder) / "outside") as house:
                failed += killed_from_outside(house, asked.outside, asked.seed)
    return 1 if failed else 0


def _asked() -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    options.add_argument("--scenario", choices=list(SCENARIOS), help="only this one")
    options.add_argument("--every", type=int, default=1, help="only each so-manieth boundary")
    options.add_argument("--at", type=int, help="only the boundary of this number")
    options.add_argument("--workers", type=int, default=2, help="processes side by side")
    options.add_argument("--outside", type=int, default=8, help="kills at random moments")
    options.add_argument("--seed", type=int, default=20261122, help="of those moments")
    return options.parse_args()


def _scenario(name: str, folder: Path, asked: argparse.Namespace) -> int:
    """Play one scenario unkilled, then every attempt; gives how many went wrong."""
    started = time.monotonic()
    with _house(folder / f"{name} unkilled") as house:
        play = SCENARIOS[name](house)
    attempts = _attempts(play)
    chosen = _chosen(attempts, asked)
    wrong = 0
    for attempt_, told in _side_by_side(name, folder, chosen, asked.workers):
        wrong += bool(told)
        if told:
            _show(play, attempt_, told)
    tried = f"{len(attempts)} boundaries counted, {len(chosen)} tried"
    took = f"{time.monotonic() - started:.0f} s"
    print(f"{play.name}: {tried}, {len(chosen) - wrong} ended the same ({took})", flush=True)
    return wrong


def _attempts(play: Play) -> list[Attempt]:
    """Every boundary; the first of each kind in a cycle is followed to the story's end."""
    found: list[Attempt] = []
    for number, cycle in enumerate(play.cycles):
        for place in cycle.places:
            found.append(Attempt(len(found) + 1, number, place, place.nth == 1))
    return found


def _chosen(attempts: list[Attempt], asked: argparse.Namespace) -> list[Attempt]:
    """What was asked for; with ``--every``, the first of each kind is always among it."""
    if asked.at is not None:
        return [a for a in attempts if a.number == asked.at]
    first: dict[str, int] = {}
    for one in attempts:
        first.setdefault(one.place.what, one.number)
    every = asked.every
    return [a for a in attempts if a.number % every == 0 or first[a.place.what] == a.number]


def _side_by_side(name: str, folder: Path, chosen: list[Attempt], workers: int) -> Any:
    """Attempts with what went wrong, as they end. Each worker has tools of its own."""
    fork = multiprocessing.get_context("fork")
    todo, done = fork.SimpleQueue(), fork.SimpleQueue()
    for one in [*chosen, *[None] * workers]:
        todo.put(one)
    team = [
        fork.Process(target=_work, args=(name, folder / f"{name} {n}", todo, done))
        for n in range(workers)
    ]
    for worker in team:
        worker.start()
    for _ in chosen:
        yield done.get()
    for worker in team:
        worker.join()


def _work(name: str, folder: Path, todo: Any, done: Any) -> None:
    with _house(folder) as house:
        play = SCENARIOS[name](house)
        while (one := todo.get()) is not None:
            try:
                attempt(house, play, one.cycle, one.place, to_the_end=one.to_the_end)
                told = []
            except NotAsPromised as error:
                told = list(error.lines)
            except Exception:  # noqa: BLE001 - told by the one who counts
                told = traceback.format_exc().splitlines()
            done.put((one, told))


def _house(folder: Path) -> House:
    folder.mkdir()
    return House(folder)


def _show(play: Play, one: Attempt, told: list[str]) -> None:
    title = play.cycles[one.cycle].title
    print(f'{play.name}, "{title}": killed at boundary {one.number}, {one.place}:')
    for line in told[:SHOWN]:
        print(f"  {line[:1200]}")
    if len(told) > SHOWN:
        print(f"  and {len(told) - SHOWN} more lines")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
