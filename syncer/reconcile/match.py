"""Which unlinked things are the same thing: by exact keys, or held for a person."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from syncer.model.decisions import View
from syncer.model.values import MISSING, Value

NEAR = 90.0
"""Similarity (0 to 100) from which two titles are too alike to be called different."""

Key = tuple[tuple[str, object], ...]


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


@dataclass
class _Bucket:
    views: dict[str, list[View]] = field(default_factory=lambda: defaultdict(list))
    records: list[Known] = field(default_factory=list)


def fold(value: object) -> object:
    """Text after NFKC, case folding and white space; anything else as it is."""
    if isinstance(value, str):
        return " ".join(unicodedata.normalize("NFKC", value).casefold().split())
    return value


def match(
    views: Sequence[View], known: Iterable[Known]
) -> tuple[tuple[Group, ...], tuple[Ambiguity, ...]]:
    """Group unlinked views of one entity with each other and with known records.

    Exactly one view a system and at most one record of the same key are the same thing. Two
    candidates, or keys that are nearly the same, are ambiguous and nothing is made of them.
    """
    buckets: dict[Key, _Bucket] = defaultdict(_Bucket)
    groups: list[Group] = []
    for view in sorted(views, key=lambda v: v.key):
        key = _key(view)
        if key is None:
            groups.append(Group((view,)))
        else:
            buckets[key].views[view.connection].append(view)
    names = {tuple(name for name, _ in key) for key in buckets}
    records = tuple(known)
    for record in records:
        for fields in names:
            found = tuple((name, fold(record.values.get(name))) for name in fields)
            buckets[found].records.append(record)
    unsure: list[Ambiguity] = []
    for key in sorted(buckets, key=str):
        sure, doubtful = _settle(buckets[key])
        groups += sure
        unsure += doubtful
    return _without_near(groups, unsure, records)


def _key(view: View) -> Key | None:
    parts: list[tuple[str, object]] = []
    for name in view.mapping.match:
        shown = view.fields.get(name)
        if shown is None or shown.reading.value is MISSING or shown.reading.value is None:
            return None
        parts.append((name, fold(shown.reading.value)))
    return tuple(parts) or None


def _settle(bucket: _Bucket) -> tuple[list[Group], list[Ambiguity]]:
    views = [view for found in bucket.views.values() for view in found]
    open_records = [
        r for r in bucket.records if any(v.connection not in r.connections for v in views)
    ]
    crowded = any(len(found) > 1 for found in bucket.views.values())
    others = len(bucket.views) > 1 or open_records
    if (crowded and others) or len(open_records) > 1:
        names = tuple(sorted(_name(v) for v in views) + sorted(r.record for r in open_records))
        return [], [Ambiguity(v, "several things have the same key", names) for v in views]
    if crowded or not views:
        return [Group((view,)) for view in views], []
    if open_records:
        record = open_records[0]
        joining = tuple(v for v in views if v.connection not in record.connections)
        rest = [Group((v,)) for v in views if v.connection in record.connections]
        return [Group(joining, record.record), *rest], []
    return [Group(tuple(views))], []


@dataclass(frozen=True)
class _Like:
    """Something a lone view may nearly be: another lone view, or a record without a twin there."""

    name: str
    title: str
    rest: Key
    taken: frozenset[str]


def _without_near(
    groups: list[Group], unsure: list[Ambiguity], records: Sequence[Known]
) -> tuple[tuple[Group, ...], tuple[Ambiguity, ...]]:
    """Take out lone views that are nearly the same as something elsewhere."""
    lone = {g.views[0].key: g.views[0] for g in groups if g.record is None and len(g.views) == 1}
    pool = [_like_view(view) for view in lone.values() if _key(view)]
    fields = {view.mapping.match for view in lone.values() if _key(view)}
    pool += [_like_record(record, names) for record in records for names in fields]
    titles = [like.title for like in pool]
    held: dict[tuple[str, str, str], Ambiguity] = {}
    for view in lone.values():
        if key := _key(view):
            near = process.extract(
                str(key[0][1]), titles, scorer=fuzz.ratio, score_cutoff=NEAR, limit=None
            )
            names = [
                f"{pool[at].name} ({score:.0f} %)"
                for _, score, at in near
                if view.connection not in pool[at].taken and pool[at].rest == key[1:]
            ]
            if names:
                held[view.key] = Ambiguity(view, "nearly the same as", tuple(sorted(names)))
    kept = tuple(g for g in groups if len(g.views) != 1 or g.views[0].key not in held)
    return kept, (*unsure, *held.values())


def _like_view(view: View) -> _Like:
    key = _key(view) or (("", ""),)
    return _Like(_name(view), str(key[0][1]), key[1:], frozenset({view.connection}))


def _like_record(record: Known, names: Sequence[str]) -> _Like:
    parts = tuple((name, fold(record.values.get(name))) for name in names)
    return _Like(record.record, str(parts[0][1]), parts[1:], record.connections)


def _name(view: View) -> str:
    return f"{view.connection} {view.object} {view.remote_id}"
