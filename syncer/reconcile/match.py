"""Which unlinked things are the same thing: by exact keys, or held for a person."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from syncer.model.decisions import View
from syncer.model.values import MISSING, Value, dump
from syncer.reconcile.clusters import Thing, clusters
from syncer.reconcile.names import fold
from syncer.reconcile.near import Key, Like, nearly_same

__all__ = ["Ambiguity", "Group", "Known", "fold", "match"]


@dataclass(frozen=True)
class Known:
    """A record that is there already: its agreed values and where it has twins."""

    record: str
    values: Mapping[str, Value]
    connections: frozenset[str]


@dataclass(frozen=True)
class Group:
    """Views that are one thing; ``record`` if it is a known one."""

    views: tuple[View, ...]
    record: str | None = None


@dataclass(frozen=True)
class Ambiguity:
    """Views that may be one thing; a person must say."""

    view: View
    reason: str
    candidates: tuple[str, ...]


def match(
    views: Sequence[View], known: Iterable[Known]
) -> tuple[tuple[Group, ...], tuple[Ambiguity, ...]]:
    """Group unlinked views of one entity with each other and with known records.

    Exactly one view a system and at most one record of the same key are the same thing. Two
    candidates, or keys that are nearly the same, are ambiguous and nothing is made of them.
    """
    ordered = sorted(views, key=lambda view: view.key)
    records = sorted(known, key=lambda record: record.record)
    groups = [Group((view,)) for view in ordered if _key(view) is None]
    unsure: list[Ambiguity] = []
    for bucket in _buckets(ordered, records):
        for cluster in clusters(bucket):
            sure, doubtful = _settled(cluster)
            groups += sure
            unsure += doubtful
    near = _near(groups, records)
    groups = [g for g in groups if len(g.views) > 1 or g.record or g.views[0].key not in near]
    unsure += near.values()
    return (
        tuple(sorted(groups, key=lambda group: group.views[0].key)),
        tuple(sorted(unsure, key=lambda doubt: doubt.view.key)),
    )


def _key(view: View) -> Key | None:
    """What a view is matched by; None if it does not show all of it."""
    shown = [view.fields.get(name) for name in view.mapping.match]
    values = [MISSING if each is None else each.reading.value for each in shown]
    if not values or any(value is MISSING or value is None for value in values):
        return None
    return tuple((n, _plain(v)) for n, v in zip(view.mapping.match, values, strict=True))


def _plain(value: object) -> str:
    return str(fold(value if isinstance(value, str) else dump(value)))  # type: ignore[arg-type]


def _record_key(record: Known, names: Iterable[str]) -> Key:
    return tuple((name, _plain(record.values.get(name))) for name in names)


def _buckets(views: Sequence[View], records: Sequence[Known]) -> list[list[Thing]]:
    found: dict[Key, list[Thing]] = defaultdict(list)
    for view in views:
        if key := _key(view):
            found[key].append(Thing(_name(view), frozenset({view.connection}), view))
    for names in {tuple(name for name, _ in key) for key in found}:
        for record in records:
            key = _record_key(record, names)
            if key in found:
                found[key].append(Thing(record.record, record.connections))
    return list(found.values())


def _settled(cluster: list[Thing]) -> tuple[list[Group], list[Ambiguity]]:
    """One group where all can be one thing and no other reading is possible; else doubts."""
    views = [thing.view for thing in cluster if thing.view is not None]
    records = [thing.name for thing in cluster if thing.view is None]
    if not views:
        return [], []
    taken = [name for thing in cluster for name in thing.connections]
    if len(taken) == len(set(taken)) and len(records) < 2:
        return [Group(tuple(views), *records)], []
    reason, names = "several things have the same key", tuple(sorted(t.name for t in cluster))
    return [], [Ambiguity(view, reason, names) for view in views]


def _near(groups: list[Group], records: Sequence[Known]) -> dict[tuple[str, str, str], Ambiguity]:
    """Lone views that are nearly the same as something that has no twin where they are."""
    lone = [g.views[0] for g in groups if g.record is None and len(g.views) == 1]
    joined = {g.record: frozenset(v.connection for v in g.views) for g in groups if g.record}
    likes = [_like(g.views) for g in groups if g.record is None and _key(g.views[0])]
    for names in {view.mapping.match for view in lone if _key(view)}:
        for record in records:
            taken = record.connections | joined.get(record.record, frozenset())
            likes.append(Like(record.record, _record_key(record, names), taken))
    asked = [(view, _like((view,))) for view in lone if _key(view)]
    found = nearly_same([like for _, like in asked], likes)
    return {
        view.key: Ambiguity(view, "nearly the same as", found[like.name])
        for view, like in asked
        if like.name in found
    }


def _like(views: Sequence[View]) -> Like:
    return Like(_name(views[0]), _key(views[0]) or (), frozenset(v.connection for v in views))


def _name(view: View) -> str:
    return f"{view.connection} {view.object} {view.remote_id}"
