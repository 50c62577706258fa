"""One entity of a variant, and what a client's overrides make of it."""

from collections.abc import Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from syncer.model.entities import EXISTENCE, EntitySpec
from syncer.model.mapping import EntityMapping, FieldMapping
from syncer.settings.conditions import Allowed, condition
from syncer.settings.mapping_fields import Canon, field_mapping, no_fields
from syncer.settings.places import Place
from syncer.settings.problems import Problem
from syncer.settings.shapes_mapping import CreateLine, EntityChange, EntityLine, FieldLine

CLIENT = frozenset({"key", "name"})
"""What a condition may know of the client."""

Line = str | FieldLine


class Written(Struct, frozen=True):
    """An entity's mapping before it is checked; each part knows where it is written.

    Args:
        place: of the entity in the variant.
        line: its settings.
        fields: name to place and line; overrides replace both.
        places: setting to place, where an override said it.
        lists: the places of ``fields:``, the variant's and an override's.
    """

    place: Place
    line: EntityLine
    fields: Mapping[str, tuple[Place, Line]]
    places: Mapping[str, Place] = field(default_factory=dict)
    lists: tuple[Place, ...] = ()

    def at(self, setting: str) -> Place:
        """Where a setting is written."""
        return self.places.get(setting, self.place / setting)


def written(place: Place, line: EntityLine) -> Written:
    """What a variant says of an entity."""
    fields = {name: (place / "fields" / name, each) for name, each in line.fields.items()}
    return Written(place, line, fields, lists=(place / "fields",))


def overridden(base: Written, place: Place, change: EntityChange) -> Written:
    """What a client's override makes of it; fields are replaced one by one, or taken out."""
    fields = dict(base.fields)
    for name, each in change.fields.items():
        if each is None:
            fields.pop(name, None)
        else:
            fields[name] = (place / "fields" / name, each)
    said = change.model_fields_set - {"fields"}
    if said & {"board", "project"}:
        said = said | {"board", "project"}
    update = {name: getattr(change, name) for name in said}
    places = {**base.places, **{name: place / name for name in said}}
    line = base.line.model_copy(update=update)
    lists = (*base.lists, place / "fields")
    return replace(base, line=line, fields=fields, places=places, lists=lists)


def entity_mapping(
    source: Written, spec: EntitySpec, canon: Canon
) -> tuple[EntityMapping, list[Problem]]:
    """An entity's mapping as the engine takes it, with what is wrong with it."""
    fields: dict[str, FieldMapping] = {}
    problems = [problem for place in source.lists for problem in no_fields(place, spec)]
    for name, (place, line) in source.fields.items():
        if name not in spec.fields or name == EXISTENCE:
            continue
        fields[name], found = field_mapping(place, line, spec, canon)
        problems += found
    problems += _claimed_twice(source, fields)
    problems += _unmatched(source, fields)
    mapping = EntityMapping(
        entity=spec.name,
        object=source.line.object,
        source=source.place.source,
        fields=fields,
        match=tuple(source.line.match or ()),
        archive=_archive(source.line),
        container=source.line.container,
    )
    return _with_conditions(source, mapping, spec, problems)


def _with_conditions(
    source: Written, mapping: EntityMapping, spec: EntitySpec, problems: list[Problem]
) -> tuple[EntityMapping, list[Problem]]:
    when, found = None, list[Problem]()
    if source.line.when is not None:
        remote: Allowed = {"client": CLIENT, mapping.object: None}
        when, found = condition(source.at("when"), source.line.when, remote)
    create = source.line.create
    if not isinstance(create, CreateLine):
        return replace(mapping, when=when, create=create == "always"), [*problems, *found]
    mapping = replace(mapping, when=when, create=True, template=create.template)
    if create.when is not None:
        canonical = frozenset(spec.fields) | (CLIENT if spec.name == "client" else frozenset())
        record: Allowed = {"client": CLIENT, spec.name: canonical}
        made, wrong = condition(source.at("create") / "when", create.when, record)
        mapping, found = replace(mapping, create=made or False), [*found, *wrong]
    return mapping, [*problems, *found]


def _claimed_twice(source: Written, fields: Mapping[str, FieldMapping]) -> Iterator[Problem]:
    seen: dict[tuple[str, bool], str] = {}
    for name, mapping in fields.items():
        other = seen.setdefault((mapping.remote, mapping.custom), name)
        if other != name:
            text = f'"{mapping.remote}" is mapped to {other} and to {name}'
            fix = f"{other} is at {fields[other].source}; keep one of them"
            yield source.fields[name][0].problem(text, fix)


def _unmatched(source: Written, fields: Mapping[str, FieldMapping]) -> Iterator[Problem]:
    for key in source.line.match or ():
        if key not in fields:
            text = f'"{key}" cannot be matched by: it is not mapped here'
            fix = f"mapped: {', '.join(sorted(fields))}"
            yield source.at("match").problem(text, fix, value=True)


def _archive(line: EntityLine) -> dict[str, str]:
    if isinstance(line.archive, dict):
        [(name, option)] = line.archive.items()
        return {"field": name, "option": option}
    return {"how": line.archive}
