"""Writing records and their links: a link is told beside what is agreed of its record."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import field
from sqlalchemy import delete, select

from syncer.model.records import Link, Record
from syncer.state.ahead import PENDING, Ahead
from syncer.state.beside import Beside, beside, beside_from
from syncer.state.bulk import Values, change_values, chunks, put_values
from syncer.state.codec_agreed import Kept
from syncer.state.codec_fields import spelled_where
from syncer.state.codec_links import link_values
from syncer.state.codec_records import WRITTEN, kept_as, kept_before, record_values
from syncer.state.columns import alike, escape, unescape
from syncer.state.contacts import ContactWriter
from syncer.state.errors import StateError
from syncer.state.reader import BESIDE, LINK_RECORD, as_stored, stored
from syncer.state.shapes import Shapes
from syncer.state.tables import links, records
from syncer.state.tables_shapes import shapes

# Locked until the commit: a link that was told beside a value must not outlive it.
_AGREED: Final = (
    stored(records, ["id"])
    .add_columns(*BESIDE)
    .select_from(records.outerjoin(shapes))
    .with_for_update(of=records)
)
_FIELDS: Final = (
    select(*map(as_stored, (links.c.id, LINK_RECORD, links.c.fields)))
    .join(records)
    .with_for_update(of=links)
)


class RecordWriter(ContactWriter, frozen=True):
    """The part of a transaction that writes records and links."""

    known: dict[str, Beside] = field(default_factory=dict)
    """What is agreed of records that this transaction wrote or looked at."""
    moved: dict[str, Beside] = field(default_factory=dict)
    """What was agreed before of those of which it is another now."""
    early: dict[str, tuple[Link, str]] = field(default_factory=dict)
    """Links that were told before their record, with its client; they wait for its number."""
    shapes: Shapes = field(default_factory=Shapes)
    """What its records are told by."""
    told: dict[str, Beside] = field(default_factory=dict)
    """What the links that this transaction wrote were told beside."""

    def put_records(self, items: Sequence[Record]) -> None:
        """Insert or replace records; what is known of their links stays what it is."""
        kept = [self._kept(item) for item in items]
        rows = list(map(record_values, items, kept))
        after = {item.id: beside(one) for item, one in zip(items, kept, strict=True)}
        self._agree_on(after)
        put_values(self.connection, records, rows, names=WRITTEN)
        for link, client in list(self.early.values()):
            if link.record in after:
                self.put_links([link], client)

    def _kept(self, record: Record) -> Kept:
        """How what is agreed of a record is stored: as it was, if it still can be."""
        place = (record.client, record.entity)
        before = kept_before(self.schema, record)
        if before and (not before.shape or self.shapes.has(self.connection, place, before.shape)):
            return before
        shape = self.shapes.best(self.connection, place, record.agreed)
        return kept_as(self.schema, record, shape)

    def _new(self, ahead: Ahead, row: Values, *, pending: bool) -> Values:
        """The row of a record that was told ahead, with the number that its shape has by now."""
        *told, shape = row
        told[PENDING] = told[PENDING] or pending
        if shape in ahead.drafts:
            shape = self.shapes.standing(self.connection, ahead.place(row), ahead.drafts[shape])
        return (*told, shape)

    def settle(self, ids: Iterable[str]) -> None:
        """Nothing of these records is pending any more; unknown ids are fine."""
        change_values(self.connection, records, [(False, escape(id)) for id in ids], ("pending",))

    def put_links(self, items: Sequence[Link], client: str | None = None) -> None:
        """Insert or replace links by their id.

        ``client`` is that of all their records, if it is known; else it is looked up, and they
        must be stored before. At the end of the transaction they must be, in any case.

        Raises :class:`StateError` when another link already holds a (connection, object,
        remote id) of the same client: a vendor thing is a twin of one record.
        """
        ids = [item.record for item in items]
        owners = self._clients(ids) if client is None else dict.fromkeys(ids, client)
        agreed = self._agreed(ids)
        told = {item.id: agreed[item.record] for item in items if item.record in agreed}
        ready = items if len(told) == len(items) else [i for i in items if i.id in told]
        rows = [link_values(owners[item.record], item, told[item.id]) for item in ready]
        put_values(self.connection, links, rows)
        self.told.update(told)
        for item in items:
            self.early.pop(item.id, None)
            if item.id not in told:
                self.early[item.id] = item, owners[item.record]

    def drop_links(self, ids: Iterable[str]) -> None:
        """Forget links, so that the record may get a new twin there; unknown ids are fine."""
        for part in chunks(ids):
            for id in self.early.keys() & part:
                del self.early[id]
            self.connection.execute(delete(links).where(links.c.id.in_(part)))

    def _clients(self, record_ids: Iterable[str]) -> dict[str, str]:
        wanted = list(record_ids)
        found: dict[str, str] = {}
        for part in chunks(wanted):
            query = select(records.c.id, records.c.client).where(records.c.id.in_(part))
            found.update((row.id, row.client) for row in self.connection.execute(query))
        self._must_be(record for record in wanted if record not in found)
        return found

    def _must_be(self, lacking: Iterable[str]) -> None:
        for record in lacking:
            reason = f"a link names record {record!r}, which is not stored"
            raise StateError(self.where, reason, "This is a fault of the program: report it")

    def _agreed(self, ids: Iterable[str]) -> dict[str, Beside]:
        """What is agreed of these records; unknown ones are left out."""
        for part in chunks(id for id in ids if id not in self.known):
            for id, *told in self.connection.execute(_AGREED.where(records.c.id.in_(part))):
                self.known[unescape(id)] = beside_from(*told)
        return self.known

    def _agree_on(self, after: Mapping[str, Beside]) -> None:
        before = self._agreed(after)
        for id, now in after.items():
            if id in before and not before[id].says(now):
                self.moved.setdefault(id, before[id])
        self.known.update(after)

    def finish(self) -> None:
        """Before the commit: links that go by what was agreed before are spelled out.

        Raises :class:`StateError` where one names a record that was never stored.
        """
        super().finish()
        self._must_be(link.record for link, _ in self.early.values())
        for part in chunks(self.moved):
            found = self.connection.execute(_FIELDS.where(records.c.id.in_(part)))
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
    if before.says(after):
        return None
    now = after.values
    moved = {
        name
        for name, value in before.values.items()
        if name not in now or not alike(value, now[name])
    }
    return moved if moved or list(before.values) != list(now) else None
