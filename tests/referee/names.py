"""Keys that a document does not name: JSON Schema, and so openapi-core, lets them pass.

A schema in parts (``allOf``, ``oneOf``, ``anyOf``) names what any of its parts names. A schema
that names nothing, or says ``additionalProperties``, is open.
"""

from collections.abc import Iterator
from typing import Any

from tests.referee.documents import escaped
from tests.referee.known import INSTEAD, at

Node = tuple[str, Any]
"""A pointer, and what stands there."""


def unnamed(raw: Any, node: Node, value: Any) -> Iterator[tuple[str, str, Any]]:
    """For each key that has no place: the pointer of the schema, the key, its value."""
    yield from _unnamed(raw, [node], value)


def _unnamed(raw: Any, nodes: list[Node], value: Any) -> Iterator[tuple[str, str, Any]]:
    found = [part for node in nodes for part in _parts(raw, node)]
    put_in = {place for place, node in (*nodes, *found) if node.get(INSTEAD) == "schema"}
    yield from ((place, INSTEAD, None) for place in sorted(put_in))
    if isinstance(value, list):
        items = [(f"{place}/items", node["items"]) for place, node in found if "items" in node]
        for item in value if items else ():
            yield from _unnamed(raw, items, item)
    if not isinstance(value, dict):
        return
    named: dict[str, list[Node]] = {}
    for place, node in found:
        for key, schema in node.get("properties", {}).items():
            named.setdefault(key, []).append((f"{place}/properties/{escaped(key)}", schema))
    free = [
        (f"{place}/additionalProperties", node["additionalProperties"])
        for place, node in found
        if node.get("additionalProperties")
    ]
    for key, item in value.items():
        if key in named:
            added = [place for place, schema in named[key] if schema.get(INSTEAD) == "key"]
            yield from ((place.rpartition("/properties/")[0], key, item) for place in added)
            yield from _unnamed(raw, named[key], item)
        elif free:
            closed = [node for node in free if isinstance(node[1], dict)]
            yield from _unnamed(raw, closed, item)
        elif named:
            yield found[0][0], key, item


def _parts(raw: Any, node: Node) -> Iterator[Node]:
    place, schema = node
    while isinstance(schema, dict) and "$ref" in schema:
        place = schema["$ref"].removeprefix("#/")
        schema = at(raw, place)
    if not isinstance(schema, dict):
        return
    yield place, schema
    for word in ("allOf", "oneOf", "anyOf"):
        for number, part in enumerate(schema.get(word, ())):
            yield from _parts(raw, (f"{place}/{word}/{number}", part))
