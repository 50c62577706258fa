"""What to remember of a twin after deciding: seen advances in the very transaction of the verdict."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec.structs import replace

from syncer.engine.attribute import Told, entries_of
from syncer.engine.cases import Twin
from syncer.model.decisions import Change, FieldView, View
from syncer.model.entities import ARCHIVED
from syncer.model.records import Link, LinkField, LinkStatus
from syncer.model.values import MISSING, dump
from syncer.reconcile.merge import elsewhere
from syncer.reconcile.reading import met


class Treatment(StrEnum):
    """How a field that differs was dealt with, where it was not simply decided on."""

    UNDECIDED = "undecided"
    REWRITE = "rewrite"
    RIVAL = "rival"


def remember(twin: Twin, told: Told, treatments: Mapping[str, Treatment]) -> Link:
    """The link as it is to be stored."""
    link = twin.link
    if twin.ended:
        return replace(link, status=LinkStatus.GONE, existence=ARCHIVED)
    if twin.view is None:
        return link
    fields = _fields(link.fields, twin.view, told, treatments)
    # What is not decided on yet is asked after later, from where we decided last.
    waits = twin.rests if fields is link.fields else any(map(_waits, fields.values()))
    seen = twin.mark if twin.fresh else link.mark
    mark = None if waits or treatments or not _plain(twin.view) else seen
    if not twin.fresh:
        return replace(link, fields=fields, verify=_verify(link, told), mark=mark)
    decided = (link.as_of,) if waits and link.as_of else (twin.view.as_of, link.as_of)
    return replace(
        link,
        fields=fields,
        existence=twin.view.existence,
        container=twin.view.container,
        as_of=max(filter(None, decided), default=None),
        url=twin.view.url or link.url,
        verify=_verify(link, told),
        mark=mark,
    )


def _waits(memory: LinkField) -> bool:
    return memory.shown is not MISSING


def _plain(view: View) -> bool:
    """Whether a view says nothing that another look, with more known, could read differently."""
    shown = view.fields.values()
    return view.in_scope and not any(
        field.reading.problem or (field.bound.by_title and field.raw is not None) for field in shown
    )


def _fields(
    before: Mapping[str, LinkField], view: View, told: Told, treatments: Mapping[str, Treatment]
) -> Mapping[str, LinkField]:
    """What is remembered of each field; the very same where nothing is news."""
    news: dict[str, LinkField] = {}
    for name, shown in view.fields.items():
        memory, difference = before.get(name), told.differences.get(name, Change.NEW)
        now = _field(memory, shown, difference, treatments.get(name), told)
        if now is not memory:
            news[name] = now
    return {**before, **news} if news else before


def _verify(link: Link, told: Told) -> frozenset[str]:
    return link.verify - told.asked


def _field(
    memory: LinkField | None,
    shown: FieldView,
    difference: Change,
    treatment: Treatment | None,
    known: Told,
) -> LinkField:
    if treatment is None and memory is None and difference is Change.NEW:
        return shown.met or met(shown.bound, shown.raw, shown.reading)
    if treatment is None and memory is not None and _knows(memory, shown, difference):
        return memory
    remote, raw, value = shown.bound.info.id, shown.raw, shown.reading.value
    # What was decided on in a field that the mapping named before says nothing about this one.
    if memory is None or elsewhere(memory, shown):
        memory = LinkField(remote=remote)
    told = tuple(entries_of(known, shown)) if treatment else ()
    if treatment is Treatment.UNDECIDED or difference is Change.UNREADABLE:
        return replace(memory, remote=remote, told=told, shown=raw)
    if treatment is Treatment.RIVAL:
        # It stays an edit until people agree, also where the field was never seen before.
        never = memory.seen is MISSING
        before = replace(memory, seen=None, read=None) if never else memory
        return replace(before, remote=remote, told=told, shown=raw)
    read = memory.read if value is MISSING else dump(value)
    got = raw if treatment is Treatment.REWRITE else memory.got
    return LinkField(raw, read, memory.asked, got, memory.asked_at, MISSING, memory.cut, remote)


def _knows(memory: LinkField, shown: FieldView, difference: Change) -> bool:
    """Whether a field shows just what is remembered of it: then it is not made anew."""
    if difference is not Change.SAME or memory.shown is not MISSING or memory.told:
        return False
    same = memory.remote == shown.bound.info.id and memory.read is not MISSING
    return same and memory.seen == shown.raw and type(memory.seen) is type(shown.raw)
