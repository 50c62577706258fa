"""Routes for custom fields, their options and where they are set up."""

from typing import Any, Final

from starlette.responses import Response

from adapters.asana.sandbox.api import Api, Table, refuse
from adapters.asana.sandbox.store import Ref, Store, Thing
from adapters.asana.sandbox.values import flag, text

_KINDS: Final = ("text", "number", "enum", "multi_enum", "date", "people")
_MOST_OPTIONS: Final = 500
_MOST_SETTINGS: Final = 20
_RESERVED: Final = frozenset({"due date", "assignee", "name", "projects", "tags"})


def new_field(store: Store, workspace: str, name: str, kind: str, **more: Any) -> Thing:
    """A custom field of a workspace; ``options`` are the names of its choices."""
    options = [new_option(store, option)["gid"] for option in more.pop("options", ())]
    usual: Thing = {
        "format": "none",
        "currency_code": None,
        "custom_label": None,
        "custom_label_position": None,
        "is_global_to_workspace": True,
        "has_notifications_enabled": False,
        "is_value_read_only": False,
        "is_formula_field": False,
        "representation_type": kind,
        "id_prefix": None,
        "description": "",
        "asana_created_field": None,
    }
    if kind == "number":
        usual["precision"] = 0
    own = {"name": name, "resource_subtype": kind, "type": kind, "workspace": workspace}
    return store.add("custom_field", **(usual | own | {"enum_options": options} | more))


def new_option(store: Store, name: str, color: str = "none") -> Thing:
    """A choice."""
    return store.add("enum_option", name=name, enabled=True, color=color)


def new_setting(store: Store, project: str, field: str) -> Thing:
    """Set a field up on a project."""
    return store.add(
        "custom_field_setting",
        custom_field=field,
        parent=project,
        project=project,
        is_important=True,
    )


def listing(api: Api) -> Response:
    """``GET /workspaces/{}/custom_fields``."""
    home = api.there("workspace")["gid"]
    return api.many(f for f in api.store.all("custom_field") if f["workspace"] == home)


def create(api: Api) -> Response:
    """``POST /custom_fields``: the name must be unique in the workspace."""
    data = api.data()
    home = api.named("workspace", data.get("workspace"), "workspace")["gid"]
    name = text("name", data["name"]) if data.get("name") else refuse("name: Missing input")
    kind = data.get("resource_subtype", data.get("type"))
    if kind not in _KINDS:
        refuse(f"resource_subtype: Not a recognized value: {kind}")
    names = {f["name"].lower() for f in api.store.all("custom_field") if f["workspace"] == home}
    if name.lower() in names | _RESERVED:
        refuse(f"A custom field with the name {name!r} already exists in this workspace")
    options = [_option_name(option) for option in data.get("enum_options") or []]
    if kind in ("enum", "multi_enum") and not options:
        refuse("enum_options: Missing input")
    field = new_field(api.store, home, name, kind, options=options, **_format(kind, data))
    field["created_by"] = Ref(api.me)
    return api.one(field, 201)


def _option_name(option: Any) -> str:
    if not isinstance(option, dict):
        refuse("enum_options: Value is not a JSON object")
    return text("enum_options: name", option.get("name"))


def _format(kind: str, data: Thing) -> Thing:
    """How a number field shows its values."""
    if kind != "number":
        return {}
    precision = data.get("precision", 0)
    if not isinstance(precision, int) or not 0 <= precision <= 6:
        refuse("precision: Must be between 0 and 6")
    style = data.get("format") or "none"
    if style == "currency" and not data.get("currency_code"):
        refuse("currency_code: Missing input")
    code = data.get("currency_code") if style == "currency" else None
    return {"precision": precision, "format": style, "currency_code": code}


def read(api: Api) -> Response:
    """``GET /custom_fields/{}``."""
    return api.one(api.there("custom_field"))


def update(api: Api) -> Response:
    """``PUT /custom_fields/{}``: its name and description."""
    field, data = api.there("custom_field"), api.data()
    for key in ("name", "description"):
        if key in data:
            field[key] = text(key, data[key])
    return api.one(field)


def delete(api: Api) -> Response:
    """``DELETE /custom_fields/{}``."""
    api.there("custom_field")["deleted"] = True
    return api.nothing()


def add_option(api: Api) -> Response:
    """``POST /custom_fields/{}/enum_options``."""
    field, data = api.there("custom_field"), api.data()
    if field["resource_subtype"] not in ("enum", "multi_enum"):
        refuse("custom_field: Not an enum field")
    if len(field["enum_options"]) >= _MOST_OPTIONS:
        refuse("A custom field can have at most 500 enum options")
    option = new_option(api.store, text("name", data.get("name")), data.get("color") or "none")
    field["enum_options"].append(option["gid"])
    return api.one(option, 201)


def update_option(api: Api) -> Response:
    """``PUT /enum_options/{}``: options are disabled, never deleted."""
    option, data = api.there("enum_option"), api.data()
    if "name" in data:
        option["name"] = text("name", data["name"])
    if "enabled" in data:
        option["enabled"] = flag("enabled", data["enabled"])
    return api.one(option)


def settings(api: Api) -> Response:
    """``GET /projects/{}/custom_field_settings``."""
    return api.many(api.store.settings(api.there("project")["gid"]))


def add_setting(api: Api) -> Response:
    """``POST /projects/{}/addCustomFieldSetting``."""
    project, data = api.there("project"), api.data()
    field = api.named("custom_field", data.get("custom_field"), "custom_field")
    have = api.store.settings(project["gid"])
    if any(setting["custom_field"] == field["gid"] for setting in have):
        refuse("custom_field: The custom field is already on this project")
    if len(have) >= _MOST_SETTINGS:
        refuse("A project can have at most 20 custom fields")
    return api.one(new_setting(api.store, project["gid"], field["gid"]))


def remove_setting(api: Api) -> Response:
    """``POST /projects/{}/removeCustomFieldSetting``."""
    project, field = api.there("project"), api.data().get("custom_field")
    for setting in api.store.settings(project["gid"]):
        if setting["custom_field"] == field:
            setting["deleted"] = True
    return api.nothing()


ROUTES: Table = (
    ("GET", "/workspaces/{gid}/custom_fields", listing),
    ("POST", "/custom_fields", create),
    ("GET", "/custom_fields/{gid}", read),
    ("PUT", "/custom_fields/{gid}", update),
    ("DELETE", "/custom_fields/{gid}", delete),
    ("POST", "/custom_fields/{gid}/enum_options", add_option),
    ("PUT", "/enum_options/{gid}", update_option),
    ("GET", "/projects/{gid}/custom_field_settings", settings),
    ("POST", "/projects/{gid}/addCustomFieldSetting", add_setting),
    ("POST", "/projects/{gid}/removeCustomFieldSetting", remove_setting),
)
