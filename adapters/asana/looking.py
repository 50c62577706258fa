"""One task as it is now, and where it counts."""

from adapters.asana.client import NO_PLACE, Asana, Reply, Row, segment
from adapters.asana.decode import Decoder, gid_of
from adapters.asana.shapes import TASK
from syncer.adapterkit.errors import AskPerson, SkipRecord
from syncer.model.remote import Gone

DEEPEST = 20
"""Tasks under tasks under tasks: how far they are followed."""


def task_now(asana: Asana, gid: str, fields: tuple[str, ...]) -> Reply | Gone:
    """A task as it is now, or that it is gone: deleted, or out of our sight."""
    try:
        return asana.get(f"/tasks/{segment(gid)}", fields)
    except (SkipRecord, AskPerson) as error:
        if error.status not in NO_PLACE:
            raise
        return Gone(TASK, gid, moved=error.status == 403)


def home_above(
    asana: Asana, decoder: Decoder, row: Row, known: dict[str, str | None] | None = None
) -> str | None:
    """The project in scope that a task counts in; a subtask counts where its parent does."""
    known = {} if known is None else known
    above: Row = row
    for _ in range(DEEPEST):
        home = decoder.home_of(above)
        parent = gid_of(above.get("parent"))
        if home is not None or parent is None:
            return home
        if parent in known:
            return known[parent]
        path = f"/tasks/{segment(parent)}"
        try:
            above = asana.get(path, ("memberships.project.name", "parent.name")).data
        except (SkipRecord, AskPerson):
            return None
    return None
