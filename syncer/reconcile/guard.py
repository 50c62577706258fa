"""Refuse the frightening plan: too much archived, changed or suddenly read differently."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from types import MappingProxyType

from msgspec import Struct

from syncer.model.configuration import Limits
from syncer.model.decisions import Action, Refusal, Remap
from syncer.model.entities import SIBLINGS
from syncer.model.refusals import BY_PLAN
from syncer.model.remote import Op

ARCHIVES = "archives"
UPDATES = "updates"
REMAPS = "remaps"
ABSENT = "absent"
LEAVING = "leaving"
CHANGED = "configuration"

EMPTIED = 2
"""So many linked things make a list that comes back without any of them suspicious."""


class Missing(Struct, frozen=True):
    """Linked things that complete listings of one connection lack.

    ``emptied`` of them were all that a list, a board or a project had.
    """

    count: int = 0
    emptied: int = 0


def guard(
    actions: Sequence[Action],
    remaps: Sequence[Remap],
    absent: Mapping[str, Missing],
    linked: Mapping[str, int],
    limits: Limits,
    allowed: frozenset[str],
    inside: Mapping[tuple[str, str], frozenset[str]] = MappingProxyType({}),
    leaving: Mapping[str, int] = MappingProxyType({}),
    changed: int = 0,
) -> tuple[Refusal, ...]:
    """Everything in a plan that a person must allow first.

    Args:
        absent: per connection, what complete listings lack.
        linked: per connection, how many things are linked.
        allowed: kinds that somebody allowed for this run.
        inside: per (connection, remote id) of a container, what is linked in it: whoever
            archives a board puts its cards out of sight.
        leaving: per connection, how many things left the scope: as many as may be archived may.
        changed: where what decides in the configuration is not what it was in the last good
            cycle, how many writes there are, those of twins that join now too.
    """
    archives = _archives(actions, inside)
    updates = Counter(a.connection for a in actions if a.op is Op.UPDATE and _of_people(a))
    found: list[Refusal] = []
    for name in sorted({*archives, *updates, *absent, *leaving}):
        of = linked.get(name, 0)
        share = _share(of, limits.archive_share, limits)
        gone = limits.archives if share is None else min(limits.archives, share)
        found += _over(ARCHIVES, name, archives[name], of, gone)
        found += _over(LEAVING, name, leaving.get(name, 0), of, gone)
        found += _missing(name, absent.get(name, Missing()), of, gone)
        found += _over(UPDATES, name, updates[name], of, _share(of, limits.update_share, limits))
    count = sum(remap.count for remap in remaps)
    found += _over(REMAPS, None, count, sum(linked.values()), limits.remaps)
    found += _after_change(changed, sum(linked.values()), limits)
    return tuple(refusal for refusal in found if refusal.kind not in allowed)


def enough(updates: int, limits: Limits) -> int | None:
    """So many linked things in a connection that more would allow nothing else; None: all count.

    Nothing having changed in the configuration, what is refused beside so many is refused
    beside any more, and the reverse.
    """
    asked = ((limits.archives, limits.archive_share), (updates, limits.update_share))
    if any(share <= 0 for _, share in asked):
        return None
    return max(limits.floor, *(ceil(count / share) + 1 for count, share in asked))


def _of_people(action: Action) -> bool:
    """Whether a write changes something that people set: what only links twins frightens nobody."""
    return any(write.field != SIBLINGS for write in action.writes) or not action.writes


def _archives(
    actions: Sequence[Action], inside: Mapping[tuple[str, str], frozenset[str]]
) -> Counter[str]:
    """Per connection, how many things people would no longer see."""
    away: set[tuple[str, str]] = set()
    for action in actions:
        if action.op is Op.ARCHIVE:
            place = (action.connection, action.remote_id or action.record)
            away |= {place, *((action.connection, id) for id in inside.get(place, ()))}
    return Counter(connection for connection, _ in away)


def _missing(name: str, missing: Missing, of: int, most: int) -> Iterator[Refusal]:
    """Too many, or a whole list: a credential that sees less looks just like that."""
    if missing.count <= most and missing.emptied >= EMPTIED:
        limit = "0 where a whole list is lacking"
        yield Refusal(ABSENT, name, missing.emptied, of, limit, f"--allow {ABSENT}")
    else:
        yield from _over(ABSENT, name, missing.count, of, most)


def _after_change(writes: int, of: int, limits: Limits) -> Iterator[Refusal]:
    """Much to write right after the rules changed: they may say what nobody meant."""
    share = _share(of, limits.after_change_share, limits)
    most = limits.after_change if share is None else min(limits.after_change, share)
    if writes > most:
        yield Refusal(CHANGED, None, writes, of, str(most), BY_PLAN)


def _share(of: int, share: float, limits: Limits) -> int | None:
    """How many a share allows, never fewer than the floor; None where shares do not count."""
    if of < limits.floor:
        return None
    return max(limits.floor, round(of * share * 1_000_000) // 1_000_000)


def _over(
    kind: str, connection: str | None, count: int, of: int, most: int | None
) -> Iterator[Refusal]:
    if most is not None and count > most:
        yield Refusal(kind, connection, count, of, str(most), f"--allow {kind}")
