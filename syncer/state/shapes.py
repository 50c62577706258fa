"""Choosing the shape by which what is agreed of a record is stored, within one transaction."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Select, func, insert, select

from syncer.model.records import Agreed
from syncer.state.codec_records import shape_of
from syncer.state.reader import SHAPE, stored
from syncer.state.shape import Shape
from syncer.state.tables_shapes import shapes

FEW: Final = 3
"""Of so many fields the names are told with their values: a shape would save nothing."""

MOST: Final = 500
"""Shapes of one entity of one client; what fits none of so many is told by name."""

LATEST: Final = 32
"""So many are looked at: older ones are of rules that were changed since."""

Place = tuple[str, str]
"""Client and entity."""

_QUERY: Final = stored(shapes, SHAPE)


class Shapes:
    """The shapes that a transaction knows."""

    def __init__(self) -> None:
        self._known: dict[Place, dict[int, Shape]] = {}
        self._chosen: dict[tuple[Any, ...], Shape | None] = {}
        self._drafted: dict[int, int] = {}

    def has(self, connection: Connection, place: Place, shape: Shape) -> bool:
        """Whether this very shape stands in this database."""
        known = self._of(connection, place)
        if shape.number not in known:
            known.update(
                shapes_from(connection.execute(_QUERY.where(shapes.c.number == shape.number)))
            )
        return known.get(shape.number) == shape

    def best(
        self, connection: Connection, place: Place, agreed: Mapping[str, Agreed]
    ) -> Shape | None:
        """The one that fits best; a new one where none fits well; None: do without."""
        if len(agreed) <= FEW:
            return None
        key = (place, *agreed, *(one.rule for one in agreed.values()))
        if key not in self._chosen:
            known = self._of(connection, place)
            found = nearest(known.values(), agreed)
            if found is None:
                found = _made(connection, place, agreed)
            if found is not None:
                known[found.number] = found
            self._chosen[key] = found
        return self._chosen[key]

    def standing(self, connection: Connection, place: Place, draft: Shape) -> int:
        """The number of a shape that was drafted: from now on it stands in this database."""
        if draft.number not in self._drafted:
            told = connection, place, list(draft.names), list(draft.rules)
            self._drafted[draft.number] = (_same(*told) or _inserted(*told)).number
        return self._drafted[draft.number]

    def _of(self, connection: Connection, place: Place) -> dict[int, Shape]:
        if place not in self._known:
            self._known[place] = shapes_from(connection.execute(latest(place)))
        return self._known[place]


def nearest(known: Iterable[Shape], agreed: Mapping[str, Agreed]) -> Shape | None:
    """The shape that fits best; None where none fits well."""
    found = min(known, key=lambda shape: shape.strays(agreed), default=None)
    return None if found is None or found.strays(agreed) * 2 > len(agreed) else found


def latest(place: Place) -> Select[Any]:
    """A query for those shapes of an entity that are looked at."""
    mine = _QUERY.filter_by(**_where(place))
    return mine.order_by(shapes.c.number.desc()).limit(LATEST)


def counted(place: Place) -> Select[Any]:
    """A query for how many shapes an entity has."""
    return select(func.count()).select_from(shapes).filter_by(**_where(place))


def _where(place: Place) -> dict[str, str]:
    return dict(zip(("client", "entity"), place, strict=True))


def shapes_from(rows: Iterable[Any]) -> dict[int, Shape]:
    """The shapes that a query found, by number."""
    found = (shape_of(tuple(row)) for row in rows)
    return {shape.number: shape for shape in found if shape is not None}


def _made(connection: Connection, place: Place, agreed: Mapping[str, Agreed]) -> Shape | None:
    """One of just these fields and rules; None where there are too many already."""
    names, rules = list(agreed), [one.rule for one in agreed.values()]
    found = _same(connection, place, names, rules)
    if found is None and connection.execute(counted(place)).scalar_one() < MOST:
        found = _inserted(connection, place, names, rules)
    return found


def _same(connection: Connection, place: Place, names: list[str], rules: list[str]) -> Shape | None:
    query = _QUERY.filter_by(**_where(place), fields=names, rules=rules).limit(1)
    return next(iter(shapes_from(connection.execute(query)).values()), None)


def _inserted(connection: Connection, place: Place, names: list[str], rules: list[str]) -> Shape:
    connection.execute(insert(shapes), _where(place) | {"fields": names, "rules": rules})
    found = _same(connection, place, names, rules)
    assert found is not None  # it was put there just now
    return found
