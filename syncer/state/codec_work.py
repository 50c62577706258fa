"""Intents, holds, parked work and cycles to rows and back."""

from collections.abc import Mapping
from typing import Any, Final

from syncer.model.records import Hold, Intent, IntentStatus, Parked
from syncer.model.remote import Op
from syncer.model.structs import names
from syncer.state.bulk import Values
from syncer.state.codec import Row, plain_row
from syncer.state.columns import alike, escape, moment_text, to_text
from syncer.state.facts import Cycle, CycleStatus


def _maybe(text: str | None) -> str | None:
    return None if text is None else escape(text)


def intent_values(intent: Intent) -> Values:
    """A row of ``intents``, in the order of its columns."""
    return (
        escape(intent.id),
        escape(intent.client),
        escape(intent.cycle),
        escape(intent.record),
        escape(intent.connection),
        str(intent.op),
        escape(intent.object),
        _maybe(intent.remote_id),
        _maybe(intent.container),
        to_text(dict(intent.fields)),
        moment_text(intent.created_at),
        str(intent.status),
        moment_text(intent.done_at) if intent.done_at else None,
        _got_text(intent) if intent.got else "{}",
    )


ENDED: Final = ("status", "done_at", "got", "remote_id", "container")
"""The columns that tell how an intent ended."""


def ended_values(intent: Intent) -> Values:
    """The values of :data:`ENDED`, and the id."""
    return (
        str(intent.status),
        moment_text(intent.done_at) if intent.done_at else None,
        _got_text(intent) if intent.got else "{}",
        _maybe(intent.remote_id),
        _maybe(intent.container),
        escape(intent.id),
    )


def _got_text(intent: Intent) -> str:
    """What was answered; ``[{field: answer}, field, ...]`` where some is what was asked for."""
    got, asked = dict(intent.got), intent.fields
    same = [name for name, value in got.items() if name in asked and alike(value, asked[name])]
    if not same:
        return to_text(got)
    return to_text([{name: value for name, value in got.items() if name not in same}, *same])


def intent_from_row(row: Mapping[str, Any]) -> Intent:
    """The inverse of :func:`intent_values`, of a row by name."""
    given = {name: row[name] for name in names(Intent)}
    given |= {"op": Op(row["op"]), "status": IntentStatus(row["status"])}
    if isinstance(row["got"], list):
        own, *same = row["got"]
        given["got"] = {**own, **{name: row["fields"][name] for name in same}}
    return Intent(**given)


def hold_to_row(hold: Hold) -> Row:
    """A row of ``holds``."""
    return plain_row(hold) | {"candidates": list(hold.candidates)}


def hold_from_row(row: Mapping[str, Any]) -> Hold:
    """The inverse of :func:`hold_to_row`."""
    given = {name: row[name] for name in names(Hold)}
    return Hold(**(given | {"candidates": tuple(row["candidates"])}))


def parked_to_row(parked: Parked) -> Row:
    """A row of ``parked``."""
    return plain_row(parked) | {"detail": dict(parked.detail)}


def parked_from_row(row: Mapping[str, Any]) -> Parked:
    """The inverse of :func:`parked_to_row`."""
    return Parked(**{name: row[name] for name in names(Parked)})


def cycle_to_row(cycle: Cycle) -> Row:
    """A row of ``cycles``."""
    return plain_row(cycle) | {"status": str(cycle.status), "counts": dict(cycle.counts)}


def cycle_from_row(row: Mapping[str, Any]) -> Cycle:
    """The inverse of :func:`cycle_to_row`."""
    given = {name: row[name] for name in names(Cycle)}
    return Cycle(**(given | {"status": CycleStatus(row["status"])}))
