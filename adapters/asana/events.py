"""What a project's event stream says: who, when and which field, rarely to what.

Events are read with suspicion (guide, "Events"): whatever names a task, or a story of one,
means no more than that this task should be looked at again.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct, field

from adapters.asana.client import Row
from adapters.asana.decode import gid_of, moment
from adapters.asana.shapes import CUSTOM, PROJECT, TASK
from adapters.asana.stories import AUTOMATION, FIELDS_OF_STORY
from syncer.model.entities import EXISTENCE
from syncer.model.remote import Change, Gone, Raw, RemoteRecord
from syncer.model.values import MISSING, Missing

_FIELDS: Final = {
    "name": "name",
    "notes": "notes",
    "html_notes": "notes",
    "due_on": "due",
    "due_at": "due",
    "due_date": "due",
    "start_on": "start",
    "start_at": "start",
    "assignee": "assignee",
    "owner": "owner",
    "completed": "completed",
    "archived": EXISTENCE,
    "tags": "tags",
    "followers": "followers",
    "parent": "parent",
    "memberships": "section",
    "section": "section",
    "resource_subtype": "resource_subtype",
    "team": "team",
}
_SAID: Final = frozenset({"comment_added", None})
"""Kinds of story that may be comments: an event need not say."""

_SURE: Final = timedelta(seconds=1)
"""How much later than its event a project's ``modified_at`` may be and still be of that edit."""


class Told(Struct):
    """What the events of one poll of one project say.

    ``touched`` are tasks to look at; those that ``arrived`` may bring subtasks along.
    ``gone`` are tasks that were deleted. ``said`` and ``wrote`` are hints without values, by
    events of tasks and of their stories. ``project`` are events about the project's own fields.
    ``comments`` are, by task, stories that may be comments, each with when it was edited.
    """

    touched: set[str] = field(default_factory=set)
    arrived: set[str] = field(default_factory=set)
    gone: dict[str, Gone] = field(default_factory=dict)
    said: list[Change] = field(default_factory=list)
    wrote: list[Change] = field(default_factory=list)
    project: list[Row] = field(default_factory=list)
    comments: dict[str, dict[str, datetime | None]] = field(default_factory=dict)
    project_gone: Gone | None = None

    @property
    def hints(self) -> list[Change]:
        """One for each edit: most come as an event of the task and as one of a story."""
        groups: dict[tuple[str, str, str | None], tuple[list[Change], list[Change]]] = {}
        for place, hints in enumerate((self.said, self.wrote)):
            for hint in hints:
                pair = groups.setdefault((hint.id, hint.field, hint.by), ([], []))
                pair[place].append(hint)
        return [hint for pair in groups.values() for hint in max(pair, key=len)]


def read_events(rows: Iterable[Row], project: str) -> Told:
    """Sort the events of a project's stream by what they ask for."""
    told = Told()
    for row in rows:
        resource = row.get("resource")
        gid, kind = gid_of(resource), _kind(resource)
        if gid is None:
            continue
        if kind == PROJECT and gid == project:
            _of_project(told, row, gid)
        elif kind == TASK:
            _of_task(told, row, gid)
        elif kind == "story" and _kind(row.get("parent")) == TASK:
            _of_story(told, row, str(gid_of(row["parent"])))
    return told


def _kind(thing: Any) -> str:
    return str(thing.get("resource_type")) if isinstance(thing, dict) else ""


def _of_project(told: Told, row: Row, gid: str) -> None:
    action = row.get("action")
    if action == "deleted":
        told.project_gone = Gone(PROJECT, gid, moment(row.get("created_at")), _user(row))
    elif action == "undeleted":
        told.project_gone = None
    elif action == "changed":
        told.project.append(row)


