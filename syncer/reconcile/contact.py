"""First contact: which value is agreed when twins that never met differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from syncer.model.rules import Ownership, Rule, Shared
from syncer.model.values import MISSING, Seen, Value, is_instant, is_set, readable
from syncer.reconcile.proposing import differs
from syncer.reconcile.roles import Place


@dataclass(frozen=True)
class Meeting:
    """What is agreed at first contact.

    ``MISSING`` with a ``held`` text: the twins differ and no rule says who is right.
    ``winner`` is the connection whose value it is; ``losers`` hold other filled values.
    """

    value: Seen
    winner: str | None = None
    losers: tuple[tuple[str, Value], ...] = ()
    held: str = ""


def meet(
    rule: Rule,
    ownership: Ownership,
    shown: Mapping[str, Seen],
    modified: Mapping[str, datetime | None],
    place: Place,
) -> Meeting:
    """A filled value beats an empty one; then the owner's home, else the shared rule, else hold."""
    filled: dict[str, Value] = {
        name: value
        for name, value in sorted(shown.items())
        if value is not MISSING and value is not None
    }
    if not filled:
        return Meeting(MISSING if all(v is MISSING for v in shown.values()) else None)
    first = max(filled, key=lambda name: (is_instant(filled[name]), name))
    if not any(differs(filled[first], value, place) for value in filled.values()):
        return Meeting(filled[first], first)
    if rule.shared is Shared.UNION and all(is_set(value) for value in filled.values()):
        return Meeting(frozenset().union(*(v for v in filled.values() if is_set(v))), first)
    winner = _home(rule, ownership, filled, place) or _shared(rule, filled, modified, place)
    if winner is None:
        said = "; ".join(f"{name}: {readable(value)}" for name, value in filled.items())
        return Meeting(MISSING, held=f"twins differ and no rule says who is right ({said})")
    losers = tuple((n, v) for n, v in filled.items() if differs(filled[winner], v, place))
    return Meeting(filled[winner], winner, losers)


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
    if rule.shared is Shared.PREFER or rule.prefer:
        for name in rule.prefer:
            for connection in filled:
                if name in (connection, place.systems.get(connection)):
                    return connection
    if rule.shared is Shared.LATEST:
        never = datetime.min.replace(tzinfo=UTC)
        return max(filled, key=lambda name: (modified.get(name) or never, name))
    return None
