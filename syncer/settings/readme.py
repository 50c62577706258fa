"""The parts of the README and of docs/ that are made from the models, the adapters and the rules.

``python -m syncer.settings.readme`` writes them anew, in all pages of the source tree, after one of
these has changed; with files named, in these only.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from dotenv import dotenv_values
from msgspec.structs import replace
from pydantic import ConfigDict

from syncer.adapterkit.contract import Strict
from syncer.adapterkit.measuring import Spec
from syncer.adapterkit.registry import adapter_spec
from syncer.model.configuration import Configuration
from syncer.model.entities import EXISTENCE
from syncer.model.rules import ANYONE, NOBODY, Role, Rule
from syncer.settings.load import load
from syncer.settings.reference import adapter_reference, reference
from syncer.shipped import shipped

_BLOCK: Final = re.compile(
    r"(?P<head><!-- made by syncer\.settings\.readme: (?P<name>\w+) -->\n).*?"
    r"(?P<foot><!-- end of \w+ -->)",
    re.DOTALL,
)
_DECIDES: Final = "**decides**"
_ELSE: Final = "anybody else"

Cells = tuple[str, ...]


def current(text: str) -> str:
    """A page with every made part as it should be. Raises ``KeyError`` for an unknown one."""

    def made(block: re.Match[str]) -> str:
        return f"{block['head']}\n{PARTS[block['name']]()}\n{block['foot']}"

    return _BLOCK.sub(made, text)


def pages(root: Path) -> list[Path]:
    """The pages of a source tree in which made parts may stand."""
    return [root / "README.md", *sorted((root / "docs").glob("*.md"))]


def owners() -> str:
    """Who decides what under the shipped rules, a table for each entity."""
    config = _shipped()
    return "\n".join(_owners(config, entity) for entity in config.schema if _ruled(config, entity))


def fields() -> str:
    """What each entity holds, whatever the tools call it."""
    config = _shipped()
    lines = [["entity", "fields"], ["---", "---"]]
    for entity, spec in config.schema.items():
        held = [f"`{f.name}` ({f.type})" for f in spec.fields.values() if f.name != EXISTENCE]
        lines += [[entity, ", ".join(held)]] if _ruled(config, entity) else []
    return _rows(lines)


def settings() -> str:
    """Every key of the files, and the environment."""
    return reference()


def adapters() -> str:
    """The keys of the adapters that the shipped configuration connects."""
    systems = dict.fromkeys(_shipped().systems().values())
    return "\n".join(adapter_reference(adapter_spec(system)) for system in systems)


PARTS: Final[Mapping[str, Callable[[], str]]] = {
    "owners": owners,
    "fields": fields,
    "settings": settings,
    "adapters": adapters,
}


class _Anything(Strict):
    """The options of an adapter, with whatever stands in them: nothing is opened here."""

    model_config = ConfigDict(extra="allow")


def _shipped() -> Configuration:
    """The shipped configuration, with something in place of each secret."""
    root = shipped()
    names = dotenv_values(root / "config" / "example.env")
    return load(root, dict.fromkeys(names, "example"), specs=_unopened)


def _unopened(name: str) -> Spec:
    return replace(adapter_spec(name), options=_Anything)


def _ruled(config: Configuration, entity: str) -> list[Rule]:
    return [rule for (name, _), rule in config.ownership.rules.items() if name == entity]


def _owners(config: Configuration, entity: str) -> str:
    roles = [r for r in config.ownership.roles.values() if r.dynamic is None or _of(r, entity)]
    rows: dict[Cells, list[str]] = defaultdict(list)
    for rule in _ruled(config, entity):
        for what, cells in _cells(rule, roles):
            rows[cells].append(what)
    columns = [f"of a {entity}", *(role.name.replace("_", " ") for role in roles), _ELSE]
    lines = [columns, ["---"] * len(columns)]
    lines += [[", ".join(names), *cells] for cells, names in rows.items()]
    return _rows(lines)


def _rows(lines: list[list[str]]) -> str:
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _of(role: Role, entity: str) -> bool:
    return role.dynamic is not None and role.dynamic[0] == entity


def _cells(rule: Rule, roles: list[Role]) -> Iterator[tuple[str, Cells]]:
    """What a rule is about, and for each role what its edit does; two rows for `existence`."""
    if rule.field == EXISTENCE:
        for verb, policy in rule.others.items():
            cells = [_DECIDES if role.name in rule.owners else str(policy) for role in roles]
            yield verb, (*cells, str(policy))
        return
    if rule.shared is not None:
        yield f"`{rule.field}`", (f"shared: {rule.shared}",) * (len(roles) + 1)
        return
    usual = rule.others[ANYONE]
    said = [str(rule.others.get(role.name, usual)) for role in roles]
    owned = [_DECIDES if r.name in rule.owners else s for r, s in zip(roles, said, strict=True)]
    yield f"`{rule.field}`", (*owned, str(rule.others.get(NOBODY, usual)))


if __name__ == "__main__":
    for file in [Path(name) for name in sys.argv[1:]] or pages(shipped()):
        file.write_text(current(file.read_text("utf-8")), "utf-8")
