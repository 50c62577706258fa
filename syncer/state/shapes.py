"""Choosing the shape by which what is agreed of a record is stored, within one transaction."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select

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

    def has(self, connection: Connection, place: Place, shape: Shape) -> bool:
        """Whether this very shape stands in this database."""
        known = self._of(connection, place)
        if shape.number not in known:
            known.update(_read(connection.execute(_QUERY.where(shapes.c.number == shape.number))))
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
            found = min(known.values(), key=lambda shape: shape.strays(agreed), default=None)
            if found is None or found.strays(agreed) * 2 > len(agreed):
                found = _made(connection, place, agreed)
            if found is not None:
                known[found.number] = found
            self._chosen[key] = found
        return self._chosen[key]

    def _of(self, connection: Connection, place: Place) -> dict[int, Shape]:
        if place not in self._known:
            client, entity = place
            mine = _QUERY.where(shapes.c.client == client, shapes.c.entity == entity)
            latest = mine.order_by(shapes.c.number.desc()).limit(LATEST)
            self._known[place] = _read(connection.execute(latest))
        return self._known[place]


def _read(rows: Iterable[Any]) -> dict[int, Shape]:
    found = (shape_of(tuple(row)) for row in rows)
    return {shape.number: shape for shape in found if shape is not None}


def _made(connection: Connection, place: Place, agreed: Mapping[str, Agreed]) -> Shape | None:
    """One of just these fields and rules; None where there are too many already."""
    row = dict(zip(("client", "entity"), place, strict=True))
    told = {"fields": list(agreed), "rules": [one.rule for one in agreed.values()]}
    same = _QUERY.filter_by(**row, **told).limit(1)
    found = _read(connection.execute(same))
    if not found:
        count = select(func.count()).select_from(shapes).filter_by(**row)
        if connection.execute(count).scalar_one() < MOST:
            connection.execute(insert(shapes), row | told)
            found = _read(connection.execute(same))
    return next(iter(found.values()), None)
