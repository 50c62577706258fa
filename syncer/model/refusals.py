"""Why the guard refuses a plan."""

from typing import Final

from msgspec import Struct

BY_PLAN: Final = "--plan FILE"
"""The flag of what no kind of allowing lets through, only a plan that was saved."""


class Refusal(Struct, frozen=True):
    """Why the guard will not let a plan through, in numbers, and the flag that allows it.

    With :data:`BY_PLAN` it is only let through as a whole, as somebody read and saved it.
    """

    kind: str
    connection: str | None
    count: int
    of: int
    limit: str
    flag: str

    def __str__(self) -> str:
        where = f" in {self.connection}" if self.connection else ""
        return f"{self.kind}{where}: {self.count} of {self.of}, the limit is {self.limit}; to allow: {self.flag}"
