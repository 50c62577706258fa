"""What ``push`` and ``find`` do, as one user of the world."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from msgspec import Struct, field

from adapters.memory.fields import FIELDS
from adapters.memory.moving import destination
from adapters.memory.things import DELETED, Thing
from adapters.memory.world import World
from syncer.adapterkit.errors import SkipRecord
from syncer.model.entities import ARCHIVED, PRESENT
from syncer.model.remote import Catalogue, Op, Outcome, Raw, Result, Write

_REACH: Final = timedelta(minutes=2)


class Sending(Struct):
    """One write under way: what will be sent, and what will not."""

    world: World
    user: str
    write: Write
    values: dict[str, Raw] = field(default_factory=dict)
    stale: dict[str, Raw] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def carry_out(self, catalogue: Catalogue) -> Outcome:
        """Do it. Raises :class:`SkipRecord` if nothing of it can be done."""
        if self.write.op is Op.CREATE:
            return self._outcome(self._create(catalogue))
        thing = self.world.things.get(self.write.id or "")
        if self.write.op is Op.ARCHIVE and (thing is None or thing.existence == DELETED):
            return Outcome(self.write.intent, Result.DONE, self.write.id)
        return self._outcome(self._on(self.world.thing(self.write.id or "")))

    def _create(self, catalogue: Catalogue) -> Thing:
        object, container = self.write.object, self.write.container
        for name, value in self.write.fields.items():
            self._take(object, container, name, value)
        title = next(iter(FIELDS[object]))
        if title in self.refused:
            raise SkipRecord(self.refused[title])
        info = catalogue.objects.get(object)
        home = (info.home if info else None) or "main"
        return self.world.create(
            self.user, object, self.values, container, team=home, marker=self.write.intent
        )

    def _on(self, thing: Thing) -> Thing:
        way = self.write.archive or {}
        if self.write.op is Op.ARCHIVE:
            if "field" in way:
                choice = {way["field"]: {"name": way["option"]}}
                return self.world.change(self.user, thing.id, choice, self.write.intent)
            return self.world.exist(self.user, thing.id, ARCHIVED, self.write.intent)
        for name, value in self.write.fields.items():
            self._update(thing, name, value)
        if self.write.op is Op.RESTORE and "field" not in way:
            self.world.exist(self.user, thing.id, PRESENT, self.write.intent)
        elif self.write.op is Op.RESTORE and way["field"] not in self.values:
            self.values[way["field"]] = self._another(thing, way)
        return self.world.change(self.user, thing.id, self.values, self.write.intent)

    def _another(self, thing: Thing, way: Mapping[str, str]) -> Raw:
        """Out of the option that stands for archived: the first other one."""
        choices = self.world.choices(thing.object, way["field"], thing.container)
        return next((o.id for o in choices if o.name != way["option"]), None)

    def _update(self, thing: Thing, name: str, value: Raw) -> None:
        self._take(thing.object, destination(thing, self.write.fields), name, value)
        if name in self.refused:
            return
        now, base = thing.fields[name], self.write.base.get(name, thing.fields[name])
        if self.world.many(thing.object, name):
            self.values[name] = _merged(now, base, self.values[name])
        elif name in self.world.quirks.no_history and now != base:
            del self.values[name]
            self.stale[name] = now

    def _take(self, object: str, container: str | None, name: str, value: Any) -> None:
        try:
            self.values[name] = self.world.normal(object, container, name, value)
        except SkipRecord as error:
            self.refused[name] = error.reason

    def _outcome(self, thing: Thing) -> Outcome:
        nothing = bool(self.refused) and not self.values and not self.stale
        return Outcome(
            self.write.intent,
            Result.REFUSED if nothing and self.write.op is Op.UPDATE else Result.DONE,
            thing.id,
            thing.container,
            got={name: thing.fields[name] for name in self.values},
            stale=self.stale,
            refused=self.refused,
            as_of=self.world.clock(),
            reason="; ".join(self.refused.values()),
        )


def found(world: World, user: str, write: Write) -> list[Thing]:
    """What this create has made. The marker is exact, so the content need not be looked at."""
    me = world.users[user].id
    earliest = write.since - _REACH if write.since else None
    return [
        thing
        for thing in world.things.values()
        if thing.marker == write.intent
        and thing.created_by == me
        and thing.existence != DELETED
        and (earliest is None or thing.created_at >= earliest)
    ]


def missing(needs: Mapping[tuple[str, str], str]) -> list[str]:
    """A line for each needed field that no world has; none can be made."""
    return [
        f"{object}: no field {name} ({kind}), and this system takes no new ones"
        for (object, name), kind in needs.items()
        if name not in FIELDS.get(object, {})
    ]


def _merged(now: Raw, base: Raw, wanted: Raw) -> list[Any]:
    """The set as it stands with only our own difference applied, so that others' edits stay."""
    here, before, after = (set(v) if isinstance(v, list) else set() for v in (now, base, wanted))
    return sorted((here - (before - after)) | (after - before))
