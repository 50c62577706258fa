"""Refuse the frightening plan: too much archived, changed or suddenly read differently."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from syncer.model.configuration import Limits
from syncer.model.decisions import Action, Refusal, Remap
from syncer.model.remote import Op

ARCHIVES = "archives"
UPDATES = "updates"
REMAPS = "remaps"
ABSENT = "absent"


def guard(
    actions: Sequence[Action],
    remaps: Sequence[Remap],
    absent: Mapping[str, int],
    linked: Mapping[str, int],
    limits: Limits,
    allowed: frozenset[str],
) -> tuple[Refusal, ...]:
    """Everything in a plan that a person must allow first.

    Args:
        absent: per connection, linked things that a complete listing lacks.
        linked: per connection, how many things are linked.
        allowed: kinds that somebody allowed for this run.
    """
    archives = Counter(a.connection for a in actions if a.op is Op.ARCHIVE)
    updates = Counter(a.connection for a in actions if a.op is Op.UPDATE)
    found: list[Refusal] = []
    for name in sorted({*archives, *updates, *absent}):
        of = linked.get(name, 0)
        share = _share(of, limits.archive_share, limits)
        gone = limits.archives if share is None else min(limits.archives, share)
        found += _over(ARCHIVES, name, archives[name], of, gone)
        found += _over(ABSENT, name, absent.get(name, 0), of, gone)
        found += _over(UPDATES, name, updates[name], of, _share(of, limits.update_share, limits))
    count = sum(remap.count for remap in remaps)
    found += _over(REMAPS, None, count, sum(linked.values()), limits.remaps)
    return tuple(refusal for refusal in found if refusal.kind not in allowed)


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
