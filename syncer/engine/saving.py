"""A plan as it can be saved, and a saved one accepted: only if thinking again comes to the same."""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any, Final

from msgspec.structs import replace

from syncer.adapterkit.redact import clean
from syncer.engine.cases import Twin
from syncer.engine.context import Context
from syncer.engine.reporting import Decisions
from syncer.engine.works import Work
from syncer.model.decisions import Action, Judged, Verdict
from syncer.model.records import Link, LinkStatus, Record
from syncer.model.saved import Moved, SavedClient, SavedItem
from syncer.model.values import MISSING, Json, Seen, dump
from syncer.reconcile.moved import moved

_ID: Final = re.compile(r"r_\w+")


def as_saved(ctx: Context, thought: Decisions) -> SavedClient:
    """What was thought, as it can be saved and compared with what is thought another time."""
    return SavedClient(
        client=ctx.client.key,
        cycle=ctx.cycle,
        configuration=ctx.decides,
        full=ctx.full,
        compared=tuple(sorted(ctx.compared)),
        items=tuple(_Items(ctx, thought).all()),
    )


def accept(ctx: Context, saved: SavedClient, thought: Decisions) -> tuple[Moved, ...]:
    """Let exactly this saved plan through, with whatever the guard said of it when it was saved.

    Gives what is not as it was planned; then nothing may be recorded and nothing written.
    """
    now = as_saved(ctx, thought)
    if found := (*_other_rules(saved, now), *_carried_out(ctx, saved)):
        return found
    if found := moved(saved.items, now.items):
        return found
    with ctx.store.transaction() as tx:
        past = ctx.store.meta(_key(ctx)) or []
        tx.put_meta(_key(ctx), [*past, [saved.cycle, ctx.now.isoformat()]][-_REMEMBERED:])
    thought.planned.plan = replace(thought.planned.plan, refusals=())
    return ()


_REMEMBERED: Final = 100
"""Plans of one client that are known to be carried out."""


def _key(ctx: Context) -> str:
    return f"carried_out:{ctx.client.key}"


def _other_rules(saved: SavedClient, now: SavedClient) -> Iterator[Moved]:
    if saved.configuration != now.configuration:
        key = ("configuration",)
        yield Moved(
            SavedItem("configuration", key, said={"fingerprint": saved.configuration}),
            SavedItem("configuration", key, said={"fingerprint": now.configuration}),
        )


def _carried_out(ctx: Context, saved: SavedClient) -> Iterator[Moved]:
    """A plan is carried out once: the same edits, made again, are another plan."""
    for cycle, at in ctx.store.meta(_key(ctx)) or []:
        if cycle == saved.cycle:
            yield Moved(None, SavedItem("carried out", (cycle,), said={"at": at}))


