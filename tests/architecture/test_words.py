"""What is written: docstrings where strangers read, and nothing about where it was written."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import (
    ROOT,
    Documented,
    docstring,
    functions,
    listing,
    modules,
    tracked,
)

REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pypi", "python", "org"),
        ("python" + "hosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("proxy", "golang", "org"),
        ("docker", "io"),
        ("ghcr", "io"),
        ("quay", "io"),
    )
)
"""Hosts a mirror may stand in for: where a library comes from is the installer's business."""

ON_SOMEBODYS_MACHINE = re.compile(r"(?<![\w.$}~-])/(?:root|home|Users|work|workspace|opt|mnt)/\w")
"""An absolute path that exists on one machine only."""

ADDRESS = re.compile(r"[\w.+-]+@((?:[\w-]+\.)+[a-z]{2,})\b", re.IGNORECASE)
MADE_UP = re.compile(
    r"(?:^|\.)(?:example(?:\.com|\.org|\.net)?|test|invalid|localhost)$", re.IGNORECASE
)
"""Domains set aside for examples: nobody's mail goes there."""


def lines() -> Iterator[tuple[str, str]]:
    """Where (file:line) and text of every line of every tracked text file."""
    for file in tracked():
        for number, line in enumerate(text_of(file).splitlines(), 1):
            yield f"{file.relative_to(ROOT).as_posix()}:{number}", line


def text_of(file: Path) -> str:
    """The text of a file; nothing where it is not text."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_registry_is_named(host: str) -> None:
    """The project installs from whatever registry the machine is set up for."""
    found = [where for where, line in lines() if host in line]

    assert not found, listing(found)


def test_no_path_of_one_machine() -> None:
    """Nothing depends on where somebody keeps their files."""
    found = [f"{where} {line}" for where, line in lines() if ON_SOMEBODYS_MACHINE.search(line)]

    assert not found, listing(found)


def test_nobody_real_is_named() -> None:
    """Every mail address is made up: no person, no workplace."""
    found = [
        f"{where} {match[0]}"
        for where, line in lines()
        for match in ADDRESS.finditer(line)
        if not MADE_UP.search(match[1])
    ]

    assert not found, listing(found)


def public(node: ast.AST, prefix: str) -> Iterator[tuple[str, Documented]]:
    """Public classes, functions and methods, not what is nested inside functions."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if not child.name.startswith("_"):
            yield prefix + child.name, child
            if isinstance(child, ast.ClassDef):
                yield from public(child, f"{prefix}{child.name}.")


def test_an_adapter_author_finds_everything_explained() -> None:
    """Every public module, class and function of the kit says what it is for."""
    found = [
        f"{module.path}:{name}"
        for module in modules("syncer/adapterkit")
        for name, node in [("", module.tree), *public(module.tree, "")]
        if docstring(node) is None
    ]

    assert not found, listing(found)


def test_every_test_states_its_promise() -> None:
    """A test's docstring says what is promised, so that a failure reads as a broken promise."""
    found = [
        f"{module.path}:{function.lineno} {name}"
        for module in modules("tests")
        for name, function in functions(module)
        if function.name.startswith("test_") and docstring(function) is None
    ]

    assert not found, listing(found)
