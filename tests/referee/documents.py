"""The vendors' own OpenAPI and discovery documents, and which operation of them a request means."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema_path import SchemaPath
from openapi_core import V30RequestValidator, V30ResponseValidator

from tests.referee import readings
from tests.referee.discovery import openapi
from tests.referee.exchanges import Exchange
from tests.referee.known import at
from tests.shared import SHARED

HERE = Path(__file__).parent
PLACE = SHARED / "vendors" / "specs"
METHODS = ("get", "put", "post", "delete", "patch")
HUBSPOT = (
    *("companies", "contacts", "deals", "tasks", "notes", "line-items", "projects", "users"),
    *("associations", "associations-schema", "properties", "pipelines", "owners", "account-info"),
    *("limits", "objects"),  # the last one is the general one
)
FILES = {
    "trello": ("trello.swagger.v3.json",),
    "asana": ("asana.yaml",),
    "hubspot": tuple(f"hubspot-{name}.json" for name in HUBSPOT),
    "google_analytics": ("ga-data.v1beta.json", "ga-admin.v1beta.json", "google-token.yaml"),
}
"""By system, in the order in which they are asked."""

OLDER = (
    (re.compile(r"/crm/v3/(objects|properties|pipelines|owners)"), r"/crm/\1/2026-09"),
    (re.compile(r"/crm/v4/(objects|associations)"), r"/crm/\1/2026-09"),
    (re.compile(r"/account-info/v3"), "/account-info/2026-09"),
)
"""HubSpot: there are documents of the dated paths only. What goes over the paths of v3 and v4 is
held against them, since the bodies are the same (guide, 2)."""


@dataclass(frozen=True)
class Operation:
    """One operation of a document: ``method`` in lower case, ``path`` as the document has it."""

    document: "Document"
    method: str
    path: str

    @property
    def name(self) -> str:
        """As tables show it."""
        return f"{self.method.upper()} {self.path}"

    @property
    def told(self) -> dict[str, Any]:
        """What the document says of it."""
        found: dict[str, Any] = self.document.raw["paths"][self.path][self.method]
        return found

    @property
    def pointer(self) -> str:
        """Where that stands."""
        return f"paths/{escaped(self.path)}/{self.method}"

    def parameters(self, place: str) -> dict[str, Any]:
        """Its parameters in the query, the path or the header, by name."""
        common = self.document.raw["paths"][self.path].get("parameters", [])
        told = [self.document.resolved(p) for p in [*common, *self.told.get("parameters", [])]]
        return {p["name"]: p for p in told if p.get("in") == place}


class Document:
    """A document, with the validators of openapi-core for it.

    ``raw`` is what requests are held against, ``shown`` what answers are.
    """

    def __init__(self, file: str) -> None:
        self.name = file.rpartition(".")[0]
        self.raw: Any = _read(file)
        for methods in self.raw["paths"].values():
            for told in filter(None, map(methods.get, METHODS)):
                _readable(told)
        for told in self.raw["components"].get("responses", {}).values():
            _one_kind(told)
        readings.both(self.raw)
        # Credentials are not recorded, so nobody can judge how they were carried.
        self.raw.pop("security", None)
        self.base = re.sub(r"^https?://[^/]+", "", self.raw["servers"][0]["url"]).rstrip("/")
        self.host = self.raw["servers"][0]["url"].removesuffix(self.base)
        self.shown: Any = readings.answers(self.name, deepcopy(self.raw))
        self.requests = V30RequestValidator(SchemaPath.from_dict(self.raw))
        self.responses = V30ResponseValidator(SchemaPath.from_dict(self.shown))
        self._routes = sorted(_routes(self), key=lambda route: route[1].path.count("{"))

    def find(self, method: str, path: str) -> Operation | None:
        """The operation of a path, the one with the fewest blanks first."""
        path = path.removeprefix(self.base)
        path = path.rstrip("/") or path
        for pattern, operation in self._routes:
            if operation.method == method.lower() and pattern.fullmatch(path):
                return operation
        return None

    def resolved(self, node: Any) -> Any:
        """What a node says, or what it refers to says."""
        while isinstance(node, dict) and "$ref" in node:
            node = at(self.raw, node["$ref"].removeprefix("#/"))
        return node


def _read(file: str) -> Any:
    """A document of the vendor's, or one of our own where the vendor has none."""
    own = HERE / file
    text = (own if own.is_file() else PLACE / file).read_text(encoding="utf-8")
    raw = yaml.load(text, Loader=yaml.CSafeLoader) if file.endswith(".yaml") else json.loads(text)
    return openapi(raw) if "discoveryVersion" in raw else raw


def _readable(told: dict[str, Any]) -> None:
    """An operation as openapi-core can read it, with the same meaning."""
    told.pop("security", None)
    told["responses"] = {str(status): answer for status, answer in told["responses"].items()}
    for answer in told["responses"].values():
        _one_kind(answer)


def _one_kind(answer: dict[str, Any]) -> None:
    """JSON is JSON also where any kind of content is described; no content is none."""
    if content := answer.pop("content", None):
        answer["content"] = {
            "application/json" if kind == "*/*" else kind: told for kind, told in content.items()
        }


def escaped(step: object) -> str:
    """A step of a JSON pointer."""
    return str(step).replace("~", "~0").replace("/", "~1")


def _routes(document: Document) -> Iterator[tuple[re.Pattern[str], Operation]]:
    for path, methods in document.raw["paths"].items():
        pattern = re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path.rstrip("/")))
        for method in METHODS:
            if method in methods:
                yield pattern, Operation(document, method, path)


@cache
def documents(system: str) -> tuple[Document, ...]:
    """All documents of a vendor."""
    return tuple(Document(file) for file in FILES[system])


def dialect(path: str) -> str:
    """Which older version of HubSpot's paths it is, if it is one: `` (v3)``, `` (v4)``."""
    found = re.match(r"/(?:crm|account-info)/(v\d)(?=/)", path)
    return f" ({found[1]})" if found else ""


def operations(exchange: Exchange) -> list[Operation]:
    """The operations that an exchange can mean, the most particular one first."""
    path = exchange.path
    if exchange.system == "hubspot":
        for pattern, dated in OLDER:
            path = pattern.sub(dated, path)
        path = re.sub(r"(/crm/objects/2026-09)/deals(?=/|$)", r"\1/0-3", path)
    found = [document.find(exchange.method, path) for document in documents(exchange.system)]
    return sorted(filter(None, found), key=lambda operation: operation.path.count("{"))
