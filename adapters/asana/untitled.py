"""The one section that Asana gives a new project, as long as nobody uses it.

It stands for nothing: the first section that is asked for takes its place. So nothing may be
put into it by its gid in the meantime.
"""

from typing import Final

from adapters.asana.client import Asana, segment
from syncer.model.remote import Option

UNTITLED: Final = "Untitled section"
"""What Asana calls it."""


def unused(asana: Asana, there: tuple[Option, ...]) -> str | None:
    """Its gid, if a project's sections are this one only and it is empty."""
    if len(there) != 1 or there[0].name != UNTITLED:
        return None
    path = f"/sections/{segment(there[0].id)}/tasks"
    taken = any(page.data for page in asana.pages(path, ("name",)))
    return None if taken else there[0].id


def used(asana: Asana, there: tuple[Option, ...]) -> tuple[Option, ...]:
    """A project's sections without it."""
    gid = unused(asana, there)
    return tuple(option for option in there if option.id != gid)
