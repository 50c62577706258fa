"""The vendor's time, learnt from its answers: its clock and ours need not agree."""

from datetime import UTC, datetime, timedelta
from typing import Final

_NEAR: Final = timedelta(minutes=1)
"""Answers tell whole seconds, a while after they were made: less than this is no difference."""


class VendorClock:
    """Follows the ``Date`` of answers. Safe to use from several threads."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def told(self, at: datetime, asked: datetime) -> None:
        """An answer says that it is ``at``; it was asked for at ``asked``, by our clock."""
        ahead = at - asked
        self._ahead = ahead if abs(ahead) > _NEAR else timedelta(0)

    def now(self) -> datetime:
        """What the vendor's clock shows now, as far as we know; ours before its first answer."""
        return datetime.now(UTC) + self._ahead
