"""The roles' rule book by example: what ops people expect, and what really happens."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct, field

from syncer.model.decisions import Editor
from syncer.model.rules import Rule, Source
from syncer.model.values import MISSING, Seen, Value, readable


class Fate(StrEnum):
    """What becomes of an edit, or of an answer.

    ``APPLIED``: it counts. ``HELD``: it waits for somebody. ``PUT_BACK``: what was agreed stands.
    ``OVERTAKEN``: somebody's later edit counts. ``REFUSED``: an answer of somebody who may not
    give it.
    """

    APPLIED = "applied"
    HELD = "held"
    PUT_BACK = "put back"
    OVERTAKEN = "overtaken"
    REFUSED = "refused"


class Doing(Struct, frozen=True):
    """One thing that somebody does: an edit of a field, or an answer to what is held.

    Args:
        by: who; for an answer always a person.
        connection: where; empty for an answer.
        field: what is set, or what the answer is about where several are held.
        reply: the answer; empty for an edit.
        of: whose held edit is answered, where several people's are.
        after_run: every tool was brought into step, and people were told, before this.
    """

    source: Source
    by: Editor
    connection: str = ""
    field: str = ""
    value: Value = None
    reply: str = ""
    of: str | None = None
    after_run: bool = False

    @property
    def text(self) -> str:
        """What is done, in words."""
        who = self.by.person or self.by.shown
        if self.reply:
            return f"{who} replies {self.reply}"
        return f"{who} sets {self.field} to {readable(self.value)} in {self.connection}"


class Example(Struct, frozen=True):
    """What is given, what people do, and what is expected to come of it.

    Args:
        given: what is agreed of the record, and of what it belongs to, by entity and field.
        new: nothing is agreed of the record yet.
        then: what becomes of the last doings, in their order.
        tells: everybody who is told; None if that is not asked.
        agreed: of the field that was set last; ``MISSING`` if that is not asked.
        day: on which it happens; None for one on which nobody is away.
    """

    name: str
    source: Source
    client: str
    entity: str
    doings: tuple[Doing, ...]
    then: tuple[Fate, ...]
    given: Mapping[tuple[str, str], Value] = field(default_factory=dict)
    new: bool = False
    tells: frozenset[str] | None = None
    agreed: Seen = MISSING
    day: date | None = None


class Tried(Struct, frozen=True):
    """An example, and what really happened.

    Args:
        fates: what became of each doing.
        told: everybody who is told by the last run or answer.
        agreed: of the field that was set last.
        rule: the one that decided.
        why: of each doing, why it was refused.
    """

    example: Example
    fates: tuple[Fate, ...]
    rule: Rule
    told: frozenset[str] = frozenset()
    agreed: Seen = MISSING
    why: Mapping[int, str] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether what was expected happened."""
        return not self.amiss

    @property
    def amiss(self) -> tuple[str, ...]:
        """What differs: some of ``then``, ``tells`` and ``agreed``."""
        expected = self.example
        found = {
            "then": self.fates[-len(expected.then) :] != expected.then,
            "tells": expected.tells not in (None, self.told),
            "agreed": expected.agreed is not MISSING and expected.agreed != self.agreed,
        }
        return tuple(name for name, wrong in found.items() if wrong)
