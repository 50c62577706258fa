"""Options written by name: the one that is there, or a new one (lists, labels, list fields)."""

from collections.abc import Iterable, Mapping
from threading import RLock
from typing import Any, Final

from msgspec import Struct, field

from adapters.trello.client import Trello, segment
from adapters.trello.decode import option_name
from adapters.trello.describe import label_options, list_options
from adapters.trello.fields import CUSTOM
from adapters.trello.shapes import MOST, Object, objects, the_list, the_object, word
from syncer.adapterkit.errors import LookFirst, SkipRecord, WaitAndRetry
from syncer.model.remote import FieldInfo, Option, Raw
from syncer.model.values import FieldType, Kind

_LISTS: Final = FieldInfo("list", "list", FieldType(Kind.ENUMERATION), extensible=True)


def folded(name: str) -> str:
    """A name as names are compared."""
    return name.strip().casefold()


class Choices(Struct):
    """Finds and makes options. One at a time, so that no two threads make the same."""

    trello: Trello
    _lock: RLock = field(default_factory=RLock)
    _known: dict[tuple[str, str], list[Option]] = field(default_factory=dict)

    def id_of(self, info: FieldInfo, board: str, wanted: Raw) -> str:
        """The id of an option; ``{"name": ...}`` is looked up on the board, else made.

        Raises:
            SkipRecord: this is neither an id nor a name.
        """
        if isinstance(wanted, str):
            return wanted
        name = wanted.get("name") if isinstance(wanted, dict) else None
        if not isinstance(name, str) or not name.strip():
            raise SkipRecord(f"{info.name}: {wanted!r} is not an option")
        described = [option for option in info.options if option.container == board]
        if found := _named(described, name):
            return found
        with self._lock:
            return self._looked_up(info, board, name)

    def _looked_up(self, info: FieldInfo, board: str, name: str) -> str:
        key = (board, info.id)
        if key not in self._known or not _named(self._known[key], name):
            self._known[key] = self._listed(info.id, board)
        if found := _named(self._known[key], name):
            return found
        try:
            made = self._made(info.id, board, name)
        except LookFirst as error:
            # Nothing of the record is written yet: the next attempt finds it, if it was made.
            raise WaitAndRetry(
                f"{info.name} {name!r} may have been made", detail=error.detail
            ) from None
        self._known[key].append(Option(made, name, board))
        return made

    def _listed(self, id: str, board: str) -> list[Option]:
        if id == "list":
            query = {"filter": "open", "fields": "id,name,closed"}
            return list_options(self._get(f"/boards/{segment(board)}/lists", query), board)
        if id == "labels":
            query = {"limit": str(MOST), "fields": "id,name,color"}
            return label_options(self._get(f"/boards/{segment(board)}/labels", query), board)
        listed = self._get(f"/customFields/{segment(id.removeprefix(CUSTOM))}/options", {})
        return [Option(o["id"], option_name(o), board) for o in objects(_with_ids(listed))]

    def _get(self, path: str, query: Mapping[str, str]) -> list[Any]:
        return the_list(self.trello.get(path, dict(query)))

    def _made(self, id: str, board: str, name: str) -> str:
        if id == "list":
            made = self.trello.post("/lists", {"name": name, "idBoard": board, "pos": "bottom"})
        elif id == "labels":
            made = self.trello.post("/labels", {"name": name, "color": None, "idBoard": board})
        else:
            path = f"/customFields/{segment(id.removeprefix(CUSTOM))}/options"
            made = self.trello.post(path, {"value": {"text": name}})
        return word(_with_id(the_object(made)).get("id"))

    def place(self, board: str, name: str, pos: str) -> dict[str, Any]:
        """The top or bottom of the first open list; a board that has none gets one."""
        try:
            target = self.open_list(board)
        except SkipRecord as error:
            if error.status is not None:
                raise
            target = self.id_of(_LISTS, board, {"name": name})
        return {"idList": target, "pos": pos}

    def open_list(self, board: str) -> str:
        """The first open list of a board.

        Raises:
            SkipRecord: there is none.
        """
        listed = self._listed("list", board)
        if not listed:
            raise SkipRecord("the board has no open list")
        return listed[0].id


def _named(options: Iterable[Option], name: str) -> str | None:
    """The id of the active option of this name; of several the oldest."""
    hits = [o.id for o in options if o.active and folded(o.name) == folded(name)]
    return min(hits, default=None)


def _with_id(entry: Object) -> Object:
    """An option that was just made has its id under ``_id``."""
    return {"id": entry.get("_id"), **entry}


def _with_ids(listed: Iterable[Any]) -> list[Object]:
    return [_with_id(entry) for entry in listed if isinstance(entry, dict)]
