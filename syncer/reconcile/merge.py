"""Views against what was seen: which fields were edited, by whom, in which steps."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from syncer.model.decisions import Change, Editor, FieldView, Step
from syncer.model.records import Intent, LinkField
from syncer.model.remote import Change as Entry
from syncer.model.remote import Raw
from syncer.model.values import MISSING, Missing, Value, dump, same_raw
from syncer.reconcile.absorbing import absorb
from syncer.reconcile.lookup import Lookup
from syncer.reconcile.reading import read

SKEW = timedelta(minutes=5)
"""How far the clocks of a vendor and of this machine may differ."""


def compare(seen: LinkField | None, now: FieldView) -> Change:
    """How a field stands against the value that was last decided on."""
    if seen is None or seen.seen is MISSING:
        return Change.NEW
    unreadable = now.reading.value is MISSING
    if same_raw(seen.seen, now.raw):
        if unreadable or seen.read is MISSING or dump(now.reading.value) == seen.read:
            return Change.SAME
        return Change.REMAPPED
    if seen.got is not MISSING and same_raw(seen.got, now.raw):
        return Change.SAME
    if unreadable:
        return Change.UNREADABLE if now.reading.problem else Change.KEPT
    same = seen.read is not MISSING and dump(now.reading.value) == seen.read
    return Change.SAME if same else Change.EDITED


def own(entry: Entry, intents: Sequence[Intent], me: frozenset[str]) -> Intent | None:
    """The intent that explains a history entry, by content and time and never by account alone.

    ``me`` are the ids of our own account; an entry by anybody else is never ours.
    """
    if entry.by is not None and entry.by not in me:
        return None
    for intent in intents:
        sent = entry.field in intent.fields
        values = (intent.fields.get(entry.field), intent.got.get(entry.field))
        hint = entry.new is MISSING
        if sent and (hint or any(_explains(value, entry.new) for value in values)):
            late = intent.done_at or intent.created_at
            if entry.at is None or intent.created_at - SKEW <= entry.at <= late + SKEW:
                return intent
    return None


def _explains(sent: Raw, new: Raw | Missing) -> bool:
    """Whether a write of ``sent`` gives this entry; a set is written member by member."""
    if isinstance(sent, list) and isinstance(new, list):
        return all(item in sent for item in new) or all(item in new for item in sent)
    return same_raw(sent, new)


def foreign(
    entries: Iterable[Entry], intents: Sequence[Intent], me: frozenset[str]
) -> tuple[Entry, ...]:
    """The entries that are not our own writes; each write explains one entry per field."""
    used: set[tuple[str, str]] = set()
    kept: list[Entry] = []
    for entry in sorted(entries, key=_order):
        open_intents = [i for i in intents if (i.id, entry.field) not in used]
        found = own(entry, open_intents, me)
        if found is None:
            kept.append(entry)
        else:
            used.add((found.id, entry.field))
    return tuple(kept)


def steps(
    now: FieldView,
    connection: str,
    entries: Sequence[Entry],
    before: LinkField | None,
    agreed: Value,
    lookup: Lookup,
) -> tuple[Step, ...]:
    """The chain of values that people gave to this field since it was last decided on.

    ``entries`` are foreign, keyed and oldest first. The last one stands for the value shown
    now where the vendor does not tell values. Without entries there are no steps.
    """
    chain: list[Step] = []
    shown: Raw | Missing = MISSING if before is None else before.seen
    whole = agreed
    for index, entry in enumerate(entries):
        last = index == len(entries) - 1
        raw = now.raw if entry.new is MISSING and last else entry.new
        old = shown if entry.old is MISSING else entry.old
        value = _meant(now, raw, old, whole, lookup)
        chain.append(
            Step(
                value=value,
                connection=connection,
                editor=editor(entry, lookup),
                at=entry.at,
                old=MISSING if old is MISSING else read(now.bound, old, lookup).value,
                key=entry.key,
            )
        )
        shown = raw
        whole = whole if value is MISSING else value
    return tuple(chain)


def unattributed(
    now: FieldView,
    connection: str,
    before: LinkField | None,
    agreed: Value,
    lookup: Lookup,
    at: datetime | None,
    shown_editor: str = "somebody unknown",
) -> Step:
    """The one step that can be said where the vendor keeps no author: nobody did it."""
    old = MISSING if before is None else before.seen
    return Step(
        value=_meant(now, now.raw, old, agreed, lookup),
        connection=connection,
        editor=Editor(shown=shown_editor),
        at=at,
        old=MISSING if old is MISSING else read(now.bound, old, lookup).value,
    )


def _meant(
    now: FieldView, raw: Raw | Missing, old: Raw | Missing, whole: Value, lookup: Lookup
) -> Value | Missing:
    if raw is MISSING:
        return MISSING
    after = read(now.bound, raw, lookup).value
    if after is MISSING:
        return MISSING
    before = MISSING if old is MISSING else read(now.bound, old, lookup).value
    return absorb(now.bound, whole, before, after)


def editor(entry: Entry, lookup: Lookup) -> Editor:
    """Who a history entry names: a person in ``people.yaml``, a robot, or nobody we know."""
    if entry.by is not None:
        person = lookup.directory.person(entry.by)
        return Editor(person, None, person or lookup.directory.shown(entry.by))
    if entry.automation:
        return Editor(None, entry.automation, entry.automation)
    return Editor()


def _order(entry: Entry) -> tuple[float, str, str]:
    return (entry.at.timestamp() if entry.at else 0.0, entry.by or "", entry.key)
