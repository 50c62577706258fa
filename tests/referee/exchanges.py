"""What was recorded, read back: whose requests they are, and which of them are alike."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

from adapters.google_analytics.sandbox.numbers import NUMBERS

OURS = "agency-syncer"
"""The user agent of the adapters."""

STRANGERS = {
    "asana": ("swagger-codegen", "openapi-generator", "asana"),
    "google_analytics": ("python-requests",),
    "hubspot": ("hubspot-api-client",),
    "trello": ("python-requests", "py-trello"),
}
"""How the user agents of the vendors' official clients begin, in lower case."""

Query = tuple[tuple[str, str], ...]
_ALIKE = str.maketrans(dict.fromkeys("123456789abcdef", "0"))
_SPACE = re.compile(r"\s")


@dataclass(frozen=True)
class Exchange:
    """A request and its answer, as the recorder of the sandbox kit tells them.

    ``times``: how often one like it was seen. ``status`` is ``None`` where no answer was made;
    ``injected`` marks an answer that is a fault's, not the stand-in's.
    """

    system: str
    agent: str
    method: str
    path: str
    route: str | None
    params: dict[str, str]
    query: Query
    type: str | None
    body: Any
    status: int | None
    headers: dict[str, str]
    answer: Any
    injected: bool
    times: int = field(default=1, compare=False)

    @property
    def ours(self) -> bool:
        """Sent by an adapter."""
        return self.agent.startswith(OURS)

    @property
    def stranger(self) -> bool:
        """Sent by the vendor's official client."""
        return self.agent.lower().startswith(STRANGERS.get(self.system, ("\0",)))


def recorded(folder: Path) -> Iterator[Exchange]:
    """Every exchange of a folder of recordings, alike ones of one process counted together."""
    for path in sorted(folder.glob("*.jsonl")):
        told: dict[str, dict[str, Any]] = {}
        times: dict[str, int] = {}
        for line in path.read_bytes().splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue  # the last line of a process that was killed may be half a line
            times[entry["hash"]] = times.get(entry["hash"], 0) + 1
            if len(entry) > 1:
                told[entry["hash"]] = entry
        yield from (_exchange(entry, times[key]) for key, entry in told.items())


def _exchange(entry: dict[str, Any], times: int) -> Exchange:
    names = ("system", "agent", "method", "path", "route", "params", "type", "body")
    more = ("status", "headers", "answer", "injected")
    query = tuple((name, value) for name, value in entry["query"])
    return Exchange(**{name: entry[name] for name in names + more}, query=query, times=times)


def parts(exchange: Exchange) -> Iterator[Exchange]:
    """The exchange, and those inside it: Trello's batch carries up to ten (guide, 3.3)."""
    exchange = _as_described(exchange)
    yield exchange
    if exchange.system != "trello" or exchange.path != "/1/batch":
        return
    urls = dict(exchange.query).get("urls", "").split(",")
    answers = exchange.answer if isinstance(exchange.answer, list) else [None] * len(urls)
    for url, answer in zip(urls, answers, strict=False):
        path, _, query = url.partition("?")
        pairs = tuple((name, unquote(v)) for name, v in parse_qsl(query, keep_blank_values=True))
        inner = replace(exchange, path=f"/1{path}", route=_inner(path), params={}, query=pairs)
        if exchange.injected or not isinstance(answer, dict) or "200" not in answer:
            yield replace(inner, status=None, answer=None)
        else:
            yield replace(inner, status=200, answer=answer["200"])


def _as_described(exchange: Exchange) -> Exchange:
    """Google's with a form as the object it stands for, and with words for numbers.

    Its own clients ask for enumerations by number, which its documents tell by name.
    """
    if exchange.system == "google_analytics" and isinstance(exchange.body, str):
        form = dict(parse_qsl(exchange.body, keep_blank_values=True))
        return replace(exchange, body=form, type="application/json")
    if "enum-encoding=int" in dict(exchange.query).get("$alt", ""):
        return replace(exchange, answer=_worded(exchange.answer))
    return exchange


def _worded(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _worded(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_worded(item, name) for item in value]
    words = {number: word for word, number in NUMBERS.get(name, {}).items()}
    return words.get(value, value) if isinstance(value, int) else value


def _inner(path: str) -> str:
    return "/1" + re.sub(r"[0-9a-f]{24}", "{id}", path)


def shape(value: Any) -> Any:
    """What two values have in common that no document tells apart.

    Ids, dates and numbers lose their digits, texts all but the magnitude of their length;
    short words, among them all members of enumerations, stay.
    """
    if isinstance(value, str):
        if len(value) > 40 or _SPACE.search(value):
            return ("text", len(value).bit_length())
        return value.translate(_ALIKE)
    if isinstance(value, dict):
        return tuple((key.translate(_ALIKE), shape(item)) for key, item in sorted(value.items()))
    if isinstance(value, list):
        return ("list", *sorted({repr(shape(item)) for item in value}))
    if isinstance(value, float):
        return "float"
    return type(value).__name__ if isinstance(value, int) and abs(value) > 1 else repr(value)


@dataclass
class Thinning:
    """Leaves out of lists what was there in the same place before: each kind is judged once."""

    seen: set[tuple[str, str]] = field(default_factory=set)

    def thin(self, value: Any, place: str) -> Any:
        """The value without entries of lists that are like one seen at this place."""
        if isinstance(value, dict):
            return {key: self.thin(item, f"{place}/{key}") for key, item in value.items()}
        if not isinstance(value, list):
            return value
        kept = []
        for item in value:
            mark = (place, repr(shape(item)))
            if mark not in self.seen:
                self.seen.add(mark)
                kept.append(self.thin(item, place + "/"))
        return kept
