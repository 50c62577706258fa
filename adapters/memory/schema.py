"""What ``describe`` says: objects and fields as this world's quirks shape them."""

from collections.abc import Iterable
from typing import Final

from adapters.memory.fields import CHOICES, FIELDS, ITEM, PROJECT
from adapters.memory.options import DAY, INSTANT
from adapters.memory.world import World
from syncer.model.remote import Author, Catalogue, FieldInfo, ObjectInfo, Option
from syncer.model.surveys import Spot
from syncer.model.values import FieldType, Kind

_FINEST: Final = {DAY: Kind.DATE, INSTANT: Kind.INSTANT}
_TEXTS: Final = (Kind.TEXT, Kind.RICH_TEXT)


def catalogue(world: World, team: str, objects: Iterable[str]) -> Catalogue:
    """The projects of a team, and these objects."""
    projects = [thing for thing in world.living(team) if thing.object == PROJECT]
    containers = {thing.id: str(thing.fields["name"] or "") for thing in projects}
    found = {name: _object(world, team, name, containers) for name in objects if name in FIELDS}
    return Catalogue(found, containers)


def teams(world: World) -> list[Spot]:
    """Every team that has a project."""
    projects = [thing for thing in world.things.values() if thing.object == PROJECT]
    return [_team(name, world) for name in sorted({thing.team for thing in projects})]


def _team(name: str, world: World) -> Spot:
    living = world.living(name)
    moments = [thing.modified_at for thing in living if thing.modified_at is not None]
    return Spot(
        kind="team",
        id=name,
        name=name,
        scope={"team": name},
        size=sum(thing.object == PROJECT for thing in living),
        unit="projects",
        active=max(moments, default=None),
    )


def _object(world: World, team: str, name: str, containers: Iterable[str]) -> ObjectInfo:
    fields = tuple(_field(world, name, field, containers) for field in FIELDS[name])
    inside = PROJECT if name == ITEM else None
    return ObjectInfo(
        name,
        fields,
        inside=inside,
        home=None if inside else team,
        comments=name in world.quirks.comments,
    )


def _field(world: World, object: str, name: str, containers: Iterable[str]) -> FieldInfo:
    kind = FIELDS[object][name].kind
    if kind is Kind.WHEN:
        kind = _FINEST.get(world.quirks.finest, kind)
    growing = object == ITEM and world.extensible(name)
    return FieldInfo(
        name,
        name,
        FieldType(kind, world.many(object, name), FIELDS[object][name].target),
        options=_options(world, object, name, containers if growing else [None]),
        author=Author.NO if name in world.quirks.no_history else Author.YES,
        max_length=world.quirks.max_text if kind in _TEXTS else None,
        extensible=growing,
    )


def _options(
    world: World, object: str, name: str, containers: Iterable[str | None]
) -> tuple[Option, ...]:
    if (object, name) not in CHOICES:
        return ()
    return tuple(o for place in containers for o in world.choices(object, name, place))
