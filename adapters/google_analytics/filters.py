"""People's patterns as the vendor's filters ("FilterExpression" of the Data API).

``*`` is any text; upper and lower case are the same, as the vendor's filters have it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.google_analytics.options import WORDS

_SPECIAL: Final = re.compile(r"[\\.+*?()|\[\]{}^$]")

Expression = dict[str, Any]


def expression(*parts: Mapping[str, Sequence[str]]) -> Expression | None:
    """The filter by which all dimensions of all parts must fit, one pattern of each.

    Args:
        parts: a dimension (or one of our words for it) to its patterns.

    Returns:
        None where nothing is left out.
    """
    found = [
        one
        for filters in parts
        for name, patterns in filters.items()
        if (one := _either(WORDS.get(name, name), patterns)) is not None
    ]
    return _group("andGroup", list({str(one): one for one in found}.values()))


def matched(pattern: str) -> tuple[str, str] | None:
    """How a pattern is matched and by which text; None if any text fits."""
    words = re.sub(r"\*+", "*", pattern).split("*")
    if len(words) == 1:
        return "EXACT", pattern
    inside = [word for word in words if word]
    if not inside:
        return None
    if len(inside) > 1:
        return "FULL_REGEXP", ".*".join(map(_literal, words))
    kinds = {(False, True): "BEGINS_WITH", (True, False): "ENDS_WITH", (True, True): "CONTAINS"}
    return kinds[not words[0], not words[-1]], inside[0]


def _either(name: str, patterns: Sequence[str]) -> Expression | None:
    matches = [matched(pattern) for pattern in patterns]
    if None in matches:
        return None
    exact = list(dict.fromkeys(text for kind, text in filter(None, matches) if kind == "EXACT"))
    found = [_filter(name, kind, text) for kind, text in filter(None, matches) if kind != "EXACT"]
    if len(exact) == 1:
        found.insert(0, _filter(name, "EXACT", exact[0]))
    elif exact:
        found.insert(0, {"filter": {"fieldName": name, "inListFilter": {"values": exact}}})
    return _group("orGroup", found)


def _filter(name: str, kind: str, text: str) -> Expression:
    return {"filter": {"fieldName": name, "stringFilter": {"matchType": kind, "value": text}}}


def _group(kind: str, found: list[Expression]) -> Expression | None:
    if len(found) > 1:
        return {kind: {"expressions": found}}
    return found[0] if found else None


def _literal(text: str) -> str:
    """A text in the vendor's regular expressions (RE2) that means itself."""
    return _SPECIAL.sub(lambda match: f"\\{match[0]}", text)
