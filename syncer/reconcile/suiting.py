"""A mapping held against what a system really has: objects, fields, types, places, choices."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from msgspec import Struct

from syncer.model.entities import EntitySpec
from syncer.model.mapping import Direction, EntityMapping, FieldMapping
from syncer.model.remote import Catalogue, FieldInfo, ObjectInfo
from syncer.model.values import Kind
from syncer.reconcile.kinds import DATES, WORDS
from syncer.reconcile.suiting_choices import Place, choices, put_away, where

_HOLDS: Final[Mapping[Kind, tuple[Kind, ...]]] = {
    **dict.fromkeys(WORDS, tuple(Kind)),
    **dict.fromkeys(DATES, (*DATES, *WORDS)),
    Kind.NUMBER: (Kind.NUMBER, Kind.MONEY, *WORDS),
    Kind.MONEY: (Kind.NUMBER, Kind.MONEY),
    Kind.BOOLEAN: (Kind.BOOLEAN, *WORDS),
    Kind.PERSON: (Kind.PERSON,),
    Kind.REFERENCE: (Kind.REFERENCE,),
}
"""Kind of a vendor's field to the canonical kinds whose values it can hold and show."""


class Misfit(Struct, frozen=True):
    """Something that does not fit: why, and the way out.

    Args:
        field: the canonical field; empty for the entity as a whole.
        fault: it cannot work like this; else it is only good to know.
    """

    field: str
    cause: str
    fix: str
    fault: bool = True


def misfits(mapping: EntityMapping, spec: EntitySpec, catalogue: Catalogue) -> list[Misfit]:
    """Everything of one entity's mapping that does not fit what ``describe`` found."""
    info = catalogue.objects.get(mapping.object)
    if info is None:
        text = f"there is no object {mapping.object!r}"
        return [Misfit("", text, f"correct it at {mapping.source}")]
    found = [*_container(mapping, catalogue), *_making(mapping, info)]
    places = _places(mapping, info, catalogue)
    if not places:
        text = f"there is no {info.inside} in scope to compare with"
        way = f"nothing need be done if the first {info.inside} is still to come"
        return found or [Misfit("", text, way, fault=False)]
    first = _comes_first(info, catalogue)
    for name, line in sorted(mapping.fields.items()):
        if not (first and line.custom):
            found += [Misfit(name, *told) for told in _field(mapping, spec, line, info, places)]
    return found + [Misfit("", *told) for told in put_away(mapping, info, places)]


def _comes_first(info: ObjectInfo, catalogue: Catalogue) -> bool:
    """A board or project before there is one in scope: its own fields are made with it."""
    holds = any(other.inside == info.name for other in catalogue.objects.values())
    return holds and not catalogue.containers


Told = tuple[str, str, bool]
"""Cause, way out, whether it is a fault."""


def _container(mapping: EntityMapping, catalogue: Catalogue) -> Iterator[Misfit]:
    wanted = mapping.container
    if wanted is None:
        return
    hits = _named(wanted, catalogue)
    if len(hits) != 1:
        names = ", ".join(sorted(set(catalogue.containers.values()))) or "none"
        text = f"{len(hits)} containers in scope are called {wanted!r}; there are: {names}"
        way = f"correct the name at {mapping.source}, or let the client's scope hold it"
        yield Misfit("", text, way)


def _named(wanted: str, catalogue: Catalogue) -> list[str]:
    return [id for id, name in catalogue.containers.items() if wanted in (id, name)]


def _making(mapping: EntityMapping, info: ObjectInfo) -> Iterator[Misfit]:
    if mapping.create is not False and not info.creatable:
        way = f"let the client's scope name where, or write `create: never` at {mapping.source}"
        yield Misfit("", f"no new {info.name} can be made in this scope", way)


def _places(mapping: EntityMapping, info: ObjectInfo, catalogue: Catalogue) -> list[Place]:
    """Where the fields are looked at: each container, or nowhere in particular."""
    if info.inside is not None:
        ids = _named(mapping.container, catalogue) if mapping.container else catalogue.containers
        return [Place(id, catalogue.containers[id]) for id in sorted(ids)]
    bound = {o.container for each in info.fields for o in each.options if o.container}
    return [Place(id, catalogue.containers.get(id, id)) for id in sorted(bound)] or [Place()]


def _field(
    mapping: EntityMapping,
    spec: EntitySpec,
    line: FieldMapping,
    info: ObjectInfo,
    places: Sequence[Place],
) -> Iterator[Told]:
    here = {p: info.candidates(line.remote, p.id, custom=line.custom) for p in places}
    lacking = [place for place, hits in here.items() if not hits]
    several = [place for place, hits in here.items() if len(hits) > 1]
    if lacking:
        what = "custom field" if line.custom else "field"
        text = f"there is no {what} {line.remote!r} on {where(info, lacking, places)}"
        yield text, _missing(line, info), True
    if several:
        text = f"several fields are called {line.remote!r} on {where(info, several, places)}"
        yield text, f"rename all but one, or name the id of one at {line.source}", True
    live = {place: hits[0] for place, hits in here.items() if len(hits) == 1}
    for one in {each.id: each for each in live.values()}.values():
        yield from _suits(line, spec.fields[line.field].type.kind, one)
    yield from choices(mapping, line, info, live)


def _missing(line: FieldMapping, info: ObjectInfo) -> str:
    """A tool's own field cannot be made in every tool; a name alike may be the one meant."""
    known = {each.name for each in info.fields if each.custom == line.custom}
    if line.custom and line.remote in known:
        return "`syncer provision --yes` makes it there as well"
    alike = get_close_matches(line.remote, sorted(known), n=1)
    meant = f" (did you mean {alike[0]!r}?)" if alike else ""
    makes = "makes it" if line.custom else "may make it"
    return f"correct the name at {line.source}{meant}; or `syncer provision --yes` {makes}"


def _suits(line: FieldMapping, kind: Kind, info: FieldInfo) -> Iterator[Told]:
    wire, name = info.type.kind, info.name
    if kind not in _HOLDS[wire]:
        text = f"{name!r} holds a {wire}, and {line.field} is a {kind}"
        yield text, f"name another field at {line.source}", True
    elif kind is Kind.MONEY and wire is Kind.NUMBER and line.currency is None:
        yield f"{name!r} is a number without a currency", f"add `currency:` at {line.source}", True
    if not info.writable and line.direction is not Direction.PULL:
        yield f"{name!r} cannot be written", f"write `direction: pull` at {line.source}", True
