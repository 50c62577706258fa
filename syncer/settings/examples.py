"""``config/examples.yaml``: what the rules come to, as ops people expect it."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from syncer.model.configuration import Configuration
from syncer.model.examples import Doing, Example
from syncer.model.values import MISSING, Seen
from syncer.settings.canonical import value_at
from syncer.settings.check import check
from syncer.settings.example_doings import begins, doings
from syncer.settings.example_given import Given, given
from syncer.settings.files import EXAMPLES, Notes, top
from syncer.settings.places import Place
from syncer.settings.problems import ConfigurationError, Problem, suggestion
from syncer.settings.shapes_examples import RUN, ExampleLine, ExamplesFile, GivenLine

_BLANK = {"example": "?", "when": [RUN], "then": "held"}
"""Stands for all examples while what is around them is checked."""


def examples(root: Path, config: Configuration) -> tuple[Example, ...]:
    """Read and check the examples against a configuration.

    Args:
        root: the folder that holds ``config/``.

    Raises :class:`ConfigurationError` with all problems, also where the file is missing.
    """
    notes = Notes()
    place = top(root, EXAMPLES, notes)
    found = _all(place, config, notes) if place is not None else []
    if notes.problems:
        raise ConfigurationError(notes.problems)
    return tuple(found)


def _all(place: Place, config: Configuration, notes: Notes) -> list[Example]:
    """Every example that can be made; each is checked by itself, so that none hides another."""
    usual = notes.take(_usual(place))
    lines = notes.take(_lines(place / "examples"))
    notes.problems += _twice(lines)
    made: list[Example] = []
    for here, line in lines:
        told = notes.take(given((place / "given", usual), (here / "given", line.given), config))
        if told is not None:
            made += notes.take(_example(here, line, told))
    return made


def _usual(place: Place) -> tuple[GivenLine, Iterable[Problem]]:
    """What holds in every example; the examples themselves are looked at one by one."""
    written = place.data.get("examples")
    data = {**place.data, "examples": [_BLANK]} if written and isinstance(written, list) else None
    checked = check(place, ExamplesFile, data)
    return (checked.value.given if checked.value else GivenLine()), checked.problems


def _lines(place: Place) -> tuple[list[tuple[Place, ExampleLine]], list[Problem]]:
    found: list[tuple[Place, ExampleLine]] = []
    problems: list[Problem] = []
    for index in range(len(place.data) if isinstance(place.data, list) else 0):
        checked = check(place / index, ExampleLine)
        problems += checked.problems
        if checked.value is not None and not checked.problems:
            found.append((place / index, checked.value))
    return found, problems


def _twice(lines: Iterable[tuple[Place, ExampleLine]]) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for place, line in lines:
        other = first.setdefault(line.example, place)
        if other is not place:
            text = "there is an example of this name already"
            yield (place / "example").problem(text, f"it begins at {other.source}", value=True)


def _example(place: Place, line: ExampleLine, told: Given) -> tuple[list[Example], list[Problem]]:
    done, problems = doings(place / "when", line, told)
    problems += _strangers(place / "tells", line, told)
    if done and len(line.then) > len(done):
        of = "one doing" if len(done) == 1 else f"{len(done)} doings"
        text = f"{len(line.then)} outcomes of {of}"
        problems.append((place / "then").problem(text, "say one for each", value=True))
    agreed, wrong = _agreed(place / "agreed", done, told)
    made = Example(
        name=line.example,
        source=place.source,
        client=told.client.key,
        entity=told.entity,
        doings=done,
        then=line.then,
        given=told.values,
        new=told.new or begins(line),
        tells=None if line.tells is None else frozenset(line.tells),
        agreed=agreed,
        day=told.day,
    )
    problems += wrong
    return ([] if problems else [made]), problems


def _agreed(place: Place, done: Sequence[Doing], told: Given) -> tuple[Seen, list[Problem]]:
    """The value that is expected, of the field that was set last."""
    field = next((each.field for each in reversed(done) if not each.reply), None)
    if field is None or not place.written:
        return MISSING, []
    return value_at(place, told.form(told.entity, field))


def _strangers(place: Place, line: ExampleLine, told: Given) -> Iterator[Problem]:
    for index, name in enumerate(line.tells or ()):
        if name not in told.config.people:
            fix = suggestion(name, told.config.people, "people")
            text = f'"{name}" is not in config/people.yaml'
            yield (place / index).problem(text, fix, value=True)
