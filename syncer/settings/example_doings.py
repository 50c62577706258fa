"""What people do in an example, each thing checked against what is configured."""

from collections.abc import Iterator
from typing import Final

from syncer.model.decisions import Editor
from syncer.model.entities import ARCHIVED, EXISTENCE, PRESENT
from syncer.model.examples import Doing
from syncer.model.rules import NOBODY
from syncer.model.values import Value
from syncer.settings.canonical import value_at
from syncer.settings.example_given import Given
from syncer.settings.places import Place
from syncer.settings.problems import Problem, suggestion
from syncer.settings.shapes_examples import DoingLine, ExampleLine

_DEEDS: Final = {"create": PRESENT, "archive": ARCHIVED, "restore": PRESENT}
"""What is done to a record as a whole, and what its existence is then."""


def doings(place: Place, line: ExampleLine, told: Given) -> tuple[tuple[Doing, ...], list[Problem]]:
    """Everything that is done, in order.

    Args:
        place: what stands under ``when``.
    """
    found: list[Doing] = []
    problems: list[Problem] = []
    run = False
    for index, each in enumerate(line.when):
        here = place / index if isinstance(place.data, list) else place
        if isinstance(each, str):
            run = True
            continue
        made, faults = _doing(here, each, told, after_run=run and bool(found))
        run = False
        problems += faults
        found += [made] if made else []
        if each.reply and not any(not other.reply for other in found):
            text = "nobody did anything that can be answered"
            problems.append((here / "reply").problem(text, "let somebody edit first"))
    if not found and not problems:
        problems.append(place.problem("nobody does anything", "say who sets what", value=True))
    return tuple(found), problems


def begins(line: ExampleLine) -> bool:
    """Whether the record is made by what is done."""
    return any(not isinstance(each, str) and each.does == "create" for each in line.when)


def _doing(
    place: Place, line: DoingLine, told: Given, *, after_run: bool
) -> tuple[Doing | None, list[Problem]]:
    problems = [*_nobody_known(place, line, told)]
    connection, where = _connection(place, line, told)
    problems += where
    field = EXISTENCE if line.does else line.sets or ""
    value, faults = None, list(_unknown_field(place, field, told)) if field else []
    if field and not faults:
        if connection:
            faults += _not_shown(place, field, connection, told)
        value, wrong = _value(place, line, field, told)
        faults += wrong
    problems += faults
    by = _editor(line)
    made = Doing(
        place.source, by, connection, field, value, line.reply or "", line.of, after_run=after_run
    )
    return (None if problems else made), problems


def _editor(line: DoingLine) -> Editor:
    if line.robot is not None:
        return Editor(automation=line.robot, shown=line.robot)
    if line.system is not None:
        return Editor(shown=line.system)
    if line.person in (None, NOBODY):
        return Editor(shown="somebody unknown")
    return Editor(person=line.person, shown=line.person)


def _nobody_known(place: Place, line: DoingLine, told: Given) -> Iterator[Problem]:
    people = told.config.people
    for key, extra in (("person", {NOBODY}), ("of", set[str]())):
        name = getattr(line, key)
        if name is not None and name not in people.keys() | extra:
            fix = suggestion(name, people.keys() | extra, "people")
            text = f'"{name}" is not in config/people.yaml'
            yield (place / key).problem(text, fix, value=True)


def _connection(place: Place, line: DoingLine, told: Given) -> tuple[str, list[Problem]]:
    """The client's connection that is meant, by its name or its system's."""
    name = line.system or line.in_
    if name is None:
        return "", []
    here = place / ("system" if line.system else "in")
    systems = {
        connection: system
        for connection, system in told.config.systems().items()
        if connection in (told.client.measuring if line.system else told.client.mappings)
        or (line.system and connection in told.client.mappings)
    }
    found = name if name in systems else next((c for c, s in systems.items() if s == name), "")
    if found:
        return found, []
    fix = suggestion(name, {*systems, *systems.values()}, "its tools")
    return "", [here.problem(f'{told.client.key} has no tool "{name}"', fix, value=True)]


def _unknown_field(place: Place, field: str, told: Given) -> Iterator[Problem]:
    here = place / "sets"
    if field not in told.spec.fields:
        text = f'{told.entity} has no field "{field}"'
        yield here.problem(text, suggestion(field, told.spec.fields, "fields"), value=True)
    elif (told.entity, field) not in told.config.ownership.rules:
        text = f"{told.entity}.{field} has no line in config/ownership.yaml"
        yield here.problem(text, "give it an owner there", value=True)


def _not_shown(place: Place, field: str, connection: str, told: Given) -> Iterator[Problem]:
    """A problem with an edit that nobody can make: that tool does not show the field."""
    if connection in told.client.measuring:
        return
    mapping = told.client.mappings[connection]
    here = place / ("does" if field == EXISTENCE else "sets")
    entity = mapping.entities.get(told.entity)
    line = entity.fields.get(field) if entity else None
    if entity is None or (line is None and field != EXISTENCE):
        what = told.entity if entity is None else f"{told.entity}.{field}"
        text = f"{connection} does not show {what}"
        where = entity.source if entity else mapping.source
        yield here.problem(text, f"see {where}", value=True)
    elif line is not None and not line.reads:
        text = f"{told.entity}.{field} is only written in {connection}"
        yield here.problem(text, f"see {line.source}", value=True)


def _value(place: Place, line: DoingLine, field: str, told: Given) -> tuple[Value, list[Problem]]:
    if line.does:
        return _DEEDS[line.does], []
    return value_at(place / "to", told.form(told.entity, field))
