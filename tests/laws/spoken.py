"""Laws about people's words and what is agreed: Owned, Finer survives coarser."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from adapters.memory.things import Entry
from syncer.model.mapping import Direction
from syncer.model.records import Link, LinkStatus, Proposal, ProposalStatus, Record
from syncer.model.rules import Policy
from syncer.model.values import dump
from tests.laws.scene import LOCAL, UNREADABLE, Scene, called, entity, excused

STRICT = (Policy.PROPOSE, Policy.REVERT)
FIRST = ("first", "filled", "reverted")
"""What becomes of a value that stood there when a twin became one."""


@dataclass(frozen=True)
class Word:
    """One value that a person gave to a field, in our words."""

    at: datetime
    who: str
    value: Any
    link: Link
    entry: Entry
    coarse: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """By which the journal knows it."""
        return (self.link.connection, str(self.entry.number))


def words(scene: Scene, links: Sequence[Link], name: str) -> list[Word]:
    """Everything people said about one field of one record, oldest first."""
    found = []
    for link in links:
        tool = scene.tool(link.connection)
        for field, entry in scene.said(link):
            if field == name and tool.direction(entity(link), name) is not Direction.PUSH:
                value = scene.meaning(link.connection, entry.thing, entry.field, entry.new)
                who = entry.by.removeprefix("u-")
                coarse = tool.quirks.finest == "day" and name == "deadline"
                found.append(Word(entry.at, who, value, link, entry, coarse))
    return sorted(found, key=lambda word: word.at)


def approvals(scene: Scene, record: str, name: str) -> list[Proposal]:
    """Proposals that an owner granted, by the command line or a reply, or that time did."""
    lines = scene.store.journal("acme", record=record, limit=100_000)
    told = " ".join(line.text for line in lines)
    replies = {line.text.split(":")[0] for line in lines if line.outcome == "approve"}
    return [
        p
        for p in scene.proposals()
        if (p.record, p.field, p.status) == (record, name, ProposalStatus.ACCEPTED)
        and (
            f"approve {p.id} " in told
            or f"approve {p.number}" in replies
            or (p.closed_by is None and scene.setting.applies)
        )
    ]


def owned(scene: Scene) -> Iterator[str]:
    """What is agreed is the last word of an owner, or was accepted, or stood first."""
    yield from (text for law, text in _folded(scene) if law == "Owned")
    yield from blamed(scene)


def finer(scene: Scene) -> Iterator[str]:
    """A tool that shows only days changes the day and no more."""
    yield from (text for law, text in _folded(scene) if law == "Finer")


def _folded(scene: Scene) -> Iterator[tuple[str, str]]:
    excuses, records = scene.excuses(), scene.records()
    by_record = scene.store.links_of(list(records))
    for record in records.values():
        for name in ("deadline", "priority", "estimate", "strategy", "price"):
            owners = scene.setting.owners(record.entity, name)
            strict = scene.setting.policy(record.entity, name) in STRICT
            clear = not (scene.swapped and name == "priority")
            held = (record.id, name) in scene.undone or any(
                excused(excuses, record.id, name, c) for c in (None, *scene.names)
            )
            if name in record.agreed and owners and strict and clear and not held:
                links = [x for x in by_record[record.id] if x.status is not LinkStatus.UNLINKED]
                yield from _one_field(scene, record, name, owners, links)


def _one_field(
    scene: Scene, record: Record, name: str, owners: frozenset[str], links: list[Link]
) -> Iterator[tuple[str, str]]:
    said, granted = words(scene, links, name), approvals(scene, record.id, name)
    agreed, where = record.value(name), f"{called(record)}: {name}"
    mine = [w for w in said if w.who in owners and w.value != UNREADABLE]
    last = max((p.closed_at for p in granted if p.closed_at), default=None)
    if mine and (last is None or mine[-1].at > last):
        wanted, whole = fold(mine), _over_a_time(mine, outcomes(scene, record.id))
        if alike(agreed, wanted) or (not whole and alike(agreed, mine[-1].value)):
            return
        if _day(agreed) is not None and _day(agreed) == _day(wanted):
            yield "Finer", f"{where} is {agreed}, and {wanted} was meant by {mine[-1].who}"
        else:
            yield "Owned", f"{where} is {agreed!r}, the owner's last word was {mine[-1].value!r}"
    elif last is None:
        firsts = [v for link in links for v in _begun(scene, link, name)]
        heard = outcomes(scene, record.id)
        taken = [w.value for w in said if heard.get(w.key) in ("first", "filled")]
        filled = [each for each in firsts if each not in (None, UNREADABLE)]
        if agreed is None and filled and not said and not _reverts(scene, record, name):
            yield "Owned", f"{where} is empty; {filled} stood there, and nobody took it away"
        given = [v for link in links for who, v in _given(scene, link, name) if who in owners]
        if not any(alike(agreed, each) for each in (*firsts, *given, *taken, None)):
            yield "Owned", f"{where} is {agreed!r}, which no owner ever said"


def _reverts(scene: Scene, record: Record, name: str) -> bool:
    """Whether not even a first value of somebody else's would count."""
    return scene.setting.policy(record.entity, name) is Policy.REVERT


