"""A sample of ``make kills``, always the same, so that every test run has killed something."""

import re
import subprocess
import sys
from collections.abc import Callable

from tests.architecture.source import ROOT

FIGURE = re.compile(r"^.*: \d+ boundaries counted, (\d+) tried, (\d+) ended the same", re.MULTILINE)


def test_killed_at_some_boundaries_it_ends_the_same(
    record_property: Callable[[str, object], None],
) -> None:
    """Real processes, killed before and after requests and commits, come to the same in the end."""
    command = [sys.executable, "-m", "tests.kills", "--workers", "1"]
    more = ["--every", "224", "--outside", "0"]
    ended = subprocess.run([*command, *more], cwd=ROOT, capture_output=True, text=True, timeout=900)

    figures = list(FIGURE.finditer(ended.stdout))
    assert 0 == ended.returncode, ended.stdout + ended.stderr
    assert 2 == len(figures)
    for figure in figures:
        record_property("figure", figure[0])
        assert int(figure[1]) == int(figure[2]) > 0
