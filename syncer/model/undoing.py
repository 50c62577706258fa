"""Taking back what was agreed: what is wished for, and what became of it."""

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from syncer.model.decisions import Editor
from syncer.model.records import JournalEntry
from syncer.model.values import Json

BY_COMMAND = ""
"""Where an edit was made that was made in no tool: on the command line."""

UNDO = "undo"
"""Kind of the journal's line about something taken back, and the name of who does it for nobody."""

PUT_AWAY, HAD_BACK = "put away", "had back"
"""What an undoing does to a twin: archives it, or restores one that an earlier one archived."""


class Wish(Struct, frozen=True):
    """A field that is to go back.

    Args:
        back: the canonical value (as JSON) that stood before the changes to be undone.
        stands: the one that they left behind; if another stands now, somebody edited since.
        lines: the journal's lines about these changes, oldest first.
    """

    back: Json
    stands: Json
    lines: tuple[JournalEntry, ...]


class Undo(Struct, frozen=True):
    """What is to be taken back in one client.

    Args:
        editor: who asks for it: a person, in their roles, or nobody.
        wishes: by record and field.
        made: by record, the connections in which a twin was made that is to be put away again.
        away: by record, those in which such a twin was put away that is to be had back.
        text: the command, for the journal.
    """

    editor: Editor
    wishes: Mapping[str, Mapping[str, Wish]] = field(default_factory=dict)
    made: Mapping[str, frozenset[str]] = field(default_factory=dict)
    away: Mapping[str, frozenset[str]] = field(default_factory=dict)
    text: str = ""

    def regards(self, record: str, connection: str) -> bool:
        """Whether it is about the twin in this connection itself, not about what it shows."""
        return connection in self.made.get(record, ()) or connection in self.away.get(record, ())

    @property
    def records(self) -> frozenset[str]:
        """All records that are touched by it."""
        return frozenset(self.wishes.keys() | self.made.keys() | self.away.keys())


class Undone(Struct, frozen=True):
    """What becomes of one thing that is to be taken back.

    Args:
        field: empty for a twin that was made.
        connection: of a twin that was made.
        outcome: ``back``, ``proposed``, ``put away``, or ``left`` with the ``reason``.
        stands: the canonical value (as JSON) that stands; ``back`` the one that is wished for.
    """

    record: str
    title: str
    outcome: str
    field: str = ""
    connection: str = ""
    stands: Json = None
    back: Json = None
    reason: str = ""


class Beyond(Struct, frozen=True):
    """What no undoing reaches, counted.

    Args:
        comments: of the service, written in what is undone; they stay.
        put_back: edits that were put back then: who made them can have them by their proposals.
        brought: writes that only brought a tool into step with what was agreed before.
        connections: where something was written, and tools may have acted on it.
    """

    comments: int = 0
    put_back: Sequence[JournalEntry] = ()
    brought: int = 0
    connections: tuple[str, ...] = ()
