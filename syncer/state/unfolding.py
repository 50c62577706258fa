"""What a row holds by name, read part by part when it is asked for.

Most parts of most rows that a cycle loads are never looked at.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Generic, TypeVar

from syncer.state.columns import UnreadableValue
from syncer.state.errors import DAMAGED, RESCUE, StateError

Part = TypeVar("Part")

UNREADABLE: Final = (UnreadableValue, LookupError, TypeError, ValueError, AttributeError)
"""What becomes of reading a part that was never stored."""


class Misfit(KeyError):
    """A part that says nothing any more."""


class Unfolding(Mapping[str, Part], Generic[Part]):
    """A mapping whose values are made of JSON at the first look.

    ``text`` is what it was read from, in the form of today: as long as nobody replaced the
    mapping, that is what is to be written again. None where the text was of an older form.
    """

    __slots__ = ("_made", "_parts", "_read", "_where", "text")

    def __init__(
        self, parts: dict[str, Any], read: Callable[[str, Any], Part], text: str | None, where: str
    ) -> None:
        self._parts = parts
        self._read = read
        self._made: dict[str, Part] = {}
        self._where = where
        self.text = text

    def __getitem__(self, name: str) -> Part:
        found = self._made.get(name)
        return self._unfold(name, self._parts[name]) if found is None else found

    def _unfold(self, name: str, part: Any) -> Part:
        """Raises :class:`StateError` where it is nothing that was ever stored."""
        try:
            found = self._made[name] = self._read(name, part)
        except Misfit:
            raise
        except UNREADABLE as error:
            reason = f"{DAMAGED} (what it says of {name!r} cannot be read: {error})"
            raise StateError(self._where, reason, RESCUE) from error
        return found

    def get(self, name: str, default: Any = None) -> Any:
        """The part, or ``default`` where there is none."""
        found = self._made.get(name)
        if found is not None:
            return found
        return self[name] if name in self else default  # noqa: SIM401 - it is this

    def __contains__(self, name: object) -> bool:
        return name in self._parts

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def __repr__(self) -> str:
        return repr(dict(self))


class Choosy(Unfolding[Part]):
    """The same where a part may say nothing: ``read`` raises :class:`Misfit`; it is not there.

    So only a look at each tells which there are.
    """

    __slots__ = ("_looked",)

    def __init__(
        self, parts: dict[str, Any], read: Callable[[str, Any], Part], text: str | None, where: str
    ) -> None:
        super().__init__(parts, read, text, where)
        self._looked = False

    def _has(self, name: str) -> bool:
        if name in self._made:
            return True
        try:
            self._unfold(name, self._parts[name])
        except Misfit:
            self._parts = {key: part for key, part in self._parts.items() if key != name}
            return False
        return True

    def _look(self) -> None:
        if self._looked:
            return
        made, read = self._made, self._read
        for name, part in self._parts.items():
            if name not in made:
                try:
                    made[name] = read(name, part)
                except UNREADABLE:
                    self._has(name)  # leaves it out, or tells what is wrong
        self._looked = True

    def __contains__(self, name: object) -> bool:
        return name in self._parts and self._has(str(name))

    def __iter__(self) -> Iterator[str]:
        self._look()
        return iter(self._parts)

    def __len__(self) -> int:
        self._look()
        return len(self._parts)
