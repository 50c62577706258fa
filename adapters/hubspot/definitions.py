"""Property definitions that we make: for ``provision``, and choices written by name."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from adapters.hubspot.faults import refusal
from adapters.hubspot.shapes import TYPES, mapping, objects, word
from adapters.hubspot.wire import Row, Wire, listed, properties
from syncer.adapterkit.contract import FieldNeed
from syncer.adapterkit.errors import AskPerson, SkipRecord

GROUP: Final = "syncer"
_NAME: Final = re.compile(r"^[a-z][a-z0-9_]{0,98}$")

_SHAPES: Final = {
    "text": ("string", "text"),
    "rich_text": ("string", "textarea"),
    "date": ("date", "date"),
    "when": ("date", "date"),
    "instant": ("datetime", "date"),
    "number": ("number", "number"),
    "money": ("number", "number"),
    "boolean": ("bool", "booleancheckbox"),
    "enumeration": ("enumeration", "select"),
    "person": ("enumeration", "select"),
}
"""Kinds of value to (type, fieldType) of a property."""


def provision(wire: Wire, needs: Sequence[FieldNeed], *, dry_run: bool) -> list[str]:
    """Make the properties and choices that are missing; a line for each.

    Reads one list of properties and one of groups per object; writes one request per thing made.

    Raises:
        AskPerson: a name or kind that HubSpot cannot have, or a name that means something else.
    """
    lines: list[str] = []
    for object in sorted({need.object for need in needs}):
        if object not in TYPES:
            raise SkipRecord(f"HubSpot has no object {object!r}")
        wanted = [need for need in needs if need.object == object]
        lines += _of_object(wire, object, wanted, dry_run=dry_run)
    return lines


def _of_object(
    wire: Wire, object: str, needs: Sequence[FieldNeed], *, dry_run: bool
) -> Iterator[str]:
    defined = {word(told.get("name")): told for told in listed(wire.get(properties(object)))}
    missing = [need for need in needs if need.name not in defined]
    made = [_definition(need) for need in missing]
    if missing:
        yield from _group(wire, object, dry_run=dry_run)
    for need, body in zip(missing, made, strict=True):
        if not dry_run:
            _make(wire, object, body)
        yield f"{object}: property {need.name} ({body['type']}, {body['fieldType']})"
    for need in needs:
        told = defined.get(need.name)
        new = _lacking(told, need.options) if told and need.kind == "enumeration" else []
        if new and not dry_run:
            add_options(wire, object, need.name, new)
        if new:
            yield f"{object}: choices of {need.name}: {', '.join(new)}"


def _group(wire: Wire, object: str, *, dry_run: bool) -> Iterator[str]:
    groups = listed(wire.get(properties(object, "groups")))
    if GROUP in {word(group.get("name")) for group in groups}:
        return
    if not dry_run:
        wire.make(properties(object, "groups"), {"name": GROUP, "label": "Syncer"})
    yield f"{object}: property group {GROUP}"


def _make(wire: Wire, object: str, body: Row) -> None:
    """Create a property. One that exists by now is fine; an archived one comes back as it was."""
    answer = wire.post(properties(object), body)
    if answer.status == 409:
        return
    if not answer.ok:
        raise refusal(answer)
    told = mapping(answer.json())
    if told.get("type", body["type"]) != body["type"]:
        raise AskPerson(
            f"HubSpot brought back an archived property {body['name']} of type"
            f" {word(told.get('type'))}: delete it for good or map another name"
        )


def _definition(need: FieldNeed) -> Row:
    if not _NAME.match(need.name):
        raise AskPerson(
            f"{need.name!r} cannot be the name of a HubSpot property: begin with a small letter,"
            " then small letters, digits and underscores"
        )
    shape = ("string", "text") if need.key else _SHAPES.get(need.kind)
    if shape is None:
        raise AskPerson(f"a HubSpot property cannot hold a {need.kind}: {need.name}")
    body: Row = {
        "name": need.name,
        "label": need.name.replace("_", " ").capitalize(),
        "type": shape[0],
        "fieldType": "checkbox" if need.many and shape[0] == "enumeration" else shape[1],
        "groupName": GROUP,
    }
    return body | _extras(need)


def _extras(need: FieldNeed) -> Row:
    if need.key:
        return {"hasUniqueValue": True}
    if need.kind == "boolean":
        # A yes-or-no property without exactly these choices is refused.
        return {"options": [_option("Yes", "true", 0), _option("No", "false", 1)]}
    if need.kind == "person":
        return {"externalOptions": True, "referencedObjectType": "OWNER"}
    if need.kind == "enumeration":
        return {"options": [_option(name, name, n) for n, name in enumerate(need.options)]}
    return {}


def _option(label: str, value: str, order: int) -> Row:
    return {"label": label, "value": value, "displayOrder": order, "hidden": False}


def _lacking(told: Row, names: Iterable[str]) -> list[str]:
    had = objects(told.get("options"))
    known = {word(o.get(part)).casefold() for o in had for part in ("label", "value")}
    return [name for name in names if name.casefold() not in known]


def add_options(wire: Wire, object: str, name: str, labels: Iterable[str]) -> list[Row]:
    """Add choices to a property and give all it has then.

    Read, merged and written: a list of choices replaces the one before ("Property definitions").
    """
    told = mapping(wire.get(properties(object, name)))
    had = objects(told.get("options"))
    new = [_option(label, label, -1) for label in _lacking(told, labels)]
    if not new:
        return had
    changed = wire.change(properties(object, name), {"options": [*had, *new]})
    return objects(mapping(changed).get("options")) or [*had, *new]
