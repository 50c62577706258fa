"""``python -m tests.referee [FOLDER]``: judge what the last test run recorded."""

import sys
from pathlib import Path

from tests.referee.documents import PLACE
from tests.referee.report import judge
from tests.shared import NEEDS, RECORDINGS


def main() -> int:
    """Print the table, the totals and what is wrong; 1 if something is, 2 without recordings."""
    if not PLACE.is_dir():
        print(f"referee: skipped ({NEEDS})")
        return 0
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else RECORDINGS
    if not any((folder / "exchanges").glob("*.jsonl")):
        print(f"referee: nothing is recorded in {folder}; run the tests first", file=sys.stderr)
        return 2
    report = judge(folder)
    for line in (*report.table(), *report.summary()):
        print(line)
    for line in report.unneeded():
        print(f"not needed: {line}")
    for line in report.complaints():
        print(f"wrong: {line}")
    return int(report.failed)


sys.exit(main())
