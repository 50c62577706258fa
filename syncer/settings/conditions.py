"""Conditions in CEL: compiled and checked when the files are read, asked later.

A condition sees plain values: text, numbers as doubles, dates as ISO text, sets as sorted
lists, an empty field as ``null``.
"""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from typing import Any, Final, Protocol, cast

from syncer.model.rules import Source
from syncer.model.values import MISSING, Money, instant_text
from syncer.settings.places import Place
from syncer.settings.problems import Problem, suggestion

MAX_LENGTH: Final = 500
MAX_LOOPS: Final = 2
MAX_ITEMS: Final = 1000
MAX_PATTERNED: Final = 100
"""Items that a loop with a pattern goes through: the pattern is read anew for each."""

MAX_WORK: Final = 300_000_000
"""Characters that a loop may handle: those of all texts, once for each turn."""

Allowed = Mapping[str, frozenset[str] | None]
"""Names a condition may use, each with its fields; ``None`` where they are the tool's own."""

_LITERAL: Final = re.compile(r"""[rR]?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""")
_GAP: Final = r"\s*(?://[^\n]*\n\s*)*"
_ANY_LOOP: Final = re.compile(rf"\b(?:all|exists|exists_one|map|filter){_GAP}\(")
"""Counted wherever it stands, in text and comments too: so no way of writing hides one."""

_ANY_PATTERN: Final = re.compile(rf"\bmatches{_GAP}\(")
_SHORT_PATTERN: Final = re.compile(r"""\.matches\(\s*("[^"{]{0,60}"|'[^'{]{0,60}')\s*\)""")
_LOOP: Final = re.compile(r"\.(?:all|exists|exists_one|map|filter)\s*\(\s*([A-Za-z_]\w*)\s*,")
_MEMBER: Final = re.compile(r"(?<![\w.])([A-Za-z_]\w*)\s*\.\s*([A-Za-z_]\w*)(?!\s*\(|\w)")
_ERROR: Final = re.compile(r"ERROR: <input>:(\d+):(\d+): (?:Syntax error: )?(.*)")
_FUNCTIONS: Final = frozenset(
    {
        *("contains", "startsWith", "endsWith", "matches", "size", "has", "lower"),
        *("all", "exists", "exists_one", "map", "filter"),
        *("int", "uint", "double", "string", "timestamp", "duration"),
    }
)


class _Program(Protocol):
    def execute(self, context: Any) -> Any: ...

    def references(self) -> dict[str, list[str]]: ...


@cache
def library() -> Any:
    """The compiled part of the CEL package, which is all that conditions need.

    The package itself also imports its interactive prompt, which takes half a second.
    """
    package = PathFinder.find_spec("cel")
    places = package.submodule_search_locations if package else None
    spec = PathFinder.find_spec("cel.cel", places)
    if spec is None or spec.loader is None or "cel" in sys.modules:
        return import_module("cel")
    sys.modules[spec.name] = module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class CelCondition:
    """A compiled condition; see :class:`syncer.model.mapping.Condition`."""

    text: str
    source: Source
    program: _Program = field(repr=False, compare=False)

    def __call__(self, context: Mapping[str, Any]) -> bool:
        """Whether it holds. Raises ``ValueError`` when that cannot be said."""
        try:
            given = {name: plain(value) for name, value in context.items()}
            _bounded(self.text, given)
            found = self.program.execute(library().Context(given, {"lower": _lower}))
        except KeyError as error:
            raise self._undecided(f"there is no {error.args[0]!s}") from None
        except (ValueError, TypeError, RuntimeError, ArithmeticError, LookupError) as error:
            raise self._undecided(str(error).partition(".")[0]) from None
        if not isinstance(found, bool):
            raise self._undecided("the answer is neither true nor false")
        return found

    def _undecided(self, why: str) -> ValueError:
        return ValueError(f"{self.source}: cannot answer {self.text!r}: {why}")


def condition(
    place: Place, text: str, allowed: Allowed
) -> tuple[CelCondition | None, list[Problem]]:
    """Compile a condition and check the names it uses.

    Args:
        place: where it is written.
        text: the CEL source.
        allowed: what it may refer to there.
    """
    if len(text) > MAX_LENGTH:
        fix = f"shorten it to {MAX_LENGTH} characters"
        return None, [place.problem("the condition is too long", fix, value=True)]
    try:
        program = cast(_Program, library().compile(text))
    except ValueError as error:
        return None, [place.problem(*_unreadable(str(error)), value=True)]
    faults = [*_names(program, text, allowed), *_loops(text)]
    problems = [place.problem(message, fix, value=True) for message, fix in faults]
    return CelCondition(text, place.value_source, program), problems


