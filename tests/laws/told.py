"""Laws about what becomes of people's words: Nothing lost, Heard, Absence is not deletion."""

from collections.abc import Iterator, Mapping, Sequence

from adapters.memory.things import Entry
from syncer.model.records import Link, LinkStatus, Proposal, ProposalStatus, Record
from syncer.model.rules import Policy
from syncer.model.values import dump
from tests.laws.scene import UNREADABLE, Scene, called, entity, excused
from tests.laws.spoken import Word, alike, approvals, outcomes, words

AWAY = ("archived", "deleted")


def nothing_lost(scene: Scene, without: str = "") -> Iterator[str]:
    """Every edit that a system tells of is in the journal, but one in a system that is down."""
    keys = {(e.connection, e.key) for e in scene.store.journal("acme", limit=100_000) if e.key}
    excuses = scene.excuses()
    for link in scene.links():
        if link.connection == without:
            continue
        quirks = scene.tool(link.connection).quirks
        for name, entry in scene.said(link):
            hidden = entry.field in quirks.no_history or excused(
                excuses, link.record, name, link.connection
            )
            known = (link.connection, str(entry.number)) in keys
            gone = entry.new == "deleted"  # of what is gone there is no record any more
            if hidden or known or gone or _unclear(scene, link, name, entry):
                continue
            yield (
                f"{entry.by} set {name} of {link.remote_id} in {link.connection} from {entry.old}"
                f" to {entry.new} at {entry.at:%d %H:%M:%S}; no line of the journal says so"
            )


def _unclear(scene: Scene, link: Link, name: str, entry: Entry) -> bool:
    """Edits that nobody could tell of: the feed forgot them, or they look like our own write."""
    shared = scene.setting.owners(entity(link), name) is None
    tool = scene.tool(link.connection)
    ours = [
        w for w, _ in scene.worlds[link.connection].lapses.sent if w.id in (link.remote_id, None)
    ]
    like = any(entry.field in w.fields for w in ours) and entry.by == f"u-{tool.account}"
    return (shared and link.connection in scene.forgotten) or like


def heard(scene: Scene) -> Iterator[str]:
    """What a non-owner wants waits for the owner, once, and ends only by a cause."""
    seen: set[tuple[str, str, str]] = set()
    for each in scene.proposals(open_only=True):
        place = (each.record, each.field, each.proposer)
        if place in seen:
            yield f"{each.proposer} has two open proposals about {each.field}"
        seen.add(place)
    records = scene.records()
    by_record = scene.store.links_of(list(records))
    for each in scene.proposals():
        links = by_record[each.record]
        undone = (each.record, each.field) in scene.undone
        over = each.status is ProposalStatus.COUNTERED and not undone
        if over and not _countered(scene, each, links):
            yield (
                f"{each.proposer}'s proposal about {each.field} of {called(records[each.record])}"
                f" ended, and no owner spoke after the heads-up"
            )
    yield from _unproposed(scene, records, by_record)


def _countered(scene: Scene, each: Proposal, links: Sequence[Link]) -> bool:
    owners = scene.setting.owners(each.entity, each.field) or frozenset()
    told = each.delivered_at
    return any(w.who in owners and told and w.at > told for w in words(scene, links, each.field))


def _unproposed(
    scene: Scene, records: Mapping[str, Record], by_record: Mapping[str, Sequence[Link]]
) -> Iterator[str]:
    """The newest word about a field, by somebody who does not own it, is proposed or over."""
    excuses = scene.excuses() - {(p.record, p.field, None) for p in scene.proposals()}
    for record in records.values():
        for name in ("deadline", "priority", "strategy"):
            owners = scene.setting.owners(record.entity, name)
            if (record.id, name) in scene.undone:
                continue
            if owners is None or scene.setting.policy(record.entity, name) is not Policy.PROPOSE:
                continue
            links = [x for x in by_record[record.id] if x.status is LinkStatus.LINKED]
            said = words(scene, links, name)
            if not said or excused(excuses, record.id, name, said[-1].link.connection):
                continue
            last = said[-1]
            over = any(
                p.proposer in (last.who, last.who.title()) and p.field == name and p.value == last.value
                for p in scene.proposals() if p.record == record.id
            )  # fmt: skip
            plain = last.who not in owners and not last.coarse and last.value != UNREADABLE
            first = outcomes(scene, record.id).get(last.key) in ("first", "agrees")
            clear = not (scene.swapped and name == "priority")
            if (
                plain
                and not over
                and not first
                and clear
                and not alike(record.value(name), last.value)
            ):
                yield f"{last.who} set {name} of {called(record)} to {last.value}: nobody was told"


def absence(scene: Scene) -> Iterator[str]:
    """We archive only what somebody entitled put away, and delete nothing."""
    for name, world in scene.worlds.items():
        for entry in world.history:
            if entry.intent and entry.new == "deleted" and entry.field == "existence":
                yield f"{name}: {entry.thing.id} was deleted by us"
    records = scene.records()
    by_record = scene.store.links_of(list(records))
    for record in records.values():
        gone = [w for w in words(scene, by_record[record.id], "existence") if w.entry.new in AWAY]
        yield from _archived(scene, record, list(by_record[record.id]), gone)
    for each in scene.proposals():
        away = [e for x in by_record[each.record] for f, e in scene.said(x) if e.new in AWAY]
        if each.status is ProposalStatus.DECLINED and each.connection in scene.worlds:
            # A deleted twin whose deletion was declined is forgotten, so that one is made again.
            away += [e for e in scene.worlds[each.connection].history if e.new == "deleted"]
        if dump(each.value) == "archived" and not away and each.connection not in scene.emptied:
            yield f"{each.proposer} is said to want {called(records[each.record])} put away"


def uninvited(scene: Scene) -> Iterator[str]:
    """What somebody made who may only propose it is made nowhere else before an owner agrees.

    What was there at first contact is nobody's proposal.
    """
    if scene.setting.create is not Policy.PROPOSE:
        return
    records = scene.records()
    by_record = scene.store.links_of(list(records))
    begun = min((x.linked_at for x in scene.links() if x.linked_at), default=None)
    agreed = {
        p.record
        for p in scene.proposals()
        if p.field == "existence" and p.status is ProposalStatus.ACCEPTED
    }
    for record in records.values():
        owners = scene.setting.owners(record.entity, "existence") or frozenset()
        things = [scene.thing(link) for link in by_record[record.id]]
        mine = [thing for thing in things if not thing.marker]
        made = [thing.created_by.removeprefix("u-") for thing in mine]
        spread = len(mine) < len(things) and all(begun and t.created_at > begun for t in mine)
        if spread and made and not owners & set(made) and record.id not in agreed:
            yield f"{called(record)} of {made} was made elsewhere, and no owner agreed"


def _archived(scene: Scene, record: Record, links: list[Link], gone: list[Word]) -> Iterator[str]:
    owners = scene.setting.owners(record.entity, "existence") or frozenset()
    free = scene.setting.archive in (Policy.ALLOW, Policy.NOTIFY)
    entitled = [w for w in gone if w.who in owners or free] or approvals(
        scene, record.id, "existence"
    )
    for link in links:
        for entry in scene.worlds[link.connection].history:
            ours = entry.intent and entry.thing.id == link.remote_id and entry.new == "archived"
            if ours and not entitled and not (free and scene.emptied):
                yield f"{link.connection}: {called(record)} was archived, and nobody entitled did so"
