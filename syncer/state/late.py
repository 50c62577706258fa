"""A connection whose transaction begins when it is first used."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection


class Late:
    """Stands for a connection; ``begin`` is called once, by whatever is used of it first."""

    def __init__(self, begin: Callable[[], Connection]) -> None:
        self._begin = begin
        self._connection: Connection | None = None

    def begin_now(self) -> Connection:
        """The connection, whose transaction begins now if it did not before."""
        if self._connection is None:
            self._connection = self._begin()
        return self._connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self.begin_now(), name)
