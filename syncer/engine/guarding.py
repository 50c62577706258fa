"""Guard: a plan beside what is linked, of which no more is counted than can matter."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from syncer.engine.context import Context
from syncer.model.decisions import Action, Refusal, Remap
from syncer.reconcile.guard import Missing, enough, guard


def guarded(
    ctx: Context,
    actions: Sequence[Action],
    remaps: Sequence[Remap],
    absent: Mapping[str, Missing],
    inside: Mapping[tuple[str, str], frozenset[str]],
    leaving: Mapping[str, int],
    changed: int,
) -> tuple[Refusal, ...]:
    """What a person must allow first; the rest as :func:`~syncer.reconcile.guard.guard` takes it.

    A share of what is linked asks whether that is enough; counting all of it looks through all
    links, and is done only for what is refused, where people are told.
    """

    def refused(linked: Mapping[str, int]) -> tuple[Refusal, ...]:
        limits, allowed = ctx.config.limits, ctx.orders.allowed
        return guard(actions, remaps, absent, linked, limits, allowed, inside, leaving, changed)

    if not (actions or remaps or absent or leaving or changed):
        return ()
    most = None if changed else enough(len(actions), ctx.config.limits)
    asked = {*(action.connection for action in actions), *absent, *leaving}
    if most is not None and not refused(_counted(ctx, asked, most)):
        return ()
    return refused(_linked(ctx))


def _counted(ctx: Context, connections: Iterable[str], most: int) -> dict[str, int]:
    client, store = ctx.client.key, ctx.store
    return {name: store.counted_links(client, name, most) for name in sorted(connections)}


def _linked(ctx: Context) -> Counter[str]:
    counts: Counter[str] = Counter()
    for (connection, _), count in ctx.store.link_counts(ctx.client.key).items():
        counts[connection] += count
    return counts
