"""The one section that Asana gives a new project, as long as nobody uses it.

It stands for nothing: the first section that is asked for takes its place. So nothing may be
put into it by its gid in the meantime.
"""

from typing import Final

from adapters.asana.client import Asana, segment
from adapters.asana.headsup import marked
from syncer.model.remote import Option

UNTITLED: Final = "Untitled section"
"""What Asana calls it."""


def unused(asana: Asana, there: tuple[Option, ...]) -> str | None:
    """Its gid, if a project's sections are this one only, with nothing in it that people put there."""
    if len(there) != 1 or there[0].name != UNTITLED:
        return None
    path = f"/sections/{segment(there[0].id)}/tasks"
    pages = asana.pages(path, ("name", "html_notes"))
    taken = any(not marked(row) for page in pages for row in page.data)
    return None if taken else there[0].id


def used(asana: Asana, there: tuple[Option, ...]) -> tuple[Option, ...]:
    """A project's sections without it."""
    gid = unused(asana, there)
    return tuple(option for option in there if option.id != gid)
