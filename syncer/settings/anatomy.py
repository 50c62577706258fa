"""Looking into pydantic models: which keys belong where. Used for messages and the reference."""

from collections.abc import Iterator, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from msgspec import Struct
from pydantic import BaseModel, RootModel


class Instead(Struct, frozen=True):
    """Metadata of a compulsory key: what to go on with, once its fault has been reported."""

    value: str


def parts(annotation: Any) -> Iterator[Any]:
    """The types a value may have: unions opened, ``Annotated`` and ``None`` taken off."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from parts(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for part in get_args(annotation):
            yield from parts(part)
    elif annotation is not NoneType:
        yield annotation


def models(annotation: Any) -> list[type[BaseModel]]:
    """The models among the types a value may have."""
    return [part for part in parts(annotation) if _is_model(part)]


def inner(annotation: Any, key: str | int) -> list[Any]:
    """The annotations of what stands under ``key`` (or at that position) in such a value."""
    found: list[Any] = []
    for part in parts(annotation):
        if _is_model(part):
            found += _member(part, key)
        elif get_origin(part) is dict and isinstance(key, str):
            found.append(get_args(part)[1])
        elif get_origin(part) in (list, tuple, set, frozenset) and isinstance(key, int):
            found.append(get_args(part)[0])
    return found


def names(model: type[BaseModel]) -> dict[str, str]:
    """The keys people write in such a mapping, each with the attribute it fills."""
    return {field.alias or name: name for name, field in model.model_fields.items()}


def known_keys(annotation: Any, path: Sequence[str | int]) -> list[str]:
    """The keys that a model knows in the mapping at ``path`` below ``annotation``."""
    return sorted({key for model in _models_at(annotation, path) for key in names(model)})


def instead(annotation: Any, path: Sequence[str | int], key: str) -> str | None:
    """What to go on with where the compulsory ``key`` is missing in the mapping at ``path``."""
    for model in _models_at(annotation, path):
        attribute = names(model).get(key)
        for extra in model.model_fields[attribute].metadata if attribute else ():
            if isinstance(extra, Instead):
                return extra.value
    return None


def _models_at(annotation: Any, path: Sequence[str | int]) -> list[type[BaseModel]]:
    here = [annotation]
    for key in path:
        here = [step for each in here for step in inner(each, key)]
    return [model for each in here for model in models(each)]


def extras(model: type[BaseModel]) -> Any:
    """The annotation of keys that are not fixed, or None if there are none."""
    if model.model_config.get("extra") != "allow":
        return None
    hint = model.__annotations__.get("__pydantic_extra__")
    return get_args(hint)[1] if hint is not None else Any


def _member(model: type[BaseModel], key: str | int) -> list[Any]:
    if issubclass(model, RootModel):
        return inner(model.model_fields["root"].annotation, key)
    if not isinstance(key, str):
        return []
    attribute = names(model).get(key)
    if attribute is not None:
        field = model.model_fields[attribute]
        return [field.annotation]
    extra = extras(model)
    return [extra] if extra is not None else []


def _is_model(part: Any) -> bool:
    return isinstance(part, type) and issubclass(part, BaseModel)
