"""Sets in fields of systems: members that are shown and still meant stay as they are."""

from collections.abc import Iterable

from syncer.model.decisions import Bound, Expression
from syncer.model.remote import Raw
from syncer.model.values import Scalar, Value, is_set
from syncer.reconcile.forms import one
from syncer.reconcile.lookup import Lookup
from syncer.reconcile.reading import read
from syncer.reconcile.wording import NotExpressible


def some_of(bound: Bound, value: Value, now: Raw, lookup: Lookup) -> Expression:
    """A set in a field for several: what can be shown of it, and what we cannot read.

    Only what reads as a member that is not meant any more is taken away. Members that this
    system cannot show are named in ``unsaid``; the others are written all the same.
    """
    wanted: frozenset[Scalar] = _members(value)
    items = now if isinstance(now, list) else []
    kept = [item for item in items if _stays(bound, item, wanted, lookup)]
    shown = frozenset(member for item in kept for member in _read(bound, item, lookup))
    added: list[Raw] = []
    unsaid: list[str] = []
    for member in sorted(wanted - shown, key=str):
        try:
            found = one(bound, member, lookup)
            if found.cut:
                raise NotExpressible(f"{member} is too long")
            added += [] if found.raw in (*kept, *added) else [found.raw]
        except NotExpressible as error:
            unsaid.append(str(error))
    if len(kept) == len(items) and not added:
        return Expression(now if items else None, unsaid=tuple(unsaid))
    return Expression(sorted(kept + added, key=str) or None, unsaid=tuple(unsaid))


def one_of(bound: Bound, value: frozenset[Scalar], now: Raw, lookup: Lookup) -> Expression:
    """A set in a field for one: whoever is shown and still meant stays, else the first."""
    shown = _read(bound, now, lookup)
    if shown and shown <= value:
        return Expression(now)
    failures: list[NotExpressible] = []
    for member in sorted(value, key=str):
        try:
            return one(bound, member, lookup)
        except NotExpressible as error:
            failures.append(error)
    raise failures[0]


def _stays(bound: Bound, item: Raw, wanted: frozenset[Scalar], lookup: Lookup) -> bool:
    found = _read(bound, item, lookup)
    return not found or bool(found & wanted)


def _read(bound: Bound, item: Raw, lookup: Lookup) -> frozenset[Scalar]:
    """What one shown item means: one member, or none that we know."""
    return _members(read(bound, [item], lookup).value)


def _members(value: object) -> frozenset[Scalar]:
    if is_set(value):
        return value
    return frozenset({value} if isinstance(value, Scalar) else ())


def by_us(before: Raw, sent: Raw, shown: Raw, known: Iterable[str]) -> Raw:
    """What a set would show if nobody but us had changed it.

    Args:
        before: what it showed when our write was planned.
        sent: what we asked for, ``{"name": ...}`` for a choice that had no id then.
        shown: what it shows now. Members that others added or took away meanwhile are in it.
        known: ids of the choices that were known then: none of them was made for our names.
    """
    was, now, wanted = _ids(before), _ids(shown), _ids(sent)
    made = isinstance(sent, list) and any(isinstance(item, dict) for item in sent)
    added = wanted | (now - was - set(known) if made else set())
    return sorted((was - ((was - wanted) - now)) | ((added - was) & now)) or None


def _ids(raw: Raw) -> set[str]:
    return {item for item in raw if isinstance(item, str)} if isinstance(raw, list) else set()
