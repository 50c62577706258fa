"""The checks see what they are made for: each is shown a fault."""

import ast

import pytest

from tests.architecture.source import Module, docstring, functions, imports, length
from tests.architecture.test_imports import strays
from tests.architecture.test_owners import literals
from tests.architecture.test_words import ADDRESS, MADE_UP, ON_SOMEBODYS_MACHINE, public


def module(text: str) -> Module:
    """A module of the engine with this text."""
    return Module("syncer/engine/made_up.py", "syncer.engine.made_up", text, ast.parse(text))


@pytest.mark.parametrize(
    "text",
    [
        "import syncer.cli",
        "from syncer import cli",
        "from syncer.cli import main",
        "def late():\n    from syncer.cli.run import main",
    ],
)
def test_every_form_of_an_import_is_seen(text: str) -> None:
    """A forbidden import is found in whatever form and wherever it stands."""
    assert 1 == len(strays(module(text), ("syncer.engine", "syncer.model")))


def test_a_name_that_merely_begins_alike_is_another_room() -> None:
    """`syncer.modelling` is not `syncer.model`."""
    assert strays(module("import syncer.modelling"), ("syncer.model",))
    assert not strays(module("from syncer.model.values import Kind"), ("syncer.model",))


def test_the_length_leaves_the_docstring_out() -> None:
    """Words for the reader are not counted, code and comments are."""
    text = 'def f(\n    a,\n):\n    """One.\n\n    Two.\n    """\n    # why\n    return a\n'
    [(name, function)] = functions(module(text))

    assert ("f", 5) == (name, length(function))


def test_nested_functions_have_their_own_names() -> None:
    """A method and a function inside it are told apart."""
    text = "class A:\n    def b(self):\n        def c():\n            pass\n"

    assert ["A.b", "A.b.c"] == [name for name, _ in functions(module(text))]


def test_a_docstring_is_no_literal() -> None:
    """A field may be spoken of, not looked up by name."""
    text = '"""deadline"""\ndef f(x):\n    """deadline"""\n    return x["deadline"]\n'

    assert [(4, "deadline")] == list(literals(module(text)))


def test_what_is_public_is_found_in_classes() -> None:
    """A method without a docstring is found, a private one may do without."""
    text = "class A:\n    def b(self): ...\n    def _c(self): ...\n"
    bare = [name for name, node in public(module(text).tree, "") if docstring(node) is None]

    assert ["A", "A.b"] == bare


def test_a_path_of_one_machine_is_told_from_one_of_an_image() -> None:
    """Somebody's home is found; the image's folders and an address are not."""
    folder = "/" + "home/maya/syncer"

    assert ON_SOMEBODYS_MACHINE.search(f"see {folder}")
    assert not ON_SOMEBODYS_MACHINE.search("/data/config and /venv/bin")
    assert not ON_SOMEBODYS_MACHINE.search(f"https://example.com{folder}")


def test_imports_name_what_they_bring() -> None:
    """Line and full name, so that a part of a package can be allowed alone."""
    text = "import os.path\nfrom syncer.adapterkit import contract as c\n"

    assert [(1, "os.path"), (2, "syncer.adapterkit.contract")] == list(imports(module(text)))


@pytest.mark.parametrize(
    ("text", "real"),
    [
        ("maya@honeyandrye.example", False),
        ("a.b+c@mail.example.org", False),
        ("somebody" + "@" + "agency.co.uk", True),
        ("python:3.11-slim@sha256:0123", None),
    ],
)
def test_a_real_address_is_told_from_a_made_up_one(text: str, real: bool | None) -> None:
    """Addresses of domains set aside for examples pass; None: no address at all."""
    match = ADDRESS.search(text)

    assert real == (match and not MADE_UP.search(match[1]))