def fold(mine: list[Word]) -> Any:
    """The owners' words one upon the other: a coarse one changes the day and no more."""
    state: Any = None
    for word in mine:
        if word.coarse and isinstance(state, datetime) and type(word.value) is date:
            local = state.astimezone(LOCAL)
            same = local.date() == word.value
            state = state if same else datetime.combine(word.value, local.timetz(), LOCAL)
        else:
            state = word.value
    return state


def _over_a_time(mine: list[Word], heard: Mapping[tuple[str | None, str | None], str]) -> bool:
    """Whether coarse words alone, each taken, came after one with a time of day that was taken."""
    fine = [at for at, word in enumerate(mine) if not word.coarse]
    since = mine[fine[-1] :] if fine else []
    return bool(since) and all(heard.get(word.key) == "taken" for word in since)


def alike(agreed: Any, value: Any) -> bool:
    """Whether two values are the same to people: letters' case and white space aside."""
    if isinstance(agreed, str) and isinstance(value, str):
        return agreed.casefold().split() == value.casefold().split()
    if isinstance(agreed, datetime) and isinstance(value, datetime):
        return abs(agreed - value) < timedelta(minutes=1)
    return bool(agreed == value)


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.astimezone(LOCAL).date()
    return value if isinstance(value, date) else None


def _begun(scene: Scene, link: Link, name: str) -> Iterator[Any]:
    """What a twin showed when it became one: its history played back."""
    fields = {
        field: remote for remote, field in scene.tool(link.connection).fields(link.object).items()
    }
    pushed = scene.tool(link.connection).direction(entity(link), name) is Direction.PUSH
    if name not in fields or pushed:
        return
    thing, remote = scene.thing(link), fields[name]
    raw = thing.fields[remote]
    for entry in reversed(scene.worlds[link.connection].history):
        late = link.linked_at is None or entry.at > link.linked_at
        if entry.thing is thing and entry.field == remote and late:
            raw = entry.old
    if not thing.marker:
        yield scene.meaning(link.connection, thing, remote, raw)


def _given(scene: Scene, link: Link, name: str) -> Iterator[tuple[str, Any]]:
    """Who gave which value before the twin was one, if people made it: its maker, then others."""
    remotes = {
        ours: remote for remote, ours in scene.tool(link.connection).fields(link.object).items()
    }
    thing = scene.thing(link)
    if name not in remotes or thing.marker or link.linked_at is None:
        return
    remote, history = remotes[name], scene.worlds[link.connection].history
    mine = [e for e in history if e.thing is thing and e.field == remote]
    before = [e for e in mine if e.at <= link.linked_at]
    made = mine[0].old if mine else thing.fields[remote]
    for by, raw in [(thing.created_by, made), *((e.by, e.new) for e in before)]:
        yield by.removeprefix("u-"), scene.meaning(link.connection, thing, remote, raw)


def outcomes(scene: Scene, record: str) -> dict[tuple[str | None, str | None], str]:
    lines = scene.store.journal("acme", record=record, limit=100_000)
    return {(e.connection, e.key): e.outcome for e in lines if e.key}


def blamed(scene: Scene) -> Iterator[str]:
    """Nobody is said to have made an edit that nobody made."""
    links = {(link.record, link.connection): link for link in scene.links()}
    keyed = {(e.connection, e.key) for e in scene.store.journal("acme", limit=100_000) if e.key}
    for line in scene.store.journal("acme", limit=100_000):
        link = links.get((line.record or "", line.connection or ""))
        late = line.connection in scene.forgotten  # told late or never: so nobody could say by whom
        if late or line.kind != "edit" or line.key or link is None or line.field == "existence":
            continue
        quiet = [
            e for f, e in scene.said(link) if f == line.field
            and (link.connection, str(e.number)) not in keyed
        ]  # fmt: skip
        begun = [dump(value) for value in _begun(scene, link, line.field or "")]
        first = line.outcome in FIRST and line.new in begun
        given = [(who, dump(v)) for who, v in _given(scene, link, line.field or "")]
        if not quiet and not first and (line.editor, line.new) not in given:
            yield f"{line.editor} is said to have set {line.field} in {line.connection} to {line.new}"
