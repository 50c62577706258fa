"""What became of records that a listing no longer shows: archived, merged, moved, or a short page."""

from collections.abc import Iterable, Sequence

from adapters.hubspot.decode import gone_of
from adapters.hubspot.shapes import chunks, word
from adapters.hubspot.wire import Wire
from syncer.adapterkit.errors import WaitAndRetry
from syncer.model.remote import Gone


def where_they_went(
    wire: Wire, object: str, lost: Sequence[str], company: str | None = None
) -> list[Gone]:
    """A deletion, or a move out of the scope, for each record; asked strongly consistent.

    Args:
        lost: ids that we knew and that were not listed.
        company: if given, what the records were listed as linked to.

    Raises:
        WaitAndRetry: one of them should have been listed, so the listing was not complete.
    """
    found: list[Gone] = []
    for chunk in chunks(sorted(lost)):
        here = wire.read(object, chunk, ["hs_object_id"]).rows
        if company is not None:
            _still_linked(wire, object, list(here), company)
        found += [Gone(object, id, moved=True) for id in here]
        found += _deleted(wire, object, [id for id in chunk if id not in here])
    return found


def _still_linked(wire: Wire, object: str, ids: Sequence[str], company: str) -> None:
    if not ids:
        return
    linked, _ = wire.linked(object, ids, "company")
    if any(company in companies for companies in linked.values()):
        raise WaitAndRetry("a listing left out records that are still linked")


def _deleted(wire: Wire, object: str, ids: Sequence[str]) -> Iterable[Gone]:
    """An archived record is on another shelf; a merged one answers as what it went into."""
    if not ids:
        return
    archived = wire.read(object, ids, ["hs_object_id"], archived=True).rows
    for id in ids:
        if id in archived:
            yield gone_of(object, id, archived[id])
            continue
        row = wire.one(object, id, ["hs_object_id"])
        if row is not None and word(row.get("id")) == id:
            raise WaitAndRetry("a batch left out a record that is there")
        into = word(row.get("id")) or None if row is not None else None
        yield gone_of(object, id) if row is None else Gone(object, id, moved=True, into=into)
