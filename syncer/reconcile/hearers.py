"""Who is told of what is done to a field, who may answer, and where they are reached."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from syncer.model.entities import PROJECT
from syncer.model.people import EVERYWHERE, Person
from syncer.model.rules import Ownership, Role, Rule
from syncer.reconcile.roles import STAND_IN, Place, holders, people_in

People = Mapping[str, Person]


def gone(person: Person, today: date) -> bool:
    """Whether somebody has left; on the last day they have not yet."""
    return person.left is not None and person.left < today


def away(person: Person, today: date) -> bool:
    """Whether somebody is out of office today; first and last day count."""
    return any(first <= today <= last for first, last in person.away)


def owners(
    rule: Rule, ownership: Ownership, place: Place, people: People, today: date
) -> tuple[tuple[str, str], ...]:
    """The people whom a heads-up about a field goes to, each once, with the role they own it by.

    For each owner role: the person whom the record, or what it belongs to, names in a field
    called like the role, if they hold it here; else all who hold it. Successors hear for those
    who left. For one who is away their deputy hears, else the stand-in of the rule, else
    colleagues of the role who are there; if nobody is, they themselves all the same. Where
    nobody holds any of the roles, the stand-in hears.
    """
    found: dict[str, str] = {}
    for name in rule.owners:
        role = ownership.roles.get(name)
        for person in _of_role(role, rule, place, people, today) if role else ():
            found.setdefault(person, name)
    if not found and rule.owners:
        found = dict.fromkeys(_there([rule.stand_in or ""], people, today), rule.owners[0])
    return tuple(found.items())


def _of_role(role: Role, rule: Rule, place: Place, people: People, today: date) -> tuple[str, ...]:
    held = holders(role, place)
    everybody = _successors(held, people, today)
    asked = _successors(_named(role, place) & held, people, today) or everybody
    stand_in = [rule.stand_in] if rule.stand_in else []
    found: dict[str, None] = {}
    for person in asked:
        deputy = _last(person, people, _deputy(people, today))
        here = _there([deputy], people, today) or _there(stand_in, people, today)
        found |= dict.fromkeys(here or _there(everybody, people, today) or (person,))
    return tuple(found)


def _named(role: Role, place: Place) -> frozenset[str]:
    """Whom the record, else its project, else what that belongs to, names for a role."""
    entities = dict.fromkeys((place.entity, PROJECT, *(entity for entity, _ in place.values)))
    named = (people_in(place.values.get((entity, role.name))) for entity in entities)
    return next((found for found in named if found), frozenset())


def _successors(keys: Iterable[str], people: People, today: date) -> tuple[str, ...]:
    """These people, or who took over from those who left; without those nobody took over from."""
    found = {_last(key, people, _successor(people, today)) for key in keys}
    return tuple(sorted(k for k in found if k in people and not gone(people[k], today)))


def _there(keys: Iterable[str], people: People, today: date) -> tuple[str, ...]:
    """Those of them who are at work."""
    known = (people[key] for key in keys if key in people)
    return tuple(p.key for p in known if not gone(p, today) and not away(p, today))


def _last(key: str, people: People, then: Callable[[str], str | None]) -> str:
    """The end of a chain of people; where it runs in a circle, the last that is new."""
    chain = [key]
    while (after := then(chain[-1])) in people and after not in chain:
        chain.append(str(after))
    return chain[-1]


def _successor(people: People, today: date) -> Callable[[str], str | None]:
    def then(key: str) -> str | None:
        person = people.get(key)
        return person.successor if person and gone(person, today) else None

    return then


def _deputy(people: People, today: date) -> Callable[[str], str | None]:
    def then(key: str) -> str | None:
        person = people.get(key)
        if person is None:
            return None
        return person.successor if gone(person, today) else _if_away(person, today)

    return then


def _if_away(person: Person, today: date) -> str | None:
    return person.deputy if away(person, today) else None


def may_decide(
    person: str, rule: Rule, ownership: Ownership, place: Place, people: People, today: date
) -> str | None:
    """The role as which somebody may answer for a field; None if they may not, or have left.

    As an owner; for one who left, as their successor; for one who is away today, as their
    deputy; or as the stand-in of the rule.
    """
    known = people.get(person)
    if known is None or gone(known, today):
        return None
    speaks_for = set(_speaks_for(person, people, today))
    for name in rule.owners:
        role = ownership.roles.get(name)
        if role is not None and speaks_for & holders(role, place):
            return name
    return STAND_IN if rule.stand_in == person else None


def _speaks_for(person: str, people: People, today: date) -> Iterator[str]:
    """Somebody, and everybody in whose place they act today."""
    then, waiting, met = _deputy(people, today), [person], {person}
    while waiting:
        key = waiting.pop(0)
        yield key
        more = sorted(each for each in people if each not in met and then(each) == key)
        waiting, met = [*waiting, *more], met | set(more)


def home(person: Person, role: Role | None, client: str) -> str | None:
    """The connection or system where somebody is reached: their own, else their role's."""
    own = person.homes.get(client) or person.homes.get(EVERYWHERE)
    return own or (role.home if role else None)
