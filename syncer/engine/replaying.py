"""Edits of the past, decided once more by the rules as they are now. No system is asked.

Each is judged in the world as it was: what was agreed then, and the other edits that were decided
together with it. That people would have gone on otherwise, had one of them been held, is not played.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from syncer.engine.agreements import VERDICT
from syncer.engine.context import Context
from syncer.engine.existence import existence_verdict
from syncer.engine.heads_up.scenes import place_in_state
from syncer.model.configuration import ClientConfig, Configuration
from syncer.model.decisions import Editor, Step, Verdict
from syncer.model.entities import EXISTENCE
from syncer.model.records import JournalEntry, Record
from syncer.model.replays import Replayed
from syncer.model.rules import Rule
from syncer.model.values import MISSING, Seen, Value, load
from syncer.reconcile.order import EPOCH
from syncer.reconcile.ownership import decide
from syncer.reconcile.roles import Place
from syncer.state import Store

ALL: Final = 1_000_000_000

NO_RULE: Final = ("left", "tidied away")
"""What became of edits about which no rule was asked."""

Group = tuple[str, str, str]
"""(cycle, record, field): edits that were decided together."""


class Unknown(Exception):
    """Why nobody can say what would become of an edit."""


def replay(
    config: Configuration, store: Store, client: ClientConfig, since: datetime, now: datetime
) -> Iterator[Replayed]:
    """Every edit of a client since then, in the order in which they were decided.

    Args:
        since: by the vendors' times of the edits.
        now: the moment of asking; people's days off count as of it.
    """
    yield from _Replay(config, store, client, now).all(since)


class _Replay:
    def __init__(
        self, config: Configuration, store: Store, client: ClientConfig, now: datetime
    ) -> None:
        self.config = config
        self.store = store
        self.ctx = Context(config, client, store, "", now, lambda: now, new_id=str)
        self.began = {c.id: c.started_at for c in store.cycles(client.key, limit=ALL)}
        self.edits: dict[Group, list[JournalEntry]] = defaultdict(list)
        self.agreed: dict[tuple[str, str], list[JournalEntry]] = defaultdict(list)
        for entry in reversed(store.journal(client.key, limit=None)):
            self._learn(entry)
        self.records = store.records({record for _, record, _ in self.edits})
        self.places: dict[tuple[str, str], Place] = {}

    def _learn(self, entry: JournalEntry) -> None:
        if entry.record is None or entry.field is None:
            return
        if entry.kind == "edit":
            self.edits[entry.cycle, entry.record, entry.field].append(entry)
        elif entry.kind == VERDICT:
            self.agreed[entry.record, entry.field].append(entry)

    def all(self, since: datetime) -> Iterator[Replayed]:
        for group in sorted(self.edits, key=lambda g: (self._moment(g), g)):
            entries = self.edits[group]
            if any(entry.at >= since for entry in entries):
                yield from (r for r in self._group(group, entries) if r.at >= since)

    def _moment(self, group: Group) -> datetime:
        known = self.began.get(group[0])
        return known or max((entry.at for entry in self.edits.get(group, ())), default=EPOCH)

    def _group(self, group: Group, entries: Sequence[JournalEntry]) -> Iterator[Replayed]:
        record = self.records.get(group[1])
        told = [self._told(record, entry) for entry in entries]
        try:
            rule, verdict, steps = self._decided(group, record, entries)
        except Unknown as why:
            yield from (replace(each, unknown=str(why)) for each in told)
            return
        judged = {id(item.step): item for item in verdict.judged}
        for each, step in zip(told, steps, strict=True):
            item = judged.get(id(step))
            if item is None:
                yield replace(each, unknown="it was told twice")
            else:
                source = str(rule.source)
                yield replace(each, now=item.outcome, role=item.role, rule_now=source)

    def _decided(
        self, group: Group, record: Record | None, entries: Sequence[JournalEntry]
    ) -> tuple[Rule, Verdict, list[Step]]:
        _, _, name = group
        if record is None:
            raise Unknown("its record is not there any more")
        rule = self.config.ownership.rules.get((record.entity, name))
        if rule is None:
            raise Unknown("the field has no owner line any more")
        outcomes = {entry.outcome for entry in entries}
        if odd := outcomes & {*NO_RULE}:
            raise Unknown(f"no rule was asked: {min(odd)}")
        if outcomes == {"overtaken"}:
            raise Unknown("it was seen late, when a newer value counted already")
        steps = [self._step(record, entry) for entry in entries]
        agreed = self._before(record, group, first="first" in outcomes)
        place, rules = self._place(record, group), self.config.ownership
        if name == EXISTENCE:
            value = None if agreed is MISSING else agreed
            return rule, existence_verdict(rule, value, steps, (), rules, place), steps
        return rule, decide(rule, agreed, steps, (), rules, place), steps

    def _step(self, record: Record, entry: JournalEntry) -> Step:
        untold = entry.outcome == "not told"
        value: Seen = MISSING if untold else self._value(record, str(entry.field), entry.new)
        who, where = self._editor(entry), entry.connection or ""
        return Step(value, where, who, entry.at, key=entry.key or "")

    def _value(self, record: Record, name: str, json: object) -> Value:
        if name == EXISTENCE:
            return None if json is None else str(json)
        field = self.config.schema[record.entity].fields.get(name)
        try:
            if field is None:
                raise ValueError(name)
            return load(field.type, json)  # type: ignore[arg-type]
        except ValueError:
            raise Unknown("its value means nothing any more") from None

    def _editor(self, entry: JournalEntry) -> Editor:
        """Who it was, by the people and the robots that there are now."""
        name = entry.editor or ""
        system = self.config.systems().get(entry.connection or "", entry.connection or "")
        if name in self.config.people:
            return Editor(name, None, name)
        robots = self.config.ownership.automations.get(system, {})
        return Editor(None, name if name in robots else None, name or "somebody unknown")

    def _before(self, record: Record, group: Group, *, first: bool = False) -> Seen:
        """What was agreed before the cycle that decided these edits."""
        _, id, name = group
        if first:
            return MISSING
        moment = self._moment(group)
        for line in self.agreed.get((id, name), ()):
            if line.cycle == group[0] or line.at >= moment:
                return self._value(record, name, line.old)
        known = record.agreed.get(name)
        return known.value if known else MISSING

    def _place(self, record: Record, group: Group) -> Place:
        """Where the record stood, with the people whom it named then."""
        key = (group[0], record.id)
        if key not in self.places:
            then = dict(record.agreed)
            for name, agreed in record.agreed.items():
                with suppress(Unknown):
                    value = self._before(record, (group[0], record.id, name))
                    then[name] = replace(agreed, value=None if value is MISSING else value)
            self.places[key] = place_in_state(self.ctx, replace(record, agreed=then))
        return self.places[key]

    def _told(self, record: Record | None, entry: JournalEntry) -> Replayed:
        spec = self.config.schema.get(entry.entity or "")
        title = record.value(spec.title) if record and spec else None
        return Replayed(
            client=entry.client,
            record=str(entry.record),
            entity=entry.entity or "",
            title=str(title or entry.record),
            field=str(entry.field),
            connection=entry.connection or "",
            editor=entry.editor or "",
            at=entry.at,
            new=entry.new,
            then=entry.outcome,
            rule_then=entry.rule,
        )
