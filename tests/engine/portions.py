"""Large cycles of few records: portions as small as a test wants them."""

import pytest

from syncer.engine import blocks, newcomers, planning


def in_portions(patch: pytest.MonkeyPatch, size: int) -> None:
    """Have new things matched, looked at, and what was decided planned, so many at a time."""
    patch.setattr(blocks, "TOGETHER", size)
    for module in (newcomers, planning):
        patch.setattr(module, "PORTION", size)
