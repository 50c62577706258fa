"""``first_contact:`` at the top and under a client, as one rule for each connection and entity."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any

from msgspec import Struct

from syncer.model.contact import ContactRule, ContactRules, FirstContact
from syncer.model.entities import Schema
from syncer.settings.places import Place
from syncer.settings.problems import Problem, suggestion
from syncer.settings.shapes_contact import ContactLine, ContactPlace

KEY = "first_contact"
_FIXED = frozenset({"default", "lists", "active since"})

Line = FirstContact | ContactLine | None


class _Said(Struct, frozen=True):
    """One of the two blocks, with everything in the same form."""

    modes: Mapping[str, FirstContact]
    places: Mapping[str, ContactPlace]
    top: ContactLine | None = None

    @classmethod
    def of(cls, line: Line) -> "_Said":
        if line is None:
            return cls({}, {})
        if isinstance(line, FirstContact):
            return cls({"": line}, {})
        extra: Mapping[str, Any] = line.model_extra or {}
        modes = {name: each for name, each in extra.items() if isinstance(each, FirstContact)}
        modes |= {"": line.default} if line.default else {}
        places = {name: each for name, each in extra.items() if isinstance(each, ContactPlace)}
        return cls(modes, places, line)

    def mode(self, names: tuple[str, ...], entity: str) -> Iterator[FirstContact]:
        """What it says of an entity in a connection of these names, the most exact first."""
        for name in names:
            place = self.places.get(name)
            if place is not None:
                said: Mapping[str, Any] = place.model_extra or {}
                yield from (m for m in (said.get(entity), place.default) if m is not None)
            if name in self.modes:
                yield self.modes[name]
        yield from (self.modes[name] for name in (entity, "") if name in self.modes)

    def filters(self, names: tuple[str, ...]) -> Iterator[ContactLine | ContactPlace]:
        """Where it may say which old stock takes part, the most exact first."""
        yield from (self.places[name] for name in names if name in self.places)
        if self.top is not None:
            yield self.top


def rules(top: Line, own: Line, links: Mapping[str, str], schema: Schema) -> ContactRules:
    """What counts for a client: its own block goes before the one at the top of the file.

    Args:
        links: the client's connections, each with its system.
    """
    blocks = (_Said.of(own), _Said.of(top))
    found: dict[tuple[str, str], ContactRule] = {}
    for (connection, system), entity in product(sorted(links.items()), sorted(schema)):
        found[connection, entity] = _rule(blocks, (connection, system), entity)
    return ContactRules(found)


def _rule(blocks: Iterable[_Said], names: tuple[str, ...], entity: str) -> ContactRule:
    names = tuple(dict.fromkeys(names))
    modes = [mode for block in blocks for mode in block.mode(names, entity)]
    filters = [each for block in blocks for each in block.filters(names)]
    return ContactRule(
        mode=next(iter(modes), FirstContact.MATCH_ONLY),
        lists=next((each.lists for each in filters if each.lists), ()),
        active_since=next((each.active_since for each in filters if each.active_since), None),
    )


def misnamed(place: Place, links: Mapping[str, str], schema: Schema) -> Iterator[Problem]:
    """Keys of a block that name neither an entity nor a connection or system.

    Args:
        links: the connections that may be named, each with its system.
    """
    systems = {*links, *links.values()}
    for name in sorted(place.names() - _FIXED):
        inner = isinstance(place.data[name], dict)
        if inner:
            yield from misnamed(place / name, {}, schema)
        wanted = systems if inner else {*schema, *systems}
        if name not in wanted:
            what = " or ".join(["entity"] * (not inner) + ["connection"] * bool(systems))
            fix = suggestion(name, wanted | _FIXED, "known")
            yield (place / name).problem(f'there is no {what} "{name}" here', fix)
