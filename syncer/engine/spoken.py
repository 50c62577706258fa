"""What a person says of candidates: the same, two things, or two things that get their twins."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from syncer.model.contact import Candidate, Decision, Place
from syncer.model.records import JournalEntry, Link
from syncer.state import Store

WORDS = {
    Decision.ACCEPTED: "accept",
    Decision.REJECTED: "reject",
    Decision.CREATED: "create",
    Decision.OPEN: "open",
}
"""What a person writes for each decision."""

_SAID = {
    Decision.ACCEPTED: "is",
    Decision.REJECTED: "is not",
    Decision.CREATED: "is not, and both get their twins:",
    Decision.OPEN: "may be, after all,",
}


class Wish(Struct, frozen=True):
    """What somebody wants to be said of a candidate."""

    candidate: Candidate
    decision: Decision

    @property
    def news(self) -> bool:
        """Whether it is not what is said already."""
        return self.candidate.decision is not self.decision


def faults(store: Store, wishes: Sequence[Wish]) -> dict[str, str]:
    """Why a candidate cannot be decided like this, by its id; nothing where all can be."""
    found: dict[str, str] = {}
    for client in {wish.candidate.client for wish in wishes}:
        mine = [wish for wish in wishes if wish.candidate.client == client and wish.news]
        places = {place for wish in mine for place in wish.candidate.pair}
        links = store.links(client, places)
        found |= {w.candidate.id: why for w in mine if (why := _carried_out(w, links))}
        found |= _twice(store.candidates(client, [Decision.ACCEPTED]), mine)
    return found


def _carried_out(wish: Wish, links: Mapping[Place, Link]) -> str:
    """Whether a run made it so already."""
    left, right = (links.get(s.place) for s in (wish.candidate.left, wish.candidate.right))
    if left is None or right is None:
        return ""
    if left.record == right.record:
        return "they are one record already; that cannot be taken back here"
    if wish.decision.apart:
        return ""
    return "each of them is a record of its own already; that cannot be taken back here"


def _twice(accepted: Iterable[Candidate], wishes: Sequence[Wish]) -> dict[str, str]:
    """Things that would be the same as two things of one system."""
    changed = {wish.candidate.id for wish in wishes}
    wanted = [wish.candidate for wish in wishes if wish.decision is Decision.ACCEPTED]
    taken: dict[tuple[Place, str], Candidate] = {}
    found: dict[str, str] = {}
    for one in [*(a for a in accepted if a.id not in changed), *wanted]:
        for mine, other in ((one.left, one.right), (one.right, one.left)):
            rival = taken.setdefault((mine.place, other.place[0]), one)
            if rival is not one:
                found[one.id] = (
                    f'{mine.place[0]} "{mine.title}" would be two things of {other.place[0]}:'
                    f" {rival.id} is accepted too; reject one of them"
                )
    return found


def decide(store: Store, wishes: Sequence[Wish], by: str, at: datetime) -> list[Candidate]:
    """Keep what somebody said, all of it or nothing; gives the candidates as they are now.

    Args:
        by: who typed it.

    Raises:
        ValueError: one of them cannot be decided like this; see :func:`faults`.
    """
    news = [wish for wish in wishes if wish.news]
    if why := faults(store, news):
        raise ValueError("; ".join(f"{id}: {text}" for id, text in sorted(why.items())))
    links = {
        client: store.links(client, (p for w in news for p in w.candidate.pair))
        for client in {wish.candidate.client for wish in news}
    }
    with store.transaction() as tx:
        for decision in Decision:
            ids = [w.candidate.id for w in news if w.decision is decision]
            tx.decide(ids, decision, by, at)
        tx.journal([_entry(w, by, at, links[w.candidate.client]) for w in news])
    return [
        replace(wish.candidate, decision=wish.decision, decided_by=by, decided_at=at)
        for wish in news
    ]


def _entry(wish: Wish, by: str, at: datetime, links: Mapping[Place, Link]) -> JournalEntry:
    one = wish.candidate
    known = [links[place] for place in sorted(one.pair) if place in links]
    left, right = (f'{s.place[0]} {s.place[1]} "{s.title}"' for s in (one.left, one.right))
    return JournalEntry(
        client=one.client,
        at=at,
        kind="command",
        record=known[0].record if known else None,
        entity=one.entity,
        connection=one.left.place[0],
        outcome=f"match {WORDS[wish.decision]}",
        text=f"{one.id}: {left} {_SAID[wish.decision]} {right}, typed by {by}",
    )