def plain(value: Any) -> Any:
    """A canonical value as a condition sees it; plain values stay as they are."""
    if value is None or value is MISSING:
        return None
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        if len(value) > MAX_ITEMS:
            raise ValueError(f"a list of more than {MAX_ITEMS} items")
        items = [plain(item) for item in value]
        return items if isinstance(value, list | tuple) else sorted(items, key=str)
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, Money):
        return float(value.amount)
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        return float(value)
    if isinstance(value, datetime):
        return instant_text(value)
    return value.isoformat() if isinstance(value, date) else value


def describe(allowed: Allowed) -> str:
    """What may be used, in a message: ``project.name, project.status, client.key``."""
    parts = []
    for name, fields in sorted(allowed.items()):
        known = sorted(fields) if fields else ["... (the tool's own fields)"]
        parts += [f"{name}.{each}" for each in known]
    return ", ".join(parts)


def _names(program: _Program, text: str, allowed: Allowed) -> list[tuple[str, str]]:
    bare = _LITERAL.sub('""', text)
    bound = set(_LOOP.findall(bare))
    used = program.references()
    faults = [
        (f'the condition knows no "{name}"', f"it may use {describe(allowed)}")
        for name in used["variables"]
        if name not in allowed and name not in bound
    ]
    faults += [
        (f'the condition knows no function "{name}"', suggestion(name, _FUNCTIONS, "functions"))
        for name in used["functions"]
        if name.isidentifier() and name not in _FUNCTIONS and not name.startswith("_")
    ]
    for name, member in sorted(set(_MEMBER.findall(bare))):
        fields = allowed.get(name)
        if fields is not None and member not in fields and name not in bound:
            fix = suggestion(member, fields, f"{name} has")
            faults.append((f'the condition knows no "{name}.{member}"', fix))
    return faults


def _loops(text: str) -> list[tuple[str, str]]:
    loops, patterns = len(_ANY_LOOP.findall(text)), len(_ANY_PATTERN.findall(text))
    if loops > MAX_LOOPS:
        fix = f"use at most {MAX_LOOPS} of map, filter, ..."
        return [("the condition has too many loops", fix)]
    if loops and patterns and (loops > 1 or patterns > len(_SHORT_PATTERN.findall(text))):
        fix = 'write it like .matches("KW[0-9]+"): up to 60 characters, without {}, in one loop'
        return [("a pattern in a loop must be short", fix)]
    return []


def _bounded(text: str, given: Mapping[str, Any]) -> None:
    """Refuse a loop that would take minutes, or all memory. Raises ``ValueError``."""
    loops = len(_ANY_LOOP.findall(text))
    if not loops:
        return
    items, letters = _size(given)
    turns = max(items, text.count(",")) ** loops
    patterned = _ANY_PATTERN.search(text) is not None
    if turns * letters * (1 + text.count("+")) > MAX_WORK or (patterned and items > MAX_PATTERNED):
        raise ValueError(f"{items} items with {letters} characters are too much to loop over")


def _size(value: Any) -> tuple[int, int]:
    """The most items of any list or mapping in a value, and the characters of its texts."""
    if isinstance(value, str):
        return 0, len(value)
    if not isinstance(value, dict | list):
        return 0, 1
    inner = [_size(each) for each in value]
    inner += [_size(each) for each in value.values()] if isinstance(value, dict) else []
    most = max((items for items, _ in inner), default=0)
    return max(len(value), most), sum(letters for _, letters in inner)


def _unreadable(error: str) -> tuple[str, str]:
    parts = _ERROR.search(error)
    if parts is None:
        return "the condition is not CEL", ""
    what = parts[3].partition(" expecting ")[0].strip()
    if "<EOF>" in what and "mismatched" in what:
        what = "it ends too early"
    return f"the condition is not CEL: character {parts[2]}: {what}", ""


def _lower(text: Any) -> Any:
    return text.lower() if isinstance(text, str) else text
