"""Which places some client has already, by what stands in ``sync.yaml``."""

from collections.abc import Mapping, Sequence
from typing import Any

from syncer.model.surveys import Spot
from syncer.model.values import Json
from syncer.onboarding.kept import mark
from syncer.suggest.clients import Known


def covers(scope: Mapping[str, Any], spot: Spot) -> bool:
    """Whether a scope that somebody wrote means a place, or holds it."""
    names = {spot.id, spot.name, *spot.aliases}
    return bool(spot.scope) and all(
        _means(scope.get(key), value, names)
        for key, value in spot.scope.items()
        if key in scope or isinstance(value, list) or value in names
    )


def _means(written: Any, value: Json, names: set[str]) -> bool:
    if isinstance(written, list):
        return bool(names & set(map(str, written)))
    return written is not None and (str(written) == str(value) or str(written) in names)


def free_spots(
    spots: Mapping[str, Sequence[Spot]],
    scopes: Mapping[str, Sequence[Mapping[str, Any]]],
    done: set[str],
) -> dict[str, list[Spot]]:
    """The places that no client has, alone or in another place, and that nobody left out."""
    found: dict[str, list[Spot]] = {}
    for name, each in spots.items():
        held = {s.id for s in each if any(covers(scope, s) for scope in scopes.get(name, ()))}
        found[name] = [s for s in each if not {s.id, s.inside} & held and mark(name, s) not in done]
    return found


def known_clients(
    lines: Mapping[str, Mapping[str, Any]], spots: Mapping[str, Sequence[Spot]]
) -> list[Known]:
    """Clients that stand in ``sync.yaml``."""
    return [_known(key, line, spots) for key, line in lines.items()]


def _known(key: str, line: Mapping[str, Any], spots: Mapping[str, Sequence[Spot]]) -> Known:
    parts = set()
    for name, scope in line["scopes"].items():
        inside = [s for s in spots.get(name, ()) if covers(scope, s)]
        if inside and not any(spot.whole for spot in inside):
            parts.add(name)
    return Known(key, str(line["name"]), frozenset(line["scopes"]) - parts, frozenset(parts))
