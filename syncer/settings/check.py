"""Checking plain values against a model, so that one fault does not hide the next.

A faulty part is reported, cut out, and the rest is checked again: what can be used is used,
so that everything else in the configuration can be checked against it.
"""

from typing import Any, Final, Generic, TypeVar

from msgspec import Struct
from pydantic import BaseModel, ValidationError

from syncer.settings.anatomy import instead, known_keys
from syncer.settings.places import Place
from syncer.settings.problems import Path, Problem
from syncer.settings.wording import describe, unknown_key

M = TypeVar("M", bound=BaseModel)

ROUNDS: Final = 50


class Checked(Struct, Generic[M], frozen=True):
    """``value`` is what remains after faulty parts were cut out; None if nothing does."""

    value: M | None
    problems: tuple[Problem, ...] = ()


def check(place: Place, model: type[M], data: Any = None) -> Checked[M]:
    """Check what stands at a place.

    Args:
        place: where the values come from; gives the positions.
        model: what they must be.
        data: instead of what is written there (the same, with references resolved).
    """
    left = _copy(place.data if data is None else data)
    problems: list[Problem] = []
    cut: list[Path] = []
    for _ in range(ROUNDS):
        try:
            return Checked(model.model_validate(left), tuple(problems))
        except ValidationError as error:
            faults = error.errors(include_url=False, include_input=False)
        located = [(fault, _written(left, fault["loc"])) for fault in faults]
        faulty = [each for each in located if not _as_written(place, left, *each)]
        problems += [_problem(place, model, *each) for each in faulty if not _follows(each[1], cut)]
        useless = [path for fault, path in faulty if not _went_on(model, left, fault, path)]
        if () in useless:
            break
        for path in useless:
            _remove(left, path)
        cut += useless
    return Checked(None, tuple(problems))


def _follows(path: Path, cut: list[Path]) -> bool:
    """Whether a fault is there only because something below it was cut out before."""
    return any(each[: len(path)] == path for each in cut)


def _problem(place: Place, model: type[BaseModel], fault: Any, path: Path) -> Problem:
    if fault["type"] == "extra_forbidden":
        message, fix = unknown_key(str(path[-1]), known_keys(model, path[:-1]))
        return _at(place, path).problem(message, fix)
    here = _at(place, path)
    message, fix = describe(fault, here.data)
    whole = fault["type"] == "value_error" and isinstance(here.data, dict)
    in_key = whole or fault["type"] == "missing" or fault["loc"][-1:] == ("[key]",)
    return here.problem(message, fix, value=not in_key)


def _at(place: Place, path: Path) -> Place:
    return Place(place.document, (*place.path, *path))


def _written(data: Any, loc: tuple[str | int, ...]) -> Path:
    """The part of pydantic's location that was really written; tags and missing keys go."""
    path: list[str | int] = []
    for key in loc:
        if _holds(data, key):
            data = data[key]
            path.append(key)
    return tuple(path)


def _went_on(model: type[BaseModel], data: Any, fault: Any, path: Path) -> bool:
    """Put something for a compulsory key that is missing, so that its neighbours are checked."""
    value = instead(model, path, str(fault["loc"][-1])) if fault["type"] == "missing" else None
    if value is None:
        return False
    _set(data, (*path, str(fault["loc"][-1])), value)
    return True


def _holds(data: Any, key: str | int) -> bool:
    if isinstance(data, list):
        return isinstance(key, int) and key < len(data)
    return isinstance(data, dict) and key in data


def _as_written(place: Place, data: Any, fault: Any, path: Path) -> bool:
    """A number where text is wanted is taken the way it was written: ids keep their zeros."""
    text = place.document.texts.get((*place.path, *path))
    if fault["type"] != "string_type" or text is None or not path:
        return False
    _set(data, path, text)
    return True


def _parent(data: Any, path: Path) -> Any:
    for key in path[:-1]:
        data = data[key]
    return data


def _set(data: Any, path: Path, value: Any) -> None:
    _parent(data, path)[path[-1]] = value


def _remove(data: Any, path: Path) -> None:
    """Cut a value out; a list item leaves with its list, so that positions stay right."""
    while len(path) > 1 and isinstance(path[-1], int):
        path = path[:-1]
    try:
        parent = _parent(data, path)
    except (KeyError, IndexError, TypeError):
        return
    if isinstance(parent, dict):
        parent.pop(path[-1], None)


def _copy(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _copy(value) for key, value in data.items()}
    return [_copy(value) for value in data] if isinstance(data, list) else data
