"""What is agreed of a record, as it is stored, beside which its links are written and read."""

from functools import lru_cache
from typing import Any, Final

from syncer.state.codec_records import NOTHING, agreed_values
from syncer.state.columns import readable


class Beside:
    """The agreed values of one record; read from its ``text`` at the first look."""

    __slots__ = ("_values", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._values: dict[str, Any] | None = None

    @property
    def values(self) -> dict[str, Any]:
        """By field, as JSON. Raises :class:`UnreadableValue` where the text says nothing."""
        if self._values is None:
            self._values = _values(self.text)
        return self._values


@lru_cache(maxsize=512)
def _values(text: str) -> dict[str, Any]:
    # A record and its links are read one soon after the other.
    values: dict[str, Any] = readable(agreed_values, text)
    return values


NOTHING_AGREED: Final = Beside(NOTHING)
