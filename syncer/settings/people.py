"""``config/people.yaml``: everybody once, with their ids."""

from collections.abc import Collection, Iterable, Mapping

from syncer.model.people import Person
from syncer.settings.check import check
from syncer.settings.places import Place
from syncer.settings.problems import Problem
from syncer.settings.shapes_people import PeopleFile, PersonLine
from syncer.settings.wording import unknown_key

Found = tuple[dict[str, Person], list[Problem]]


def people(place: Place, systems: Mapping[str, str] | None, others: Collection[str]) -> Found:
    """Read the people.

    Args:
        place: the top of the file.
        systems: connection name to system; ``None`` if nobody can tell.
        others: further systems, that are not connected.
    """
    checked = check(place, PeopleFile)
    problems = list(checked.problems)
    lines = checked.value.root if checked.value else {}
    known = None if systems is None else {*systems, *systems.values(), *others}
    for key, line in lines.items():
        problems += _strange_keys(place / key, known)
        problems += _leaving(place / key, line, place.names())
    found = {key: _person(place / key, line) for key, line in lines.items()}
    problems += _twice(place, found.values(), systems or {})
    return found, problems


def _person(place: Place, line: PersonLine) -> Person:
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
    )


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
