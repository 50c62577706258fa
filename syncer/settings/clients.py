"""Clients: where each lives, and how it is read there. One client's fault stops only that one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from syncer.model.configuration import ClientConfig
from syncer.model.mapping import SystemMapping
from syncer.settings.check import check
from syncer.settings.connections import Opened
from syncer.settings.mapping_fields import Canon
from syncer.settings.mappings import SystemFile, client_mapping
from syncer.settings.places import Place
from syncer.settings.problems import Problem, suggestion
from syncer.settings.shapes_sync import ClientLine, ConnectionLine

Made = tuple[dict[str, Any], dict[str, SystemMapping], list[Problem]]


@dataclass(frozen=True)
class Shared:
    """What all clients have in common.

    Args:
        lines: connections as written; ``opened`` those that can be used.
        files: mapping files by system.
        canon: the canonical model.
        unread: systems whose mapping file is too broken to be read.
        ruled: fields that have a rule, as (entity, field); ``None`` if nobody can tell.
    """

    lines: Mapping[str, ConnectionLine]
    opened: Mapping[str, Opened]
    files: Mapping[str, SystemFile]
    canon: Canon
    unread: frozenset[str]
    ruled: frozenset[tuple[str, str]] | None


def client(place: Place, line: ClientLine, shared: Shared) -> tuple[ClientConfig, list[Problem]]:
    """A client as the engine takes it, and what is wrong with it."""
    scopes, mappings, problems = _places(place, line, shared)
    problems += _nowhere(place, shared)
    found = ClientConfig(
        key=str(place.path[-1]),
        name=line.name,
        zone=line.zone,
        scopes=scopes,
        mappings=mappings,
        source=place.source,
        mode=line.mode,
    )
    return found, problems


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


def _places(place: Place, line: ClientLine, shared: Shared) -> Made:
    scopes: dict[str, Any] = {}
    mappings: dict[str, SystemMapping] = {}
    problems: list[Problem] = []
    for name in line.scopes:
        here = place / "scopes" / name
        if name not in shared.lines:
            continue
        if name in shared.opened:
            checked = check(here, shared.opened[name].spec.scope)
            problems += checked.problems
            scopes[name] = checked.value
        mapping, found = _mapping(place, line, name, shared)
        problems += found
        if mapping is not None:
            mappings[name] = mapping
    return scopes, mappings, problems


def _mapping(
    place: Place, line: ClientLine, name: str, shared: Shared
) -> tuple[SystemMapping | None, list[Problem]]:
    system = shared.lines[name].adapter
    file = shared.files.get(system)
    if file is None:
        if system in shared.unread:
            return None, []
        text, fix = f"there is no mapping for {system}", f"add mappings/{system}.yaml"
        return None, [(place / "scopes" / name).problem(text, fix)]
    key = name if name in line.variants else system
    variant = file.variant(line.variants.get(key))
    if variant is None:
        fix = f'add "variants: {{{system}: ...}}" with one of {", ".join(file.variants)}'
        text = f"which variant of {system} is meant is not said"
        return None, [place.problem(text, fix)]
    if variant not in file.variants:
        if key not in line.variants or variant in (file.place / "variants").names():
            return None, []
        fix = suggestion(variant, file.variants, "variants")
        text = f'{system} has no variant "{variant}"'
        return None, [(place / "variants" / key).problem(text, fix, value=True)]
    said = name if name in line.overrides else system
    at = place / "overrides" / said
    changes = line.overrides.get(said, {})
    mapping, found = client_mapping(file, variant, changes, at, shared.canon)
    return mapping, [*found, *_unowned(at, mapping, shared)]


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
