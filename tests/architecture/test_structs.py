"""What nouns have in common, of all nouns that there are."""

import ast
from typing import Any

import pytest
from msgspec import Struct
from rich.pretty import pretty_repr

from syncer.model.structs import Discreet, as_dict
from tests.architecture.source import modules


def _hiding() -> dict[str, tuple[set[str], set[str]]]:
    """By class: what it hides from logs, and what its fields are."""
    found = {}
    for module in (*modules("syncer"), *modules("adapters")):
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.ClassDef):
                continue
            told: Any = [
                part.value
                for part in node.body
                if isinstance(part, ast.Assign) and ast.unparse(part.targets[0]) == "HIDDEN"
            ]
            fields = {ast.unparse(p.target) for p in node.body if isinstance(p, ast.AnnAssign)}
            for value in told:
                found[node.name] = (ast.literal_eval(value.args[0]), fields)
    return found


def test_what_is_hidden_is_a_field() -> None:
    """A name that is no field any more would hide nothing, and show a secret."""
    hiding = _hiding()

    assert len(hiding) >= 8
    for name, (hidden, fields) in hiding.items():
        assert hidden, name
        assert hidden <= fields, name


class Inner(Struct, frozen=True):
    """Something that stands in another."""

    word: str


class Outer(Discreet, Struct, frozen=True):
    """Something with a secret."""

    HIDDEN = frozenset({"secret"})

    name: str
    secret: str
    inside: tuple[Inner, ...] = ()


def test_a_discreet_noun_shows_what_is_not_hidden_and_nothing_else() -> None:
    """Who prints it sees its name, and no secret."""
    assert repr(Outer("one", "tell-nobody")) == "Outer(name='one', inside=())"


def test_a_discreet_noun_is_so_in_tracebacks_that_print_values() -> None:
    """Printers that ask an object for its parts are told of no secret either."""
    assert "tell-nobody" not in pretty_repr({"found": [Outer("one", "tell-nobody")]})


@pytest.mark.parametrize("change", [{"name": "two"}, {"secret": "other"}])
def test_what_is_hidden_is_compared_as_all_else(change: dict[str, str]) -> None:
    """Two that differ in what they hide are not the same."""
    assert Outer("one", "tell-nobody") != Outer(
        **({"name": "one", "secret": "tell-nobody"} | change)
    )


def test_as_dict_goes_as_deep_as_nouns_stand() -> None:
    """Nouns in nouns become plain values too, what is hidden among them."""
    told = as_dict(Outer("one", "s", (Inner("a"), Inner("b"))))

    assert told == {"name": "one", "secret": "s", "inside": ({"word": "a"}, {"word": "b"})}
