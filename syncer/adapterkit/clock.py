"""The vendor's time, learnt from its answers: its clock and ours need not agree."""

from datetime import UTC, datetime, timedelta
from typing import Final

from syncer.adapterkit.answer import http_date

_NEAR: Final = timedelta(minutes=1)
"""Answers tell whole seconds, a while after they were made: less than this is no difference."""


class VendorClock:
    """Follows the ``Date`` of answers. Safe to use from several threads."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    @staticmethod
    def ours() -> datetime:
        """What our own clock shows."""
        return datetime.now(UTC)

    def told(self, date: str, asked: datetime) -> datetime:
        """Up to when an answer tells: its ``Date``, else when it was asked for, by our clock."""
        at = http_date(date) or asked
        self._ahead = at - asked if abs(at - asked) > _NEAR else timedelta(0)
        return at

    def now(self) -> datetime:
        """What the vendor's clock shows now, as far as we know; ours before its first answer."""
        return self.ours() + self._ahead
