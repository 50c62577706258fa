"""The options of adapters: what their docstrings say of them, and their part of the schema."""

import re
from collections.abc import Iterator
from inspect import cleandoc
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from syncer.adapterkit.registry import adapter_spec, built_in_names
from syncer.settings.anatomy import names

_REFERENCE: Final = r"^(env:\s*[A-Za-z_][A-Za-z0-9_]*\s*|file:.*)$"
"""A value that stands elsewhere; any option may be written so, and a secret must be."""

_ELSEWHERE: Final = {"$ref": "#/$defs/Elsewhere"}
_UNSHOWN: Final = ("default", "title", "description")

_ARGUMENT: Final = re.compile(r"^ {4}(\w+): ", re.MULTILINE)
_OF_ALL_ADAPTERS: Final = {"base_url": "Where the API is; another address only for a sandbox."}


def summary(model: type[BaseModel]) -> str:
    """What such options are, in a sentence or two."""
    return _prose(_docs(model)[0])


def meanings(model: type[BaseModel]) -> dict[str, str]:
    """What each option means, by the name of the argument."""
    said = _ARGUMENT.split(_docs(model)[2])[1:]
    told = dict(zip(said[::2], map(_prose, said[1::2]), strict=True))
    return _OF_ALL_ADAPTERS | {name: text[:1].upper() + text[1:] for name, text in told.items()}


def with_adapters(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of ``sync.yaml`` with the options that each built-in adapter knows.

    An adapter of somebody's own may be connected with any options: nothing is known of it here.
    """
    line = schema["$defs"]["ConnectionLine"]
    common = dict.fromkeys(line["properties"], True)
    specs = {name: adapter_spec(name).options for name in built_in_names()}
    made, shared = models_json_schema([(model, "validation") for model in specs.values()])
    inside = shared["$defs"]
    keys = {name: made[(model, "validation")]["$ref"] for name, model in specs.items()}
    parts = {name: inside.pop(ref.rpartition("/")[2]) for name, ref in keys.items()}
    rules = [_rule(n, specs[n], parts[n], common) for n in specs]
    defs = {**schema["$defs"], **inside, "ConnectionLine": {**line, "allOf": rules}}
    defs["Elsewhere"] = {"type": "string", "pattern": _REFERENCE}
    return {**schema, "$defs": defs}


def _rule(
    name: str, model: type[BaseModel], schema: dict[str, Any], common: dict[str, Any]
) -> dict[str, Any]:
    """What holds of a connection once its adapter is known."""
    options = dict(_options(model, schema))
    return {
        "if": {"properties": {"adapter": {"const": name}}, "required": ["adapter"]},
        "then": {
            "description": summary(model),
            "properties": common | options,
            "required": schema.get("required", []),
            "additionalProperties": False,
        },
    }


def _options(model: type[BaseModel], schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    told = meanings(model)
    for key, attribute in names(model).items():
        said = schema["properties"][key]
        text = said.get("description") or told.get(attribute, "")
        known = {name: part for name, part in said.items() if name not in _UNSHOWN}
        yield key, ({"description": text} if text else {}) | _value(known)


def _value(known: dict[str, Any]) -> dict[str, Any]:
    """An option as it stands in the file, where it may also name where its value is."""
    if "writeOnly" in str(known):
        return _ELSEWHERE
    return known if known == {"type": "string"} else {"anyOf": [known, _ELSEWHERE]}


def _docs(model: type[BaseModel]) -> tuple[str, str, str]:
    return cleandoc(model.__doc__ or "").partition("Args:")


def _prose(text: str) -> str:
    return " ".join(text.replace("``", "`").split())
