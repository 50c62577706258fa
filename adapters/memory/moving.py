"""Items that change their project: what was the old project's own stays behind, as vendors do it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from adapters.memory.fields import ITEM
from adapters.memory.things import Thing
from syncer.model.remote import Option

Choices = Callable[[str, str, str | None], Iterable[Option]]
"""The options of an object's field in a project."""


def destination(thing: Thing, fields: Mapping[str, Any]) -> str | None:
    """The project that a thing is in once these fields are written."""
    wanted = fields.get("project") if thing.object == ITEM else None
    return str(wanted) if wanted else thing.container


def move(thing: Thing, project: str, choices: Choices) -> None:
    """Into another project: its list and labels become those of the same name there.

    A list that is not there becomes the first one; a label that is not there is lost.
    """
    for name in ("list", "labels"):
        here = {o.id: o.name for o in choices(ITEM, name, thing.container)}
        there = {o.name: o.id for o in choices(ITEM, name, project)}
        raw = thing.fields[name]
        items = raw if isinstance(raw, list) else [raw]
        found = [there[text] for text in (here.get(str(i)) for i in items) if text in there]
        if isinstance(raw, list) or raw is None:
            thing.fields[name] = sorted(found) or None
        else:
            thing.fields[name] = next(iter([*found, *there.values()]), None)
    thing.container = project
