"""Canonical record types and their fields; ops may add fields in ``config/sync.yaml``."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from syncer.model.goals import GOALS, RESULTS
from syncer.model.values import FieldType, Kind

EXISTENCE: Final = "existence"
"""The field every record has: whether it is there. Decided by owners like any other."""

PROJECT: Final = "project"
"""The entity for whose records, and all below them, roles may be held by others."""

PRESENT: Final = "present"
ARCHIVED: Final = "archived"


class FieldSpec(Struct, frozen=True):
    """One canonical field: its name within the entity and its type.

    ``history``: every agreed value is kept with its time, not only the last one.
    """

    name: str
    type: FieldType
    history: bool = False


class EntitySpec(Struct, frozen=True):
    """A canonical record type.

    ``title`` names the field a person knows the record by. ``level`` orders creation:
    a record of a higher level may refer to one of a lower. ``done`` names the field and the
    values of it that mean finished: such a record may be tidied away without a word.
    ``begins`` and ``launches`` name the fields of its first day and of the day it is to go out.
    """

    name: str
    level: int
    title: str
    fields: Mapping[str, FieldSpec] = field(default_factory=dict)
    done: tuple[str, frozenset[str]] | None = None
    begins: str | None = None
    launches: str | None = None

    def with_fields(self, added: Iterable[FieldSpec]) -> "EntitySpec":
        """A copy with more fields."""
        fields = dict(self.fields) | {spec.name: spec for spec in added}
        return replace(self, fields=MappingProxyType(fields))


Schema = Mapping[str, EntitySpec]

_TEXT = FieldType(Kind.TEXT)
_RICH = FieldType(Kind.RICH_TEXT)
_WHEN = FieldType(Kind.WHEN)
_PERSON = FieldType(Kind.PERSON)
_ENUM = FieldType(Kind.ENUMERATION)
_EXISTENCE = FieldSpec(EXISTENCE, _ENUM)


SIBLINGS: Final = "siblings"
"""The field in which each twin names the addresses of all of them. The service itself owns it."""

_RESULTS: Final = {
    RESULTS: _RICH,
    f"{RESULTS}_value": FieldType(Kind.NUMBER),
    f"{RESULTS}_share": FieldType(Kind.NUMBER),
    f"{RESULTS}_projection": FieldType(Kind.NUMBER),
    f"{RESULTS}_pace": _ENUM,
    f"{RESULTS}_behind": FieldType(Kind.NUMBER),
    f"{RESULTS}_as_of": FieldType(Kind.DATE),
    f"{RESULTS}_flags": _TEXT,
    f"{RESULTS}_weekly": _RICH,
}
_HISTORY: Final = frozenset({GOALS, "deadline"})


def _entity(name: str, level: int, title: str, /, **fields: FieldType) -> EntitySpec:
    specs = {key: FieldSpec(key, kind, key in _HISTORY) for key, kind in fields.items()}
    done = ("status", frozenset({"done"})) if "status" in specs else None
    begins, launches = (key if key in specs else None for key in ("start", "deadline"))
    linked = {} if name == "person" else {SIBLINGS: FieldSpec(SIBLINGS, _TEXT)}
    all_of_it = MappingProxyType({**specs, **linked, EXISTENCE: _EXISTENCE})
    return EntitySpec(name, level, title, all_of_it, done, begins, launches)


BUILTIN: Final[Schema] = MappingProxyType(
    {
        "client": _entity(
            "client",
            0,
            "name",
            name=_TEXT,
            domain=_TEXT,
            account_manager=_PERSON,
            industry=_TEXT,
            strategy=_RICH,
            retainer=FieldType(Kind.MONEY),
            goals=_RICH,
            **_RESULTS,
        ),
        "project": _entity(
            "project",
            1,
            "name",
            name=_TEXT,
            client=FieldType(Kind.REFERENCE, target="client"),
            status=_ENUM,
            start=_WHEN,
            deadline=_WHEN,
            producer=_PERSON,
            account_manager=_PERSON,
            budget_hours=FieldType(Kind.NUMBER),
            price=FieldType(Kind.MONEY),
            strategy=_RICH,
            brief=_RICH,
            goals=_RICH,
            **_RESULTS,
        ),
        "task": _entity(
            "task",
            2,
            "title",
            title=_TEXT,
            project=FieldType(Kind.REFERENCE, target="project"),
            parent=FieldType(Kind.REFERENCE, target="task"),
            status=_ENUM,
            start=_WHEN,
            deadline=_WHEN,
            assignees=FieldType(Kind.PERSON, many=True),
            notes=_RICH,
            labels=FieldType(Kind.TEXT, many=True),
            priority=_ENUM,
            estimate=FieldType(Kind.NUMBER),
        ),
        "person": _entity("person", 0, "name", name=_TEXT, email=_TEXT),
    }
)
