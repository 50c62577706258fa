"""What all writes share: which fields may be written, what was refused, what came of it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from msgspec import Struct, field

from adapters.asana.client import Asana
from adapters.asana.decode import Decoder
from adapters.asana.encode import named, refuse
from adapters.asana.names import Names
from syncer.adapterkit.errors import AskPerson, SkipRecord
from syncer.model.remote import (
    Catalogue,
    FieldInfo,
    Fields,
    Outcome,
    Raw,
    RemoteRecord,
    Result,
    Write,
)
from syncer.model.values import same_raw

NOT_THERE = 404


class Tools(Struct):
    """What a write needs to know of its surroundings."""

    asana: Asana
    names: Names
    catalogue: Catalogue
    decoder: Decoder

    def info(self, object: str, id: str, container: str | None) -> FieldInfo | None:
        """A field as it stands in a container; custom fields are set up on some only."""
        known = self.catalogue.objects.get(object)
        fields = known.fields if known else ()
        here = (f for f in fields if f.id == id and f.container in (None, container))
        return next(here, None)

    def workspace(self) -> str | None:
        """The one workspace of the scope."""
        info = self.info("project", "workspace", None)
        return info.options[0].id if info and info.options else None


class Work(Struct):
    """One write on its way: fields that are still to be written, and what became of others."""

    write: Write
    fields: dict[str, Raw]
    refused: dict[str, str] = field(default_factory=dict)
    stale: dict[str, Raw] = field(default_factory=dict)

    def refuse(self, ids: Iterable[str], reason: str) -> None:
        """These fields are not written, for this reason."""
        for id in ids:
            self.refused[id] = reason
            self.fields.pop(id, None)

    def attempt(self, ids: Iterable[str], step: Callable[[], object], *, own: bool = True) -> None:
        """Take a step for some fields. What the vendor refuses of them is noted.

        ``own``: the step names the record in its path, so 404 says that the record is gone.
        Raises whatever concerns the record as a whole: that it is gone, or no answer.
        """
        try:
            step()
        except (SkipRecord, AskPerson) as error:
            if own and error.status == NOT_THERE:
                raise
            self.refuse(list(ids), error.detail or error.reason)

    def drop_stale(self, now: Fields) -> None:
        """Leave out what no longer shows what the write was made for, or shows it already."""
        for id, wanted in list(self.fields.items()):
            if id not in now or id not in self.write.base:
                continue
            if not same_raw(now[id], self.write.base[id]) and not same_raw(now[id], wanted):
                self.stale[id] = now[id]
                del self.fields[id]

    def outcome(self, record: RemoteRecord | None, at: datetime | None = None) -> Outcome:
        """What became of it, with what the record now shows of each field that was sent."""
        shown = record.fields if record else {}
        sent = [id for id in self.write.fields if id not in self.refused and id not in self.stale]
        return Outcome(
            self.write.intent,
            Result.DONE,
            id=record.id if record else self.write.id,
            container=record.container if record else None,
            got={id: shown[id] for id in sent if id in shown},
            stale=self.stale,
            refused=self.refused,
            as_of=record.as_of if record else at,
            url=record.url if record else None,
        )


def options_by_name(work: Work, tools: Tools, object: str, container: str | None) -> None:
    """Put gids in the place of names of options of custom fields."""
    for id, raw in list(work.fields.items()):
        info = tools.info(object, id, container)
        if info is None or not info.custom or not info.extensible:
            continue
        work.attempt([id], partial(_resolve, work, tools, id, raw), own=False)


def _resolve(work: Work, tools: Tools, id: str, raw: Raw) -> None:
    work.fields[id] = _resolved(tools, id, raw)


def _resolved(tools: Tools, id: str, raw: Raw) -> Raw:
    if isinstance(raw, list):
        return [_resolved(tools, id, item) for item in raw]
    name = named(raw)
    if name is not None:
        return tools.names.option(id, name)
    if raw is not None and not isinstance(raw, str):
        raise refuse(f"not an option: {raw!r}")
    return raw


def known_fields(work: Work, tools: Tools, object: str, container: str | None) -> None:
    """Refuse fields that are not there, or are read-only, before they spoil the others."""
    for id in list(work.fields):
        info = tools.info(object, id, container)
        if info is None:
            work.refuse([id], f"{object} has no field {id} here")
        elif not info.writable:
            work.refuse([id], f"{info.name} is read-only")
