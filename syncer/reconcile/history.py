"""What a vendor's own record of changes tells that is not our own doing."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import groupby

from syncer.model.entities import ARCHIVED, EXISTENCE, PRESENT
from syncer.model.records import Intent
from syncer.model.remote import Change as Entry
from syncer.model.remote import Op, Raw
from syncer.model.values import MISSING, Missing, same_raw
from syncer.reconcile.order import EPOCH, by_place

SKEW = timedelta(minutes=5)
"""How far the clocks of a vendor and of this machine may differ."""

_ENDS = {Op.CREATE: PRESENT, Op.ARCHIVE: ARCHIVED, Op.RESTORE: PRESENT}
"""What a write that makes, puts away or brings back leaves a thing as."""

Claim = tuple[str, str, str]
"""What of a write one entry stands for: intent, field, and the part of it."""


def foreign(
    entries: Iterable[Entry],
    intents: Sequence[Intent],
    me: frozenset[str],
    *,
    shared: bool = True,
) -> tuple[Entry, ...]:
    """The entries that are not our own writes, oldest first.

    Our writes are recognised by content and time, never by account alone: each explains what
    it sent once. ``me`` are the ids of our own account; an entry by anybody else is never ours.

    Where nobody else uses the account (not ``shared``), a write that nothing of its content
    explains stands for one entry of its field and time: the vendor made something else of what
    it was sent, and the answer that would have said so was lost or did not say it.
    """
    ours = sorted(intents, key=lambda intent: (intent.created_at, intent.id))
    used: set[Claim] = set()
    kept: list[Entry] = []
    for entry in entries_in_order(entries):
        claims = _first(entry, ours, used) if entry.by is None or entry.by in me else None
        if claims is None:
            kept.append(entry)
        else:
            used |= claims
    return tuple(kept if shared else _unexplained(kept, ours, used, me))


def _unexplained(
    entries: Iterable[Entry], intents: Sequence[Intent], used: set[Claim], me: frozenset[str]
) -> list[Entry]:
    """Without one entry for each field of a write that no content explained."""
    spent = {(intent, field) for intent, field, _ in used}
    kept: list[Entry] = []
    for entry in entries:
        known = entry.by in me and entry.automation is None and entry.field != EXISTENCE
        found = (
            (intent.id, entry.field)
            for intent in intents
            if known and entry.field in intent.fields and _at_the_time(entry, intent)
        )
        claim = next((claim for claim in found if claim not in spent), None)
        if claim is None:
            kept.append(entry)
        else:
            spent.add(claim)
    return kept


def entries_in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Entries by time, then by person; those of one field at one time as they follow on."""
    found = list(entries)
    if len(found) < 2:
        return found
    found.sort(key=lambda entry: (entry.at or EPOCH, entry.by or "", entry.key))
    ordered: list[Entry] = []
    for _, run in groupby(found, key=lambda entry: entry.at or EPOCH):
        ordered += by_place(
            list(run), lambda entry: (entry.object, entry.id, entry.field), _follows
        )
    return ordered


def _follows(before: Entry, after: Entry) -> bool:
    return after.old is not MISSING and same_raw(before.new, after.old)


def _first(entry: Entry, intents: Sequence[Intent], used: set[Claim]) -> frozenset[Claim] | None:
    for intent in intents:
        claims = _claims(entry, intent)
        if claims and not claims & used:
            return claims
    return None


def _claims(entry: Entry, intent: Intent) -> frozenset[Claim]:
    """The parts of a write that would give this entry; none if it would not."""
    if not _at_the_time(entry, intent):
        return frozenset()
    if entry.field == EXISTENCE:
        told = _ENDS.get(intent.op) == entry.new
        return frozenset({(intent.id, EXISTENCE, "")}) if told else frozenset()
    placed = bool(intent.container) and same_raw(entry.new, intent.container)
    if placed and (intent.op is Op.CREATE or entry.field not in intent.fields):
        # That a thing is put into the place where it was made, or where it was written.
        return frozenset({(intent.id, entry.field, "")})
    if entry.field not in intent.fields:
        return frozenset()
    sent, got = intent.fields[entry.field], intent.got.get(entry.field, MISSING)
    whole = frozenset({(intent.id, entry.field, "")})
    if entry.new is MISSING:
        # Several such entries may come of one write of a set; of any other write there is one.
        part = entry.key if isinstance(sent, list) else ""
        return frozenset({(intent.id, entry.field, part)})
    if any(isinstance(value, list) for value in (sent, got, entry.old, entry.new)):
        parts = _member_by_member(entry, _ids(sent, got))
        return frozenset((intent.id, entry.field, part) for part in parts)
    # Where it stood there already, another value came after our write, whoever's account it was.
    after = entry.old is not MISSING and same_raw(sent, entry.old)
    told = got is not MISSING and same_raw(got, entry.new) and not after
    return whole if told or same_raw(sent, entry.new) else frozenset()


def _at_the_time(entry: Entry, intent: Intent) -> bool:
    late = intent.done_at or intent.created_at
    return entry.at is None or intent.created_at - SKEW <= entry.at <= late + SKEW


def _member_by_member(entry: Entry, sent: frozenset[str]) -> list[str]:
    """A set may be written member by member: steps on the way to what was sent are ours."""
    new = _ids(entry.new)
    if entry.old is MISSING:
        return [str(sorted(new))] if new <= sent or sent <= new else []
    old = _ids(entry.old)
    if not new - old <= sent or old - new & sent:
        return []
    return [f"+{id}" for id in sorted(new - old)] + [f"-{id}" for id in sorted(old - new)]


def _ids(sent: Raw | Missing, got: Raw | Missing = MISSING) -> frozenset[str]:
    """Members of a raw set; what was sent by name has an id in the answer only."""
    items = sent if isinstance(sent, list) else []
    by_id = frozenset(item for item in items if isinstance(item, str))
    return by_id | _ids(got) if len(by_id) < len(items) else by_id
