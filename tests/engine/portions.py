"""Large cycles of few records: portions as small as a test wants them."""

import pytest

from syncer.engine import newcomers, planning


def in_portions(patch: pytest.MonkeyPatch, size: int) -> None:
    """Have new records looked at, and what was decided of them planned, so many at a time."""
    for module in (newcomers, planning):
        patch.setattr(module, "PORTION", size)
