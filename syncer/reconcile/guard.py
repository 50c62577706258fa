"""Refuse the frightening plan: too much archived, changed or suddenly read differently."""

from collections import Counter
from collections.abc import Mapping, Sequence

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
    for name in sorted(set(archives) | set(updates) | set(absent)):
        of = linked.get(name, 0)
        most = max(limits.archives, int(of * limits.archive_share))
        found += _over(ARCHIVES, name, archives[name], of, most)
        found += _over(ABSENT, name, absent.get(name, 0), of, most)
        if of >= limits.floor:
            share = max(limits.floor, int(of * limits.update_share))
            found += _over(UPDATES, name, updates[name], of, share)
    count = sum(remap.count for remap in remaps)
    found += _over(REMAPS, None, count, sum(linked.values()), limits.remaps)
    return tuple(refusal for refusal in found if refusal.kind not in allowed)


def _over(kind: str, connection: str | None, count: int, of: int, most: int) -> list[Refusal]:
    if count <= most:
        return []
    return [Refusal(kind, connection, count, of, str(most), f"--allow {kind}")]
