"""Answers as no vendor should give them: real ones spoiled, drawn ones of the right shape."""

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from syncer.adapterkit.sandbox import Running
from tests.shared import SHARED

Path = tuple[Any, ...]

ENDLESS = "@a number that no float can hold@"
DEEP = "@nested too deeply@"
_RAW = {json.dumps(ENDLESS): "1e999", json.dumps(DEEP): "[" * 100_000 + "]" * 100_000}

_ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    ENDLESS,
    "",
    "something_new",
    "\ud800",
    "\x00\u202e",
    "x" * 70_000,
    "2026-02-30",
    "0000-00-00T00:00:00.000Z",
    "99999-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999-14:00",
    "0001-01-01T00:00:00+14:00",
    "1e999",
    "NaN",
    "9" * 5_000,
    [],
    [None],
    [[]],
    {},
    {"id": None},
    {"": {}},
    DEEP,
]
"""What a vendor's answer may hold at any place, for all we know."""

ODD = st.sampled_from(_ODD).map(deepcopy)

JSON = st.recursive(
    ODD | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from("id gid data results properties errors name value type".split()),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@dataclass(frozen=True)
class Told:
    """An answer that a stand-in has given."""

    method: str
    path: str
    status: int
    text: str

    @property
    def value(self) -> Any:
        """What it holds."""
        return json.loads(self.text) if self.text else None

    def replace(self, running: Running, value: Any) -> None:
        """From now on this is answered, after the request took effect."""
        text = json.dumps(value)
        for marker, raw in _RAW.items():
            text = text.replace(marker, raw)
        headers = {"content-type": "application/json"}
        fault = {"status": self.status, "body": text, "headers": headers, "late": True}
        match = {"method": self.method, "path": f"^{re.escape(self.path)}$"}
        running.fault(fault, times=1000, **match)


def listened(running: Running, told: list[Told]) -> Any:
    """The stand-in's way of answering, which also tells what it answers."""
    before = running.desk._handled

    def handled(request: Any, fault: Any) -> Any:
        response = before(request, fault)
        text = bytes(response.body).decode()
        told.append(Told(request.method, request.path, response.status_code, text))
        return response

    return handled


def _places(value: Any, at: Path = ()) -> Iterator[Path]:
    yield at
    inside = value.items() if isinstance(value, dict) else ()
    inside = enumerate(value) if isinstance(value, list) else inside
    for key, item in inside:
        yield from _places(item, (*at, key))


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


@st.composite
def spoiled(draw: DrawFn, value: Any) -> Any:
    """A real answer with one to three things wrong in it."""
    value = deepcopy(value)
    for _ in range(draw(st.integers(1, 3))):
        kinds: dict[Path, list[Path]] = {}
        for place in _places(value):
            # Every kind of place is as likely as any other, however many of it there are.
            kinds.setdefault(tuple(s for s in place if isinstance(s, str)), []).append(place)
        places = kinds[draw(st.sampled_from(sorted(kinds)))]
        place = draw(st.sampled_from(places[:50]))
        if not place:
            return draw(JSON)
        holder, last = _at(value, place[:-1]), place[-1]
        match draw(st.sampled_from(["odd", "odd", "any", "drop", "other", "twice", "inside"])):
            case "odd":
                holder[last] = draw(ODD)
            case "any":
                holder[last] = draw(JSON)
            case "drop":
                del holder[last]
            case "other":
                holder[last] = deepcopy(_at(value, draw(st.sampled_from(places[:50]))))
            case "twice" if isinstance(holder, list):
                holder.append(deepcopy(holder[last]))
            case _:
                holder[last] = [holder[last]]
    return value


@st.composite
def shaped(
    draw: DrawFn, raw: Mapping[str, Any], schema: Any, words: list[str], deep: int = 0
) -> Any:
    """A value of a vendor's schema, with now and then something else in its place.

    Args:
        raw: the document, for references.
        words: ids and names that the stand-in really has, for texts.
        deep: how deep we are.
    """
    while "$ref" in schema:
        schema = _at(raw, tuple(_steps(schema["$ref"])))
    odd = draw(st.integers(0, 24)) == 24
    if odd or (schema.get("nullable") and draw(st.integers(0, 3)) == 3):
        return draw(ODD) if odd else None
    for word in ("oneOf", "anyOf"):
        if word in schema:
            return draw(shaped(raw, draw(st.sampled_from(schema[word])), words, deep))
    if "enum" in schema:
        return draw(st.sampled_from([*schema["enum"], "something_new"]))
    properties = _properties(raw, schema)
    if properties or schema.get("type") == "object":
        names = sorted(properties) if deep < 5 else []
        kept = draw(st.lists(st.sampled_from(names), max_size=8, unique=True)) if names else []
        kept += [name for name in ("id", "gid", "data", "results") if name in names]
        return {name: draw(shaped(raw, properties[name], words, deep + 1)) for name in kept}
    if schema.get("type") == "array":
        size = draw(st.integers(0, 2 if deep < 5 else 0))
        return [draw(shaped(raw, schema.get("items", {}), words, deep + 1)) for _ in range(size)]
    return draw(_plain(schema, words))


def _plain(schema: Mapping[str, Any], words: list[str]) -> st.SearchStrategy[Any]:
    match schema.get("type"), schema.get("format"):
        case "string", "date":
            return st.sampled_from(["2026-11-20", "2026-02-30", "2026-11-20T00:00:00.000Z"])
        case "string", "date-time":
            return st.sampled_from(["2026-11-20T17:00:00.000Z", "2026-11-20", "soon"])
        case "string", _:
            return st.sampled_from(words) | st.text(max_size=5)
        case (("integer" | "number"), _):
            return st.integers() | st.floats(allow_nan=False, allow_infinity=False)
        case "boolean", _:
            return st.booleans()
        case _:
            return ODD


def _steps(reference: str) -> Iterator[str]:
    for step in reference.removeprefix("#/").split("/"):
        yield step.replace("~1", "/").replace("~0", "~")


def _properties(raw: Mapping[str, Any], schema: Any) -> dict[str, Any]:
    while "$ref" in schema:
        schema = _at(raw, tuple(_steps(schema["$ref"])))
    found: dict[str, Any] = {}
    for part in schema.get("allOf", ()):
        found |= _properties(raw, part)
    return found | schema.get("properties", {})


def document_of(system: str, told: Told) -> tuple[Any, Any] | None:
    """The vendor's document and its schema for an answer; ``None`` where there is none."""
    if not SHARED.is_dir():
        return None
    from tests.referee.documents import FILES, documents
    from tests.referee.judging import answer_schema
    from tests.referee.known import at

    for document in documents(system) if system in FILES else ():
        path = re.sub(r"(/crm/objects/2026-09)/deals(?=/|$)", r"\1/0-3", told.path)
        operation = document.find(told.method, path)
        schema = answer_schema(operation, str(told.status)) if operation else None
        if schema is not None:
            return document.shown, at(document.shown, schema)
    return None
