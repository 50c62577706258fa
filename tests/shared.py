"""Tests that read real input from ``../shared`` are skipped, and counted, where it is absent."""

import os
from pathlib import Path

import pytest

from syncer.adapterkit.sandbox.recording import VARIABLE

SHARED = Path(__file__).resolve().parents[2] / "shared"
"""Real exports and the vendors' own documents. Not part of this repository."""

RECORDINGS = Path(__file__).resolve().parents[1] / "build" / "referee"
"""Where a test run keeps what went over the wires of the stand-ins, in ``exchanges/``."""

NEEDS = "needs ../shared"
"""How the reason of every such skip begins; the last line of a test run counts them."""

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{NEEDS}, which is not here")


def bare_environment() -> dict[str, str]:
    """The environment of somebody who has set nothing of ours; what is recorded stays recorded."""
    ours = [name for name in os.environ if name.startswith("SYNCER_") and name != VARIABLE]
    return {name: value for name, value in os.environ.items() if name not in ours}
