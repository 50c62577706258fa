"""Records and what hangs on them, with only the interesting parts said."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from syncer.model.comments import Thread
from syncer.model.notices import Notice, NoticeKind, Posting
from syncer.model.records import (
    Agreed,
    Hold,
    Intent,
    JournalEntry,
    Link,
    Parked,
    Proposal,
    Record,
)
from syncer.model.remote import Op
from syncer.state import Store

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """Minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def record(id: str, client: str = "bakery", entity: str = "task", **values: Any) -> Record:
    """A record with these agreed values."""
    pending = bool(values.pop("pending", False))
    agreed = {name: Agreed(value) for name, value in values.items()}
    return Record(id, client, entity, agreed, pending)


def link(id: str, record: str, remote_id: str = "", **told: Any) -> Link:
    """A twin of a record, a Trello card unless said otherwise."""
    given = {"connection": "trello", "object": "card", "remote_id": remote_id or id} | told
    return Link(id=id, record=record, **given)


def intent(id: str, remote_id: str | None = None, **told: Any) -> Intent:
    """A write of a Trello card."""
    given: dict[str, Any] = {
        "client": "bakery",
        "cycle": "c1",
        "record": "r1",
        "connection": "trello",
        "op": Op.UPDATE,
        "object": "card",
        "container": None,
        "fields": {"name": id},
        "created_at": NOON,
    }
    return Intent(id=id, remote_id=remote_id, **(given | told))


def proposal(id: str, record: str = "r1", **told: Any) -> Proposal:
    """Anna's proposal for a task's title."""
    given: dict[str, Any] = {
        "client": "bakery",
        "entity": "task",
        "field": "title",
        "proposer": "anna",
        "connection": "hubspot",
        "value": "New",
        "base": "Old",
        "rule": "ownership.yaml:12",
        "opened_at": NOON,
        "updated_at": NOON,
    }
    return Proposal(id=id, record=record, **(given | told))


def entry(text: str = "", **told: Any) -> JournalEntry:
    """A line of the journal."""
    return JournalEntry(**({"client": "bakery", "at": NOON, "kind": "edit", "text": text} | told))


def hold(key: str, **told: Any) -> Hold:
    """Something for a person to look at."""
    return Hold(**({"key": key, "client": "bakery", "kind": "match", "reason": "two"} | told))


def parked(key: str, **told: Any) -> Parked:
    """Work that failed once."""
    given: dict[str, Any] = {
        "client": "bakery",
        "record": "r1",
        "connection": "trello",
        "reason": "400",
        "attempts": 1,
        "next_try": NOON,
        "since": NOON,
    }
    return Parked(key=key, **(given | told))


def notice(id: str, **told: Any) -> Notice:
    """Tom is asked about a task's title."""
    given: dict[str, Any] = {
        "client": "bakery",
        "record": "r1",
        "entity": "task",
        "field": "title",
        "kind": NoticeKind.ASK,
        "created_at": NOON,
        "to": "tom",
    }
    return Notice(id=id, **(given | told))


def posting(ref: str, **told: Any) -> Posting:
    """A comment for Tom on a Trello card."""
    given: dict[str, Any] = {
        "client": "bakery",
        "cycle": "c1",
        "connection": "trello",
        "thread": Thread("card", "card1", "board1"),
        "created_at": NOON,
        "to": ("tom",),
    }
    return Posting(ref=ref, **(given | told))


def keep(store: Store, records: Sequence[Record] = (), links: Sequence[Link] = ()) -> None:
    """Store records and links."""
    with store.transaction() as tx:
        tx.put_records(records)
        tx.put_links(links)
