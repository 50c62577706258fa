"""What is said in a system, line by line as it was said, and whether others could read it then."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from adapters.memory.markup import marked
from adapters.memory.talk import Said, Talk
from adapters.memory.things import Thing
from syncer.model.comments import ToDo


@dataclass(frozen=True)
class Line:
    """One comment or to-do as it was written, or written anew; ``ref`` is in our mark."""

    at: datetime
    comment: str
    thing: Thing
    by: str
    markup: str
    ref: str | None
    to_do: ToDo | None = None


class Watched(Talk):
    """A world's talk that keeps every line, also what is written over later.

    ``exposed`` are our lines that guests or the public could read at that moment.
    """

    lines: list[Line] = msgspec.field(default_factory=list)
    exposed: list[Line] = msgspec.field(default_factory=list)

    def post(self, by: str, id: str, markup: str, to_do: ToDo | None = None) -> Said:
        """Say something, and have it kept."""
        return self._kept(super().post(by, id, markup, to_do), to_do)

    def rewrite(self, comment: str, markup: str, to_do: ToDo | None = None) -> Said:
        """Say it otherwise, and have it kept."""
        return self._kept(super().rewrite(comment, markup, to_do), to_do)

    def _kept(self, said: Said, to_do: ToDo | None) -> Said:
        ref = marked(said.markup)[1]
        at = said.edited_at or said.at
        line = Line(at, said.id, said.thing, said.by, said.markup, ref, to_do)
        self.lines.append(line)
        place = said.thing.container or said.thing.id
        if ref is not None and (self.guests.get(place) or place in self.public):
            self.exposed.append(line)
        return said

    def ours(self) -> list[Line]:
        """What the service wrote."""
        return [line for line in self.lines if line.ref is not None]
