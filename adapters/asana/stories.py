"""History: the stories of a task as changes of its fields, with old and new values.

One request (of a hundred stories) for each task. Kinds of story that say nothing about a
field of ours pass by: more than thirty exist, and they grow in number. ``due_today`` and
the like are reminders in somebody's name, not edits.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from adapters.asana.client import Asana, Row, segment
from adapters.asana.decode import gid_of, gids, moment
from adapters.asana.shapes import CUSTOM, TASK
from adapters.asana.told import READERS, Pair, custom_told, gid_told
from syncer.adapterkit.contract import HistoryRequest
from syncer.adapterkit.errors import SkipRecord
from syncer.model.remote import Catalogue, Change, FieldInfo
from syncer.model.values import MISSING

AUTOMATION: Final = "Asana"
"""Who did what no user did: a rule, or the system itself. Asana does not say which."""

_ASK: Final = (
    "created_at",
    "created_by",
    "resource_subtype",
    "old_name",
    "new_name",
    *(f"{age}_dates.{key}" for age in ("old", "new") for key in ("due_on", "due_at", "start_on")),
    "assignee.name",
    "follower.name",
    "tag.name",
    "project.name",
    *(f"{age}_section.name" for age in ("old", "new")),
    "custom_field.name",
    *(
        f"{age}_{value}"
        for age in ("old", "new")
        for value in (
            "text_value",
            "number_value",
            "enum_value.name",
            "multi_enum_values.name",
            "date_value",
            "people_value.name",
        )
    ),
    "old_resource_subtype",
    "new_resource_subtype",
)
FIELDS_OF_STORY: Final = {
    "name_changed": ("name",),
    "notes_changed": ("notes",),
    "due_date_changed": ("due",),
    "start_date_changed": ("start",),
    "assigned": ("assignee",),
    "unassigned": ("assignee",),
    "marked_complete": ("completed",),
    "marked_incomplete": ("completed",),
    "section_changed": ("section",),
    "added_to_project": ("project",),
    "removed_from_project": ("project",),
    "added_to_tag": ("tags",),
    "removed_from_tag": ("tags",),
    "follower_added": ("followers",),
    "follower_removed": ("followers",),
}
"""The field that a kind of story is about first of all, custom fields apart."""

_SETS: Final = {
    "added_to_tag": ("tags", "tag", True),
    "removed_from_tag": ("tags", "tag", False),
    "follower_added": ("followers", "follower", True),
    "follower_removed": ("followers", "follower", False),
}
_MOVE: Final = timedelta(seconds=10)
"""How far apart the two stories of one move may be."""
_CUSTOM: Final = "_custom_field_changed"


def history(
    asana: Asana, requests: Sequence[HistoryRequest], catalogue: Catalogue
) -> Iterator[Change]:
    """Every change that the stories of these tasks tell; of projects there are none."""
    info = catalogue.objects.get(TASK)
    custom = {field.id: field for field in info.fields if field.custom} if info else {}
    for request in requests:
        if request.object == TASK:
            yield from _Stories(asana, request, custom).changes()


class _Stories:
    """The stories of one task, read for one request."""

    def __init__(self, asana: Asana, request: HistoryRequest, custom: dict[str, FieldInfo]) -> None:
        self._asana = asana
        self._request = request
        self._custom = custom

    def changes(self) -> list[Change]:
        """Changes of the fields wanted, later than the request says, oldest first."""
        path = f"/tasks/{segment(self._request.id)}/stories"
        try:
            rows = [row for page in self._asana.pages(path, _ASK) for row in page.data]
        except SkipRecord:
            return []  # the task is gone, and its history with it
        rows = sorted((r for r in rows if moment(r.get("created_at"))), key=_order)
        single = _without_leavings(rows)
        told = [(row, field, pair) for row in single for field, pair in self._read(row)]
        kept = [self._change(*one) for one in told if one[1] in self._request.fields]
        # A set is worked out anew each time; the entry is the story, whatever it comes to.
        kept += [replace(self._change(*one), key=one[0]["gid"]) for one in self._sets(rows)]
        since = self._request.since
        return sorted((c for c in kept if since is None or _at(c) > since), key=_at)

    def _read(self, row: Row) -> Iterator[tuple[str, Pair]]:
        subtype = str(row.get("resource_subtype"))
        if subtype.endswith(_CUSTOM):
            info = self._custom.get(f"{CUSTOM}{gid_of(row.get('custom_field'))}")
            if info is not None:
                yield info.id, (custom_told(info, row, "old"), custom_told(info, row, "new"))
        elif subtype == "section_changed":
            if self._request.container in (None, gid_of(row.get("project"))):
                yield "section", (gid_told(row, "old_section"), gid_told(row, "new_section"))
        elif "new_resource_subtype" in row and row["new_resource_subtype"] is not None:
            old = row.get("old_resource_subtype", MISSING)
            yield "resource_subtype", (old, row["new_resource_subtype"])
        elif subtype in READERS:
            yield from READERS[subtype](row)

    def _sets(self, rows: list[Row]) -> list[tuple[Row, str, Pair]]:
        """Whole sets before and after each change, walking back from the set as it is now."""
        found = [(row, *_SETS[s]) for row in rows if (s := row.get("resource_subtype")) in _SETS]
        found = [one for one in found if one[1] in self._request.fields]
        since = self._request.since
        if not any(since is None or _when(row) > since for row, *_ in found):
            return []
        sets = self._current()
        told: list[tuple[Row, str, Pair]] = []
        for row, field, key, added in reversed(found):
            gid = gid_of(row.get(key))
            if gid is None or sets is None:
                told.append((row, field, (MISSING, MISSING)))
                continue
            with_it, without = sets[field] | {gid}, sets[field] - {gid}
            old, new = (without, with_it) if added else (with_it, without)
            told.append((row, field, (sorted(old) or None, sorted(new) or None)))
            sets[field] = old
        return told

    def _current(self) -> dict[str, frozenset[str]] | None:
        path = f"/tasks/{segment(self._request.id)}"
        try:
            row = self._asana.get(path, ("tags.name", "followers.name")).data
            return {key: frozenset(_members(row[key])) for key in ("tags", "followers")}
        except (SkipRecord, KeyError, TypeError):
            return None

    def _change(self, row: Row, field: str, pair: Pair) -> Change:
        user = gid_of(row.get("created_by"))
        return Change(
            object=TASK,
            id=self._request.id,
            field=field,
            at=moment(row["created_at"]),
            by=user,
            automation=None if user else AUTOMATION,
            key=_key(row["gid"], field, pair),
            old=pair[0],
            new=pair[1],
        )


def _without_leavings(rows: Sequence[Row]) -> list[Row]:
    """A move to another project is told twice, as an arrival and as a departure: once is enough."""

    def story(row: Row, subtype: str) -> bool:
        return bool(row.get("resource_subtype") == subtype)

    came = [row for row in rows if story(row, "added_to_project")]

    def arrived(row: Row) -> bool:
        who = gid_of(row.get("created_by"))
        return any(
            gid_of(c.get("created_by")) == who and abs(_when(c) - _when(row)) <= _MOVE for c in came
        )

    return [row for row in rows if not (story(row, "removed_from_project") and arrived(row))]


def _key(gid: str, field: str, pair: Pair) -> str:
    """A story and what it says now: Asana may write a later edit into the same story."""
    said = json.dumps([field, *(None if v is MISSING else [v] for v in pair)], sort_keys=True)
    return f"{gid}:{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def _when(row: Row) -> datetime:
    return moment(row["created_at"]) or datetime.min.replace(tzinfo=UTC)


def _order(row: Row) -> tuple[datetime, int, str]:
    return _when(row), len(row["gid"]), row["gid"]


def _at(change: Change) -> datetime:
    return change.at or datetime.min.replace(tzinfo=UTC)


def _members(told: Any) -> list[str]:
    found = gids(told)
    return [str(gid) for gid in found] if isinstance(found, list) else []
