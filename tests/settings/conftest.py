"""A spoilable configuration for every test."""

from pathlib import Path

import pytest

from tests.settings.agency import Agency, copied


@pytest.fixture
def agency(tmp_path: Path) -> Agency:
    """A copy of the shipped configuration."""
    return copied(tmp_path)
