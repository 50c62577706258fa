"""Writes: one batch of one op and object, an outcome for each."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from adapters.hubspot.definitions import add_options
from adapters.hubspot.faults import refusal
from adapters.hubspot.links import relink, to_company
from adapters.hubspot.rows import Pending, prepared
from adapters.hubspot.schema import COMPANY, KEY, PIPELINE, STAGE, company_of, options_of
from adapters.hubspot.send import Sender
from adapters.hubspot.sets import apply_differences
from adapters.hubspot.shapes import TYPES, chunks
from adapters.hubspot.wire import Row, Wire, records
from syncer.adapterkit.errors import LookFirst, SkipRecord, WaitAndRetry
from syncer.model.remote import Catalogue, FieldInfo, Op, Option, Outcome, Result, Write
from syncer.model.values import Json

NAME: Final = "dealname"


class Push(Struct):
    """Carries out writes against a catalogue."""

    wire: Wire
    catalogue: Catalogue
    sleep: Callable[[float], None] = time.sleep

    def __call__(self, writes: Sequence[Write]) -> Iterator[Outcome]:
        """An outcome for each write."""
        for op in Op:
            for object in sorted({write.object for write in writes if write.op is op}):
                part = [write for write in writes if (write.op, write.object) == (op, object)]
                yield from self._of(op, object, part)

    def _of(self, op: Op, object: str, writes: Sequence[Write]) -> Iterator[Outcome]:
        if object not in TYPES or object not in self.catalogue.objects:
            yield from (_refused(write, f"no object {object!r}") for write in writes)
        elif op is Op.CREATE:
            yield from self._create(object, writes)
        elif op is Op.UPDATE:
            yield from self._update(object, writes)
        elif op is Op.ARCHIVE:
            marked = [write for write in writes if "field" in (write.archive or {})]
            yield from self._update(object, list(map(_by_field, marked)))
            yield from self._archive(object, [write for write in writes if write not in marked])
        else:
            yield from self._restore(object, writes)

    # Updates

    def _update(self, object: str, writes: Sequence[Write]) -> Iterator[Outcome]:
        rows = list(map(self._prepared, writes))
        try:
            relink(self.wire, rows if object == "deal" else [])
            apply_differences(self.wire, object, rows)
        except (LookFirst, WaitAndRetry) as error:
            yield from (row.ended(_retried(error), str(error)) for row in rows)
            return
        yield from (_finished(row) for row in rows if not row.properties)
        sender = Sender(self.wire, object, "update", sleep=self.sleep)
        yield from sender.send([row for row in rows if row.properties])

    def _prepared(self, write: Write) -> Pending:
        def make(info: FieldInfo, names: Sequence[str]) -> tuple[Option, ...]:
            try:
                return options_of(add_options(self.wire, write.object, info.id, names))
            except SkipRecord as error:
                raise ValueError(str(error)) from None

        return prepared(write, self._fields(write.object), make)

    def _fields(self, object: str) -> dict[str, FieldInfo]:
        return {info.id: info for info in self.catalogue.objects[object].fields}

    # Creates

    def _create(self, object: str, writes: Sequence[Write]) -> Iterator[Outcome]:
        if not self.catalogue.objects[object].creatable:
            yield from (_refused(write, "a client's company is not made here") for write in writes)
            return
        rows = list(map(self._prepared, writes))
        sender = Sender(self.wire, object, "create", self._extras, self.sleep)
        named = [row for row in rows if NAME in row.properties]
        yield from (
            row.ended(Result.REFUSED, "a deal needs a name")
            for row in rows
            if NAME not in row.properties
        )
        for outcome in sender.send(named):
            yield _with_company(outcome, writes)

    def _extras(self, row: Pending) -> Row:
        """What a new deal has besides its fields: its key, its pipeline and stage, its company.

        A plain create with a unique key is as safe as an upsert, which cannot set links: a
        second one is refused, and the first is then found by the key.
        """
        given = row.sent
        line = (
            given.get(PIPELINE) or row.write.container or next(iter(self.catalogue.containers), "")
        )
        fields = self._fields(row.write.object)
        more = {PIPELINE: line} if line else {}
        if STAGE not in given and (stage := _first_stage(fields.get(STAGE), line)):
            more[STAGE] = stage
        if KEY in fields:
            more[KEY] = row.write.intent
        company = company_of(row.write.fields, fields)
        links = [to_company(company)] if company else []
        return {"properties": more, "associations": links}

    # Archives

    def _archive(self, object: str, writes: Sequence[Write]) -> Iterator[Outcome]:
        for chunk in chunks(list(writes)):
            inputs = [{"id": write.id} for write in chunk]
            try:
                # Archiving what is archived changes nothing: safe to repeat.
                path = records(object, "batch", "archive")
                answer = self.wire.http.post(path, json={"inputs": inputs}, safe=True)
            except WaitAndRetry as error:
                yield from (
                    replace(_done(w), result=Result.RETRY, reason=str(error)) for w in chunk
                )
                continue
            if answer.ok or (answer.status == 404 and len(chunk) == 1):
                yield from (replace(_done(write), as_of=answer.at) for write in chunk)
            elif len(chunk) == 1:
                yield _refused(chunk[0], str(refusal(answer)))
            else:
                for write in chunk:
                    yield from self._archive(object, [write])

    def _restore(self, object: str, writes: Sequence[Write]) -> Iterator[Outcome]:
        told = [write for write in writes if write.fields]
        yield from self._update(object, told)
        reason = "HubSpot brings archived records back only in its own recycle bin"
        yield from (_refused(write, reason) for write in writes if not write.fields)


def _by_field(write: Write) -> Write:
    """An archive that is a choice of a field, such as a stage."""
    told = write.archive or {}
    option: Json = {"name": told.get("option", "")}
    return replace(write, fields={**write.fields, told["field"]: option})


def _first_stage(info: FieldInfo | None, pipeline: str) -> str | None:
    stages = info.options if info else ()
    return next((o.id for o in stages if o.container == pipeline and o.active), None)


def _with_company(outcome: Outcome, writes: Sequence[Write]) -> Outcome:
    """The link is made in one with the deal, and shown by neither."""
    write = next(write for write in writes if write.intent == outcome.intent)
    if outcome.result is not Result.DONE or COMPANY not in write.fields:
        return outcome
    return replace(outcome, got={**outcome.got, COMPANY: write.fields[COMPANY]})


def _finished(row: Pending) -> Outcome:
    """A row of which nothing is left to send."""
    if row.refused and not row.got and not row.stale:
        return row.ended(Result.REFUSED, "; ".join(sorted(row.refused.values())))
    return row.ended(Result.DONE)


def _retried(error: LookFirst | WaitAndRetry) -> Result:
    return Result.UNKNOWN if isinstance(error, LookFirst) else Result.RETRY


def _done(write: Write) -> Outcome:
    return Outcome(write.intent, Result.DONE, id=write.id, container=write.container)


def _refused(write: Write, reason: str) -> Outcome:
    return Outcome(write.intent, Result.REFUSED, write.id, write.container, reason=reason)
