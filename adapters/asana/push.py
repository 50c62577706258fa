"""Carry out writes, one after the other, and say what became of each."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from adapters.asana.client import Asana
from adapters.asana.decode import Decoder
from adapters.asana.encode import refuse
from adapters.asana.names import Names, fold
from adapters.asana.outcomes import result_of
from adapters.asana.shapes import PROJECT, TASK
from adapters.asana.write_project import archive_project, create_project, update_project
from adapters.asana.write_task import create_task, update_task
from adapters.asana.writing import Tools
from syncer.adapterkit.errors import AdapterError, StopConnection
from syncer.model.remote import Catalogue, Op, Outcome, Raw, Result, Write

_UPDATES: Final = {TASK: update_task, PROJECT: update_project}
_CREATES: Final = {TASK: create_task, PROJECT: create_project}


def push(
    asana: Asana, names: Names, writes: Sequence[Write], catalogue: Catalogue
) -> Iterator[Outcome]:
    """An outcome for every write."""
    tools = Tools(asana, names, catalogue, Decoder(catalogue))
    for write in writes:
        yield _ended(tools, write)


def _ended(tools: Tools, write: Write) -> Outcome:
    try:
        return _carried_out(tools, write)
    except StopConnection:
        raise
    except AdapterError as error:
        if write.op is Op.ARCHIVE and error.status == 404:
            return Outcome(write.intent, Result.DONE, id=write.id, reason="it was gone already")
        return Outcome(write.intent, result_of(error), id=write.id, reason=str(error))


def _carried_out(tools: Tools, write: Write) -> Outcome:
    if write.object not in _UPDATES:
        raise refuse(f"Asana has no object {write.object!r} here")
    if write.op is Op.CREATE:
        if write.template is not None:
            raise refuse("making things from a template is not supported in Asana")
        return _CREATES[write.object](tools, write)
    if write.id is None:
        raise refuse("the write does not say which record")
    if write.op is Op.UPDATE:
        return _UPDATES[write.object](tools, write)
    return _archived(tools, write)


def _archived(tools: Tools, write: Write) -> Outcome:
    """Archive or restore by the field that the mapping names; projects have a way of their own."""
    how = write.archive or {}
    if "field" not in how or "option" not in how:
        if write.object == PROJECT:
            return archive_project(tools, write, archived=write.op is Op.ARCHIVE)
        raise refuse("Asana cannot archive a task; write `archive: {section: NAME}` in the mapping")
    name, option = how["field"], how["option"]
    if write.op is Op.ARCHIVE:
        by_option: dict[str, Raw] = {_field_id(tools, write, name): {"name": option}}
        return _as_update(tools, write, by_option)
    if write.fields:
        # What the field is to say instead is known: the record goes back to where it was.
        return _UPDATES[write.object](tools, replace(write, op=Op.UPDATE))
    field = _field_id(tools, write, name)
    back = _way_out(tools, write, option) if (write.object, field) == (TASK, "section") else None
    return _as_update(tools, write, {field: back})


def _as_update(tools: Tools, write: Write, fields: dict[str, Raw]) -> Outcome:
    update = replace(write, op=Op.UPDATE, fields=fields, base={})
    done = _UPDATES[write.object](tools, update)
    if done.refused:
        raise refuse("; ".join(done.refused.values()))
    return replace(done, got={})


def _field_id(tools: Tools, write: Write, name: str) -> str:
    known = tools.catalogue.objects.get(write.object)
    for own in (False, True):
        found = known.candidates(name, write.container, custom=own) if known else []
        if found:
            return found[0].id
    raise refuse(f"{write.object} has no field {name!r} here")


def _way_out(tools: Tools, write: Write, option: str) -> str:
    """Where a task goes that comes out of the section for archived ones: to the first other."""
    info = tools.info(TASK, "section", write.container)
    for one in info.options if info else ():
        if one.container == write.container and fold(one.name) != fold(option):
            return one.id
    raise refuse("there is no other section to move the task to")
