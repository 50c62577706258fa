"""Validation faults in the words of the people who write the files.

The value found is never repeated: it may be a secret in the wrong place.
"""

from collections.abc import Sequence
from typing import Any, Final

from syncer.settings.problems import suggestion

_EXPECTED: Final = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "dict_type": "keys and values",
    "model_type": "keys and values",
    "model_attributes_type": "keys and values",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "date_type": "a date like 2026-01-31",
    "date_from_datetime_parsing": "a date like 2026-01-31",
}
_TAGS: Final = {"<text>": "text", "<list>": "a list", "<keys>": "keys and values"}


def found(value: object) -> str:
    """What sort of thing a value is, without showing it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "keys and values"


def unknown_key(key: str, known: Sequence[str]) -> tuple[str, str]:
    """Message and fix for a key that does not belong there."""
    return f'unknown key "{key}"', suggestion(key, known, "known keys") or "remove it"


def describe(fault: Any, value: object) -> tuple[str, str]:
    """Message and fix for any other fault of pydantic's; ``value`` is what stands there."""
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "missing":
        name = fault["loc"][-1]
        return f'missing key "{name}"', f'add "{name}: ..."'
    if kind in _EXPECTED:
        return f"expected {_EXPECTED[kind]}, found {found(value)}", ""
    if kind == "union_tag_invalid":
        wanted = [_TAGS.get(tag.strip(" '"), tag) for tag in context["expected_tags"].split(",")]
        return f"expected {' or '.join(wanted)}, found {found(value)}", ""
    if kind == "too_short":
        return "must not be empty", ""
    if kind in ("enum", "literal_error"):
        return _choice(str(context["expected"]), value)
    message = str(fault["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    text, _, fix = message.partition("; ")
    return text, fix


def _choice(expected: str, value: object) -> tuple[str, str]:
    choices = [part.strip(" '") for part in expected.replace(" or ", ",").split(",")]
    message = f"must be one of {', '.join(choices)}"
    guess = suggestion(value, choices) if isinstance(value, str) else ""
    return message, guess if guess.startswith("did you mean") else ""
