"""Writing records and their links: a link is told beside what is agreed of its record."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import field
from sqlalchemy import delete, select, update

from syncer.model.records import Link, Record
from syncer.state.beside import NOTHING_AGREED, Beside
from syncer.state.bulk import change_values, chunks, put_values
from syncer.state.codec_fields import spelled_where
from syncer.state.codec_links import link_values
from syncer.state.codec_records import record_values
from syncer.state.columns import alike, escape, unescape
from syncer.state.contacts import ContactWriter
from syncer.state.errors import StateError
from syncer.state.reader import stored
from syncer.state.tables import links, records

# Locked until the commit: a link that was told beside a value must not outlive it.
_AGREED: Final = stored(records, ("id", "agreed")).with_for_update()
_FIELDS: Final = stored(links, ("id", "record", "fields")).with_for_update()


class RecordWriter(ContactWriter, frozen=True):
    """The part of a transaction that writes records and links."""

    known: dict[str, Beside] = field(default_factory=dict)
    """What is agreed of records that this transaction wrote or looked at."""
    moved: dict[str, Beside] = field(default_factory=dict)
    """What was agreed before of those of which it is another now."""
    told: dict[str, Beside] = field(default_factory=dict)
    """What the links that this transaction wrote were told beside."""

    def put_records(self, items: Sequence[Record]) -> None:
        """Insert or replace records; what is known of their links stays what it is."""
        rows = [record_values(self.schema, item) for item in items]
        self._agree_on({item.id: Beside(row[-1]) for item, row in zip(items, rows, strict=True)})
        put_values(self.connection, records, rows)

    def settle(self, ids: Iterable[str]) -> None:
        """Nothing of these records is pending any more; unknown ids are fine."""
        for part in chunks(ids):
            done = update(records).where(records.c.id.in_(part)).values(pending=False)
            self.connection.execute(done)

    def put_links(self, items: Sequence[Link], client: str | None = None) -> None:
        """Insert or replace links by their id. Their records must be stored before.

        ``client`` is that of all their records, if it is known; else it is looked up.

        Raises :class:`StateError` when another link already holds a (connection, object,
        remote id) of the same client: a vendor thing is a twin of one record.
        """
        ids = [item.record for item in items]
        owners = self._clients(ids) if client is None else dict.fromkeys(ids, client)
        agreed = self._agreed(ids)
        beside = {item.id: agreed.get(item.record, NOTHING_AGREED) for item in items}
        rows = [link_values(owners[item.record], item, beside[item.id]) for item in items]
        put_values(self.connection, links, rows)
        self.told.update(beside)

    def drop_links(self, ids: Iterable[str]) -> None:
        """Forget links, so that the record may get a new twin there; unknown ids are fine."""
        for part in chunks(ids):
            self.connection.execute(delete(links).where(links.c.id.in_(part)))

    def _clients(self, record_ids: Iterable[str]) -> dict[str, str]:
        wanted = list(record_ids)
        found: dict[str, str] = {}
        for part in chunks(wanted):
            query = select(records.c.id, records.c.client).where(records.c.id.in_(part))
            found.update((row.id, row.client) for row in self.connection.execute(query))
        for record in wanted:
            if record not in found:
                raise StateError(
                    self.where, f"a link names record {record!r}, which is not stored",
                    "Put the record first; this is a fault of the program",
                )  # fmt: skip
        return found

    def _agreed(self, ids: Iterable[str]) -> dict[str, Beside]:
        """What is agreed of these records; unknown ones are left out."""
        for part in chunks(id for id in ids if id not in self.known):
            for id, text in self.connection.execute(_AGREED.where(records.c.id.in_(part))):
                self.known[unescape(id)] = Beside(text)
        return self.known

    def _agree_on(self, after: Mapping[str, Beside]) -> None:
        before = self._agreed(after)
        for id, now in after.items():
            if id in before and before[id].text != now.text:
                self.moved.setdefault(id, before[id])
        self.known.update(after)

    def finish(self) -> None:
        """Before the commit: links that go by what was agreed before are spelled out."""
        for part in chunks(self.moved):
            found = self.connection.execute(_FIELDS.where(links.c.record.in_(part)))
            rows = [(unescape(id), unescape(record), text) for id, record, text in found]
            spelled = [(self._spelled(*row), escape(row[0])) for row in rows]
            told = [row for row in spelled if row[0] is not None]
            change_values(self.connection, links, told, ("fields",))

    def _spelled(self, link: str, record: str, text: str) -> str | None:
        before, after = self.told.get(link, self.moved[record]), self.known[record]
        names = _moved(before, after)
        return None if names is None else spelled_where(text, before, after, names)


def _moved(before: Beside, after: Beside) -> set[str] | None:
    """The fields of which another value is agreed, or none any more; None if links may stay."""
    if before.text == after.text:
        return None
    now = after.values
    moved = {
        name
        for name, value in before.values.items()
        if name not in now or not alike(value, now[name])
    }
    return moved if moved or list(before.values) != list(now) else None