def _of_task(told: Told, row: Row, gid: str) -> None:
    action = row.get("action")
    if action == "deleted":
        told.gone[gid] = Gone(TASK, gid, moment(row.get("created_at")), _user(row))
        return
    if action == "undeleted":
        told.gone.pop(gid, None)
    if action in ("added", "undeleted") and _kind(row.get("parent")) in (PROJECT, TASK, ""):
        told.arrived.add(gid)
    told.touched.add(gid)
    if action == "changed" and (id := field_of(row.get("change"))):
        # Of a task's parent there is no story: this event is all that tells who changed it.
        told.said.append(_parent(row) if id == "parent" else _hint(row, gid, id))


def _of_story(told: Told, row: Row, task: str) -> None:
    told.touched.add(task)
    action, subtype = row.get("action"), row["resource"].get("resource_subtype")
    if action == "added":
        told.wrote += [_hint(row, task, id) for id in FIELDS_OF_STORY.get(str(subtype), ())]
    if subtype in _SAID and action != "deleted":
        edited_at = moment(row.get("created_at")) if action == "changed" else None
        stories = told.comments.setdefault(task, {})
        story = row["resource"]["gid"]
        stories[story] = edited_at or stories.get(story)


def field_of(change: Any) -> str | None:
    """The field that a change names; of custom fields which one, if it says so."""
    name = change.get("field") if isinstance(change, dict) else None
    if name == "custom_fields":
        gid = gid_of(change.get("new_value"))
        return f"{CUSTOM}{gid}" if gid else None
    return _FIELDS.get(str(name))


def _user(row: Row) -> str | None:
    return gid_of(row.get("user"))


def _hint(row: Row, gid: str, id: str) -> Change:
    user = _user(row)
    robot = None if user else AUTOMATION
    return Change(TASK, gid, id, moment(row.get("created_at")), user, robot)


def _parent(row: Row) -> Change:
    return _change(row, "parent", gid_of(row["change"].get("new_value")), TASK)


def project_changes(told: Told, record: RemoteRecord | None) -> list[Change]:
    """Changes of a project's own fields: it has no stories, only these events.

    The last event of a field brought the value that the project shows now, unless something
    happened to the project since. Values of earlier ones are not told.
    """
    rows = sorted(told.project, key=lambda row: str(row.get("created_at")))
    at = [when for row in rows if (when := moment(row.get("created_at")))]
    sure = _sure(record, max(at, default=None))
    last: dict[str, int] = {}
    for place, row in enumerate(rows):
        if id := field_of(row.get("change")):
            last[id] = place
    found: list[Change] = []
    for place, row in enumerate(rows):
        id = field_of(row.get("change"))
        if id is not None:
            current = record if sure and last[id] == place else None
            found.append(_change(row, id, _value(row, id, current)))
        elif record is not None:
            found += _unnamed(row, record)
    return found


def _sure(record: RemoteRecord | None, last: datetime | None) -> bool:
    if record is None or record.modified_at is None or last is None:
        return False
    return record.modified_at <= last + _SURE


def _value(row: Row, id: str, current: RemoteRecord | None) -> Raw | Missing:
    if id == "owner" and (gid := gid_of(row["change"].get("new_value"))):
        return gid
    if current is None:
        return MISSING
    fields: Mapping[str, Raw] = {**current.fields, EXISTENCE: current.existence}
    return fields.get(id, MISSING)


def _change(row: Row, id: str, new: Raw | Missing, object: str = PROJECT) -> Change:
    gid, user = str(gid_of(row["resource"])), _user(row)
    told = str(row.get("created_at"))
    robot = None if user else AUTOMATION
    key = f"{gid}:{id}:{told}:{user or ''}"
    return Change(object, gid, id, moment(told), user, robot, key=key, new=new)


def _unnamed(row: Row, record: RemoteRecord) -> list[Change]:
    """Some custom field was changed, and we are not told which: a hint for each."""
    change = row.get("change")
    if not isinstance(change, dict) or change.get("field") != "custom_fields":
        return []
    user = _user(row)
    robot = None if user else AUTOMATION
    at = moment(row.get("created_at"))
    ids = sorted(id for id in record.fields if id.startswith(CUSTOM))
    return [Change(PROJECT, record.id, id, at, user, robot) for id in ids]
