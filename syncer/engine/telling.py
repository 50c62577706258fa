"""What is told of the edits of twins, by feeds and by histories."""

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from syncer.model.decisions import Change
from syncer.model.records import Intent
from syncer.model.remote import Change as Entry


class Told(Struct):
    """What is known about the edits of one twin.

    ``entries`` are foreign, new and keyed, per remote field id; ``asked`` are remote fields
    whose history was asked for (so that silence means something); ``ours`` are remote fields
    where an entry is a write of ours. ``sifted`` are entries that were looked through, and those
    of them that are foreign.
    """

    differences: Mapping[str, Change] = field(default_factory=dict)
    entries: Mapping[str, list[Entry]] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    ours: frozenset[str] = frozenset()
    intents: Sequence[Intent] = ()
    sifted: tuple[tuple[Entry, ...], tuple[Entry, ...]] = ((), ())


Telling = dict[tuple[str, str], Told]
"""(record id, connection) -> what is told of that twin."""
