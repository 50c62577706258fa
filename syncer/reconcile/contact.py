"""First contact: which value is agreed when twins that never met differ."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from syncer.model.rules import Ownership, Rule, Shared
from syncer.model.values import MISSING, Seen, Value, is_instant, is_set, readable
from syncer.reconcile.precision import FULL, Shows, same
from syncer.reconcile.roles import Place


class Meeting(Struct, frozen=True):
    """What is agreed at first contact.

    ``MISSING`` with a ``held`` text: the twins differ and no rule says who is right.
    ``winner`` is the connection whose value it is; ``losers`` hold other filled values.
    """

    value: Seen
    winner: str | None = None
    losers: tuple[tuple[str, Value], ...] = ()
    held: str = ""


def alone(connection: str, value: Seen) -> Meeting:
    """What the only twin shows is agreed: there is nothing that it could differ from."""
    return Meeting(value, connection if value is not MISSING and value is not None else None)


def meet(
    rule: Rule,
    ownership: Ownership,
    shown: Mapping[str, Seen],
    modified: Mapping[str, datetime | None],
    place: Place,
    shows: Shows = FULL,
) -> Meeting:
    """A filled value beats an empty one; then the owner's home, else the shared rule, else hold.

    Args:
        shown: per connection, what it shows.
        modified: per connection, when its record was last changed.
        shows: per connection how it shows a value of this field, where it is coarser: what it
            cannot show it does not deny.
    """
    filled = {name: v for name, v in sorted(shown.items()) if v is not MISSING and v is not None}
    if not filled:
        return Meeting(MISSING if all(v is MISSING for v in shown.values()) else None)
    finest = _finest(filled, place, shows)
    if finest is not None:
        return Meeting(filled[finest], finest)
    if rule.shared is Shared.UNION and all(is_set(value) for value in filled.values()):
        return Meeting(_joined(filled), min(filled))
    winner = _home(rule, ownership, filled, place) or _shared(rule, filled, modified, place)
    if winner is None:
        said = "; ".join(f"{name}: {readable(value)}" for name, value in filled.items())
        return Meeting(MISSING, held=f"twins differ and no rule says who is right ({said})")
    losers = tuple((n, v) for n, v in filled.items() if _denied(filled, winner, n, place, shows))
    return Meeting(_spared(filled, winner, shows), winner, losers)


def _finest(filled: Mapping[str, Value], place: Place, shows: Shows) -> str | None:
    """The connection whose value none of the others denies; the most telling of several."""
    names = sorted(filled, key=lambda name: (not is_instant(filled[name]), name))
    return next((n for n in names if all(_agrees(filled, n, m, place, shows) for m in names)), None)


def _agrees(filled: Mapping[str, Value], name: str, other: str, place: Place, shows: Shows) -> bool:
    """Whether one connection's value is what another shows, as far as that one can."""
    value, seen = filled[name], filled[other]
    if name == other or same(value, seen, (name, other), place, FULL):
        return True
    return other in shows and shows[other](value) == seen


def _denied(
    filled: Mapping[str, Value], winner: str, name: str, place: Place, shows: Shows
) -> bool:
    return not _agrees(filled, winner, name, place, shows)


def _joined(filled: Mapping[str, Value]) -> Value:
    return frozenset().union(*(value for value in filled.values() if is_set(value))) or None


def _spared(filled: Mapping[str, Value], winner: str, shows: Shows) -> Value:
    """The winner's value, and of a set also the others where the winner can show only some."""
    value = filled[winner]
    whole = _joined(filled)
    if is_set(value) and winner in shows and shows[winner](whole) == value:
        return whole
    return value


def _home(
    rule: Rule, ownership: Ownership, filled: Mapping[str, Value], place: Place
) -> str | None:
    for name in rule.owners:
        role = ownership.roles.get(name)
        home = role and (role.system or role.home)
        for connection in filled:
            if home and home in (connection, place.systems.get(connection)):
                return connection
    return None


def _shared(
    rule: Rule,
    filled: Mapping[str, Value],
    modified: Mapping[str, datetime | None],
    place: Place,
) -> str | None:
    """By what the line of a shared field says: who is preferred, or whose is the latest."""
    for name in rule.prefer:
        for connection in filled:
            if name in (connection, place.systems.get(connection)):
                return connection
    if rule.shared is not Shared.LATEST:
        return None
    times = {name: at for name in filled if (at := modified.get(name)) is not None}
    latest = [name for name, at in times.items() if at == max(times.values())]
    return latest[0] if len(latest) == 1 else None
