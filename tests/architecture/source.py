"""The source as data, for tests about its shape."""

import ast
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the root, its dotted name, its text and its tree."""

    path: str
    name: str
    text: str
    tree: ast.Module

    def within(self, *packages: str) -> bool:
        """Whether this is one of these packages or inside one."""
        return any(inside(self.name, package) for package in packages)


def inside(name: str, package: str) -> bool:
    """Whether a dotted name is a package or something in it."""
    return name == package or name.startswith(f"{package}.")


def listing(found: Iterable[object]) -> str:
    """What was found, a line each, for the message of a failed test."""
    return "".join(f"\n  {one}" for one in found)


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Every Python file under these folders, in order."""
    return tuple(
        _module(file)
        for folder in folders
        for file in sorted((ROOT / folder).rglob("*.py"))
        if "_shipped" not in file.parts
    )


def _module(file: Path) -> Module:
    path = file.relative_to(ROOT)
    parts = path.with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    text = file.read_text(encoding="utf-8")
    return Module(path.as_posix(), name, text, ast.parse(text, path.as_posix()))


def imports(module: Module) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything imported; ``from a import b`` gives ``a.b``."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def functions(module: Module) -> Iterator[tuple[str, Function]]:
    """Every function with its qualified name, methods and nested ones too."""
    yield from _functions(module.tree, "")


def _functions(parent: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
    for node in ast.iter_child_nodes(parent):
        if isinstance(node, Function):
            yield prefix + node.name, node
        named = isinstance(node, Function | ast.ClassDef)
        yield from _functions(node, f"{prefix}{node.name}." if named else prefix)


def docstring(node: Documented) -> ast.Expr | None:
    """The statement that is the docstring."""
    first = node.body[0] if node.body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return first if isinstance(first.value.value, str) else None
    return None


def length(function: Function) -> int:
    """Lines from ``def`` to the end, the docstring's not counted."""
    doc = docstring(function)
    words = (doc.end_lineno or 0) - doc.lineno + 1 if doc else 0
    return (function.end_lineno or 0) - function.lineno + 1 - words


def tracked() -> tuple[Path, ...]:
    """Every file that git tracks or would track, as it stands in the working tree."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    files = (ROOT / name for name in sorted(set(listing.split("\0"))) if name)
    return tuple(file for file in files if file.is_file())
