"""What translation must know of the world beyond one record, handed in by the engine."""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct, field

from syncer.model.people import Directory, Person


def _nothing(*_: str) -> str | None:
    return None


class Lookup(Struct, frozen=True):
    """What translation must know of the world beyond one record, for one connection.

    Args:
        directory: who is who.
        people: person keys by key, name and e-mail, for tools where a person is plain text.
        record_of: (object, remote id) -> record id.
        remote_of: record id -> remote id of its twin in this connection.
        me: the ids of the service's own account.
        title_of: record id -> its title, for references kept as text; ``titled`` back again.
    """

    directory: Directory = field(default_factory=Directory)
    people: Mapping[str, str] = field(default_factory=dict)
    record_of: Callable[[str, str], str | None] = _nothing
    remote_of: Callable[[str], str | None] = _nothing
    title_of: Callable[[str], str | None] = _nothing
    titled: Callable[[str, str], str | None] = _nothing
    me: frozenset[str] = frozenset()

    def only_me(self, remote: object) -> bool:
        """Whether this is the service's own account, and nobody of the agency.

        A vendor puts the maker's name where a person belongs; that says nothing about people.
        """
        mine = isinstance(remote, str) and remote in self.me
        return mine and self.directory.person(str(remote)) is None


class Unreadable(ValueError):
    """This raw value has no canonical meaning here; the text says why."""


class Stranger(Unreadable):
    """A person who is not in ``people.yaml``. ``who`` is their name and, in brackets, their id."""

    def __init__(self, name: str, id: str) -> None:
        self.who = f"{name} <{id}>" if name != id else f"<{id}>"
        super().__init__(f"{name} is not in people.yaml")


def by_name(people: Iterable[Person]) -> dict[str, str]:
    """People by what a text may call them: their key, else a name or address that only one has.

    Names are case-folded. Who is meant by a name that two people have is never guessed.
    """
    everybody = list(people)
    bearers: dict[str, set[str]] = {}
    for person in everybody:
        for name in (person.name, person.email or ""):
            bearers.setdefault(name.strip().casefold(), set()).add(person.key)
    names = {name: min(keys) for name, keys in bearers.items() if name and len(keys) == 1}
    return names | {person.key.casefold(): person.key for person in everybody}
