"""Changing a task: what may be sent, and the stories and events that follow."""

from typing import Any, Final

from adapters.asana.sandbox.api import Api, refuse
from adapters.asana.sandbox.store import Ref, Thing
from adapters.asana.sandbox.values import both_notes, day, field_value, flag, moment, text
from adapters.asana.sandbox.views import local_due

CREATE_ONLY: Final = frozenset({"tags", "projects", "followers", "memberships", "parent"})
_SIMPLE: Final = frozenset({"name", "completed", "assignee", "resource_subtype", "approval_status"})
_DATES: Final = ("due_on", "due_at", "start_on", "start_at")
_IGNORED: Final = frozenset({"liked", "notes", "html_notes", "custom_fields", "external"})
_READ_ONLY: Final = frozenset(
    "gid resource_type created_at created_by completed_at completed_by modified_at num_subtasks "
    "permalink_url num_likes likes hearts num_hearts workspace dependencies dependents".split()
)
_APPROVALS: Final = ("pending", "approved", "rejected", "changes_requested")
_SUBTYPES: Final = ("default_task", "milestone", "approval", "custom")


def checked(api: Api, task: Thing, data: Thing, *, creating: bool) -> Thing:
    """The fields that a request sets, as they are kept; 400 for the first that is wrong."""
    for key in data:
        if key in _READ_ONLY or (key in CREATE_ONLY and not creating):
            refuse(f"{key}: Cannot write this property")
        if key not in _SIMPLE | _IGNORED | CREATE_ONLY and key not in _DATES:
            refuse(f"Unrecognized request field {key}")
    changes = both_notes(api, data, blocks=True)
    if "name" in data:
        changes["name"] = text("name", data["name"])
    if "completed" in data:
        changes["completed"] = flag("completed", data["completed"])
    if "approval_status" in data:
        changes |= _approval(task, data["approval_status"])
    if "resource_subtype" in data:
        changes["resource_subtype"] = _subtype(task, data["resource_subtype"], creating)
    if "assignee" in data:
        changes["assignee"] = _assignee(api, data["assignee"])
    return changes | _dates(task, data) | _custom(api, task, data)


def _approval(task: Thing, value: Any) -> Thing:
    """An approval's status, which says whether it is completed too."""
    if task["resource_subtype"] != "approval" or value not in _APPROVALS:
        refuse(f"approval_status: Not a recognized value: {value}")
    return {"approval_status": value, "completed": value != "pending"}


def _subtype(task: Thing, value: Any, creating: bool) -> str:
    if value not in _SUBTYPES:
        refuse(f"resource_subtype: Not a recognized value: {value}")
    if not creating and value != task["resource_subtype"]:
        refuse("resource_subtype: Cannot write this property")
    return str(value)


def _assignee(api: Api, value: Any) -> str | None:
    if value is None:
        return None
    name = text("assignee", value)
    gid = api.user_gid(name) or name
    if api.store.find("user", gid) is None:
        organisation = next(api.store.all("workspace"))["gid"]
        refuse(f"assignee: Not a user in Organization: {organisation}")
    return gid


def _dates(task: Thing, data: Thing) -> Thing:
    """The four date fields after the request; nothing if it names none of them."""
    if not any(key in data for key in _DATES):
        return {}
    if data.get("due_on") is not None and data.get("due_at") is not None:
        refuse("You may only provide one of due_on or due_at!")
    if data.get("start_on") is not None and data.get("start_at") is not None:
        refuse("You may only provide one of start_on or start_at!")
    after = {key: task[key] for key in _DATES}
    for on, at in (("due_on", "due_at"), ("start_on", "start_at")):
        if on in data or at in data:
            after[at] = moment(at, data.get(at))
            after[on] = None if after[at] else day(on, data.get(on))
    _check_start(task, data, after)
    return after


def _check_start(task: Thing, data: Thing, after: Thing) -> None:
    due = after["due_at"] or after["due_on"]
    start = after["start_at"] or after["start_on"]
    if ("start_on" in data or "start_at" in data) and not {"due_on", "due_at"} & data.keys():
        refuse("You must provide a due_on or due_at when setting or unsetting start_on")
    if start and not due:
        refuse("start_on: A task must have a due date to have a start date")
    if after["start_at"] and not after["due_at"]:
        refuse("start_at: A task must have a due time to have a start time")
    if start and task["resource_subtype"] == "milestone":
        refuse("start_on: Milestones cannot have a start date")
    if start and due and start[:10] > due[:10]:
        refuse("start_on: Start date must be on or before the due date")


def _custom(api: Api, task: Thing, data: Thing) -> Thing:
    if "custom_fields" not in data:
        return {}
    return {"custom_fields": custom_values(api, task, data["custom_fields"])}


