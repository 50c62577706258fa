"""One line of a mapping: a canonical field, the tool's field, and whether the two can meet."""

from collections.abc import Collection, Mapping
from typing import Final

from msgspec import Struct, field

from syncer.model.entities import EXISTENCE, EntitySpec, Schema
from syncer.model.mapping import FieldMapping, Otherwise
from syncer.model.values import Kind
from syncer.settings.places import Place
from syncer.settings.problems import Problem, suggestion
from syncer.settings.shapes_mapping import FieldLine

_DAYS: Final = (Kind.DATE, Kind.INSTANT, Kind.WHEN)


class Canon(Struct, frozen=True):
    """The canonical model as a mapping needs it.

    ``choices`` holds all values of the enumerations that ops have added: (entity, field).
    """

    schema: Schema
    choices: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)


def field_mapping(
    place: Place, line: str | FieldLine, spec: EntitySpec, canon: Canon
) -> tuple[FieldMapping, list[Problem]]:
    """A line as the engine takes it, with what is wrong with it.

    ``place`` is the line's; its last key is the name of a field that the entity has.
    """
    name = str(place.path[-1])
    full = FieldLine(field=line) if isinstance(line, str) else line
    mapping = FieldMapping(
        field=name,
        remote=full.remote,
        source=place.source,
        custom=full.custom_field is not None,
        direction=full.direction,
        values=dict(full.values) if isinstance(full.values, dict) else None,
        otherwise=full.otherwise or Otherwise.HOLD,
        day_end=full.day_end,
        zone=full.zone or "client",
        currency=full.currency,
    )
    return mapping, [
        *_fitting(place, full, spec.fields[name].type.kind),
        *_choosing(place, full, spec.fields[name].type.kind),
        *_known_values(place / "values", full, canon.choices.get((spec.name, name))),
    ]


def no_fields(place: Place, spec: EntitySpec) -> list[Problem]:
    """A problem for each name under ``fields:`` that the entity does not have."""
    known = spec.fields.keys() - {EXISTENCE}
    return [
        (place / name).problem(
            f'{spec.name} has no field "{name}"', suggestion(name, known, "fields")
        )
        for name in sorted(place.names() - known)
    ]


def _fitting(place: Place, line: FieldLine, kind: Kind) -> list[Problem]:
    """Settings that mean something for other kinds of field only."""
    wrong = [
        ("values", line.values is not None and kind is not Kind.ENUMERATION),
        ("day_end", line.day_end is not None and kind not in _DAYS),
        ("zone", line.zone is not None and kind not in _DAYS),
        ("currency", line.currency is not None and kind is not Kind.MONEY),
    ]
    what = f"{place.path[-1]} holds {_article(kind)}"
    return [
        (place / key).problem(f'"{key}" means nothing here: {what}', "remove it")
        for key, is_wrong in wrong
        if is_wrong
    ]


def _choosing(place: Place, line: FieldLine, kind: Kind) -> list[Problem]:
    if kind is Kind.ENUMERATION and line.values is None:
        fix = 'list them under "values", or write "values: names" to take every name as it is'
        return [place.problem(f"which option means what is not said for {place.path[-1]}", fix)]
    if not isinstance(line.values, dict):
        return []
    problems = _otherwise(place, line, line.values)
    here, seen = place / "values", dict[str, str]()
    for value, options in line.values.items():
        for option in options:
            other = seen.setdefault(option.strip().casefold(), value)
            if other != value:
                text = f'"{option}" stands for {other} and for {value}'
                problems.append((here / value).problem(text, "keep one of them"))
        if "*" in options[0] and line.direction != "pull":
            text = f'"{options[0]}" cannot be written'
            fix = "put a name without * first; it is the one that is written"
            problems.append((here / value).problem(text, fix, value=True))
    return problems


def _otherwise(
    place: Place, line: FieldLine, values: Mapping[str, tuple[str, ...]]
) -> list[Problem]:
    allowed = [*(each.value for each in Otherwise), *values]
    if line.otherwise is None or line.otherwise in allowed:
        return []
    here = place / "otherwise"
    text = f'"{line.otherwise}" is neither hold nor keep nor one of the values'
    return [here.problem(text, suggestion(line.otherwise, allowed, "choices"), value=True)]


def _known_values(place: Place, line: FieldLine, choices: Collection[str] | None) -> list[Problem]:
    if choices is None or not isinstance(line.values, dict):
        return []
    return [
        (place / value).problem(
            f'"{value}" is no value of this field', suggestion(value, choices, "values")
        )
        for value in line.values
        if value not in choices
    ]


def _article(kind: Kind) -> str:
    words = {
        Kind.WHEN: "a date or an instant",
        Kind.MONEY: "money",
        Kind.TEXT: "text",
        Kind.RICH_TEXT: "rich text",
    }
    vowel = kind.value[0] in "aeiou"
    return words.get(kind, f"{'an' if vowel else 'a'} {kind.value}")
