"""Which unlinked things are the same thing: by exact keys, or candidates for a person."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from syncer.model.decisions import View
from syncer.reconcile.clusters import clusters, could_be
from syncer.reconcile.matched import SEVERAL, TWICE, Doubt, Group, Matched
from syncer.reconcile.names import fold
from syncer.reconcile.near import Key
from syncer.reconcile.nearly import nearly, without_left_out
from syncer.reconcile.things import Known, Said, Thing, joined, one_thing, things

__all__ = ["Doubt", "Group", "Known", "Matched", "Said", "fold", "match"]


def match(views: Sequence[View], known: Iterable[Known], said: Said | None = None) -> Matched:
    """Group unlinked views of one entity with each other and with known records.

    Exactly one view a system and at most one record of the same key are the same thing. Two
    candidates, or keys that are nearly the same, are in doubt and nothing is made of them. What
    takes no part by the filter is joined to nothing, and nothing is made that may be it.
    """
    said = said or Said()
    matched = [view for view in views if view.key not in said.alone]
    found = list(joined(things(matched, known), said))
    groups, doubts = _exact(found, said)
    groups, left, more = without_left_out(groups, found, said)
    asked = {frozenset({doubt.view.key, doubt.other}) for doubt in more}
    near = nearly(groups, left, found, said)
    doubts += [*more, *(d for d in near if frozenset({d.view.key, d.other}) not in asked)]
    # Two things that are both left out are nobody's matter.
    doubts = [doubt for doubt in doubts if not {doubt.view.key, doubt.other} <= said.out]
    doubtful = {doubt.view.key for doubt in doubts}
    groups = [g for g in groups if len(g.views) > 1 or g.record or g.views[0].key not in doubtful]
    groups += [Group((view,)) for view in views if view.key in said.alone]
    return Matched(
        tuple(sorted(groups, key=lambda group: group.views[0].key)),
        tuple(sorted(doubts, key=lambda doubt: (doubt.view.key, doubt.other))),
        tuple(view for view in left if view.key not in doubtful),
    )


def _exact(found: Sequence[Thing], said: Said) -> tuple[list[Group], list[Doubt]]:
    groups = [Group(thing.views, thing.record) for thing in found if thing.views and not thing.keys]
    doubts: list[Doubt] = []
    for bucket in _buckets(found):
        if len(bucket) == 1:  # nothing else is called so
            groups += [_together(bucket)]
            continue
        for cluster in clusters(bucket, said):
            sure, doubtful = _settled(cluster, said)
            groups += sure
            doubts += doubtful
    return groups, doubts


def _buckets(found: Sequence[Thing]) -> list[list[Thing]]:
    """Things of the same key, where one of them is new."""
    buckets: dict[Key, list[Thing]] = defaultdict(list)
    for thing in found:
        # What was put together is looked for by what its record, or its first part, is called.
        for key in thing.keys[:1] if thing.joined else thing.keys:
            buckets[key].append(thing)
    return [bucket for bucket in buckets.values() if any(thing.views for thing in bucket)]


def _settled(cluster: list[Thing], said: Said) -> tuple[list[Group], list[Doubt]]:
    """One group where all can be one thing and no other reading is possible; else doubts."""
    if one_thing(cluster, said):
        group = _together(cluster)
        return [group] if group.views else [], []
    whole = [Group(thing.views, thing.record) for thing in cluster if thing.joined]
    doubts = [
        Doubt(view, min(other.places), 1.0, _why(thing, other, said))
        for thing in cluster
        for view in (() if thing.joined else thing.views)
        for other in cluster
        if other is not thing and other.places and could_be(thing, other, said)
    ]
    asked = {doubt.view.key for doubt in doubts}
    rest = (v for thing in cluster if not thing.joined for v in thing.views if v.key not in asked)
    return [*whole, *(Group((view,)) for view in rest)], doubts


def _together(cluster: list[Thing]) -> Group:
    views = sorted((v for thing in cluster for v in thing.views), key=lambda view: view.key)
    records = [thing.record for thing in cluster if thing.record is not None]
    return Group(tuple(views), *records)


def _why(thing: Thing, other: Thing, said: Said) -> str:
    both = (frozenset({a, b}) for a in thing.places for b in other.places)
    return TWICE if any(pair in said.same for pair in both) else SEVERAL