def custom_values(api: Api, holder: Thing, sent: Any) -> Thing:
    """The values of custom fields that a request sets on a task or project."""
    if not isinstance(sent, dict):
        refuse(f"custom_fields: Value is not a JSON object: {sent!r}")
    have = {field["gid"]: field for field in api.store.fields_of(holder)}
    for gid in sent:
        if gid not in have:
            refuse(f"Custom field with ID {gid} is not on given object")
    return {gid: field_value(api, have[gid], value) for gid, value in sent.items()}


def apply(api: Api, task: Thing, changes: Thing) -> None:
    """Set the fields, and tell of those that really changed."""
    custom = changes.pop("custom_fields", {})
    dates: Thing = {key: changes.pop(key) for key in _DATES if key in changes}
    for key, value in sorted(changes.items(), key=lambda item: item[0] == "approval_status"):
        old, task[key] = task.get(key), value
        if old != value and key != "notes":
            _changed(api, task, key, old, value)
    if dates and any(task[key] != value for key, value in dates.items()):
        _dates_changed(api, task, dates)
    for gid, value in custom.items():
        old = task["custom_fields"].get(gid)
        task["custom_fields"][gid] = value
        if (old or None) != (value or None):
            _custom_changed(api, task, gid, old, value)


def event(api: Api, thing: Thing, field: str, **more: Any) -> None:
    """A ``changed`` event; ``more`` may hold ``new_value`` and the like, for things only."""
    action = more.pop("action", "changed")
    api.store.happen(api.me, thing, "changed", change={"field": field, "action": action, **more})


def _changed(api: Api, task: Thing, key: str, old: Any, value: Any) -> None:
    store, me = api.store, api.me
    if key == "name":
        store.tell(me, task, "name_changed", text="renamed", old_name=old, new_name=value)
    elif key == "html_notes":
        store.tell(me, task, "notes_changed", text="changed the description")
    elif key == "completed":
        task["completed_at"] = store.stamp() if value else None
        task["completed_by"] = me if value else None
        if task["resource_subtype"] == "approval":
            task["approval_status"] = "approved" if value else "pending"
        subtype = "marked_complete" if value else "marked_incomplete"
        store.tell(me, task, subtype, text=subtype.replace("_", " "))
    elif key == "approval_status":
        values = {"old_approval_status": old, "new_approval_status": value}
        store.tell(me, task, "approval_status_changed", text="reviewed", **values)
    elif key == "assignee":
        if value and value not in task["followers"]:
            task["followers"].append(value)
        subtype = "assigned" if value else "unassigned"
        store.tell(me, task, subtype, text=subtype, assignee=Ref(value) if value else None)
        event(api, task, key, **({"new_value": Ref(value)} if value else {}))
        return
    event(api, task, "notes" if key == "html_notes" else key)


def _pair(api: Api, task: Thing) -> Thing:
    start = task["start_on"] or (task["start_at"] or "")[:10] or None
    due_on = local_due(api.store, api.me, task)
    return {"due_on": due_on, "due_at": task["due_at"], "start_on": start}


def _dates_changed(api: Api, task: Thing, dates: Thing) -> None:
    due_moves = any(task[key] != dates[key] for key in ("due_on", "due_at") if key in dates)
    start_moves = any(task[key] != dates[key] for key in ("start_on", "start_at") if key in dates)
    old = _pair(api, task)
    task.update(dates)
    subtype = "due_date_changed" if due_moves else "start_date_changed"
    said = subtype.replace("_", " ")
    api.store.tell(api.me, task, subtype, text=said, old_dates=old, new_dates=_pair(api, task))
    if due_moves:
        event(api, task, "due_at" if task["due_at"] else "due_on")
    if start_moves:
        event(api, task, "start_at" if task["start_at"] else "start_on")


_STORY_KEYS: Final = {
    "text": "text_value",
    "number": "number_value",
    "enum": "enum_value",
    "multi_enum": "multi_enum_values",
    "date": "date_value",
    "people": "people_value",
}


def _custom_changed(api: Api, task: Thing, gid: str, old: Any, value: Any) -> None:
    kind = api.store.things[gid]["resource_subtype"]
    key = _STORY_KEYS[kind]
    values = {f"old_{key}": _told(kind, old), f"new_{key}": _told(kind, value)}
    subtype = f"{kind}_custom_field_changed"
    api.store.tell(api.me, task, subtype, text="changed a field", custom_field=Ref(gid), **values)
    event(api, task, "custom_fields", new_value=Ref(gid))


def _told(kind: str, value: Any) -> Any:
    """A value as a story tells it: dates look like a task's dates there."""
    if kind == "date" and value is not None:
        return {"due_on": value["date"], "due_at": value["date_time"], "start_on": None}
    return value if value is not None or kind not in ("multi_enum", "people") else []
