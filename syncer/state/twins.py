"""Ids and fingerprints of linked things: asked of every page of a listing, so nothing else is read."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Select, Text, bindparam, select, type_coerce

from syncer.model.entities import ARCHIVED
from syncer.model.records import LinkStatus
from syncer.state.bulk import CHUNK, chunks
from syncer.state.columns import escape, unescape
from syncer.state.errors import translated
from syncer.state.reader import Reader
from syncer.state.tables import links

_ID: Final = type_coerce(links.c.remote_id, Text)
"""As it is stored: what needs no escape is not looked at one by one."""


def _linked(*columns: Any) -> Select[Any]:
    names = ("client", "connection", "object")
    mine = [links.c[name] == bindparam(name) for name in names]
    return select(*columns).where(*mine, links.c.status == str(LinkStatus.LINKED))


_MARKS: Final = (
    "SELECT remote_id, mark FROM links WHERE client = {one} AND connection = {one}"
    " AND object = {one} AND status = {one} AND mark IS NOT NULL AND remote_id IN ({all})"
)
"""Nothing in it has to be coded, and a page of a listing asks it."""
_LISTED: Final = _linked(_ID).where(links.c.existence != ARCHIVED)
_INSIDE: Final = _LISTED.where(links.c.container == bindparam("container"))


class TwinReader(Reader):
    """What is linked in a system, by the ids that it has there."""

    def marks(
        self, client: str, connection: str, object: str, remote_ids: Iterable[str]
    ) -> dict[str, int]:
        """The fingerprints of ``LINKED`` things, by remote id; those without one are left out."""
        place = (client, connection, object, str(LinkStatus.LINKED))
        found: dict[str, int] = {}
        with translated(self.where, self._still_ours), self._engine.connect() as db:
            for part in chunks(map(escape, remote_ids)):
                asked = _marks(db.dialect.name, len(part))
                found.update(db.exec_driver_sql(asked, (*place, *part)).all())
        return {_read(id): mark for id, mark in found.items()}

    def linked_ids(
        self, client: str, connection: str, object: str, container: str | None = None
    ) -> set[str]:
        """All of :meth:`each_linked_id` at once."""
        return set(self.each_linked_id(client, connection, object, container))

    def each_linked_id(
        self, client: str, connection: str, object: str, container: str | None = None
    ) -> Iterator[str]:
        """Remote ids of ``LINKED`` twins, in one container or (None) wherever they are.

        Without those that were last seen archived: a listing of what is live lacks them.
        """
        place = {"client": client, "connection": connection, "object": object}
        query = _LISTED if container is None else _INSIDE
        place |= {} if container is None else {"container": container}
        with translated(self.where, self._still_ours), self._engine.connect() as db:
            streamed = db.execution_options(yield_per=CHUNK).execute(query, place).scalars()
            for part in streamed.partitions():
                yield from map(_read, part)


@lru_cache(maxsize=CHUNK)
def _marks(dialect: str, count: int) -> str:
    one = "?" if dialect == "sqlite" else "%s"
    return _MARKS.format(one=one, all=", ".join([one] * count))


def _read(id: str) -> str:
    return unescape(id) if "\\u" in id else id
