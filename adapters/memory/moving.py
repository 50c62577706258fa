"""Items that change their project: what was the old project's own stays behind, as vendors do it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from adapters.memory.fields import ITEM

if TYPE_CHECKING:
    from adapters.memory.things import Thing
    from adapters.memory.world import World


def destination(thing: "Thing", fields: Mapping[str, Any]) -> str | None:
    """The project that a thing is in once these fields are written."""
    wanted = fields.get("project") if thing.object == ITEM else None
    return str(wanted) if wanted else thing.container


def move(world: "World", thing: "Thing", project: str) -> None:
    """Into another project: its list and labels become those of the same name there.

    A list that is not there becomes the first one; a label that is not there is lost.
    """
    for name in ("list", "labels"):
        here = {o.id: o.name for o in world.choices(ITEM, name, thing.container)}
        there = {o.name: o.id for o in world.choices(ITEM, name, project)}
        raw = thing.fields[name]
        items = raw if isinstance(raw, list) else [raw]
        found = [there[text] for text in (here.get(str(i)) for i in items) if text in there]
        if isinstance(raw, list) or raw is None:
            thing.fields[name] = sorted(found) or None
        else:
            thing.fields[name] = next(iter([*found, *there.values()]), None)
    thing.container = project
