"""How a vendor's document is meant where JSON Schema would read it otherwise.

These hold for a whole document; what is wrong at one place stands in ``known.yaml``.
"""

from typing import Any

from tests.referee.known import amended

NULL: dict[str, Any] = {"type": "string", "nullable": True, "enum": [None]}

COMPACT = {
    "Task": "TaskResponse",
    "Project": "ProjectResponse",
    "Section": "SectionResponse",
    "Story": "StoryResponse",
    "CustomField": "CustomFieldResponse",
    "StatusUpdate": "StatusUpdateResponse",
    "User": "UserResponse",
    "Workspace": "WorkspaceResponse",
}


def both(raw: dict[str, Any]) -> None:
    """For requests and answers: a schema in parts (``allOf``) of which one is nullable means it,
    or null (Asana); a choice of one means that one (Trello).
    """
    _mend(raw)


def answers(document: str, raw: dict[str, Any]) -> dict[str, Any]:
    """For answers only: where Asana's document has a compact record, ``opt_fields`` brings any
    field of the full one (guide, 2); and what ``known.yaml`` says of silent answers.
    """
    schemas = raw["components"]["schemas"]
    for name, full in COMPACT.items() if document == "asana" else ():
        compact = schemas[f"{name}Compact"]
        own = next(part for part in (compact, *compact.get("allOf", ())) if "properties" in part)
        own["properties"] = _properties(schemas, schemas[full]) | own["properties"]
    amended(document, raw)
    return raw


def _properties(schemas: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    found: dict[str, Any] = {}
    for part in schema.get("allOf", ()):
        found |= _properties(schemas, part)
    return found | schema.get("properties", {})


def _mend(node: Any) -> None:
    if isinstance(node, list):
        for item in node:
            _mend(item)
    if not isinstance(node, dict):
        return
    for item in node.values():
        _mend(item)
    parts = node.get("allOf", ())
    if parts and any(part.get("nullable") for part in (node, *parts)):
        node["anyOf"] = [NULL, {"allOf": node.pop("allOf")}]
    if isinstance(node.get("oneOf"), list) and len(node["oneOf"]) == 1:
        node |= node.pop("oneOf")[0]
