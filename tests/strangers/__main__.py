"""``make strangers``: the vendors' own clients act as people while syncer runs.

``python -m tests.strangers`` builds an environment for each client under ``.strangers/``, plays
the story of ``play.py`` on sandboxes, and prints what was driven. ``python -m tests.strangers
lock`` locks the clients anew. Exit code 1 at the first promise that is broken.
"""

import logging
import shutil
import sys
import tempfile
import time
from pathlib import Path

import structlog

from tests.shared import RECORDINGS
from tests.strangers import table
from tests.strangers.environments import ROOT, SYSTEMS, Failed, build, lock
from tests.strangers.play import Play
from tests.strangers.stage import Stage, Untrue, staged


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _play(stage: Stage) -> int:
    """Tell scene by scene; gives how many promises held."""
    play = Play(stage)
    for number, (title, act) in enumerate(play.scenes(), 1):
        started, before = time.monotonic(), len(stage.written)
        act()
        runs = ", ".join(f"{n} writes" for n in stage.written[before:])
        _tell(f"{number:2}. {title} ({time.monotonic() - started:.1f} s; syncer: {runs})")
    return play.promises + sum(one.promises for one in stage.strangers.values())


def _driven(stage: Stage) -> list[table.Driven]:
    logs = {system: stage.log(system) for system in SYSTEMS}
    bots = {
        system: {name for name, user in stage.stand[system]["users"].items() if user["bot"]}
        for system in SYSTEMS
    }
    return table.driven(logs, bots)


def _recorded(folder: Path) -> None:
    """Hand what went over the wire to the referee, in place of what an earlier run did."""
    place = RECORDINGS / "exchanges"
    place.mkdir(parents=True, exist_ok=True)
    for old in place.glob("strangers-*.jsonl"):
        old.unlink()
    for file in folder.glob("*.jsonl"):
        shutil.copyfile(file, place / f"strangers-{file.name}")


def main(words: list[str]) -> int:
    """Everything; gives the exit code."""
    try:
        if words == ["lock"]:
            lock(_tell)
            return 0
        build(_tell)
        # The service's adapter listens in this process too; it has nothing to report.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        started = time.monotonic()
        with (
            tempfile.TemporaryDirectory(prefix="strangers-") as root,
            staged(Path(root) / "agency") as stage,
        ):
            promises = _play(stage)
            rows = _driven(stage)
            _recorded(stage.recordings)
        _tell("")
        for line in table.lines(rows):
            _tell(line)
        _tell(f"{table.save(rows).relative_to(ROOT)} holds the routes")
    except (Failed, Untrue) as error:
        _tell(f"strangers: broken: {error}")
        return 1
    routes = len({(row.system, row.method, row.route) for row in rows})
    _tell(
        f"strangers: {len(SYSTEMS)} clients, {routes} routes, {sum(r.calls for r in rows)} calls, "
        f"{promises} promises, 0 broken, {time.monotonic() - started:.0f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
