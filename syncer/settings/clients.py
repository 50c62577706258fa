"""Clients: where each lives, and how it is read there. One client's fault stops only that one."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from syncer.model.configuration import ClientConfig
from syncer.model.mapping import SystemMapping
from syncer.model.measures import Measuring
from syncer.settings.check import check
from syncer.settings.connections import Opened
from syncer.settings.contact import KEY, Line, misnamed, rules
from syncer.settings.mapping_fields import Canon
from syncer.settings.mappings import SystemFile, client_mapping
from syncer.settings.measuring import SourceFile
from syncer.settings.places import Place
from syncer.settings.problems import Problem, suggestion
from syncer.settings.shapes_sync import ClientLine, ConnectionLine
from syncer.settings.systems import Systems


class _Made(Struct):
    """A client's places, as far as they can be used."""

    scopes: dict[str, Any] = field(default_factory=dict)
    mappings: dict[str, SystemMapping] = field(default_factory=dict)
    measuring: dict[str, Measuring] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class Shared(Struct, frozen=True):
    """What all clients have in common.

    Args:
        lines: connections as written; ``opened`` those that can be used.
        files: mapping files.
        canon: the canonical model.
        unread: systems whose mapping file is too broken to be read.
        ruled: fields that have a rule, as (entity, field); ``None`` if nobody can tell.
        contact: what is said of every client's old stock.
    """

    lines: Mapping[str, ConnectionLine]
    opened: Mapping[str, Opened]
    files: Systems
    canon: Canon
    unread: frozenset[str]
    ruled: frozenset[tuple[str, str]] | None
    contact: Line = None


def client(place: Place, line: ClientLine, shared: Shared) -> tuple[ClientConfig, list[Problem]]:
    """A client as the engine takes it, and what is wrong with it."""
    made = _places(place, line, shared)
    links = {name: shared.lines[name].adapter for name in line.scopes if name in shared.lines}
    made.problems += misnamed(place / KEY, links, shared.canon.schema)
    found = ClientConfig(
        key=str(place.path[-1]),
        name=line.name,
        zone=line.zone,
        scopes=made.scopes,
        mappings=made.mappings,
        source=place.source,
        mode=line.mode,
        measuring=made.measuring,
        siblings=line.siblings,
        first_contact=rules(shared.contact, line.first_contact, links, shared.canon.schema),
    )
    return found, [*made.problems, *_nowhere(place, shared)]


def namesakes(place: Place, lines: Mapping[str, ClientLine]) -> Iterator[Problem]:
    """Clients of one name: a condition like ``client.name`` could not tell them apart."""
    seen: dict[str, str] = {}
    for key, line in lines.items():
        other = seen.setdefault(line.name.strip().casefold(), key)
        written = (place / key / "name").data
        if other != key and written is not None:
            text = f"{other} has the same name"
            fix = "a client stands here once"
            yield (place / key / "name").problem(text, fix, value=True)


def _nowhere(place: Place, shared: Shared) -> Iterator[Problem]:
    """Connections that there are not, and words about systems that the client has no scope in."""
    written = (place / "scopes").names()
    known = Place(place.document, ("connections",)).names()
    for name in sorted(written - known):
        fix = suggestion(name, known, "connections")
        yield (place / "scopes" / name).problem(f'there is no connection "{name}"', fix)
    here = written | {shared.lines[name].adapter for name in written & shared.lines.keys()}
    for key in ("variants", "overrides"):
        for name in sorted((place / key).names() - here):
            text = f'{place.path[-1]} has no scope in "{name}"'
            yield (place / key / name).problem(text, suggestion(name, here, "scopes"))


def _places(place: Place, line: ClientLine, shared: Shared) -> _Made:
    made = _Made()
    for name in line.scopes:
        if name not in shared.lines:
            continue
        if name in shared.opened:
            checked = check(place / "scopes" / name, shared.opened[name].spec.scope)
            made.problems += checked.problems
            made.scopes[name] = checked.value
        _map(made, place, line, name, shared)
    return made


def _map(made: _Made, place: Place, line: ClientLine, name: str, shared: Shared) -> None:
    """How the client is read in one connection: its records, or what is measured."""
    system = shared.lines[name].adapter
    file = shared.files.records.get(system) or shared.files.sources.get(system)
    if file is None:
        if system not in shared.unread:
            text, fix = f"there is no mapping for {system}", f"add mappings/{system}.yaml"
            made.problems.append((place / "scopes" / name).problem(text, fix))
        return
    variant, problem = _variant(place, line, name, file)
    made.problems += [problem] if problem else []
    at = place / "overrides" / (name if name in (place / "overrides").names() else system)
    if isinstance(file, SourceFile):
        made.problems += _no_override(at, file)
    if variant is None:
        return
    if isinstance(file, SourceFile):
        made.measuring[name] = file.variants[variant]
        return
    changes = line.overrides.get(str(at.path[-1]), {})
    mapping, found = client_mapping(file, variant, changes, at, shared.canon)
    made.mappings[name] = mapping
    made.problems += [*found, *_unowned(at, mapping, shared)]


def _variant(
    place: Place, line: ClientLine, name: str, file: SystemFile | SourceFile
) -> tuple[str | None, Problem | None]:
    """Which variant is meant; None if there is none such, and what is wrong unless it is known."""
    system = file.system
    key = name if name in line.variants else system
    variant = file.variant(line.variants.get(key))
    if variant is None:
        fix = f'add "variants: {{{system}: ...}}" with one of {", ".join(file.variants)}'
        return None, place.problem(f"which variant of {system} is meant is not said", fix)
    if variant in file.variants:
        return variant, None
    if key not in line.variants or variant in (file.place / "variants").names():
        return None, None
    fix = suggestion(variant, file.variants, "variants")
    text = f'{system} has no variant "{variant}"'
    return None, (place / "variants" / key).problem(text, fix, value=True)


def _no_override(at: Place, file: SourceFile) -> Iterator[Problem]:
    if at.data is not None:
        text = f"{file.system} has no entities, so there is nothing to override"
        name = f'name it under "variants" of {at.path[1]}'
        fix = f"write another variant in {file.place.document.file} and {name}"
        yield at.problem(text, fix)


def _unowned(at: Place, mapping: SystemMapping, shared: Shared) -> Iterator[Problem]:
    """A field that only an override maps needs an owner as well."""
    for entity, lines in mapping.entities.items():
        for name in lines.fields:
            here = at / entity / "fields" / name
            known = name in shared.canon.schema[entity].fields
            if here.data is None or not known or shared.ruled is None:
                continue
            if (entity, name) not in shared.ruled:
                fix = f'add "{name}: {{owner: ROLE}}" under "{entity}:" in config/ownership.yaml'
                yield here.problem(f"no owner for {entity}.{name}", fix)
