"""Catalogues and people as JSON, for the cache."""

from typing import Any

from syncer.model.remote import (
    Author,
    Catalogue,
    FieldInfo,
    ObjectInfo,
    Option,
    RemotePerson,
)
from syncer.model.structs import as_dict
from syncer.model.values import FieldType, Kind

_MISFIT = (AttributeError, KeyError, TypeError, ValueError)


def catalogue_to_json(catalogue: Catalogue) -> dict[str, Any]:
    """A catalogue as JSON."""
    objects = {key: as_dict(info) for key, info in catalogue.objects.items()}
    return {"objects": objects, "containers": dict(catalogue.containers)}


def catalogue_from_json(json: Any) -> Catalogue:
    """The inverse of :func:`catalogue_to_json`.

    Raises ``ValueError`` for JSON of another form (an older cache): describe again.
    """
    try:
        objects = {key: _object(info) for key, info in json["objects"].items()}
        return Catalogue(objects, dict(json["containers"]))
    except _MISFIT as error:
        raise ValueError(f"not a catalogue: {error}") from error


def _object(json: dict[str, Any]) -> ObjectInfo:
    return ObjectInfo(**(json | {"fields": tuple(_field(item) for item in json["fields"])}))


def _field(json: dict[str, Any]) -> FieldInfo:
    kind = FieldType(**(json["type"] | {"kind": Kind(json["type"]["kind"])}))
    options = tuple(Option(**item) for item in json["options"])
    return FieldInfo(
        **(json | {"type": kind, "options": options, "author": Author(json["author"])})
    )


def people_to_json(people: list[RemotePerson]) -> list[Any]:
    """A system's users as JSON."""
    return [as_dict(person) for person in people]


def people_from_json(json: Any) -> list[RemotePerson]:
    """The inverse of :func:`people_to_json`. Raises ``ValueError`` for another form."""
    try:
        return [_person(item) for item in json]
    except _MISFIT as error:
        raise ValueError(f"not a list of people: {error}") from error


def _person(json: Any) -> RemotePerson:
    return RemotePerson(**(json | {"aliases": tuple(json["aliases"])}))
