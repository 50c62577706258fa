"""What is left of the groups when the filter took its part out, and what is nearly the same."""

from collections.abc import Iterable, Iterator, Sequence

from syncer.model.contact import Place
from syncer.model.decisions import View
from syncer.reconcile.matched import LEFT_OUT, NEARLY, Doubt, Group
from syncer.reconcile.near import Like, nearly_same
from syncer.reconcile.things import Said, Thing


def without_left_out(
    groups: Iterable[Group], found: Iterable[Thing], said: Said
) -> tuple[list[Group], list[View], list[Doubt]]:
    """Groups without what takes no part; what that is; and what it is the same as.

    What a person called the same takes part, whatever the filter says.
    """
    if not said.out:
        return list(groups), [], []
    # A record of which every twin was forgotten stands nowhere.
    records = {thing.record: min(thing.places) for thing in found if thing.record and thing.places}
    out = said.out - {place for pair in said.same for place in pair}
    kept: list[Group] = []
    left: list[View] = []
    doubts: list[Doubt] = []
    for group in groups:
        rest = tuple(view for view in group.views if view.key not in out)
        gone = [view for view in group.views if view.key in out]
        kept += [Group(rest, group.record)] if rest else []
        left += gone
        known = records.get(group.record or "")
        there = [known] if known else [view.key for view in rest]
        doubts += [Doubt(view, there[0], 1.0, LEFT_OUT) for view in gone if there]
    return kept, left, doubts


def nearly(
    groups: Iterable[Group], left: Iterable[View], found: Sequence[Thing], said: Said
) -> Iterator[Doubt]:
    """Lone views that are nearly the same as something that has no twin where they are."""
    if len({thing.connections for thing in found}) < 2:
        return  # all of it stands side by side in the same systems
    best: dict[tuple[Place, Place], tuple[View, float]] = {}
    likes = (
        Like(thing, key, thing.connections, _lone(thing))
        for thing in _whole(groups, left, found)
        for key in thing.keys
    )
    for one, other, score in nearly_same(likes):
        if said.differ(one.places, other.places):
            continue
        for asks, named in ((one, other), (other, one)):
            if _lone(asks) and named.places:
                view, place = asks.views[0], min(named.places)
                before = best.get((view.key, place), (view, 0.0))
                best[view.key, place] = view, max(score, before[1])
    yield from (Doubt(view, place, score, NEARLY) for (_, place), (view, score) in best.items())


def _lone(thing: Thing) -> bool:
    return len(thing.views) == 1 and thing.record is None


def _whole(groups: Iterable[Group], left: Iterable[View], found: Sequence[Thing]) -> list[Thing]:
    """All things as they are now: groups, lone views, and records with what joined them."""
    of = {view.key: thing for thing in found for view in thing.views}
    records = {thing.record: thing for thing in found if thing.record is not None}
    made: list[Thing] = []
    for group in groups:
        parts = list(dict.fromkeys(of[view.key] for view in group.views))
        known = records.pop(group.record, None) if group.record else None
        parts += [known] if known is not None and known not in parts else []
        made.append(_together(parts, group))
    return [*made, *records.values(), *(of[view.key] for view in left)]


def _together(parts: Sequence[Thing], group: Group) -> Thing:
    places = frozenset(place for part in parts for place in part.places)
    keys = dict.fromkeys(key for part in parts for key in part.keys)
    return Thing(places, tuple(keys), group.views, group.record)
