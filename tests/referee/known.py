"""The one table of what is wrong in the vendors' documents: ``known.yaml``, read and applied."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from openapi_schema_validator import OAS30ReadValidator, oas30_format_checker

from tests.referee.complaints import Complaint

INSTEAD = "x-instead"
"""Marks what this table has put in the place of a document's word, or has added to it."""
FORMATS = oas30_format_checker
TABLE = Path(__file__).with_name("known.yaml")


@dataclass
class Known:
    """One thing that a document has wrong.

    Args:
        document: its name without the ending, or a pattern of such.
        operation: ``METHOD /path``, or a pattern; what it is about.
        place: as :class:`Complaint` has it, or a pattern.
        rules: the broken words of the schema, or ``unnamed KEY``.
        does: a schema for what the vendor does instead.
        why: what the document says and what is so.
        guide: vendor and section of the wire guide.
        each: the value is a list with commas, each part of which ``does`` describes.
        used: how many judged exchanges needed it.
    """

    document: str
    operation: str
    place: str
    rules: tuple[str, ...]
    does: Any
    why: str
    guide: str
    each: bool = False
    used: int = field(default=0, compare=False)

    @property
    def name(self) -> str:
        """As the referee prints it."""
        return f"{self.document} {self.operation} {self.place} {' '.join(self.rules)}"

    def about(self, complaint: Complaint) -> bool:
        """Whether it is about this place of this document."""
        document, _, operation = complaint.operation.partition(": ")
        mine = (self.document, self.operation, self.place)
        theirs = (document, operation, complaint.place)
        return complaint.rule in self.rules and all(map(fnmatchcase, theirs, mine))

    def allows(self, complaint: Complaint, raw: dict[str, Any]) -> bool:
        """Whether what was there is what the vendor does."""
        validator = OAS30ReadValidator(
            {**self.does, "components": raw["components"]}, format_checker=FORMATS
        )
        parts = str(complaint.value).split(",") if self.each else [complaint.value]
        return all(map(validator.is_valid, parts))


class Table:
    """All entries, and which of them a run has needed."""

    def __init__(self) -> None:
        self.entries = list(_entries())
        self._found: dict[tuple[str, str, str], list[Known]] = {}

    def excuses(self, complaint: Complaint, raw: dict[str, Any]) -> bool:
        """Whether an entry accounts for a complaint; it counts as used then."""
        key = (complaint.operation, complaint.place, complaint.rule)
        if key not in self._found:
            self._found[key] = [entry for entry in self.entries if entry.about(complaint)]
        for entry in self._found[key]:
            if entry.allows(complaint, raw):
                entry.used += 1
                return True
        return False


@cache
def _told() -> Any:
    return yaml.load(TABLE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _entries() -> Iterator[Known]:
    for told in [*_told()["wrong"], *_told()["on purpose"]]:
        about = (told["document"], told.get("operation", "*"))
        reason = (told["why"], told.get("guide", "-"), told.get("each", False))
        for place in told.get("at", ()):
            yield Known(*about, place, tuple(told["rule"]), told["does"], *reason)
        for place, keys in told.get("keys", {}).items():
            yield from (Known(*about, place, (f"unnamed {key}",), {}, *reason) for key in keys)
        for place in told.get("instead", {}):
            yield Known(*about, place, (INSTEAD,), {}, *reason)
        for key, does in told.get("query", {}).items():
            yield Known(*about, f"query {key}", ("unnamed",), does, *reason)


def amended(document: str, raw: dict[str, Any]) -> None:
    """Put into a document what the table says of its answers: silent ones, keys, schemas.

    What is put in is marked, so that its use is counted. The rest is judged like the rest.
    """
    for told in _told()["silent"]:
        for operation, schema in told["answers"].items() if document == told["document"] else ():
            method, _, path = operation.partition(" ")
            answer = raw["paths"][path][method.lower()]["responses"]["200"]
            answer["content"] = {"application/json": {"schema": schema}}
    for told in _told()["wrong"]:
        if fnmatchcase(document, told["document"]):
            with suppress(*([KeyError] if "*" in told["document"] else [])):  # not all have it
                _amend(raw, told)


def _amend(raw: dict[str, Any], told: dict[str, Any]) -> None:
    for place, keys in told.get("keys", {}).items():
        added = {key: schema | {INSTEAD: "key"} for key, schema in keys.items()}
        node = at(raw, place)
        node["properties"] = node.get("properties", {}) | added
    for place, schema in told.get("instead", {}).items():
        node = at(raw, place)
        node.clear()
        node |= schema | {INSTEAD: "schema"}


def at(raw: Any, pointer: str) -> Any:
    """What stands at a pointer of a document."""
    node = raw
    for step in pointer.split("/"):
        key = step.replace("~1", "/").replace("~0", "~")
        node = node[int(key)] if isinstance(node, list) else node[key]
    return node
