"""Asana's own OpenAPI document as the referee of what the adapter asks for."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import yaml

from tests.shared import SHARED

PLACE = SHARED / "vendors" / "specs" / "asana.yaml"
PREFIX = "/api/1.0"

UNLISTED = {("get", "/users/{user_gid}"): {"name", "email"}}
"""Names in ``opt_fields`` that are fields of the answer, though the document forgets them."""

Route = tuple[re.Pattern[str], str, dict[str, Any]]


@cache
def routes() -> tuple[Route, ...]:
    """Every path of the document, the ones without parameters first."""
    document = yaml.load(PLACE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    shared = document["components"]["parameters"]
    found = [(path, _operations(item, shared)) for path, item in document["paths"].items()]
    found.sort(key=lambda entry: entry[0].count("{"))
    return tuple((re.compile(re.sub(r"{\w+}", "[^/]+", path)), path, ops) for path, ops in found)


def _operations(item: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    common = item.get("parameters", [])
    return {
        method: _queries([*common, *operation.get("parameters", [])], shared)
        for method, operation in item.items()
        if method in ("get", "post", "put", "delete")
    }


def _queries(parameters: Iterable[Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    """Names of query parameters, each with the values it may have, if they are listed."""
    resolved = [shared[p["$ref"].split("/")[-1]] if "$ref" in p else p for p in parameters]
    queries = [p for p in resolved if p["in"] == "query"]
    return {p["name"]: p["schema"].get("items", {}).get("enum") for p in queries}


def request_problems(requests: Iterable[Mapping[str, Any]]) -> list[str]:
    """What in these requests is not in the document."""
    return sorted({problem for request in requests for problem in _problems(request)})


def _problems(request: Mapping[str, Any]) -> list[str]:
    method, path = str(request["method"]).lower(), str(request["path"]).removeprefix(PREFIX)
    known = [(name, ops) for pattern, name, ops in routes() if pattern.fullmatch(path)]
    if not known or method not in known[0][1]:
        return [f"{method} {path}: no such operation"]
    name, operations = known[0]
    queries = operations[method]
    found = [
        f"{method} {name}: no parameter {key}" for key in request["query"] if key not in queries
    ]
    asked = set(filter(None, str(request["query"].get("opt_fields", "")).split(",")))
    listed = set(queries.get("opt_fields") or ()) | UNLISTED.get((method, name), set())
    return found + [f"{method} {name}: no field {field}" for field in sorted(asked - listed)]
