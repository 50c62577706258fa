"""Where results go: text for people, JSON for programs, and no more work than what is shown."""

import json

import pytest

from syncer.cli.output import Output
from syncer.report.document import line


def test_what_programs_read_is_made_for_programs_only(capsys: pytest.CaptureFixture[str]) -> None:
    """Of a plan of thousands of writes no JSON is made where a person reads a line about it."""
    made: list[str] = []

    def data() -> dict[str, list[str]]:
        made.append("write")
        return {"writes": made}

    Output().show([line("1 write")], data)
    assert ("1 write\n", []) == (capsys.readouterr().out, made)

    Output(json=True).show([line("1 write")], data)
    assert {"writes": ["write"]} == json.loads(capsys.readouterr().out)
