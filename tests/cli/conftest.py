"""A hamlet for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.cli.hamlet import Hamlet


@pytest.fixture
def hamlet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Hamlet]:
    """A configuration directory with two memory systems; the first holds a project."""
    made = Hamlet(tmp_path, capsys)
    made.fill()
    yield made
    structlog.reset_defaults()
