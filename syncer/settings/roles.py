"""The roles of ``config/ownership.yaml``: who holds them, and where they are narrowed."""

from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct, field

from syncer.model.entities import Schema
from syncer.model.rules import NOBODY, Role, Source
from syncer.model.values import Kind
from syncer.settings.homes import no_home
from syncer.settings.places import Place
from syncer.settings.problems import Problem, suggestion, unknown
from syncer.settings.shapes_ownership import OwnershipFile, RoleLine

ANYONE_ELSE = "anyone"
"""How the file calls every role that a policy does not name."""

RESERVED = frozenset({NOBODY, ANYONE_ELSE, "create", "archive"})


class World(Struct, frozen=True):
    """What ownership may refer to. ``None`` stands for a file that could not be read.

    Args:
        schema: entities and fields.
        people: keys of ``people.yaml``.
        clients: keys of the clients.
        systems: that there are connections, mappings or adapters for; a role may well be at home
            in a tool that is not connected here.
        connections: names of connections.
        mapped: canonical field to the first place that maps it.
        counters: connections and systems that only count: nobody is told anything there.
    """

    schema: Schema
    people: Collection[str] | None
    clients: Collection[str] | None
    systems: Collection[str] | None
    connections: Collection[str] | None
    mapped: Mapping[tuple[str, str], Source] = field(default_factory=dict)
    counters: Collection[str] = ()

    def places(self) -> Collection[str] | None:
        """Systems and connections: where a heads-up can go, and whose value can be preferred."""
        if self.systems is None or self.connections is None:
            return None
        return {*self.systems, *self.connections}


def roles(place: Place, file: OwnershipFile, world: World) -> tuple[dict[str, Role], list[Problem]]:
    """All roles, and what is wrong with them. ``place`` is the top of the file."""
    made: dict[str, Role] = {}
    problems: list[Problem] = []
    for name, line in file.roles.items():
        here = place / "roles" / name
        problems += _role_problems(here, line, world)
        narrowed = {
            key: frozenset(people[name])
            for part in (file.clients, file.projects)
            for key, people in part.items()
            if name in people
        }
        made[name] = Role(
            name=name,
            people=frozenset(line.people or ()),
            dynamic=_dynamic(line, world.schema),
            system=line.system,
            home=line.home,
            narrowed=narrowed,
            source=here.source,
        )
    problems += _narrowing(place / "clients", file.clients, file, world, world.clients)
    problems += _narrowing(place / "projects", file.projects, file, world, None)
    return made, problems


def missing_people(place: Place, names: Collection[str], world: World) -> Iterator[Problem]:
    """A problem for each name that is not in ``people.yaml``; ``place`` lists them."""
    listed = isinstance(place.data, list)
    for index, name in enumerate(names):
        if unknown(name, world.people):
            here = place / index if listed else place
            fix = suggestion(name, world.people or (), "people")
            yield here.problem(f'"{name}" is not in config/people.yaml', fix, value=True)


def _role_problems(place: Place, line: RoleLine, world: World) -> Iterator[Problem]:
    name = str(place.path[-1])
    if name in RESERVED:
        yield place.problem(
            f'a role cannot be called "{name}"', "the word has a meaning of its own"
        )
    yield from missing_people(place / "people", line.people or (), world)
    if line.from_ is not None and _dynamic(line, world.schema) is None:
        text = f'"{line.from_}" is no field that holds people'
        known = [f"{e.name}.{f.name}" for e in world.schema.values() for f in e.fields.values()
                 if f.type.kind is Kind.PERSON]  # fmt: skip
        yield (place / "from").problem(text, suggestion(line.from_, known, "fields"), value=True)
    if line.system is not None and unknown(line.system, world.systems):
        fix = suggestion(line.system, world.systems or (), "systems")
        yield (place / "system").problem(f'there is no system "{line.system}"', fix, value=True)
    if line.home is not None:
        yield from no_home(place / "home", line.home, world.places(), world.counters)


def _dynamic(line: RoleLine, schema: Schema) -> tuple[str, str] | None:
    entity, _, name = (line.from_ or "").partition(".")
    spec = schema[entity].fields.get(name) if entity in schema else None
    return (entity, name) if spec is not None and spec.type.kind is Kind.PERSON else None


def _narrowing(
    place: Place,
    parts: Mapping[str, Mapping[str, tuple[str, ...]]],
    file: OwnershipFile,
    world: World,
    known: Collection[str] | None,
) -> Iterator[Problem]:
    held = (Place(place.document) / "roles").names()
    by_people = [name for name, line in file.roles.items() if line.people is not None]
    for key, narrowed in parts.items():
        if unknown(key, known):
            fix = suggestion(key, known or (), "clients")
            yield (place / key).problem(f'there is no client "{key}"', fix)
        for role, people in narrowed.items():
            here = place / key / role
            if role not in held:
                text = f'"{role}" is not a role'
                yield here.problem(text, suggestion(role, by_people, "roles"))
            elif role in file.roles and role not in by_people:
                yield here.problem(f'"{role}" is not held by people', "only such roles narrow")
            yield from missing_people(here, people, world)
