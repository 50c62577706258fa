"""The reference of every key and variable, as Markdown tables made from the models."""

from collections.abc import Iterator
from copy import copy
from datetime import date, time, timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel, RootModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from syncer.adapterkit.measuring import Spec
from syncer.settings.anatomy import extras, models, names, parts
from syncer.settings.options import meanings, summary
from syncer.settings.prefix import PREFIX
from syncer.settings.schemas import MODELS
from syncer.settings.shapes import WorkingDays, working_days
from syncer.settings.shapes_mapping import EntityChange
from syncer.settings.variables import Environment

FILES: Final = {
    "sync": "config/sync.yaml",
    "ownership": "config/ownership.yaml",
    "people": "config/people.yaml",
    "texts": "config/texts.yaml",
    "mapping": "mappings/*.yaml",
    "measuring": "mappings/google_analytics.yaml",
    "examples": "config/examples.yaml",
    "answers": "syncer init --answers FILE",
}
"""Name of a model to the files it describes."""

_WORDS: Final[dict[Any, str]] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    timedelta: "time span",
    time: "time of day",
    date: "day",
    Any: "anything",
    Path: "path",
    SecretStr: "`env:NAME` or `file:PATH`",
}
Seen = dict[type[BaseModel], str]

_HEAD: Final = "| key | value | unless said | meaning |\n|---|---|---|---|\n"


def reference() -> str:
    """All tables: a section for each file, and one for the environment.

    In a key, NAME stands for a name of your choice or from another file.
    """
    sections = [
        f"### `{FILES[name]}`\n\n{_doc(model)}\n\n{_HEAD}{_table(model)}"
        for name, model in MODELS.items()
    ]
    rows = [
        _row(f"{PREFIX}{name.upper()}", info) for name, info in Environment.model_fields.items()
    ]
    doc = "Variables, also in an env file; secrets are named by the files (`env:NAME`)."
    sections.append(f"### Environment\n\n{doc}\n\n{_HEAD}{''.join(rows)}")
    return "\n".join(sections)


def adapter_reference(spec: Spec) -> str:
    """The keys of an adapter's connections and of its scopes; their docstrings say what for."""
    return (
        f"### `adapter: {spec.name}`\n\nUnder `connections.NAME`: {_adapter_table(spec.options)}\n"
        f"Under `clients.NAME.scopes.NAME`: {_adapter_table(spec.scope)}"
    )


def _adapter_table(model: type[BaseModel]) -> str:
    told = meanings(model)
    rows = [_row(key, _told(info, told.get(key))) for key, info in _keys(model, "", {})]
    return f"{summary(model)}\n\n{_HEAD}{''.join(rows)}"


def _told(info: FieldInfo, text: str | None) -> FieldInfo:
    found = copy(info)
    found.description = info.description or text
    return found


def _table(model: type[BaseModel]) -> str:
    seen: Seen = {EntityChange: f"`variants.NAME.NAME` of `{FILES['mapping']}`"}
    return "".join(_row(key, info) for key, info in _keys(model, "", seen))


def _keys(model: type[BaseModel], prefix: str, seen: Seen) -> Iterator[tuple[str, FieldInfo]]:
    """Every key below a model with its full path; NAME stands for names of your choice."""
    if issubclass(model, RootModel):
        yield from _below(model.model_fields["root"].annotation, prefix, seen)
        return
    for key, attribute in names(model).items():
        info = model.model_fields[attribute]
        path = f"{prefix}{key}"
        yield path, info
        yield from _below(info.annotation, f"{path}.", seen)
    extra = extras(model)
    if extra is not None:
        yield f"{prefix}NAME", FieldInfo(annotation=extra, default=None, description=_doc(model))


def _below(annotation: Any, prefix: str, seen: Seen) -> Iterator[tuple[str, FieldInfo]]:
    for part in parts(annotation):
        if get_origin(part) is dict:
            yield from _below(get_args(part)[1], f"{prefix}NAME.", seen)
        if get_origin(part) in (tuple, list):
            yield from _below(get_args(part)[0], prefix, seen)
    for model in models(annotation):
        if model in seen:
            same = FieldInfo(annotation=model, default=None, description=f"As {seen[model]}.")
            yield prefix.removesuffix("."), same
        else:
            seen[model] = f"`{prefix.removesuffix('.')}`"
            yield from _keys(model, prefix, seen)


def _row(key: str, info: FieldInfo) -> str:
    term = any(getattr(extra, "func", None) is working_days for extra in info.metadata)
    kind = "working days" if term else _type(info.annotation)
    default = f"`{info.default} working days`" if term else _default(info)
    cells = [f"`{key}`", kind, default, info.description or ""]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _type(annotation: Any) -> str:
    if WorkingDays in (annotation, *get_args(annotation)):
        return "working days"
    words = list(dict.fromkeys(_word(part) for part in parts(annotation)))
    return " or ".join(words)


def _word(part: Any) -> str:
    origin, inside = get_origin(part), get_args(part)
    if origin is Literal:
        return ", ".join(f"`{choice}`" for choice in inside)
    if origin is tuple and inside == (date, date):
        return "span of days"
    if origin is tuple and inside == (time, time):
        return "span of hours"
    if origin in (tuple, list):
        return f"list of {_type(inside[0])}"
    if origin is dict or (isinstance(part, type) and issubclass(part, BaseModel)):
        return "keys and values"
    if isinstance(part, type) and issubclass(part, Enum):
        return ", ".join(f"`{member.value}`" for member in part)
    return _WORDS.get(part, str(part))


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "must be said"
    value = info.default
    if value is PydanticUndefined or value is None or isinstance(value, BaseModel) or value == ():
        return ""
    return f"`{_as_written(value)}`"


def _as_written(value: Any) -> str:
    """A value as people write it in a file."""
    if isinstance(value, timedelta):
        return _span(value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, tuple):
        inside = [_as_written(one) for one in value]
        hours = all(isinstance(one, time) for one in value)
        return "-".join(inside) if hours else f"[{', '.join(inside)}]"
    return str(value).lower()


def _span(value: timedelta) -> str:
    minutes = int(value.total_seconds()) // 60
    if minutes % 60:
        return f"{minutes}m"
    hours = minutes // 60
    return f"{hours}h" if hours <= 24 or hours % 24 else f"{hours // 24}d"


def _doc(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or "").split())
