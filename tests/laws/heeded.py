"""Laws about what people are told in their tools and what they answer there, where they are."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from adapters.memory.markup import mentioned
from syncer.model.notices import Notice, NoticeKind, NoticeStatus, Posting, PostStatus
from syncer.model.records import Proposal, ProposalStatus
from syncer.model.rules import Policy
from tests.laws.rooms import Line, Watched
from tests.laws.scene import Scene, called

ASKED = (NoticeKind.ASK, NoticeKind.AGAIN, NoticeKind.REMINDER)
"""What tells an owner of a version."""


def talk(scene: Scene, name: str) -> Watched:
    """What is said in a system."""
    found = scene.worlds[name].talk
    assert isinstance(found, Watched)
    return found


def ours(scene: Scene) -> dict[str, dict[str, list[Line]]]:
    """Everything that the service wrote: by mark, then by comment."""
    found: dict[str, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for name in scene.names:
        for line in talk(scene, name).ours():
            found[line.ref or ""][f"{name} {line.comment}"].append(line)
    return found


def notices(scene: Scene) -> list[Notice]:
    """Everything that anybody is to hear, or heard."""
    return scene.store.notices("acme", tuple(NoticeStatus))


def private(scene: Scene) -> Iterator[str]:
    """Nothing was written where guests or the public could read it at that moment."""
    for name in scene.names:
        for line in talk(scene, name).exposed:
            yield f"{name}: guests could read what was said under {line.thing.id} ({line.ref})"


def said_once(scene: Scene) -> Iterator[str]:
    """Each comment is there once, the service knows of it, and nothing is told in two of them."""
    written = ours(scene)
    for ref, comments in written.items():
        if len(comments) > 1:
            yield f"the comment {ref} is there {len(comments)} times: {sorted(comments)}"
    done = scene.store.postings("acme", (PostStatus.DONE,))
    for ref in written.keys() - {posting.ref for posting in done}:
        yield f"the comment {ref} ({sorted(written[ref])}) was written, and is not known"
    for ref in {posting.ref for posting in done} - written.keys():
        yield f"the comment {ref} is said to stand there, and does not"
    for posting in scene.store.postings("acme", (PostStatus.SENT,)):
        yield f"whether {posting.ref} stands in {posting.connection} was not looked up"
    yield from _told_twice(scene, done)
    for name in scene.names:
        kept = Counter(thing.container for thing in talk(scene, name).kept.values())
        yield from (f"{name}: {n} items are kept in {place}" for place, n in kept.items() if n > 1)


def _told_twice(scene: Scene, done: list[Posting]) -> Iterator[str]:
    """What one person hears stands in one comment; each version is asked about once."""
    by_id = {notice.id: notice for notice in notices(scene)}
    comments = Counter(id for posting in done for id in set(posting.notices))
    for id, times in comments.items():
        if times > 1:
            yield f"{_about(by_id[id])} stands in {times} comments"
    asks = Counter(
        (n.proposal, n.version, n.to)
        for n in by_id.values()
        if n.kind is NoticeKind.ASK and n.status is NoticeStatus.TOLD
    )
    yield from (
        f"{to} was asked {n} times about v{v} of {p}" for (p, v, to), n in asks.items() if n > 1
    )
    to_dos = Counter(
        (proposal, person)
        for posting in done
        for proposal, _ in posting.proposals
        for person in posting.to
        if posting.to_do
    )
    yield from (f"{who} has {n} to-dos about {p}" for (p, who), n in to_dos.items() if n > 1)


def _about(notice: Notice) -> str:
    return f"{notice.kind} v{notice.version} of {notice.proposal or notice.field} to {notice.to}"


def told(scene: Scene) -> Iterator[str]:
    """Whoever should hear something heard it, where it says so; else it is said why not yet."""
    if not scene.setting.in_tools:
        return
    found, written = notices(scene), ours(scene)
    for notice in found:
        if notice.status is NoticeStatus.TOLD and not _stands(notice, written):
            yield f"{_about(notice)} is said to be told by {notice.ref}, which says nothing to them"
        if notice.status is NoticeStatus.WAITING and not notice.why:
            yield f"{_about(notice)} waits, and nothing says why"
    records = scene.records()
    for each in scene.proposals(open_only=True):
        asks = {n.to: n for n in found if _asks(n, each)}
        for owner in _hearers(scene, each.entity, each.field, each.proposer):
            if owner not in asks or asks[owner].status is NoticeStatus.DROPPED:
                title = called(records[each.record])
                yield f"{owner} is not asked about v{each.version} of {each.field} of {title}"
        heard = any(n.status is NoticeStatus.TOLD for n in asks.values())
        if heard != (each.delivered == each.version):
            yield f"v{each.version} of {each.field} counts as told to v{each.delivered}: {heard}"
    yield from _notified(scene, found)


def _asks(notice: Notice, proposal: Proposal) -> bool:
    mine = (notice.proposal, notice.version) == (proposal.id, proposal.version)
    return mine and notice.kind is NoticeKind.ASK


def _hearers(scene: Scene, entity: str, field: str, but: str | None) -> set[str]:
    return set(scene.setting.owners(entity, field) or ()) - {but or ""}


def _stands(notice: Notice, written: dict[str, dict[str, list[Line]]]) -> bool:
    """Whether our comment of that mark speaks to this person."""
    lines = [line for comments in written.get(notice.ref or "", {}).values() for line in comments]
    here = [
        line for line in lines if notice.to is None or f"u-{notice.to}" in mentioned(line.markup)
    ]
    return bool(here)


def _notified(scene: Scene, found: list[Notice]) -> Iterator[str]:
    """Each net change under `notify` is for each owner, once a field and cycle."""
    changes: dict[tuple[str, str], set[tuple[str, str | None]]] = defaultdict(set)
    for line in scene.store.journal("acme", limit=100_000):
        if line.kind == "edit" and line.outcome == "notified" and line.record and line.field:
            changes[(line.record, line.field)].add((line.cycle or "", line.editor))
    records = scene.records()
    for (record, name), lines in changes.items():
        entity = records[record].entity
        if scene.setting.policy(entity, name) is not Policy.NOTIFY:
            continue
        for owner in _hearers(scene, entity, name, None):
            mine = [
                n
                for n in found
                if (n.record, n.field, n.to, n.kind) == (record, name, owner, NoticeKind.CHANGED)
            ]
            others = {cycle for cycle, editor in lines if editor != owner}
            if len(mine) > len(others):
                yield f"{owner} hears {len(mine)} times of {len(others)} changes of {name}"


def answered(scene: Scene) -> Iterator[str]:
    """What ended by an answer was answered by who may, of the version that they were told of."""
    found = notices(scene)
    for each in scene.proposals():
        owners, who = scene.setting.owners(each.entity, each.field) or frozenset(), each.closed_by
        where = f"{each.proposer}'s {each.field} ({each.number})"
        if each.status is ProposalStatus.ACCEPTED and who is None and not scene.setting.applies:
            yield f"{where} counts, and nobody accepted it"
        decided = each.status in (ProposalStatus.ACCEPTED, ProposalStatus.DECLINED)
        if decided and who is not None and who not in owners:
            yield f"{where} was {each.status} by {who}, who may not"
        if each.status is ProposalStatus.WITHDRAWN and who != each.proposer:
            yield f"{where} was withdrawn by {who}"
        if decided and (late := _too_early(scene, each, found)):
            yield f"{where} was {each.status} by {late}, before v{each.version} was told"


def _too_early(scene: Scene, each: Proposal, found: list[Notice]) -> str:
    """Who answered in a tool, if what they had read there was an older version."""
    for line in scene.store.journal("acme", record=each.record, limit=100_000):
        counted = line.kind == "answer" and line.outcome in ("approve", "decline")
        if not counted or each.number not in line.text.split(":")[0]:
            continue
        comment = (line.key or "").split(":")[1]
        said = [s for s in talk(scene, line.connection or "").lines if s.comment == comment]
        told = [n for n in found if n.proposal == each.id and n.version == each.version]
        read = [n.told_at for n in told if n.kind in (*ASKED, NoticeKind.WAITS) and n.told_at]
        if said and not any(at <= said[-1].at for at in read):
            return said[-1].by
    return ""
