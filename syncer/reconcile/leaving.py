"""What is told on the twins of a record when one of them leaves the scope, or returns."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from syncer.model.notices import Notice, NoticeKind, NoticeStatus
from syncer.model.texts import MANY, STATUS
from syncer.reconcile.days import day_of
from syncer.reconcile.facts import short
from syncer.reconcile.scenes import Scene

OF_SCOPE: Final = (NoticeKind.LEFT, NoticeKind.BACK)
"""Kinds of notice that stand on twins, for whoever reads there."""

MOST_SINGLE: Final = 3
"""More than so many about one board or project in one cycle are told there in one comment."""

NAMED: Final = 5
"""So many of them are named in it."""


class Leaving(Struct, frozen=True):
    """A twin that left the scope.

    Args:
        connection: where it stands.
        why: one of ``LEFT_WHY``.
        at: when it left, as far as its system tells; else when that was seen.
        rule: where the mapping says what is in scope, if that is why.
    """

    connection: str
    why: str
    at: datetime
    rule: str = ""


def left(
    scene: Scene, leaving: Sequence[Leaving], before: Iterable[str], client: str
) -> Iterator[Notice]:
    """A notice on each twin for each that left; on those that left at once only their own.

    Args:
        before: the connections in which the record had a twin in step until now, those too.
        client: what the client is called.
    """
    out, places = {each.connection for each in leaving}, sorted({*before})
    for each in leaving if len(places) > 1 else ():
        for place in places:
            if place == each.connection or place not in out:
                yield _left(scene, each, place, client)


def _left(scene: Scene, each: Leaving, place: str, client: str) -> Notice:
    facts = {
        "record": short(scene.title),
        "where": each.connection,
        "since": day_of(each.at, scene.place.zone).isoformat(),
        "client": client,
        "rule": each.rule,
        STATUS: each.why,
    }
    return Notice(
        id=_id(NoticeKind.LEFT, scene.client, scene.record.id, each.connection, place, scene.cycle),
        client=scene.client,
        record=scene.record.id,
        entity=scene.record.entity,
        field=None,
        kind=NoticeKind.LEFT,
        created_at=scene.now,
        at=place,
        facts={name: text for name, text in facts.items() if text},
    )


def back(scene: Scene, where: str, noted: Iterable[Notice]) -> Iterator[Notice]:
    """A notice wherever it was told last that the twin in ``where`` had left.

    Args:
        noted: every notice about this record so far, the oldest first.
    """
    told: dict[str | None, Notice] = {}
    for notice in noted:
        if notice.kind is NoticeKind.LEFT and notice.facts.get("where") == where:
            told[notice.at] = notice
    since = day_of(scene.now, scene.place.zone).isoformat()
    for place, notice in sorted(told.items(), key=lambda item: item[0] or ""):
        if notice.status is NoticeStatus.TOLD:
            facts = {n: text for n, text in notice.facts.items() if n not in (STATUS, "rule")}
            yield Notice(
                id=_id(NoticeKind.BACK, notice.id),
                client=notice.client,
                record=notice.record,
                entity=notice.entity,
                field=None,
                kind=NoticeKind.BACK,
                created_at=scene.now,
                at=place,
                facts={**facts, "record": short(scene.title), "since": since},
            )


def together(
    notices: Sequence[Notice], place: Callable[[Notice], Hashable]
) -> Iterator[tuple[Notice, ...]]:
    """Notices of the scope, alone or, of many that say the same in one place, together."""
    groups: dict[Hashable, list[Notice]] = defaultdict(list)
    for notice in notices:
        key = (notice.kind, notice.at, notice.facts.get("where"), place(notice))
        groups[key].append(notice)
    for group in groups.values():
        if len(group) > MOST_SINGLE:
            yield tuple(group)
        else:
            yield from ((notice,) for notice in group)


def own(notice: Notice) -> bool:
    """Whether it is to stand on the very thing that left."""
    return notice.kind is NoticeKind.LEFT and notice.at == notice.facts.get("where")


def in_one(notices: Sequence[Notice]) -> Notice:
    """What many of them say, as one notice to be put into words; it is not remembered."""
    first = notices[0]
    names = sorted(str(notice.facts.get("record") or "") for notice in notices)
    facts = {
        "where": first.facts.get("where"),
        "since": min(str(notice.facts.get("since") or "") for notice in notices),
        "client": first.facts.get("client"),
        "count": str(len(notices)),
        "some": ", ".join([*names[:NAMED], *(["…"] if len(names) > NAMED else [])]),
        STATUS: MANY,
    }
    return replace(first, id=_id(*(notice.id for notice in notices)), record=None, facts=facts)


def _id(*parts: object) -> str:
    digest = hashlib.sha256("\x1f".join(str(part) for part in parts).encode())
    return f"n_{digest.hexdigest()[:24]}"
