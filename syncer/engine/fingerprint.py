"""What in the configuration decides, as one short text: equal as long as it decides alike.

Comments, the order of keys and where something is written make no difference; neither do tokens,
limits, how often is looked, or what people are told.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import timedelta
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any, Final

from msgspec import Struct
from pydantic import BaseModel

from syncer.model.configuration import ClientConfig, Configuration, Mode
from syncer.model.people import Person
from syncer.model.rules import Source
from syncer.model.structs import names
from syncer.state import Store, Transaction

_LEFT_OUT: Final = ("mode",)
"""Of a client: to stop only observing is no change of what is decided."""

_ALREADY: Final = frozenset({str, int, float, bool, NoneType})
"""Types of values that are JSON as they are."""

_OF_PERSON: Final = ("key", "name", "email", "ids", "left", "successor")


def fingerprint(config: Configuration, client: ClientConfig) -> str:
    """Of everything by which this client's edits, matches and writes are decided."""
    mine = {name: getattr(client, name) for name in names(client) if name not in _LEFT_OUT}
    used = client.mappings.keys() | client.measuring.keys()
    told = {
        "client": mine,
        "systems": {name: config.connections[name].adapter for name in sorted(used)},
        "ownership": config.ownership,
        "people": {key: _person(person) for key, person in config.people.items()},
        "schema": dict(config.schema),
        "heads_up": config.heads_up,
    }
    text = json.dumps(_plain(told), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def changed(store: Store, client: ClientConfig, now: str) -> bool:
    """Whether other rules decided in the last cycle that saw all systems of this client.

    What was never in step has nothing that could change; who only observes writes nothing.
    """
    before = store.meta(_key(client))
    return client.mode is not Mode.OBSERVE and before is not None and before != now


def kept(store: Store, client: ClientConfig, now: str) -> bool:
    """Whether these are known to be the rules that this client goes by."""
    return bool(store.meta(_key(client)) == now)


def keep(tx: Transaction, client: ClientConfig, now: str) -> None:
    """These are the rules that this client goes by; what they came to was let through."""
    if client.mode is not Mode.OBSERVE:
        tx.put_meta(_key(client), now)


def _key(client: ClientConfig) -> str:
    return f"decides:{client.key}"


def _person(person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in _OF_PERSON}


def _plain(value: Any) -> Any:
    """Any part of the configuration as JSON that is the same whenever it says the same."""
    if type(value) in _ALREADY:
        return value
    if isinstance(value, Source):
        return None
    if isinstance(value, BaseModel):
        return _plain(value.model_dump())
    kind: Any = type(value)
    names = _compared(kind)
    if names is not None:
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, dict | Mapping):
        pairs = ([_plain(k), _plain(v)] for k, v in value.items())
        return sorted(pairs, key=lambda pair: str(pair[0]))
    if isinstance(value, set | frozenset):
        return sorted((_plain(item) for item in value), key=str)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return _scalar(value)


@cache
def _compared(kind: Any) -> tuple[str, ...] | None:
    """The names by which values of a noun are compared; None of any other type."""
    if issubclass(kind, Struct):
        return names(kind)
    return tuple(f.name for f in fields(kind) if f.compare) if is_dataclass(kind) else None


def _scalar(value: Any) -> Any:
    if value is None or (
        isinstance(value, bool | int | float | str) and not isinstance(value, Enum)
    ):
        return value
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    text = getattr(value, "text", None)  # a condition, by what was written
    return text if isinstance(text, str) else str(value)
