"""Views against what was seen: which fields were edited, by whom, in which steps."""

from collections.abc import Sequence
from datetime import datetime

from syncer.model.decisions import Change, Editor, FieldView, Step
from syncer.model.people import Directory
from syncer.model.records import LinkField
from syncer.model.remote import Change as Entry
from syncer.model.remote import Raw
from syncer.model.values import MISSING, Json, Missing, Seen, Value, dump, same_raw
from syncer.reconcile.absorbing import absorb
from syncer.reconcile.lookup import Lookup
from syncer.reconcile.reading import read


def compare(seen: LinkField | None, now: FieldView) -> Change:
    """How a field stands against the value that was last decided on."""
    if seen is None or seen.seen is MISSING or elsewhere(seen, now):
        return Change.NEW
    unreadable = now.reading.value is MISSING
    alike = not unreadable and seen.read is not MISSING and _as_json(now) == seen.read
    if same_raw(seen.seen, now.raw):
        settled = unreadable or alike or seen.read is MISSING
        return Change.SAME if settled else Change.REMAPPED
    if unreadable:
        return Change.UNREADABLE if now.reading.problem else Change.KEPT
    return Change.SAME if alike else Change.EDITED


def _as_json(now: FieldView) -> Json:
    """What it is read as, as it is remembered: made once where many things show the same."""
    read = now.met.read if now.met else MISSING
    return dump(now.reading.value) if read is MISSING else read


def elsewhere(seen: LinkField, now: FieldView) -> bool:
    """Whether the mapping names another field than the one that was decided on."""
    return seen.remote is not None and seen.remote != now.bound.info.id


def steps(
    now: FieldView,
    connection: str,
    entries: Sequence[Entry],
    before: LinkField | None,
    agreed: Value,
    lookup: Lookup,
    since: datetime | None = None,
) -> tuple[Step, ...]:
    """The chain of values that people gave to this field since it was last decided on.

    Args:
        entries: foreign, keyed and oldest first. The last one stands for the value shown now
            where the vendor does not tell values. Without entries there are no steps.
        since: the start of the polling window, for entries without a time.
    """
    chain: list[Step] = []
    shown: Raw | Missing = MISSING if before is None else before.seen
    whole = agreed
    for index, entry in enumerate(entries):
        last = index == len(entries) - 1
        raw = now.raw if entry.new is MISSING and last else entry.new
        old = shown if entry.old is MISSING else entry.old
        was = _read(now, old, lookup)
        value = _meant(now, raw, was, whole, lookup)
        by, at = editor(entry, lookup), entry.at or since
        chain.append(Step(value, connection, by, at, was, entry.key))
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
    was = _read(now, MISSING if before is None else before.seen, lookup)
    value = _meant(now, now.raw, was, agreed, lookup)
    return Step(value, connection, Editor(shown=shown_editor), at, was)


def _meant(
    now: FieldView, raw: Raw | Missing, was: Seen, whole: Value, lookup: Lookup
) -> Value | Missing:
    after = _read(now, raw, lookup)
    return after if after is MISSING else absorb(now.bound, whole, was, after, lookup)


def _read(now: FieldView, raw: Raw | Missing, lookup: Lookup) -> Value | Missing:
    """A raw value as it reads; what is shown now was read already."""
    if raw is now.raw:
        return now.reading.value
    return MISSING if raw is MISSING else read(now.bound, raw, lookup).value


def editor(entry: Entry, lookup: Lookup) -> Editor:
    """Who a history entry names: a robot, a person in ``people.yaml``, or nobody we know.

    What a robot does is the robot's, also where it acts on somebody's account.
    """
    if entry.automation:
        return Editor(None, entry.automation, entry.automation)
    return somebody(entry.by, lookup.directory)


def somebody(by: str | None, directory: Directory) -> Editor:
    """Who a vendor's user is: a person in ``people.yaml``, or nobody we know."""
    if by is None:
        return Editor()
    person = directory.person(by)
    return Editor(person, None, person or directory.shown(by))
