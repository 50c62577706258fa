"""``mappings/*.yaml``: the variants of each system, and the one that a client uses."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from syncer.model.mapping import EntityMapping, SystemMapping
from syncer.model.rules import Source
from syncer.settings.check import check
from syncer.settings.mapping_entity import Written, entity_mapping, overridden, written
from syncer.settings.mapping_fields import Canon
from syncer.settings.places import Place
from syncer.settings.problems import Problem, suggestion
from syncer.settings.shapes_mapping import EntityChange, EntityLine, MappingFile
from syncer.settings.shapes_measuring import WORDS as MEASURING


class SystemFile(Struct, frozen=True):
    """One mapping file that could be read, as far as it makes sense."""

    place: Place
    system: str
    default: str | None
    variants: Mapping[str, Mapping[str, Written]] = field(default_factory=dict)

    def variant(self, named: str | None) -> str | None:
        """The variant meant: the one named, else the default, else the only one."""
        return named or self.default


def system_file(place: Place, canon: Canon) -> tuple[SystemFile | None, list[Problem]]:
    """Read one file and check every variant in it."""
    problems = [*_reports(place)]
    checked = check(place, MappingFile, without(place, MEASURING))
    problems += checked.problems
    if checked.value is None:
        return None, problems
    lines = checked.value
    variants: dict[str, dict[str, Written]] = {}
    for name, entities in lines.variants.items():
        here = place / "variants" / name
        variants[name], found = _known(here, entities, canon)
        problems += found
        problems += system_mapping(lines.system, name, here, variants[name], canon)[1]
    problems += no_default(place, lines.default, lines.variants)
    only = next(iter(lines.variants)) if len(lines.variants) == 1 else None
    return SystemFile(place, lines.system, lines.default or only, variants), problems


def system_mapping(
    system: str, name: str, place: Place, entities: Mapping[str, Written], canon: Canon
) -> tuple[SystemMapping, list[Problem]]:
    """A variant as the engine takes it, with what is wrong with it."""
    made: dict[str, EntityMapping] = {}
    problems: list[Problem] = []
    for entity, source in entities.items():
        made[entity], found = entity_mapping(source, canon.schema[entity], canon)
        problems += found
    problems += _shared_objects(entities, made)
    return SystemMapping(system, name, made, place.source), problems


def client_mapping(
    file: SystemFile, variant: str, overrides: Mapping[str, EntityChange], at: Place, canon: Canon
) -> tuple[SystemMapping, list[Problem]]:
    """The mapping of one client.

    Args:
        file: of the system.
        variant: one that the file has.
        overrides: by entity; ``at`` is the place they stand under.
        canon: the canonical model.

    Problems are those of the overrides only; the variant's own were reported with its file.
    """
    entities = dict(file.variants[variant])
    problems: list[Problem] = []
    place = file.place / "variants" / variant
    for entity, change in overrides.items():
        if entity in entities:
            entities[entity] = overridden(entities[entity], at / entity, change)
    for entity in sorted(at.names() - place.names()):
        fix = suggestion(entity, entities, "entities")
        text = f'variant "{variant}" of {file.system} has no entity "{entity}"'
        problems.append((at / entity).problem(text, fix))
    mapping, found = system_mapping(file.system, variant, place, entities, canon)
    return mapping, problems + [problem for problem in found if problem.file == at.document.file]


def mapped(files: Mapping[str, SystemFile], canon: Canon) -> dict[tuple[str, str], Source]:
    """Every canonical field that some variant maps, with the first place that does."""
    found: dict[tuple[str, str], Source] = {}
    for file in files.values():
        for entities in file.variants.values():
            for entity, source in entities.items():
                for name, (place, _) in source.fields.items():
                    if name in canon.schema[entity].fields:
                        found.setdefault((entity, name), place.source)
    return found


def _known(
    place: Place, lines: Mapping[str, EntityLine], canon: Canon
) -> tuple[dict[str, Written], list[Problem]]:
    """The entities that there are; others are reported and left out."""
    problems = [
        (place / name).problem(
            f'there is no entity "{name}"', suggestion(name, canon.schema, "entities")
        )
        for name in sorted(place.names() - canon.schema.keys() - MEASURING)
    ]
    known = {name: line for name, line in lines.items() if name in canon.schema}
    return {name: written(place / name, line) for name, line in known.items()}, problems


def no_default(place: Place, default: str | None, variants: Collection[str]) -> Iterator[Problem]:
    """A default that is no variant."""
    if default is not None and default not in variants:
        fix = suggestion(default, variants, "variants")
        yield (place / "default").problem(f'there is no variant "{default}"', fix, value=True)


def without(place: Place, unwanted: Collection[str]) -> Any:
    """What a mapping file says, without these keys in its variants."""
    variants = place / "variants"
    left = {
        name: {k: v for k, v in each.items() if k not in unwanted}
        if isinstance(each, dict)
        else each
        for name, each in (variants.data.items() if isinstance(variants.data, dict) else ())
    }
    return {**place.data, "variants": left} if left else place.data


def _reports(place: Place) -> Iterator[Problem]:
    """What only a system has that has no records."""
    system = (place / "system").data
    for variant in sorted((place / "variants").names()):
        here = place / "variants" / variant
        for word in sorted(here.names() & MEASURING):
            text = f'{system} has records, and "{word}" is of a system that only counts'
            yield (here / word).problem(text, "remove it")


def _shared_objects(
    sources: Mapping[str, Written], made: Mapping[str, EntityMapping]
) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for entity, mapping in made.items():
        other = seen.setdefault(mapping.object, entity)
        if other != entity:
            text = f'"{mapping.object}" carries {other} already'
            fix = f"{other} is at {made[other].source}; an object carries one entity"
            yield sources[entity].at("object").problem(text, fix, value=True)
