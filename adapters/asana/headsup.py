"""The one task that the service keeps in a project, to speak there of what concerns all of it.

It is known by a line in its notes (``MARK``), which stays when it is renamed or moved about and
tells whoever opens it whose it is. The name alone is no mark: a task of any agency may be called
"Heads-up", and must stay a task. But one that had the mark stays ours as long as one of the two
is left. Without both it is theirs.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from threading import RLock
from typing import Any, Final

from adapters.asana.client import NO_PLACE, Asana, Row, segment
from adapters.asana.decode import moment, projects_of
from adapters.asana.shapes import TASK
from adapters.asana.wording import plain
from syncer.adapterkit.errors import AskPerson, SkipRecord
from syncer.model.comments import Thread

NAME: Final = "Heads-up"
"""What a new one is called; people may call it something else."""

MARK: Final = "Kept by syncer: it speaks of this project in the comments below."
"""The last line of its notes. Changing these words makes strangers of all such tasks."""

ASK: Final = ("name", "html_notes", "completed", "created_at", "memberships.project.name")
_WORD: Final = "syncer"
_CURSOR: Final = "kept"
_TEXT: Final = (
    "What waits for somebody's answer, and concerns the project as a whole, is told here."
)
_NOTES: Final = f"<body>{_TEXT}\n\n<em>{MARK}</em></body>"


def marked(row: Row) -> bool:
    """Whether the notes of a task have the mark, in whatever form people have put it."""
    html = row.get("html_notes")
    if not isinstance(html, str) or _WORD not in html.casefold():
        return False
    return any(line.strip(" *_-").casefold() == MARK.casefold() for line in plain(html).split("\n"))


def is_ours(row: Row, known: Collection[str] = ()) -> bool:
    """Whether a task is kept by the service; ``known`` are gids of those that had the mark."""
    named = str(row.get("name")).strip().casefold() == NAME.casefold()
    return marked(row) or (named and row["gid"] in known)


class Kept:
    """The kept tasks of one project, as polls find them: usually one, more if it was copied."""

    def __init__(self, known: Collection[str], note: Callable[[str], None]) -> None:
        self.gids = set(known)
        self._note = note

    def holds(self, row: Row) -> bool:
        """Whether a task that is shown now is one of them."""
        if not is_ours(row, self.gids):
            self.gids.discard(row["gid"])
            return False
        self.gids.add(row["gid"])
        self._note(row["gid"])
        return True

    def cursor(self) -> dict[str, Any]:
        """These, for the next poll, which may find one without its mark."""
        return {_CURSOR: sorted(self.gids)} if self.gids else {}


class HeadsUps:
    """The kept tasks of projects, remembered for as long as the adapter is open."""

    def __init__(self, asana: Asana) -> None:
        self._asana = asana
        self._lock = RLock()
        self._known: dict[str, str] = {}

    def kept(self, project: str, cursor: Mapping[str, Any] | None) -> Kept:
        """What the last poll of a project knew of them."""
        told = (cursor or {}).get(_CURSOR)
        gids = {gid for gid in told if isinstance(gid, str)} if isinstance(told, list) else set()
        with self._lock:
            gids |= {self._known[project]} if project in self._known else set()
        for gid in sorted(gids):
            self._note(project, gid)
        return Kept(gids, partial(self._note, project))

    def knows(self, row: Row) -> bool:
        """Whether a task that is shown now is a kept one."""
        with self._lock:
            return is_ours(row, set(self._known.values()))

    def _note(self, project: str, gid: str) -> None:
        with self._lock:
            self._known.setdefault(project, gid)

    def item(self, project: str) -> Thread:
        """The project's kept task; made, if there is none, and opened again if it was ticked off.

        One request for one that was seen before; else as many as the project has hundreds of
        tasks, and one to make it.
        """
        with self._lock:
            row = self._seen_before(project) or self._found(project)
            if row is None:
                data = {"projects": [project], "name": NAME, "html_notes": _NOTES}
                row = self._asana.post("/tasks", data, ASK).data
            elif row.get("completed") is True:
                self._asana.put(f"/tasks/{segment(row['gid'])}", {"completed": False}, safe=True)
            self._known[project] = row["gid"]
            return Thread(TASK, row["gid"], project)

    def _seen_before(self, project: str) -> Row | None:
        gid = self._known.get(project)
        if gid is None:
            return None
        try:
            row = self._asana.get(f"/tasks/{segment(gid)}", ASK).data
        except (SkipRecord, AskPerson) as error:
            if error.status not in NO_PLACE:
                raise
            return None
        return row if project in projects_of(row) and is_ours(row, (gid,)) else None

    def _found(self, project: str) -> Row | None:
        """Of several (somebody copied it) the oldest."""
        return min(self._marked(project), key=_age, default=None)

    def _marked(self, project: str) -> Iterator[Row]:
        for page in self._asana.pages("/tasks", ASK, project=project):
            yield from (row for row in page.data if marked(row))


def _age(row: Row) -> tuple[str, int, str]:
    return str(moment(row.get("created_at")) or "9999"), len(row["gid"]), row["gid"]
