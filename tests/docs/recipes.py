"""The YAML examples of the pages, each merged into the shipped file that it is for."""

import json
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from syncer.model.configuration import Configuration
from syncer.model.decisions import Bound
from syncer.model.remote import FieldInfo, ObjectInfo, Raw
from syncer.model.values import MISSING, Seen
from syncer.reconcile.expressing import express
from syncer.reconcile.reading import read
from syncer.reconcile.translate import bind
from syncer.settings import load
from tests.docs import page
from tests.reconcile.made import LOOKUP
from tests.settings.agency import SECRETS, copied

ENVIRON = SECRETS | {"DATABASE_URL": "postgresql://syncer@db/syncer"}
EXAMPLES = [
    block
    for block in page.blocks()
    if block.language == "yaml" and block.page != "docs/adding-an-adapter.md"
]
FILES = {f"config/{name}.yaml" for name in ("sync", "ownership", "people", "texts", "examples")}
SECTIONS = sorted({b.section for b in EXAMPLES if b.about != "kubernetes"})


def plain(text: str) -> Any:
    """YAML as plain values."""
    return YAML(typ="safe").load(text)


def merged(base: Any, change: Any, *, within: str = "") -> Any:
    """What a file says once an example is written into it; a field's line is replaced whole."""
    if within == "fields" or not (isinstance(base, dict) and isinstance(change, dict)):
        return {**base, **change} if within == "fields" else change
    found = dict(base)
    for key, value in change.items():
        found[key] = merged(base[key], value, within=key) if key in base else value
    return found


def with_examples(root: Path, section: str) -> Configuration:
    """The shipped configuration with all examples of a section."""
    agency = copied(root)
    for block in EXAMPLES:
        if block.section == section and block.about != "kubernetes":
            file = agency.root / block.about
            whole = merged(plain(file.read_text("utf-8")), plain(block.content))
            file.write_text(json.dumps(whole, default=str), "utf-8")
    return load(agency.root, ENVIRON)


def bound_in(config: Configuration, line: str, info: FieldInfo, client: str = "bakery") -> Bound:
    """A line of a client's mappings (``system.entity.field``) tied to a field of the tool."""
    system, entity, field = line.split(".")
    mapping = config.clients[client].mappings[system].entities[entity]
    there, zone = ObjectInfo(mapping.object, (info,)), config.clients[client].zone
    found, problems = bind(mapping, config.schema[entity], there, None, zone)
    assert field in found, problems.get(field)
    return found[field]


def meant(bound: Bound, raw: Raw) -> Seen:
    """What a value of the tool is in ours."""
    return read(bound, raw, LOOKUP).value


def there_and_back(bound: Bound, raw: Raw) -> Seen:
    """The same, where what is written for it is what stood there."""
    value = meant(bound, raw)
    assert value is not MISSING
    assert express(bound, value, MISSING, LOOKUP).raw == raw
    return value
