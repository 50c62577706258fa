"""How things stand in an example: whose record it is, what it is, and what is agreed."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from msgspec import Struct

from syncer.model.configuration import ClientConfig, Configuration
from syncer.model.entities import ARCHIVED, EXISTENCE, PRESENT, EntitySpec, Schema
from syncer.model.values import Kind, Value
from syncer.settings.canonical import Form, value_at
from syncer.settings.places import Place
from syncer.settings.problems import Problem, suggestion
from syncer.settings.shapes_examples import GivenLine

Written = tuple[Place, GivenLine]
"""Where something is given, and what."""


class Given(Struct, frozen=True):
    """What holds before anybody does anything."""

    config: Configuration
    client: ClientConfig
    entity: str
    values: Mapping[tuple[str, str], Value]
    new: bool
    day: date | None

    @property
    def spec(self) -> EntitySpec:
        """The entity with its fields."""
        return self.config.schema[self.entity]

    def form(self, entity: str, field: str) -> Form:
        """What a value of a field may look like."""
        return form(self.config, self.client, entity, field)


def given(
    everywhere: Written, own: Written, config: Configuration
) -> tuple[Given | None, list[Problem]]:
    """What an example gives, upon what holds everywhere; None if it cannot be tried at all."""
    (above, usual), (here, line) = everywhere, own
    at = {key: here if getattr(line, key) else above for key in ("client", "entity")}
    names = {key: getattr(line, key) or getattr(usual, key) or "" for key in at}
    client = config.clients.get(names["client"])
    known = {"client": config.clients, "entity": config.schema}
    problems = [each for key in at for each in _named(at[key], here, key, names[key], known[key])]
    if client is None or names["entity"] not in config.schema:
        return None, problems
    entity = names["entity"]
    values, faults = _values(above / "values", usual, entity, client, config, strict=False)
    more, further = _values(here / "values", line, entity, client, config, strict=True)
    day = line.day or usual.day
    told = Given(config, client, entity, {**values, **more}, line.new or usual.new, day)
    return told, [*faults, *further]


def form(config: Configuration, client: ClientConfig, entity: str, field: str) -> Form:
    """What a value of a field may look like: people and options are known by name."""
    type = config.schema[entity].fields[field].type
    zone = ZoneInfo(client.zone)
    if field == EXISTENCE:
        return Form(type, zone, (PRESENT, ARCHIVED), "two")
    if type.kind is Kind.PERSON:
        return Form(type, zone, config.people.keys(), "people")
    if type.kind is Kind.ENUMERATION:
        return Form(type, zone, _options(client, entity, field), "values")
    return Form(type, zone)


def above(schema: Schema, entity: str) -> frozenset[str]:
    """An entity, and all that a record of it can belong to."""
    found, waiting = {entity}, [entity]
    while waiting:
        for field in schema[waiting.pop()].fields.values():
            target = field.type.target
            if target is not None and target in schema and target not in found:
                found.add(target)
                waiting.append(target)
    return frozenset(found)


def _named(
    place: Place, own: Place, key: str, name: str, known: Collection[str]
) -> Iterator[Problem]:
    """What is wrong with a client or an entity; what is missing is missing in the example."""
    if not name:
        here = own if own.written else Place(own.document, own.path[:-1])
        yield here.problem(f'missing key "{key}" under "given"', suggestion("", known))
    elif name not in known:
        text = f'there is no {key} "{name}"'
        yield (place / key).problem(text, suggestion(name, known), value=True)


def _options(client: ClientConfig, entity: str, field: str) -> Collection[str] | None:
    """The canonical values that mappings know; None if one of them takes any."""
    found: set[str] = set()
    for mapping in client.mappings.values():
        line = mapping.entities[entity].fields.get(field) if entity in mapping.entities else None
        if line is not None and line.values is None:
            return None
        found |= set(line.values or ()) if line else set()
    return found or None


def _values(
    place: Place,
    line: GivenLine,
    entity: str,
    client: ClientConfig,
    config: Configuration,
    *,
    strict: bool,
) -> tuple[dict[tuple[str, str], Value], list[Problem]]:
    """Values by entity and field; unless ``strict``, those of other entities are left out."""
    found: dict[tuple[str, str], Value] = {}
    problems: list[Problem] = []
    reachable = above(config.schema, entity)
    for key in line.values:
        named, _, field = key.rpartition(".")
        whose = named or entity
        faults = list(_unknown(place / key, whose, field, reachable, config))
        if faults and not strict and whose in config.schema and whose not in reachable:
            continue
        problems += faults
        if not faults:
            value, wrong = value_at(place / key, form(config, client, whose, field))
            found[whose, field] = value
            problems += wrong
    return found, problems


def _unknown(
    place: Place, entity: str, field: str, reachable: Collection[str], config: Configuration
) -> Iterator[Problem]:
    if entity not in reachable:
        text = f'"{entity}" is nothing that this record belongs to'
        yield place.problem(text, suggestion(entity, reachable, "it has"))
    elif field not in config.schema[entity].fields:
        text = f'{entity} has no field "{field}"'
        yield place.problem(text, suggestion(field, config.schema[entity].fields, "fields"))
