"""Things as answers show them: full, compact or just what was asked for."""

from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from adapters.asana.sandbox.select import Wanted
from adapters.asana.sandbox.store import Gid, Ref, Store, Thing
from syncer.model.values import parse_number, plain

_BASE: Final = "https://app.asana.com/1/"
COMPACT: Final[dict[str, tuple[str, ...]]] = {
    "task": ("name", "resource_subtype"),
    "story": ("created_at", "created_by", "resource_subtype", "text", "type"),
    "custom_field": ("name", "resource_subtype", "type", "enabled", "enum_options"),
    "enum_option": ("name", "enabled", "color"),
    "custom_field_setting": (),
    "membership": ("resource_subtype", "member", "access_level"),
    "team_membership": ("user", "team", "is_guest", "is_limited_access", "is_admin"),
    "workspace_membership": ("user", "workspace"),
    "status_update": ("title", "resource_subtype"),
}
OPT_IN: Final = frozenset(
    "html_notes html_text html_description num_subtasks dependencies dependents "
    "is_rendered_as_separator description created_by_task".split()
)
_HIDDEN: Final = frozenset({"deleted", "rank"})
_EMPTY_TASK: Final[Thing] = {
    "actual_time_minutes": None,
    "assignee_status": "upcoming",
    "hearted": False,
    "hearts": [],
    "liked": False,
    "likes": [],
    "num_hearts": 0,
    "num_likes": 0,
    "dependencies": [],
    "dependents": [],
    "is_rendered_as_separator": False,
}


def show(store: Store, viewer: Gid, gid: Gid, wanted: Wanted | None, *, full: bool) -> Thing:
    """A thing as an answer's record: what is wanted, else full or compact."""
    view = view_of(store, viewer, store.things[gid])
    if wanted is not None:
        return _chosen(store, viewer, view, wanted)
    names = view if full else ("gid", "resource_type", *_compact_of(view))
    shown = (n for n in view if n in names and (n not in OPT_IN or not full))
    return {name: _plain(store, viewer, view[name]) for name in shown}


def pick(store: Store, viewer: Gid, record: Thing, wanted: Wanted) -> Thing:
    """What is wanted of a record that is no thing of its own, such as an event."""
    return _chosen(store, viewer, record, wanted)


def _compact_of(view: Thing) -> tuple[str, ...]:
    return COMPACT.get(view["resource_type"], ("name",))


def _chosen(store: Store, viewer: Gid, view: Thing, wanted: Wanted) -> Thing:
    names = {"gid": Wanted(), **wanted.names} if "gid" in view else wanted.names
    return {
        name: _below(store, viewer, view[name], below)
        for name, below in names.items()
        if name in view
    }


def _below(store: Store, viewer: Gid, value: Any, wanted: Wanted) -> Any:
    if not wanted.names:
        return _plain(store, viewer, value)
    if isinstance(value, list):
        return [_below(store, viewer, item, wanted) for item in value]
    if isinstance(value, Ref):
        return _chosen(store, viewer, view_of(store, viewer, store.things[value.gid]), wanted)
    return _chosen(store, viewer, value, wanted) if isinstance(value, dict) else value


def _plain(store: Store, viewer: Gid, value: Any) -> Any:
    """A value without selection: mentions are compact."""
    if isinstance(value, list):
        return [_plain(store, viewer, item) for item in value]
    if isinstance(value, Ref):
        return show(store, viewer, value.gid, None, full=False)
    if isinstance(value, dict):
        return {name: _plain(store, viewer, item) for name, item in value.items()}
    return value


def view_of(store: Store, viewer: Gid, thing: Thing) -> Thing:
    """Every field that a thing can show to somebody; other things in it as :class:`Ref`."""
    kind = thing["resource_type"]
    own = {name: value for name, value in thing.items() if name not in _HIDDEN}
    if kind == "task":
        return _EMPTY_TASK | own | _task(store, viewer, thing)
    if kind == "project":
        return own | _project(store, thing)
    if kind == "custom_field":
        own.pop("workspace")
        return own | {"enum_options": refs(thing["enum_options"]), "enabled": True}
    if kind == "section":
        return own | {"project": Ref(thing["project"]), "projects": [Ref(thing["project"])]}
    if kind == "story":
        return own | {"target": Ref(thing["target"]), "html_text": thing.get("html_text", "")}
    return own | {name: ref(thing[name]) for name in _MENTIONS.get(kind, ())}


