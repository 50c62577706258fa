"""What is agreed of a record, as it is stored, beside which its links are written and read."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from syncer.state.codec_agreed import NOTHING, Kept, agreed_values
from syncer.state.columns import readable, unescape


class Beside:
    """The agreed values of one record; read from its ``text`` at the first look.

    Args:
        text: as it is stored.
        fields: those of the record's shape, as they are stored; None where it has none.
        title: the record's.
    """

    __slots__ = ("_values", "fields", "text", "title")

    def __init__(
        self,
        text: str,
        fields: str | None = None,
        title: str = "",
        values: Mapping[str, Any] | None = None,
    ) -> None:
        self.text = text
        self.fields = fields
        self.title = title
        self._values = values

    @property
    def values(self) -> Mapping[str, Any]:
        """By field, as JSON. Raises :class:`UnreadableValue` where the text says nothing."""
        if self._values is None:
            self._values = _values(self.text, self.fields, self.title)
        return self._values

    def says(self, other: "Beside") -> bool:
        """Whether it is stored to the letter as another is."""
        return self.text == other.text and self.fields == other.fields and self.title == other.title


def beside(kept: Kept) -> Beside:
    """What is stored so."""
    fields = kept.shape.fields if kept.shape else None
    return Beside(kept.text, fields, kept.title, kept.values)


def beside_from(agreed: str, fields: str | None, title: str | None) -> Beside:
    """The same of three columns."""
    return Beside(agreed, fields, unescape(title or ""))


@lru_cache(maxsize=512)
def _values(text: str, fields: str | None, title: str) -> dict[str, Any]:
    # A record and its links are read one soon after the other.
    values: dict[str, Any] = readable(lambda text: agreed_values(text, fields, title), text)
    return values


NOTHING_AGREED: Final = Beside(NOTHING)
