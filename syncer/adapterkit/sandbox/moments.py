"""Moments: right before or right after a chosen request, something else happens first.

For tests of races. The request waits while the callback runs in a thread of its own, without
the sandbox's lock: a person's request that it sends on another connection is answered before
the one that waits is handled (``before``), or answered (``after``). Within one process only.
"""

import re
from collections.abc import Callable
from typing import Literal

from msgspec import Struct, field

from syncer.adapterkit.sandbox.faults import Match

When = Literal["before", "after"]


class _Moment(Struct):
    match: Match
    pattern: re.Pattern[str]
    nth: int
    when: When
    do: Callable[[], object]
    seen: int = 0

    def is_it(self, method: str, path: str, user: str | None) -> bool:
        """Count a request if it matches; whether this is the one."""
        fits = self.match.method in (None, method) and self.match.user in (None, user)
        if fits and self.pattern.search(path):
            self.seen += 1
            return self.seen == self.nth
        return False


class Moments(Struct):
    """The moments that are waiting for their request. Guarded by the sandbox's lock."""

    waiting: list[_Moment] = field(default_factory=list)

    def wait_for(self, when: When, do: Callable[[], object], nth: int, match: Match) -> None:
        """Let ``do`` happen at the ``nth`` matching request from now on, once."""
        self.waiting.append(_Moment(match, re.compile(match.path), nth, when, do))

    def take(
        self, method: str, path: str, user: str | None
    ) -> dict[When, list[Callable[[], object]]]:
        """What is to happen around this request."""
        due = [moment for moment in self.waiting if moment.is_it(method, path, user)]
        self.waiting = [moment for moment in self.waiting if moment not in due]
        found: dict[When, list[Callable[[], object]]] = {"before": [], "after": []}
        for moment in due:
            found[moment.when].append(moment.do)
        return found
