"""Journal, intents, holds, parked work and cycles to rows and back."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from syncer.model.records import Hold, Intent, IntentStatus, JournalEntry, Parked
from syncer.model.remote import Op
from syncer.state.codec import Row, plain_row
from syncer.state.columns import to_text
from syncer.state.facts import Cycle, CycleStatus


def once(connection: str | None, key: str, field: str | None) -> str:
    """What makes a journalled change unique within its client; of fixed length."""
    text = to_text([connection, key, field])
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def journal_to_row(entry: JournalEntry) -> Row:
    """A row of ``journal``."""
    told = None if entry.key is None else once(entry.connection, entry.key, entry.field)
    return plain_row(entry) | {"once": told}


def journal_from_row(row: Mapping[str, Any]) -> JournalEntry:
    """The inverse of :func:`journal_to_row`."""
    return JournalEntry(**{item.name: row[item.name] for item in fields(JournalEntry)})


def intent_to_row(intent: Intent) -> Row:
    """A row of ``intents``."""
    told = {"op": str(intent.op), "status": str(intent.status)}
    return plain_row(intent) | told | {"fields": dict(intent.fields), "got": dict(intent.got)}


def intent_from_row(row: Mapping[str, Any]) -> Intent:
    """The inverse of :func:`intent_to_row`."""
    given = {item.name: row[item.name] for item in fields(Intent)}
    given |= {"op": Op(row["op"]), "status": IntentStatus(row["status"])}
    return Intent(**given)


def hold_to_row(hold: Hold) -> Row:
    """A row of ``holds``."""
    return plain_row(hold) | {"candidates": list(hold.candidates)}


def hold_from_row(row: Mapping[str, Any]) -> Hold:
    """The inverse of :func:`hold_to_row`."""
    given = {item.name: row[item.name] for item in fields(Hold)}
    return Hold(**(given | {"candidates": tuple(row["candidates"])}))


def parked_to_row(parked: Parked) -> Row:
    """A row of ``parked``."""
    return plain_row(parked) | {"detail": dict(parked.detail)}


def parked_from_row(row: Mapping[str, Any]) -> Parked:
    """The inverse of :func:`parked_to_row`."""
    return Parked(**{item.name: row[item.name] for item in fields(Parked)})


def cycle_to_row(cycle: Cycle) -> Row:
    """A row of ``cycles``."""
    return plain_row(cycle) | {"status": str(cycle.status), "counts": dict(cycle.counts)}


def cycle_from_row(row: Mapping[str, Any]) -> Cycle:
    """The inverse of :func:`cycle_to_row`."""
    given = {item.name: row[item.name] for item in fields(Cycle)}
    return Cycle(**(given | {"status": CycleStatus(row["status"])}))
