"""Idle cycles inside one process that goes on running, as a service that does not end has them.

``python -m tests.bench.inside FOLDER CYCLES`` prints the CPU seconds of each cycle as JSON. The
first few, in which everything is met for the first time, are left out.
"""

import json
import sys
import time
from pathlib import Path
from typing import Final

from syncer.cli.setup import Setup
from syncer.cli.work import service
from syncer.model.report import CycleResult

WARM: Final = 3


def main(root: Path, cycles: int) -> list[float]:
    """CPU seconds of each cycle, of all threads."""
    took: list[float] = []
    with service(Setup(config=root).configuration()) as running:
        for _ in range(WARM + cycles):
            started = time.process_time()
            [report] = running.run()
            took.append(time.process_time() - started)
            assert report.result is CycleResult.DONE, report.problems
    return took[WARM:]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
