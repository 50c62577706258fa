"""The canonical model with the fields that ops have added in ``config/sync.yaml``."""

from syncer.model.entities import BUILTIN, FieldSpec, Schema
from syncer.model.values import FieldType, Kind
from syncer.settings.mapping_fields import Canon
from syncer.settings.places import Place
from syncer.settings.problems import Problem, suggestion
from syncer.settings.shapes_sync import AddedField, SyncFile


def canon(place: Place | None, file: SyncFile | None) -> tuple[Canon, list[Problem]]:
    """Entities and fields, and what is wrong with the added ones.

    ``place`` is the top of ``sync.yaml``; without a usable file the model is the built-in one.
    """
    if place is None or file is None:
        return Canon(BUILTIN), []
    schema: Schema = dict(BUILTIN)
    choices: dict[tuple[str, str], tuple[str, ...]] = {}
    problems: list[Problem] = []
    written = place / "entities"
    for entity in sorted(written.names() - BUILTIN.keys()):
        fix = suggestion(entity, BUILTIN, "entities")
        problems.append((written / entity).problem(f'there is no entity "{entity}"', fix))
    for entity, added in file.entities.items():
        here = written / entity
        if entity not in BUILTIN:
            continue
        for name in added.keys() & BUILTIN[entity].fields.keys():
            text = f"{entity} has a field {name} already"
            problems.append((here / name).problem(text, "choose another name"))
        new = {name: line for name, line in added.items() if name not in BUILTIN[entity].fields}
        schema = {**schema, entity: BUILTIN[entity].with_fields(map(_spec, new, new.values()))}
        choices |= {(entity, name): line.values for name, line in new.items() if line.values}
    return Canon(schema, choices), problems


def _spec(name: str, line: AddedField) -> FieldSpec:
    return FieldSpec(name, FieldType(Kind(line.type), many=line.many))
