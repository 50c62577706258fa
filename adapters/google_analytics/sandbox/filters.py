"""Filter trees: which rows of a report are wanted (guide, 5)."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from adapters.google_analytics.sandbox.answers import invalid
from adapters.google_analytics.sandbox.traffic import NOT_SET

Json = Mapping[str, Any]
Look = Callable[[str], str]
"""Gives the value of a field in the row at hand."""

Test = Callable[[Look], bool]

_COMPARED: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "EQUAL": lambda one, other: one == other,
    "LESS_THAN": lambda one, other: one < other,
    "LESS_THAN_OR_EQUAL": lambda one, other: one <= other,
    "GREATER_THAN": lambda one, other: one > other,
    "GREATER_THAN_OR_EQUAL": lambda one, other: one >= other,
}
_KINDS: Final = ("andGroup", "orGroup", "notExpression", "filter")


def test_of(tree: Json) -> Test:
    """What tells whether a row is wanted. Raises :class:`Refusal` for a tree that says nothing."""
    said = [kind for kind in _KINDS if kind in tree]
    if len(said) != 1:
        raise invalid("A filter expression must have exactly one kind of expression.")
    kind, value = said[0], tree[said[0]]
    if kind == "notExpression":
        inner = test_of(value)
        return lambda look: not inner(look)
    if kind == "filter":
        return _one(value)
    tests = [test_of(part) for part in value.get("expressions", ())]
    if not tests:
        raise invalid("A filter group must have expressions.")
    if kind == "andGroup":
        return lambda look: all(test(look) for test in tests)
    return lambda look: any(test(look) for test in tests)


def fields(tree: Json) -> Iterator[str]:
    """The names of the fields that a tree is about."""
    if "filter" in tree:
        yield str(tree["filter"].get("fieldName", ""))
    if "notExpression" in tree:
        yield from fields(tree["notExpression"])
    for group in ("andGroup", "orGroup"):
        for part in tree.get(group, {}).get("expressions", ()):
            yield from fields(part)


def _one(told: Json) -> Test:
    name = told.get("fieldName", "")
    makers: dict[str, Callable[[Json], Callable[[str], bool]]] = {
        "stringFilter": _text,
        "inListFilter": _listed,
        "numericFilter": _number,
        "betweenFilter": _between,
        "emptyFilter": _empty,
    }
    said = [kind for kind in makers if kind in told]
    if not name or len(said) != 1:
        raise invalid("A filter must have a field name and exactly one kind of filter.")
    test = makers[said[0]](told[said[0]])
    return lambda look: test(look(name))


def _text(told: Json) -> Callable[[str], bool]:
    exact, kind = told.get("caseSensitive", False), told.get("matchType", "EXACT")
    wanted = told.get("value", "")
    if kind.endswith("REGEXP"):
        return _pattern(wanted, exact, whole=kind == "FULL_REGEXP")
    wanted = wanted if exact else wanted.lower()
    how: dict[str, Callable[[str], bool]] = {
        "EXACT": lambda value: value == wanted,
        "BEGINS_WITH": lambda value: value.startswith(wanted),
        "ENDS_WITH": lambda value: value.endswith(wanted),
        "CONTAINS": lambda value: wanted in value,
    }
    if kind not in how:
        raise invalid("Match type of a string filter must be specified.")
    fits = how[kind]
    return fits if exact else lambda value: fits(value.lower())


def _pattern(wanted: str, exact: bool, *, whole: bool) -> Callable[[str], bool]:
    try:
        pattern = re.compile(wanted, 0 if exact else re.IGNORECASE)
    except re.error:
        raise invalid(f"Invalid regular expression: {wanted}") from None
    search = pattern.fullmatch if whole else pattern.search
    return lambda value: search(value) is not None


def _listed(told: Json) -> Callable[[str], bool]:
    values, exact = told.get("values", []), told.get("caseSensitive", False)
    if not values:
        raise invalid("The list of values of an in list filter must not be empty.")
    if exact:
        return frozenset(values).__contains__
    lower = frozenset(value.lower() for value in values)
    return lambda value: value.lower() in lower


def _empty(_told: Json) -> Callable[[str], bool]:
    return lambda value: value in ("", NOT_SET)


def _number(told: Json) -> Callable[[str], bool]:
    compare = _COMPARED.get(told.get("operation", ""))
    if compare is None:
        raise invalid("Operation of a numeric filter must be specified.")
    wanted = _numeric(told.get("value"))
    return lambda value: (number := _parsed(value)) is not None and compare(number, wanted)


def _between(told: Json) -> Callable[[str], bool]:
    low, high = _numeric(told.get("fromValue")), _numeric(told.get("toValue"))
    return lambda value: (number := _parsed(value)) is not None and low <= number <= high


def _numeric(told: Json | None) -> float:
    if not told:
        raise invalid("A numeric value must be specified.")
    return float(next(iter(told.values())))


def _parsed(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None
