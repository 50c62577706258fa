"""What the service says to people, and the words by which they answer it."""

from collections.abc import Mapping
from datetime import date, time
from types import MappingProxyType
from typing import Final

from msgspec import Struct, field

from syncer.model.notices import NoticeKind

ANSWERS: Final = ("approve", "decline", "withdraw")
"""What a reply can say; the words for each can be set, in any language."""

SEVERAL, DIGEST, TO_DO, OVER = "several", "digest", "to_do", "over"
"""Templates above several notices, above a digest, of the subject of an assigned task, and of
what stands under that task once nobody waits for it."""

FAREWELL = "farewell"
"""The template of what stands instead of a question when the client is not kept in step any more."""

HOW, HOW_NUMBERED = "how", "how_numbered"
HOW_WITHDRAW, HOW_WITHDRAW_NUMBERED = "how_withdraw", "how_withdraw_numbered"
"""Templates of how to answer, and how to take back; with a number where one must stand."""

HOW_ELSEWHERE = "how_elsewhere"
"""The template of how to answer what is told where no answer is read: by mail, in a chat."""

ENDED_APPLIED, UNCLEAR_ENDED = "ended_applied", "unclear_ended"
"""Templates of a proposal that counts because its time is over; of an answer after its end."""

ARCHIVE, CREATE = "archive", "create"
"""What the name of a template ends with if it is about putting a record away, or making it."""

STATUS = "status"
"""The fact that says how a proposal ended; what it is chooses the template."""

MOVED, CONDITION, MERGED = "moved", "when", "merged"
LEFT_WHY: Final = (MOVED, CONDITION, MERGED)
"""Why a thing left the scope: it stands elsewhere now, its mapping's ``when`` does not hold any
more, or it went into another one; also what the template's name ends with."""

MANY = "many"
"""What the name of a template ends with that tells of many such things at once."""

_THING = ("field", "record", "rule", "owners")
_CHANGE = (*_THING, "who", "value", "now", "base")
_OPEN = (*_CHANGE, "number")
_TIME = ("lapses_in", "lapses_on", "applies_in", "applies_on")
_ENDED = (*_OPEN, "reason", STATUS)
_SCOPE = ("record", "where", "since", "client", "rule", STATUS)
_TOGETHER = ("where", "since", "client", "count", "some")
_KINDS: Final[Mapping[NoticeKind, tuple[str, ...]]] = {
    NoticeKind.ASK: (*_OPEN, "reason", *_TIME),
    NoticeKind.REMINDER: (*_OPEN, "reason", *_TIME),
    NoticeKind.CHANGED: _CHANGE,
    NoticeKind.CONFIRM: _CHANGE,
    NoticeKind.AGAIN: _OPEN,
    NoticeKind.WAITS: (*_OPEN, "here", "stays"),
    NoticeKind.PUT_BACK: _CHANGE,
    NoticeKind.OVERTAKEN: _CHANGE,
    NoticeKind.RIVALS: (*_CHANGE, "others"),
    NoticeKind.NOT_YOURS: _OPEN,
    NoticeKind.UNCLEAR: ("who", "choices"),
    NoticeKind.SUMMARY: ("client", "count", "waiting"),
    NoticeKind.BACK: _SCOPE,
}
_STATUSES = ("accepted", "applied", "declined", "countered", "superseded", "lapsed", "withdrawn")
_ABOUT_EXISTENCE: Final[Mapping[NoticeKind, tuple[str, ...]]] = {
    NoticeKind.ASK: (ARCHIVE, CREATE),
    NoticeKind.REMINDER: (ARCHIVE, CREATE),
    NoticeKind.WAITS: (ARCHIVE, CREATE),
    NoticeKind.PUT_BACK: (ARCHIVE, CREATE),
    NoticeKind.CHANGED: (ARCHIVE, CREATE),
    NoticeKind.CONFIRM: (CREATE,),
}

TEMPLATES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {str(kind): frozenset(may) for kind, may in _KINDS.items()}
    | {
        f"{kind}_{verb}": frozenset(_KINDS[kind])
        for kind, verbs in _ABOUT_EXISTENCE.items()
        for verb in verbs
    }
    | {f"{NoticeKind.ENDED}_{status}": frozenset(_ENDED) for status in _STATUSES}
    | {
        f"{NoticeKind.ENDED}_{status}_{verb}": frozenset(_ENDED)
        for status in ("accepted", "applied", "declined", "lapsed")
        for verb in (ARCHIVE, CREATE)
    }
    | {UNCLEAR_ENDED: frozenset(_ENDED), FAREWELL: frozenset({"client"})}
    | {f"{NoticeKind.LEFT}_{why}": frozenset(_SCOPE) for why in LEFT_WHY}
    | {f"{kind}_{MANY}": frozenset(_TOGETHER) for kind in (NoticeKind.LEFT, NoticeKind.BACK)}
    | {name: frozenset(_OPEN) for name in (TO_DO, f"{TO_DO}_{ARCHIVE}", f"{TO_DO}_{CREATE}")}
    | {name: frozenset({"number"}) for name in (HOW_NUMBERED, HOW_WITHDRAW_NUMBERED, HOW_ELSEWHERE)}
    | {name: frozenset[str]() for name in (SEVERAL, DIGEST, OVER, HOW, HOW_WITHDRAW)}
)
"""Every template there is, with the placeholders that it may have."""


class Texts(Struct, frozen=True):
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


class Balance(Struct, frozen=True):
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
