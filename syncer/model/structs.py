"""What nouns have in common: they are structs, made and compared in C.

Those of which a cycle makes thousands say ``gc=False``: nothing that they hold leads back to them,
so there is no ring that the collector of rings could find by looking through them.
"""

from typing import Any, ClassVar

from msgspec import Struct


def names(kind: type[Struct] | Struct) -> tuple[str, ...]:
    """The names of a noun's fields, in their order."""
    return kind.__struct_fields__


def as_dict(value: Struct) -> dict[str, Any]:
    """A noun as plain dicts, lists and tuples, however deep nouns stand in it."""
    return {name: _plain(getattr(value, name)) for name in names(value)}


def _plain(value: Any) -> Any:
    if isinstance(value, Struct):
        return as_dict(value)
    if isinstance(value, list | tuple):
        return type(value)(_plain(one) for one in value)
    if isinstance(value, dict):
        return {_plain(key): _plain(one) for key, one in value.items()}
    return value


class Discreet:
    """For a struct that does not show all of itself in logs and errors: secrets, what is long."""

    __slots__ = ()
    HIDDEN: ClassVar[frozenset[str]] = frozenset()

    def __repr__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.__rich_repr__())
        return f"{type(self).__name__}({told})"

    def __rich_repr__(self, /) -> list[tuple[str, Any]]:
        """What is shown, for printers that ask for the parts: a struct would tell them all."""
        assert isinstance(self, Struct)
        return [(name, getattr(self, name)) for name in names(self) if name not in self.HIDDEN]
