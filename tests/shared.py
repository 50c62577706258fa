"""Tests that read real input from ``../shared`` are skipped, and counted, where it is absent."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
"""Real exports and the vendors' own documents. Not part of this repository."""

NEEDS = "needs ../shared"
"""How the reason of every such skip begins; the last line of a test run counts them."""

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{NEEDS}, which is not here")
