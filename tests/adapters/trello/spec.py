"""Trello's own OpenAPI document as the referee of requests and answers.

The document is weak (guide, 15): nested resources and the parameters of card lists are not in
it, and several schemas are wrong. What is known to be missing is listed here.
"""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from tests.shared import SHARED

PLACE = SHARED / "vendors" / "specs" / "trello.swagger.v3.json"

NESTED = re.compile(
    r"(cards|card|lists|list|labels|label|actions|action|members|member|organization)_\w+"
    r"|cards_modifiedSince"
)
"""Parameters of nested resources: documented in a guide of their own."""

UNLISTED = {
    "/boards/{id}/cards/{filter}": {"fields", "limit", "before", "since", "customFieldItems"},
    "/lists/{id}/cards": {"fields", "filter", "customFieldItems"},
    "/cards/{id}/actions": {
        "limit",
        "since",
        "before",
        "fields",
        "member",
        "memberCreator",
        "memberCreator_fields",
    },
    "/organizations/{id}": {"fields"},
    "/organizations/{id}/memberships": {"member_fields"},
    "/boards/{id}/members/{idMember}": {"type"},
}
"""Parameters that the document lacks and every client uses (guide, 3.1 and 4)."""

NEWER = {
    "Card": {"isTemplate", "dueComplete", "start", "pinned", "email", "attachments"},
    "Board": {"dateClosed", "idEnterprise", "nodeId", "labelNames"},
    "TrelloList": {"color", "type", "datasource"},
    "Label": {"uses"},
    "Action": {"appCreator", "member"},
    "CustomField": {"name", "pos", "options", "isSuggestedField"},
    "Checklist": {"name", "idBoard", "idCard", "pos", "checkItems"},
}
"""Keys on the wire that the document does not name (guide, 2 and 15)."""

WRONG = {
    "descData",
    "memberships",
    "dateClosed",
    "dateLastView",
    "idEnterprise",
    "ixUpdate",
    "pos",
    "limits",
    "display",
    "checkItemStates",
    "dueReminder",
    "cover",
    "idOrganization",
    "softLimit",
    "prefs",
    "avatarHash",
    "avatarUrl",
    "bioData",
    "nonPublic",
}
"""Keys whose type in the document is not that of the wire, or leaves out that they can be null."""


@cache
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(PLACE.read_text(encoding="utf-8"))
    return loaded


@cache
def paths() -> list[tuple[re.Pattern[str], str]]:
    """Patterns of the document's paths, the most exact first."""
    found = sorted(document()["paths"], key=lambda path: (path.count("{"), -len(path)))
    return [
        (re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path.rstrip("/")) + "/?"), path) for path in found
    ]


def request_problems(requests: Iterable[Mapping[str, Any]]) -> list[str]:
    """Requests whose path, method or query parameters are not in the document."""
    return sorted({problem for request in requests for problem in _request(request)})


def _request(request: Mapping[str, Any]) -> list[str]:
    path, method = str(request["path"]).removeprefix("/1"), str(request["method"]).lower()
    operations = document()["paths"]
    hits = [name for pattern, name in paths() if pattern.fullmatch(path)]
    named = next((name for name in hits if method in operations[name]), None)
    if named is None:
        return [f"{method.upper()} {path} is not in the document"]
    listed = operations[named][method].get("parameters", [])
    known = {p["name"] for p in [*listed, *operations[named].get("parameters", [])] if "name" in p}
    known |= UNLISTED.get(named, set())
    return [
        f"{method.upper()} {named} takes no {name}"
        for name in request["query"]
        if name not in known and not NESTED.fullmatch(name)
    ]


def shape_problems(schema: str, entry: Mapping[str, Any]) -> list[str]:
    """Keys of an answer that its schema does not name, or that have another type."""
    properties = document()["components"]["schemas"][schema]["properties"]
    found = [f"{schema}.{key} is new" for key in entry if key not in properties]
    found = [f for f in found if f.split(".")[1].split()[0] not in NEWER.get(schema, set())]
    for key, value in entry.items():
        if key in properties and key not in WRONG and not _fits(properties[key], value):
            found.append(f"{schema}.{key}: {value!r} is not {properties[key]}")
    return found


def _fits(schema: Mapping[str, Any], value: Any) -> bool:
    if value is None:
        return bool(schema.get("nullable")) or "$ref" in schema or "oneOf" in schema
    types: dict[str, Any] = {
        "string": str,
        "boolean": bool,
        "integer": int,
        "number": int | float,
        "array": list,
        "object": dict,
    }
    wanted = types.get(schema.get("type", ""))
    return wanted is None or isinstance(value, wanted)
