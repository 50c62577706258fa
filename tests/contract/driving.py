"""Drives an adapter as the engine would, and looks at what comes of it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from syncer.adapterkit.contract import Adapter, HistoryRequest, PullRequest
from syncer.model.comments import Comment, Thread
from syncer.model.remote import (
    Catalogue,
    Change,
    FieldInfo,
    Gone,
    Op,
    Outcome,
    Raw,
    RemoteRecord,
    Result,
    Write,
)
from syncer.model.values import FieldType, Kind, load
from tests.contract.harness import Harness

_intents = count(1)


@dataclass
class Pulled:
    """Everything one pull gave."""

    records: list[RemoteRecord] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    cursors: dict[str, dict[str, Any]] = field(default_factory=dict)
    listed: set[tuple[str, str | None]] = field(default_factory=set)
    done: list[str] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)

    def of(self, id: str) -> RemoteRecord:
        """The last state of a record."""
        return [record for record in self.records if record.id == id][-1]

    def items(self, h: Harness) -> dict[str, RemoteRecord]:
        """The items, by id."""
        return {r.id: r for r in self.records if r.object == h.item_object}


def objects(h: Harness) -> frozenset[str]:
    return frozenset({h.item_object} | ({h.container_object} if h.container_object else set()))


def catalogue(h: Harness, adapter: Adapter | None = None) -> Catalogue:
    return (adapter or h.adapter).describe(h.scope, objects(h))


def request(
    h: Harness,
    known: Catalogue,
    cursors: Mapping[str, dict[str, Any]] | None = None,
    *,
    full: bool = False,
    threads: Iterable[Thread] = (),
    since: datetime | None = None,
) -> PullRequest:
    fields = {name: frozenset(f.id for f in info.fields) for name, info in known.objects.items()}
    return PullRequest(h.scope, known, fields, cursors or {}, full, frozenset(threads), since)


def pull(
    h: Harness,
    cursors: Mapping[str, dict[str, Any]] | None = None,
    *,
    full: bool = False,
    known: Catalogue | None = None,
    threads: Iterable[Thread] = (),
    since: datetime | None = None,
) -> Pulled:
    """Pull to the end; cursors go through JSON, as they do in the state."""
    if cursors is not None:
        h.settle()
    pulled = Pulled()
    known = known or catalogue(h)
    stored = json.loads(json.dumps(dict(cursors or {})))
    wanted = request(h, known, stored, full=full, threads=threads, since=since)
    for page in h.adapter.pull(wanted):
        pulled.records += page.records
        pulled.gone += page.gone
        pulled.changes += page.changes
        pulled.comments += page.comments
        if page.done:
            assert page.cursor is not None, f"feed {page.feed} ended without a cursor"
            pulled.done.append(page.feed)
            pulled.cursors[page.feed] = page.cursor
            pulled.listed |= page.listed
        else:
            assert not page.listed, "only the last page of a feed can say what was complete"
    return pulled


def write(h: Harness, op: Op, id: str | None = None, **more: Any) -> Write:
    """A write as the engine makes it; each has an intent of its own."""
    since = datetime.now(UTC) - timedelta(seconds=1)
    options: dict[str, Any] = {"container": h.container, "since": since, "fields": {}}
    intent = f"contract-{next(_intents):06}"
    return Write(intent, op, h.item_object, id=id, **(options | more))


def push(h: Harness, one: Write, adapter: Adapter | None = None) -> Outcome:
    adapter = adapter or h.adapter
    outcomes = list(adapter.push([one], catalogue(h, adapter)))
    assert [outcome.intent for outcome in outcomes] == [one.intent]
    return outcomes[0]


def create(h: Harness, fields: Mapping[str, Raw], adapter: Adapter | None = None) -> Outcome:
    outcome = push(h, write(h, Op.CREATE, fields=fields), adapter)
    assert outcome.result is Result.DONE, outcome
    assert outcome.id
    return outcome


def update(
    h: Harness,
    id: str,
    fields: Mapping[str, Raw],
    base: Mapping[str, Raw] | None = None,
    adapter: Adapter | None = None,
) -> Outcome:
    known = base if base is not None else {name: now(h, id).fields.get(name) for name in fields}
    return push(h, write(h, Op.UPDATE, id, fields=fields, base=known), adapter)


def now(h: Harness, id: str) -> RemoteRecord:
    """A record as it is, strongly consistent."""
    found = list(h.adapter.fetch(h.item_object, [id], request(h, catalogue(h))))
    assert [record.id for record in found] == [id]
    return found[0]


def field_of(h: Harness, id: str) -> FieldInfo:
    fields = catalogue(h).objects[h.item_object].fields
    return next(info for info in fields if info.id == id)


def changes_of(
    h: Harness, pulled: Pulled, id: str, name: str, since: datetime | None
) -> list[Change]:
    """Keyed changes of a field from the feed and, where there is one, from history."""
    told = [c for c in pulled.changes if (c.id, c.field) == (id, name) and c.key]
    if h.adapter.capabilities.history_batch:
        asked = HistoryRequest(h.item_object, id, frozenset({name}), since, h.container)
        told += [c for c in h.adapter.history([asked], catalogue(h)) if c.field == name]
    unique = {change.key: change for change in told}
    return sorted(unique.values(), key=lambda c: c.at or datetime.min.replace(tzinfo=UTC))


def fits(info: FieldInfo, raw: Raw) -> bool:
    """Whether a raw value has the form for its field."""
    if info.type.kind is Kind.MONEY and isinstance(raw, dict) and raw.get("currency") is None:
        raw = raw | {"currency": "EUR"}
    try:
        load(FieldType(info.type.kind, info.type.many), raw)
    except (ValueError, KeyError, TypeError):
        return False
    return not (info.type.many and raw is not None) or raw == sorted(raw)  # type: ignore[arg-type]
