"""What is said in a world: comments and to-dos, who else can read there, and the kept items."""

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from adapters.memory.fields import FIELDS, ITEM, PROJECT
from adapters.memory.markup import linked, mentioned, typed
from adapters.memory.things import DELETED, Thing
from syncer.adapterkit.errors import SkipRecord
from syncer.model.comments import ToDo
from syncer.model.entities import PRESENT
from syncer.model.remote import RemotePerson
from syncer.model.structs import Discreet

if TYPE_CHECKING:
    from adapters.memory.world import World


class Said(Struct):
    """A comment, or a to-do, under a record; ``markup`` is its text as this vendor keeps it."""

    id: str
    thing: Thing
    at: datetime
    by: str
    markup: str
    to_do: ToDo | None = None
    edited_at: datetime | None = None
    deleted: bool = False


class Talk(Discreet, Struct):
    """All that is said in one world. People act through ``say``, ``edit``, ``unsay``, ``tick``.

    ``told`` has an entry for each new or changed comment, the oldest first. ``kept`` are items
    that the service keeps for itself. ``guests`` and ``public`` are by project.
    """

    HIDDEN = frozenset({"world"})

    world: "World"
    told: list[Said] = field(default_factory=list)
    kept: dict[str, Thing] = field(default_factory=dict)
    guests: dict[str, list[RemotePerson]] = field(default_factory=dict)
    public: set[str] = field(default_factory=set)

    def say(self, by: str, id: str, text: str) -> str:
        """Comment on a record as a user, in plain text; the id of the comment."""
        return self.post(by, id, typed(text)).id

    def post(self, by: str, id: str, markup: str, to_do: ToDo | None = None) -> Said:
        """A comment or to-do in this vendor's markup. Raises :class:`SkipRecord`."""
        with self.world.lock:
            thing = self.world.thing(id)
            if thing.object not in self.world.quirks.comments:
                raise SkipRecord(f"a {thing.object} takes no comments")
            if to_do is not None and not self.world.quirks.to_dos:
                raise SkipRecord("there are no to-dos here")
            who, number = self.world.users[by].id, len(self.told) + 1
            said = Said(f"c{number}", thing, self.world.clock(), who, markup, to_do)
            self.told.append(said)
            return said

    def edit(self, comment: str, text: str) -> None:
        """Change what a comment says, as somebody who may."""
        self.rewrite(comment, typed(text))

    def rewrite(self, comment: str, markup: str, to_do: ToDo | None = None) -> Said:
        """Put this markup, and this state of the to-do, in place of what was there."""
        with self.world.lock:
            said = self.there(comment)
            said.markup, said.to_do = markup, to_do or said.to_do
            said.edited_at = self.world.clock()
            self.told.append(said)
            return said

    def unsay(self, comment: str) -> None:
        """Delete a comment, as a person who may."""
        self.there(comment).deleted = True

    def tick(self, comment: str) -> None:
        """Tick a to-do off, as the person it is assigned to."""
        said = self.there(comment)
        said.to_do = replace(said.to_do, done=True) if said.to_do else None

    def there(self, comment: str) -> Said:
        """A comment that is there. Raises :class:`SkipRecord`."""
        found = next((said for said in self.told if said.id == comment), None)
        if found is None or not _there(found):
            raise SkipRecord(f"no comment {comment}", status=404)
        return found

    def under(self, id: str) -> list[Said]:
        """The comments and to-dos of a record, the oldest first."""
        once = {said.id: said for said in self.told if said.thing.id == id and _there(said)}
        return list(once.values())

    def shown(self, id: str) -> list[str]:
        """The markup of each comment of a record, the oldest first."""
        return [said.markup for said in self.under(id) if said.to_do is None]

    def links(self, id: str) -> list[str]:
        """What can be clicked on in the comments and to-dos of a record."""
        return [url for said in self.under(id) for url in linked(said.markup)]

    def notified(self, id: str) -> list[str]:
        """Users, by key, who hear of what stands under a record; in to-do worlds nobody does."""
        if self.world.quirks.to_dos:
            return []
        return self._keys({who for said in self.under(id) for who in mentioned(said.markup)})

    def assigned(self, id: str) -> list[str]:
        """Users, by key, who have an open to-do under a record."""
        to_dos = [said.to_do for said in self.under(id) if said.to_do and not said.to_do.done]
        return self._keys({to_do.assignee for to_do in to_dos})

    def _keys(self, ids: set[str]) -> list[str]:
        return [key for key, user in self.world.users.items() if user.id in ids]

    def invite(self, project: str, key: str = "guest") -> RemotePerson:
        """Let somebody from outside into a project; they are a user of the world from then on."""
        person = RemotePerson(f"u-{key}", key.title(), f"{key}@elsewhere.example", guest=True)
        self.world.users[key] = person
        self.guests.setdefault(self.world.thing(project).id, []).append(person)
        return person

    def keep(self, by: str, project: str) -> Thing:
        """The service's own item in a project: the one that is there, put back, or a new one.

        It is no record: no listing, history or lookup tells of it.
        """
        with self.world.lock:
            place, who = self.world.thing(project), self.world.users[by].id
            if place.object != PROJECT:
                raise SkipRecord(f"{project} is no project")
            known = [t for t in self.kept.values() if (t.container, t.created_by) == (project, who)]
            for thing in (t for t in known if t.existence != DELETED):
                thing.existence = PRESENT
                return thing
            id, fields = f"h{len(self.kept) + 1}", dict.fromkeys(FIELDS[ITEM])
            values = fields | {"title": "Heads-up", "project": project}
            thing = Thing(ITEM, id, project, place.team, self.world.clock(), who, values)
            self.kept[id] = thing
            return thing


def _there(said: Said) -> bool:
    return not said.deleted and said.thing.existence != DELETED
