"""``config/ownership.yaml`` is the only place where a field gets its owner."""

import ast
from collections.abc import Iterator

from ruamel.yaml import YAML

from syncer.model.entities import EXISTENCE
from tests.architecture.source import ROOT, Module, docstring, listing, modules

OWNERSHIP = ROOT / "config" / "ownership.yaml"

ENTITIES = ("client", "project", "task", "comment", "person", "metric")

ALWAYS = frozenset({"deadline", "strategy", "brief", "price", "goals", "budget_hours"})
"""What the two roles share out between them, whatever the shipped file says."""

OTHER_MEANINGS = {
    "name": "the wire form of an option that does not exist yet is {'name': ...}",
    "client": "the unit of isolation; conditions say client.key, a zone may be the client's",
}
"""Words of the model that are also field names; a rule about them is looked up like any other."""


def owned() -> frozenset[str]:
    """Fields that have an owner under the shipped rules."""
    if not OWNERSHIP.is_file():
        return ALWAYS
    rules = YAML(typ="safe").load(OWNERSHIP)
    fields = {
        name
        for entity in ENTITIES
        for name, rule in (rules.get(entity) or {}).items()
        if isinstance(rule, dict) and "owner" in rule
    }
    return ALWAYS | fields - {EXISTENCE, *OTHER_MEANINGS}


def literals(module: Module) -> Iterator[tuple[int, str]]:
    """Every string that stands in the code, docstrings apart."""
    nodes = list(ast.walk(module.tree))
    words = {
        id(doc.value)
        for node in nodes
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if (doc := docstring(node)) is not None
    }
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in words:
            yield node.lineno, node.value


def test_no_owned_field_is_named_where_things_are_decided() -> None:
    """Nothing under reconcile/ or engine/ knows a field by name; a rule is only ever looked up."""
    names = owned()
    found = [
        f"{module.path}:{line} names {text!r}"
        for module in modules("syncer/reconcile", "syncer/engine")
        for line, text in literals(module)
        if text.rpartition(".")[2] in names
    ]

    assert not found, listing(found)


def test_the_shipped_rules_give_the_shared_fields_an_owner() -> None:
    """A producer's deadline and an account manager's strategy are owned as shipped."""
    assert ALWAYS <= owned()
