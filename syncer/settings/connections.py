"""Connections: which adapter, with which options, its secrets fetched from where they are."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from msgspec import Struct
from pydantic import BaseModel, SecretStr

from syncer.adapterkit.measuring import Spec
from syncer.adapterkit.registry import UnknownAdapter, adapter_names
from syncer.model.configuration import Connection
from syncer.settings.anatomy import names, parts
from syncer.settings.check import check
from syncer.settings.places import Place
from syncer.settings.problems import Problem, suggestion
from syncer.settings.secrets import Secrets
from syncer.settings.shapes_sync import ConnectionLine

Specs = Callable[[str], Spec]

UNRESOLVED = "unresolved"


class Opened(Struct, frozen=True):
    """A connection that can be used, with the adapter's own description."""

    connection: Connection
    spec: Spec


def connections(
    place: Place, lines: Mapping[str, ConnectionLine], specs: Specs, secrets: Secrets
) -> tuple[dict[str, Opened], list[Problem]]:
    """All connections that are right, by name, and what is wrong with the others."""
    found: dict[str, Opened] = {}
    problems: list[Problem] = []
    for name, line in lines.items():
        spec, wrong = _spec(place / name, line.adapter, specs)
        problems += wrong
        if spec is not None:
            opened, wrong = _opened(place / name, line, spec, secrets)
            problems += wrong
            if opened is not None:
                found[name] = opened
    return found, problems


def secret_keys(options: type[BaseModel]) -> frozenset[str]:
    """The options that must not be written in plain text."""
    return frozenset(
        key
        for key, attribute in names(options).items()
        if any(part is SecretStr for part in parts(options.model_fields[attribute].annotation))
    )


def _spec(place: Place, adapter: str, specs: Specs) -> tuple[Spec | None, list[Problem]]:
    try:
        return specs(adapter), []
    except UnknownAdapter as error:
        known = adapter_names()
        here = place / "adapter"
        if adapter in known:
            return None, [here.problem(str(error), value=True)]
        fix = suggestion(adapter, known, "adapters")
        return None, [here.problem(f'there is no adapter "{adapter}"', fix, value=True)]


def _opened(
    place: Place, line: ConnectionLine, spec: Spec, secrets: Secrets
) -> tuple[Opened | None, list[Problem]]:
    hidden = secret_keys(spec.options)
    data: dict[str, Any] = {}
    problems: list[Problem] = []
    for key in sorted(place.names() - ConnectionLine.model_fields.keys()):
        value, problem = secrets.follow(place / key, secret=key in hidden)
        data[key] = UNRESOLVED if problem else value
        problems += [problem] if problem else []
    unresolved = {problem.path for problem in problems}
    values = tuple(str(data[key]) for key in sorted(hidden & data.keys()))
    checked = check(place, spec.options, data)
    problems += [_masked(p, values) for p in checked.problems if p.path not in unresolved]
    if checked.value is None or problems:
        return None, problems
    connection = Connection(
        name=str(place.path[-1]),
        adapter=line.adapter,
        options=checked.value,
        share=line.share,
        timeout=line.timeout,
        source=place.source,
        secrets=values,
        secrets_at={key: (place / key).source for key in sorted(hidden & data.keys())},
    )
    return Opened(connection, spec), []


def _masked(problem: Problem, values: tuple[str, ...]) -> Problem:
    """An adapter's own words about a value must not repeat it."""
    message, fix = problem.message, problem.fix
    for value in values:
        message, fix = message.replace(value, "***"), fix.replace(value, "***")
    return replace(problem, message=message, fix=fix)
