"""Google describes its APIs by discovery documents: read here as the OpenAPI they stand for.

The same with other words, but for what discovery leaves unsaid: the envelope of errors, and that
a 64-bit integer is digits in a text ("JSON: type and format summary" of the discovery service).
"""

import re
from collections.abc import Iterator
from typing import Any

ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "status"],
            "properties": {
                "code": {"type": "integer"},
                "message": {"type": "string"},
                "status": {"type": "string", "pattern": "^[A-Z_]+$"},
                "details": {"type": "array", "items": {"type": "object"}},
            },
        }
    },
}
"""What an error looks like (guide, 10); discovery documents do not describe errors."""

_FORMATS = {
    "int64": {"pattern": "^-?[0-9]+$"},
    "int32": {"format": "int32"},
    "google-datetime": {"format": "date-time"},
}
_KEPT = ("type", "description", "enum", "pattern", "required", "minimum", "maximum")


def openapi(raw: dict[str, Any]) -> dict[str, Any]:
    """A discovery document as an OpenAPI document of version 3.0."""
    paths: dict[str, Any] = {}
    for method in _methods(raw):
        path = "/" + method.get("flatPath", method["path"])
        paths.setdefault(path, {})[method["httpMethod"].lower()] = _operation(raw, method, path)
    return {
        "openapi": "3.0.3",
        "info": {"title": raw["title"], "version": raw["version"]},
        "servers": [{"url": raw["rootUrl"].rstrip("/")}],
        "paths": paths,
        "components": {"schemas": {name: _schema(told) for name, told in raw["schemas"].items()}},
    }


def _methods(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from raw.get("methods", {}).values()
    for resource in raw.get("resources", {}).values():
        yield from _methods(resource)


def _operation(raw: dict[str, Any], method: dict[str, Any], path: str) -> dict[str, Any]:
    own = {name: p for name, p in method["parameters"].items() if p["location"] == "query"}
    places = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{([^}]+)\}", path)
    ]
    query = [
        {"name": name, "in": "query", "schema": _schema({**told, "required": None})}
        for name, told in {**raw["parameters"], **own}.items()
    ]
    answers = {"200": method["response"], "default": ERROR}
    found: dict[str, Any] = {
        "operationId": method["id"],
        "parameters": [*places, *query],
        "responses": {
            status: {"description": "", **_content(schema)} for status, schema in answers.items()
        },
    }
    if "request" in method:
        found["requestBody"] = {"required": True, **_content(method["request"])}
    return found


def _content(schema: dict[str, Any]) -> dict[str, Any]:
    told = _schema(schema) if "$ref" in schema else schema
    return {"content": {"application/json": {"schema": told}}}


def _schema(told: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in told:
        return {"$ref": f"#/components/schemas/{told['$ref']}"}
    found = {word: told[word] for word in _KEPT if told.get(word) is not None}
    if found.get("type") == "any":
        del found["type"]
    found |= _FORMATS.get(told.get("format", ""), {})
    if "properties" in told:
        found["properties"] = {name: _schema(one) for name, one in told["properties"].items()}
    for word in ("items", "additionalProperties"):
        if word in told:
            found[word] = _schema(told[word])
    return found
