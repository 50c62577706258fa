"""``config/people.yaml``: everybody once, with their ids."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct

from syncer.model.people import EVERYWHERE, Person
from syncer.settings.check import check
from syncer.settings.homes import no_home
from syncer.settings.places import Place
from syncer.settings.problems import Problem, suggestion, unknown
from syncer.settings.secrets import Secrets
from syncer.settings.shapes_people import OTHERWISE, PeopleFile, PersonLine
from syncer.settings.wording import unknown_key

Found = tuple[dict[str, Person], list[Problem]]


class Around(Struct, frozen=True):
    """What people may refer to. ``None`` stands for a file that could not be read.

    Args:
        tools: connection name to system, of those that hold records.
        others: further systems, that are not connected.
        counters: connections and systems that only count: nobody is told anything there.
        clients: keys of the clients.
        secrets: fetches addresses from where they are.
    """

    tools: Mapping[str, str] | None
    others: Collection[str]
    counters: Collection[str]
    clients: Collection[str] | None
    secrets: Secrets

    def known(self) -> Collection[str] | None:
        """Connections and systems with people in them."""
        if self.tools is None:
            return None
        return {*self.tools, *self.tools.values(), *self.others}


def people(place: Place, around: Around) -> Found:
    """Read the people. ``place`` is the top of the file."""
    checked = check(place, PeopleFile)
    problems = list(checked.problems)
    lines = checked.value.root if checked.value else {}
    found: dict[str, Person] = {}
    for key, line in lines.items():
        here = place / key
        problems += _strange_keys(here, around.known())
        problems += _leaving(here, line, place.names())
        problems += _deputy(here, line, place.names())
        problems += _homeless(here / "home", line, around)
        addresses, wrong = around.secrets.addresses(here / "addresses", line.addresses)
        problems += wrong
        found[key] = _person(here, line, addresses)
    problems += _twice(place, found.values(), around.tools or {})
    return found, problems


def _person(place: Place, line: PersonLine, addresses: tuple[str, ...]) -> Person:
    return Person(
        key=str(place.path[-1]),
        name=line.name,
        email=line.email,
        ids=dict(line.__pydantic_extra__),
        zone=line.zone,
        away=line.away,
        left=line.left,
        successor=line.successor,
        source=place.source,
        homes=_homes(line),
        deputy=line.deputy,
        quiet=line.quiet,
        digest=line.digest,
        addresses=addresses,
    )


def _homes(line: PersonLine) -> dict[str, str]:
    said = line.home or {}
    said = {OTHERWISE: said} if isinstance(said, str) else said
    return {EVERYWHERE if client == OTHERWISE else client: home for client, home in said.items()}


def _homeless(place: Place, line: PersonLine, around: Around) -> Iterator[Problem]:
    """Homes in tools that there are not, or where nobody can be told anything."""
    if isinstance(line.home, str):
        yield from no_home(place, line.home, around.known(), around.counters)
        return
    for client, home in (line.home or {}).items():
        known = around.clients and {*around.clients, OTHERWISE}
        if unknown(client, known):
            fix = suggestion(client, known or (), "clients")
            yield (place / client).problem(f'there is no client "{client}"', fix)
        yield from no_home(place / client, home, around.known(), around.counters)


def _strange_keys(place: Place, systems: Collection[str] | None) -> list[Problem]:
    if systems is None:
        return []
    known = [*PersonLine.model_fields, *systems]
    return [
        (place / key).problem(*unknown_key(key, known))
        for key in sorted(place.names() - set(known))
    ]


def _leaving(place: Place, line: PersonLine, everybody: Collection[str]) -> list[Problem]:
    if line.successor is None:
        return []
    here = place / "successor"
    if line.left is None:
        return [here.problem('"successor" needs "left"', "say when they left")]
    if line.successor == place.path[-1]:
        return [here.problem("somebody cannot follow themselves", "name another", value=True)]
    if line.successor not in everybody:
        return [here.problem(f'"{line.successor}" is not in this file', "add them", value=True)]
    return []


def _deputy(place: Place, line: PersonLine, everybody: Collection[str]) -> list[Problem]:
    if line.deputy is None:
        return []
    here = place / "deputy"
    if line.deputy == place.path[-1]:
        text = "somebody cannot be their own deputy"
        return [here.problem(text, "name another", value=True)]
    if line.deputy not in everybody:
        fix = suggestion(line.deputy, everybody, "people")
        return [here.problem(f'"{line.deputy}" is not in this file', fix, value=True)]
    return []


def _twice(place: Place, found: Iterable[Person], systems: Mapping[str, str]) -> list[Problem]:
    """Two people with one address, or one account: edits of one would count as the other's."""
    problems: dict[tuple[str, str, str], Problem] = {}
    seen: dict[tuple[str, str], tuple[str, Place]] = {}
    for person in found:
        for system, identity, key in _identities(person, systems):
            here = place / person.key / key
            other, there = seen.setdefault((system, identity.casefold()), (person.key, here))
            if other != person.key:
                what = f'e-mail address "{identity}"' if key == "email" else f"{key} id"
                text = f"{person.key} has the same {what} as {other}"
                first = f"{there.value_source}:{there.value_source.column}"
                fix = f"{other}'s is at {first}; a person stands here once"
                problems.setdefault(
                    (person.key, other, identity), here.problem(text, fix, value=True)
                )
    return list(problems.values())


def _identities(person: Person, systems: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    """By what a person is recognised: where, the id, and the key it is written under.

    An id may be written for one connection or for its system; without one, the address counts.
    """
    if person.email:
        yield "", person.email, "email"
    for connection, system in systems.items():
        key = next((name for name in (connection, system) if name in person.ids), "email")
        identity = person.ids.get(key) or person.email
        if identity:
            yield connection, identity, key
    for key in person.ids.keys() - systems.keys() - set(systems.values()):
        yield key, person.ids[key], key
