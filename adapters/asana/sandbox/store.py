"""What the stand-in holds: things by gid, and what happened to them in order."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct, field

from syncer.adapterkit.sandbox import Ids
from syncer.model.values import instant_text

Thing = dict[str, Any]
Gid = str


class Ref(Struct, frozen=True):
    """A mention of another thing; it is shown compact unless more is asked for."""

    gid: Gid


class Happening(Struct):
    """An event and the resources in whose streams it shows."""

    at: datetime
    streams: frozenset[Gid]
    body: Thing


class Notified(Struct, frozen=True):
    """Somebody was told of a comment: it ``mentioned`` them, or is on a task they ``follow``."""

    user: Gid
    story: Gid
    reason: str


class Tuning(Struct):
    """How the stand-in behaves where Asana varies; a test may change it at any time.

    Args:
        merge: rapid edits of one field of one task by one person within this time share one
            story, which keeps the first old value. Asana does that within seconds; off here
            unless a test asks, so that chains of quick edits can be told apart.
        delay: how late events show in their streams.
        losing: what happens now is told by no stream, ever (guide, 6.1: at most once).
        token_life: how long a stream's token is good (guide, 6.1: 24 hours, possibly less).
        zones: IANA zone of users by gid; a timed task's ``due_on`` is in the reader's.
    """

    merge: timedelta = timedelta(0)
    delay: timedelta = timedelta(0)
    losing: bool = False
    token_life: timedelta = timedelta(hours=24)
    zones: dict[Gid, str] = field(default_factory=dict)


class Store(Struct):
    """All things of one stand-in, by the vendor's clock."""

    now: Callable[[], datetime]
    ids: Ids
    tuning: Tuning = field(default_factory=Tuning)
    things: dict[Gid, Thing] = field(default_factory=dict)
    kinds: dict[str, list[Thing]] = field(default_factory=dict)
    happenings: list[Happening] = field(default_factory=list)
    tokens: dict[str, tuple[Gid, int, datetime]] = field(default_factory=dict)
    offsets: dict[str, tuple[str, int, datetime]] = field(default_factory=dict)
    inbox: list[Notified] = field(default_factory=list)

    def add(self, kind: str, /, **fields: Any) -> Thing:
        """Make a thing."""
        gid = fields.pop("gid", None) or self.ids.decimal(16, "12")
        thing = {"gid": gid, "resource_type": kind, **fields}
        self.keep(thing)
        return thing

    def keep(self, thing: Thing) -> None:
        """Hold a thing that was made elsewhere."""
        self.things[thing["gid"]] = thing
        self.kinds.setdefault(thing["resource_type"], []).append(thing)

    def find(self, kind: str, gid: Gid) -> Thing | None:
        """A thing of this kind that is there."""
        thing = self.things.get(gid)
        return thing if thing and thing["resource_type"] == kind and not gone(thing) else None

    def all(self, kind: str) -> Iterator[Thing]:
        """Every thing of a kind that is there, in order of creation."""
        return (thing for thing in list(self.kinds.get(kind, ())) if not gone(thing))

    def stamp(self) -> str:
        """The time, as Asana writes it."""
        return instant_text(self.now())

    def subtasks(self, gid: Gid) -> list[Thing]:
        """Tasks directly under a task."""
        return [task for task in self.all("task") if task["parent"] == gid]

    def in_project(self, gid: Gid) -> list[Thing]:
        """Tasks of a project in its order: section by section."""
        order = {s["gid"]: place for place, s in enumerate(self.sections(gid))}
        tasks = [task for task in self.all("task") if gid in task["memberships"]]
        return sorted(tasks, key=lambda t: (order[t["memberships"][gid]], t["rank"].get(gid, 0)))

    def sections(self, project: Gid) -> list[Thing]:
        """The sections of a project in order."""
        return [s for s in self.all("section") if s["project"] == project]

    def settings(self, project: Gid) -> list[Thing]:
        """The custom field settings of a project."""
        return [s for s in self.all("custom_field_setting") if s["parent"] == project]

    def fields_of(self, thing: Thing) -> list[Thing]:
        """The custom fields that a project, or a task by way of its projects, has.

        A project's own values are those of the fields that are set up on it.
        """
        own = thing["resource_type"] == "project"
        projects = [thing["gid"]] if own else list(thing["memberships"])
        gids = {s["custom_field"]: None for p in projects for s in self.settings(p)}
        return [self.things[gid] for gid in gids if not gone(self.things[gid])]

    def streams(self, thing: Thing) -> set[Gid]:
        """The resources whose streams tell what happens to a thing."""
        kind = thing["resource_type"]
        if kind == "story":
            return self.streams(self.things[thing["target"]])
        if kind == "section":
            return {thing["gid"], thing["project"]}
        if kind != "task":
            return {thing["gid"]}
        above = self.things.get(thing["parent"] or "")
        return {thing["gid"], *thing["memberships"], *(self.streams(above) if above else ())}

    def happen(
        self,
        user: Gid | None,
        thing: Thing,
        action: str,
        *,
        parent: Thing | None = None,
        change: Thing | None = None,
        also: set[Gid] | None = None,
    ) -> None:
        """Record an event. ``also`` names further streams that it shows in."""
        if self.tuning.losing:
            return
        at = self.now()
        body: Thing = {
            "user": Ref(user) if user else None,
            "created_at": instant_text(at),
            "type": thing["resource_type"],
            "action": action,
            "resource": Ref(thing["gid"]),
            "parent": Ref(parent["gid"]) if parent else None,
        }
        if change is not None:
            body["change"] = change
        streams = frozenset(self.streams(thing) | (also or set()))
        self.happenings.append(Happening(at, streams, body))

    def tell(self, user: Gid | None, task: Thing, subtype: str, **values: Any) -> Thing:
        """Write a story of a task, or into the last one like it if they are merged."""
        story = self._mergeable(user, task, subtype, values)
        if story is not None:
            story.update({key: v for key, v in values.items() if not key.startswith("old_")})
        else:
            story = self.add(
                "story",
                resource_subtype=subtype,
                type="comment" if subtype == "comment_added" else "system",
                created_at=self.stamp(),
                created_by=Ref(user) if user else None,
                target=task["gid"],
                source="web" if user else "unknown",
                **values,
            )
        self.happen(user, story, "added", parent=task)
        if subtype != "section_changed":
            task["modified_at"] = self.stamp()
        return story

    def _mergeable(
        self, user: Gid | None, task: Thing, subtype: str, values: Thing
    ) -> Thing | None:
        if not self.tuning.merge or user is None or not any(k.startswith("old_") for k in values):
            return None
        for story in reversed([s for s in self.all("story") if s["target"] == task["gid"]]):
            same = story["resource_subtype"] == subtype
            same &= story.get("custom_field") == values.get("custom_field")
            if same:
                age = self.now() - datetime.fromisoformat(story["created_at"]).astimezone(UTC)
                return (
                    story if story["created_by"] == Ref(user) and age < self.tuning.merge else None
                )
        return None


def gone(thing: Thing) -> bool:
    """Whether a thing is in the trash."""
    return bool(thing.get("deleted"))
