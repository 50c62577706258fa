"""What the service says to people, and the words by which they answer it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Final

ANSWERS: Final = ("approve", "decline", "withdraw")
"""What a reply can say; the words for each can be set, in any language."""


@dataclass(frozen=True)
class Texts:
    """Templates by name, and what differs for a client or a role.

    A template is a list of lines with placeholders like ``{who}``; a line of which a placeholder
    has nothing to say is left out. ``answers`` maps each of :data:`ANSWERS` to its words, folded.
    """

    lines: Mapping[str, tuple[str, ...]]
    clients: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    roles: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    answers: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def of(self, name: str, client: str | None = None, role: str | None = None) -> tuple[str, ...]:
        """The lines of a template: a role's own go before a client's, those before the rest."""
        for found in (self.roles.get(role or "", {}), self.clients.get(client or "", {})):
            if name in found:
                return found[name]
        return self.lines[name]


@dataclass(frozen=True)
class Balance:
    """When people are told, and how much.

    Args:
        quiet: from and until when nobody is told, in their own zone; None: at any time.
        digest: when what had to wait is told together.
        cap: comments for one person and day; above it the digest takes over.
        urgent: a date within so many working days goes before all of this.
        workdays: 0 is Monday; ``holidays`` are no working days either.
    """

    quiet: tuple[time, time] | None = (time(19), time(8))
    digest: time = time(9)
    cap: int = 12
    urgent: int = 2
    workdays: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = frozenset()
