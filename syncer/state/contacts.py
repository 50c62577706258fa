"""Reading and writing of first contact: when systems were met, and candidates for twins."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from syncer.model.contact import Candidate, Contact, Decision, Side
from syncer.state.bulk import chunks, upsert
from syncer.state.codec import Row, plain_row
from syncer.state.notices import NoticeWriter
from syncer.state.reader import Reader
from syncer.state.tables_contact import candidates, contacts

_SHOWN = (
    *(f"{side}_{name}" for side in ("left", "right") for name in ("title", "where", "url")),
    *("score", "reason"),
)
"""What is told anew of a pair that was found before; what was said of it stays."""


class ContactReader(Reader):
    """Which systems a client met, and which pairs of things may be one."""

    def contacts(self, client: str) -> dict[str, Contact]:
        """The connections that a client met, by name."""
        rows = self._rows(select(contacts).where(contacts.c.client == client))
        return {row["connection"]: Contact(**row) for row in rows}

    def candidates(
        self, client: str | None = None, decisions: Collection[Decision] | None = None
    ) -> list[Candidate]:
        """Pairs that may be one thing, or that a person spoke of; the likeliest first."""
        query = select(candidates).order_by(
            candidates.c.client, candidates.c.score.desc(), candidates.c.id
        )
        if client is not None:
            query = query.where(candidates.c.client == client)
        if decisions is not None:
            query = query.where(candidates.c.decision.in_([str(one) for one in decisions]))
        return list(self._made(_from_row, self._rows(query)))

    def candidates_by_id(self, ids: Iterable[str]) -> dict[str, Candidate]:
        """These candidates; unknown ids are left out."""
        parts = (select(candidates).where(candidates.c.id.in_(part)) for part in chunks(ids))
        rows = self._rows(*parts)
        return dict(zip((row["id"] for row in rows), self._made(_from_row, rows), strict=True))


class ContactWriter(NoticeWriter, frozen=True):
    """The part of a transaction that writes about first contact."""

    def put_contacts(self, items: Iterable[Contact]) -> None:
        """Insert or replace what is known of these connections."""
        upsert(self.connection, contacts, [plain_row(item) for item in items])

    def put_candidates(self, items: Iterable[Candidate]) -> None:
        """Insert candidates; of one that is there already, what a person said of it stays."""
        kept = {item.id: _to_row(item) for item in items}
        upsert(self.connection, candidates, list(kept.values()), only=_SHOWN)

    def drop_candidates(self, ids: Iterable[str]) -> None:
        """Forget candidates that are none any more; those that a person spoke of stay."""
        for part in chunks(ids):
            still = candidates.c.decision == str(Decision.OPEN)
            self.connection.execute(delete(candidates).where(candidates.c.id.in_(part), still))

    def decide(self, ids: Iterable[str], decision: Decision, by: str, at: datetime) -> None:
        """What a person says of these candidates; ``OPEN`` takes it back."""
        back = decision is Decision.OPEN
        said = {"decision": str(decision), "decided_by": "" if back else by}
        told = said | {"decided_at": None if back else at}
        for part in chunks(ids):
            mine = update(candidates).where(candidates.c.id.in_(part))
            self.connection.execute(mine.values(**told))


def _to_row(one: Candidate) -> Row:
    told = {name: getattr(one, name) for name in ("id", "client", "entity", "score", "reason")}
    told |= {name: getattr(one, name) for name in ("since", "decided_by", "decided_at")}
    for name, side in (("left", one.left), ("right", one.right)):
        connection, object_name, remote_id = side.place
        told |= {f"{name}_connection": connection, f"{name}_object": object_name}
        told |= {f"{name}_id": remote_id, f"{name}_title": side.title}
        told |= {f"{name}_where": side.where, f"{name}_url": side.url}
    return told | {"decision": str(one.decision)}


def _from_row(row: Mapping[str, Any]) -> Candidate:
    told = ("client", "entity", "score", "reason", "since", "decided_by", "decided_at")
    return Candidate(
        left=_side(row, "left"),
        right=_side(row, "right"),
        decision=Decision(row["decision"]),
        **{name: row[name] for name in told},
    )


def _side(row: Mapping[str, Any], name: str) -> Side:
    place = (row[f"{name}_connection"], row[f"{name}_object"], row[f"{name}_id"])
    return Side(place, row[f"{name}_title"], row[f"{name}_where"], row[f"{name}_url"])
