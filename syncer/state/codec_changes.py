"""What a vendor told of a field, to JSON and back."""

from typing import Any, Final

from syncer.model.remote import Change
from syncer.model.values import MISSING
from syncer.state.columns import moment_text, parse_moment, readable

Json = dict[str, Any]
_ENTRY: Final = ("object", "id", "field", "by", "automation", "key")


def change_to_json(change: Change) -> Json:
    """What the vendor told of a field."""
    at = moment_text(change.at) if change.at else None
    values = {name: getattr(change, name) for name in ("old", "new")}
    return {
        **{name: getattr(change, name) for name in _ENTRY},
        **{name: value for name, value in values.items() if value is not MISSING},
        "at": at,
    }


def change_from_json(json: Json) -> Change:
    """The inverse of :func:`change_to_json`."""
    at = json.get("at")
    values = {name: json[name] for name in (*_ENTRY, "old", "new") if name in json}
    return Change(**values, at=readable(parse_moment, at) if at else None)
