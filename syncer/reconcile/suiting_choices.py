"""The choices that a mapping names, held against those that a system really has."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from syncer.model.mapping import Direction, EntityMapping, FieldMapping, Otherwise
from syncer.model.remote import FieldInfo, ObjectInfo, Option
from syncer.model.values import Kind
from syncer.reconcile.names import fits, folded, is_plain

Told = tuple[str, str, bool]
"""Cause, way out, whether it is a fault."""

_NAMED: Final = 3
"""Places that are called by their name; of more only the number is told."""


class Place(Struct, frozen=True, order=True):
    """A container; or, without an id, wherever things are."""

    id: str | None = None
    name: str = ""


def where(info: ObjectInfo, found: Sequence[Place], places: Sequence[Place]) -> str:
    """Which of all places, in words."""
    if found[0].id is None:
        return info.name
    kind = info.inside or "container"
    if len(found) == len(places):
        return f"the {kind} {found[0].name!r}" if len(places) == 1 else f"any {kind}"
    named = ", ".join(repr(place.name) for place in found[:_NAMED])
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return f"{len(found)} of {len(places)} {kind}s: {named}{more}"


def choices(
    mapping: EntityMapping, line: FieldMapping, info: ObjectInfo, live: Mapping[Place, FieldInfo]
) -> Iterator[Told]:
    """Choices that are to be written and are not there, and those that are there and not named."""
    enumerations = {p: f for p, f in live.items() if f.type.kind is Kind.ENUMERATION}
    if line.values is None or not enumerations:
        return
    yield from _unwritable(line, info, enumerations)
    if line.reads and line.otherwise == Otherwise.HOLD:
        yield from _unnamed(mapping, line, info, enumerations)


def _unwritable(
    line: FieldMapping, info: ObjectInfo, live: Mapping[Place, FieldInfo]
) -> Iterator[Told]:
    lost: dict[str, list[Place]] = {}
    made: dict[str, list[Place]] = {}
    for place, field in live.items():
        for names in (line.values or {}).values():
            if not _there(names, _options(field, place)):
                (made if field.extensible else lost).setdefault(_first(names), []).append(place)
    if lost:
        way = f"add it there, or correct the name at {line.source}; or `syncer provision --yes`"
        yield f"{_said(line, live)} lacks {_listed(info, lost, live)}", way, _writes(line)
    if made and _writes(line):
        text = f"{_said(line, live)} lacks {_listed(info, made, live)}"
        yield text, f"made when first written; else correct the name at {line.source}", False


def _unnamed(
    mapping: EntityMapping, line: FieldMapping, info: ObjectInfo, live: Mapping[Place, FieldInfo]
) -> Iterator[Told]:
    stray: dict[str, list[Place]] = {}
    for place, field in live.items():
        for option in _options(field, place):
            if not _mapped(mapping, line, field, option):
                stray.setdefault(option.name, []).append(place)
    if stray:
        text = f"{_said(line, live)} also has {_listed(info, stray, live)}"
        yield f"{text}: what is there is held", f"name it under `values` at {line.source}", False


def put_away(mapping: EntityMapping, info: ObjectInfo, places: Sequence[Place]) -> Iterator[Told]:
    """Whether things can be archived in the way that the mapping names."""
    how, option = mapping.archive.get("field"), mapping.archive.get("option", "")
    if how is None:
        if mapping.archive.get("how") != "none" and not info.archivable:
            way = f"name a section or field at {mapping.source}: `archive: {{section: Archived}}`"
            yield f"a {info.name} cannot be archived there", way, True
        return
    live = {place: _archiving(info, how, place) for place in places}
    lacking = [place for place, field in live.items() if field is None]
    if lacking:
        text = f"there is no field {how!r} to archive by on {where(info, lacking, places)}"
        yield text, f"correct `archive:` at {mapping.source}", True
    lost = [p for p, f in live.items() if f and not _there((option,), _options(f, p))]
    fixed = any(f is not None and not f.extensible for f in live.values())
    if lost:
        text = f"{how!r} has no {option!r} to archive by on {where(info, lost, places)}"
        way = f"add it, or correct `archive:` at {mapping.source}" if fixed else "made when needed"
        yield text, way, fixed


def _archiving(info: ObjectInfo, how: str, place: Place) -> FieldInfo | None:
    found = [f for own in (False, True) for f in info.candidates(how, place.id, custom=own)]
    return found[0] if found else None


def _options(field: FieldInfo, place: Place) -> list[Option]:
    return [o for o in field.options if o.active and o.container in (None, place.id)]


def _there(names: Sequence[str], options: Sequence[Option]) -> bool:
    """Whether one of these names, of which any may be written, is a choice."""
    plain = {folded(name) for name in names if is_plain(name)}
    return any(folded(option.name) in plain for option in options)


def _mapped(mapping: EntityMapping, line: FieldMapping, field: FieldInfo, option: Option) -> bool:
    named = [name for names in (line.values or {}).values() for name in names]
    away = mapping.archive.get("field") in (field.id, field.name)
    by = [mapping.archive.get("option", "")] if away else []
    return any(fits(name, option.name) for name in (*named, *by))


def _first(names: Sequence[str]) -> str:
    return next((name for name in names if is_plain(name)), names[0])


def _writes(line: FieldMapping) -> bool:
    return line.direction is not Direction.PULL


def _said(line: FieldMapping, live: Mapping[Place, FieldInfo]) -> str:
    return repr(next(iter(live.values())).name if live else line.remote)


def _listed(
    info: ObjectInfo, found: Mapping[str, list[Place]], live: Mapping[Place, FieldInfo]
) -> str:
    """Names of choices; with the places, unless they are all."""
    places = list(live)
    told = [
        repr(name) if len(at) == len(places) else f"{name!r} ({where(info, at, places)})"
        for name, at in sorted(found.items())
    ]
    return ", ".join(told)