class _Items:
    """Everything that a run would do and record, item by item, with stable names."""

    def __init__(self, ctx: Context, thought: Decisions) -> None:
        self.ctx = ctx
        self.thought = thought
        self.plan = thought.planned.plan
        self.work = thought.planned.work.whole
        self.stands_for = {id: _found_as(work) for id, work in self.work.items() if work.case.new}
        self.titles = {id: _title(ctx, work.decided.record) for id, work in self.work.items()}

    def all(self) -> Iterator[SavedItem]:
        for item in self._raw():
            key = tuple(self._known(part) for part in item.key)
            said = {name: self._known(value) for name, value in item.said.items()}
            yield replace(item, key=key, title=clean(item.title), said=clean(said))

    def _known(self, value: Any) -> Any:
        """The same with what is new called by what it was found as, wherever it is named."""
        if isinstance(value, str):
            return _ID.sub(lambda found: self.stands_for.get(found[0], found[0]), value)
        if isinstance(value, list | tuple):
            return [self._known(item) for item in value]
        if isinstance(value, dict):
            return {self._known(key): self._known(item) for key, item in value.items()}
        return value

    def _raw(self) -> Iterator[SavedItem]:
        for action in self.plan.actions:
            yield from self._action(action)
        for work in self.work.values():
            yield from self._decided(work)
        yield from self._around()

    def _action(self, action: Action) -> Iterator[SavedItem]:
        place = (action.connection, action.record, str(action.op))
        said: dict[str, Json] = {
            "object": action.object,
            "id": action.remote_id,
            "container": action.container or action.container_of,
            "template": action.template,
            "archive": dict(action.archive) if action.archive is not None else None,
        }
        yield SavedItem("action", place, action.title, action.connection, said=said)
        for write in action.writes:
            values: dict[str, Json] = {"old": _json(write.old), "new": _json(write.new)}
            values |= {"cut": write.cut, "sent": self._digest([write.remote, write.raw])}
            what = (*place, write.field)
            yield SavedItem("write", what, action.title, action.connection, write.field, values)

    def _digest(self, raw: Json) -> str:
        """Of the very value that is sent: it need not stand in a file to be the same."""
        text = json.dumps(self._known(raw), sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def _decided(self, work: Work) -> Iterator[SavedItem]:
        record, before = work.decided.record, work.case.record
        title = self.titles[record.id]
        for name, agreed in sorted(record.agreed.items()):
            if name not in before.agreed or before.agreed[name].value != agreed.value:
                old = dump(before.agreed[name].value) if name in before.agreed else None
                said = {"old": old, "new": dump(agreed.value)}
                yield SavedItem("agreed", (record.id, name), title, "", name, said)
        for verdict in work.decided.verdicts:
            key = (record.id, verdict.field)
            yield SavedItem("verdict", key, title, "", verdict.field, _verdict(verdict))
        for proposal in work.decided.proposals.values():
            whose = (record.id, proposal.field, proposal.proposer)
            told: dict[str, Json] = {"stands": str(proposal.status), "version": proposal.version}
            told |= {"value": dump(proposal.value), "by": proposal.closed_by}
            where = proposal.connection
            yield SavedItem("proposal", whose, title, where, proposal.field, told)
        for connection, twin in sorted(work.case.twins.items()):
            link = work.decided.links.get(connection, twin.link)
            if twin.joined or _leaves(twin, link):
                said = {"to": record.id, "how": str(link.status)}
                yield SavedItem("link", link.key, title, connection, said=dict(said))

    def _around(self) -> Iterator[SavedItem]:
        for hold in self.plan.holds:
            title = self.titles.get(hold.record or "", "")
            said: dict[str, Json] = {"reason": hold.reason}
            where = hold.connection or ""
            yield SavedItem("hold", (hold.key,), title, where, hold.field or "", said)
        for remap in self.plan.remaps:
            key = (remap.connection, remap.entity, remap.field, remap.before, remap.now)
            said = {"count": remap.count}
            yield SavedItem("remap", key, remap.entity, remap.connection, remap.field, said)
        for refusal in self.plan.refusals:
            said = {"count": refusal.count, "of": refusal.of, "limit": refusal.limit}
            where = refusal.connection or ""
            yield SavedItem("refusal", (refusal.kind, where), "", where, said=said)
        for name in sorted({*self.thought.down, *self.thought.measured.down}):
            yield SavedItem("down", (name,), "", name)


def _leaves(twin: Twin, link: Link) -> bool:
    """Whether a twin ends now; one that left long ago is no news, and may not be looked at."""
    already = twin.kept is not None and twin.kept.status is link.status
    return link.status is not LinkStatus.LINKED and not already


def _found_as(work: Work) -> str:
    """What a new record is, before it has an id that lasts: the first of its twins."""
    return "/".join(min(twin.link.key for twin in work.case.twins.values()))


def _title(ctx: Context, record: Record) -> str:
    return str(record.value(ctx.config.schema[record.entity].title) or record.id)


def _verdict(verdict: Verdict) -> dict[str, Json]:
    return {
        "value": _json(verdict.value),
        "edits": [_edit(item) for item in verdict.judged],
        "held": verdict.held,
    }


def _edit(item: Judged) -> Json:
    step = item.step
    by = step.editor.person or step.editor.shown
    told: dict[str, Json] = {"in": step.connection, "by": by, "as": item.role}
    return told | {"set": _json(step.value), "outcome": item.outcome}


def _json(value: Seen) -> Json:
    return None if value is MISSING else dump(value)
