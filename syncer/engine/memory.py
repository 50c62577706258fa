"""What to remember of a twin after deciding: seen advances in the very transaction of the verdict."""

from dataclasses import replace
from enum import StrEnum

from syncer.engine.attribute import Told, entries_of
from syncer.engine.cases import Twin
from syncer.model.decisions import Change, FieldView, View
from syncer.model.entities import ARCHIVED
from syncer.model.records import Link, LinkField, LinkStatus
from syncer.model.remote import Change as Entry
from syncer.model.values import MISSING, dump
from syncer.reconcile.merge import elsewhere


class Treatment(StrEnum):
    """How a field that differs was dealt with, where it was not simply decided on."""

    UNDECIDED = "undecided"
    REWRITE = "rewrite"
    RIVAL = "rival"


def remember(twin: Twin, told: Told, treatments: dict[str, Treatment]) -> Link:
    """The link as it is to be stored."""
    link = twin.link
    if twin.ended:
        return replace(link, status=LinkStatus.GONE, existence=ARCHIVED)
    if twin.view is None:
        return link
    fields = dict(link.fields)
    for name, shown in twin.view.fields.items():
        difference = told.differences.get(name, Change.NEW)
        entries = tuple(entries_of(told, shown))
        fields[name] = _field(fields.get(name), shown, difference, treatments.get(name), entries)
    if not twin.fresh:
        return replace(link, fields=fields, verify=_verify(link, told))
    # What is not decided on yet is asked after later, from where we decided last.
    waits = any(memory.shown is not MISSING for memory in fields.values())
    decided = (link.as_of,) if waits and link.as_of else (twin.view.as_of, link.as_of)
    return replace(
        link,
        fields=fields,
        existence=twin.view.existence,
        container=twin.view.container,
        as_of=max(filter(None, decided), default=None),
        url=twin.view.url or link.url,
        verify=_verify(link, told),
        mark=None if waits or treatments or not _plain(twin.view) else twin.mark,
    )


def _plain(view: View) -> bool:
    """Whether a view says nothing that another look, with more known, could read differently."""
    return view.in_scope and not any(field.reading.problem for field in view.fields.values())


def _verify(link: Link, told: Told) -> frozenset[str]:
    return link.verify - told.asked


def _field(
    memory: LinkField | None,
    shown: FieldView,
    difference: Change,
    treatment: Treatment | None,
    entries: tuple[Entry, ...],
) -> LinkField:
    # What was decided on in a field that the mapping named before says nothing about this one.
    same = memory is not None and not elsewhere(memory, shown)
    known = replace(memory if memory and same else LinkField(), remote=shown.bound.info.id)
    known = replace(known, told=entries if treatment else ())
    if treatment is Treatment.UNDECIDED or difference is Change.UNREADABLE:
        return replace(known, shown=shown.raw)
    if treatment is Treatment.RIVAL:
        # It stays an edit until people agree, also where the field was never seen before.
        never = known.seen is MISSING
        before = replace(known, seen=None, read=None) if never else known
        return replace(before, shown=shown.raw)
    value = shown.reading.value
    read = known.read if value is MISSING else dump(value)
    if treatment is Treatment.REWRITE:
        return replace(known, seen=shown.raw, read=read, got=shown.raw, shown=MISSING, told=())
    return replace(known, seen=shown.raw, read=read, shown=MISSING)