_MENTIONS: Final = {
    "custom_field_setting": ("custom_field", "parent", "project"),
    "membership": ("parent", "member"),
    "tag": ("workspace",),
    "team": ("organization",),
    "team_membership": ("user", "team"),
    "workspace_membership": ("user", "workspace"),
}


def refs(gids: Any) -> list[Ref]:
    """Mentions of these."""
    return [Ref(gid) for gid in gids]


def ref(gid: Gid | None) -> Ref | None:
    """A mention, or nothing."""
    return Ref(gid) if gid else None


def _task(store: Store, viewer: Gid, task: Thing) -> Thing:
    members = task["memberships"]
    return {
        "assignee": ref(task["assignee"]),
        "parent": ref(task["parent"]),
        "projects": refs(members),
        "memberships": [{"project": Ref(p), "section": Ref(s)} for p, s in members.items()],
        "tags": refs(task["tags"]),
        "followers": refs(task["followers"]),
        "workspace": Ref(task["workspace"]),
        "completed_by": ref(task["completed_by"]),
        "due_on": local_due(store, viewer, task),
        "num_subtasks": len(store.subtasks(task["gid"])),
        "custom_fields": [value_view(store, field, task) for field in store.fields_of(task)],
        "permalink_url": f"{_BASE}{task['workspace']}/task/{task['gid']}",
    }


def local_due(store: Store, viewer: Gid, task: Thing) -> str | None:
    """The day a task is due; of a timed one the day it is where the reader lives."""
    if not task["due_at"]:
        return str(task["due_on"]) if task["due_on"] else None
    moment = datetime.fromisoformat(task["due_at"]).astimezone(UTC)
    return moment.astimezone(ZoneInfo(store.tuning.zones.get(viewer, "UTC"))).date().isoformat()


def _project(store: Store, project: Thing) -> Thing:
    settings = store.settings(project["gid"])
    return {
        "owner": ref(project["owner"]),
        "team": ref(project["team"]),
        "workspace": Ref(project["workspace"]),
        "members": refs(project["members"]),
        "followers": refs(project["followers"]),
        "completed_by": ref(project["completed_by"]),
        "due_date": project["due_on"],
        "current_status_update": _status(store, project),
        "custom_field_settings": refs(setting["gid"] for setting in settings),
        "custom_fields": [value_view(store, field, project) for field in store.fields_of(project)],
        "permalink_url": f"{_BASE}{project['workspace']}/project/{project['gid']}",
    }


def _status(store: Store, project: Thing) -> Ref | None:
    """The last status update that was posted to a project and not deleted."""
    own = [s["gid"] for s in store.all("status_update") if s["parent"] == Ref(project["gid"])]
    return Ref(own[-1]) if own else None


def value_view(store: Store, field: Thing, holder: Thing) -> Thing:
    """A custom field with its value on a task or a project."""
    value = holder["custom_fields"].get(field["gid"])
    kind = field["resource_subtype"]
    hidden = _HIDDEN | {"workspace"}
    shown = {key: item for key, item in field.items() if key not in hidden}
    shown["enabled"] = True
    if kind in ("enum", "multi_enum"):
        shown["enum_options"] = refs(field["enum_options"])
    else:
        del shown["enum_options"]
    raw = [] if value is None and kind in _MANY else value
    return shown | {_KEYS[kind]: raw, "display_value": _display(store, value)}


_MANY: Final = ("multi_enum", "people")
_KEYS: Final = {
    "text": "text_value",
    "number": "number_value",
    "enum": "enum_value",
    "multi_enum": "multi_enum_values",
    "date": "date_value",
    "people": "people_value",
}


def _display(store: Store, value: Any) -> str | None:
    if value is None or value == []:
        return None
    if isinstance(value, list):
        return ", ".join(str(_display(store, item)) for item in value)
    if isinstance(value, Ref):
        return str(store.things[value.gid]["name"])
    if isinstance(value, dict):
        return str(value["date_time"] or value["date"])
    return value if isinstance(value, str) else plain(parse_number(value))
