"""Make and change tasks."""

from functools import partial
from typing import Final

from msgspec.structs import replace

from adapters.asana.client import Reply, segment
from adapters.asana.encode import custom, members, merged, native, refuse
from adapters.asana.places import SETS, Places
from adapters.asana.sending import Parts, date_parts, due_apart, joined, sent_together
from adapters.asana.shapes import CUSTOM, TASK, asked
from adapters.asana.writing import Tools, Work, known_fields, options_by_name
from syncer.adapterkit.errors import AdapterError, AskPerson, SkipRecord, StopConnection
from syncer.model.remote import Fields, Outcome, RemoteRecord, Write

_NATIVE: Final = ("name", "notes", "assignee", "completed")


def update_task(tools: Tools, write: Write) -> Outcome:
    """Change the given fields of a task, with one PUT for all that a PUT can change."""
    work = Work(write, dict(write.fields))
    moved = work.fields.get("project")
    home = moved if isinstance(moved, str) else write.container
    _check(work, tools, home)
    return _Task(tools, work, home, str(write.id)).update()


def create_task(tools: Tools, write: Write) -> Outcome:
    """Make a task with everything in one POST; what that refuses is written afterwards."""
    work = Work(write, dict(write.fields))
    home = work.fields.pop("project", None) or write.container
    if not isinstance(home, str):
        raise refuse("a task needs a project to be made in")
    _check(work, tools, home)
    parent = work.fields.pop("parent", None)
    return _Task(tools, work, home, "").create(parent if isinstance(parent, str) else None)


def _check(work: Work, tools: Tools, home: str | None) -> None:
    known_fields(work, tools, TASK, home)
    options_by_name(work, tools, TASK, home)


class _Task:
    """One task that is being written."""

    def __init__(self, tools: Tools, work: Work, home: str | None, gid: str) -> None:
        self._tools = tools
        self._work = work
        self._home = home
        self._gid = gid
        self._ask = asked(TASK, work.write.fields)
        self._places = Places(tools, work, home)

    @property
    def _path(self) -> str:
        return f"/tasks/{segment(self._gid)}"

    def update(self) -> Outcome:
        """Write what is asked for; what cannot be written says why."""
        now = self._now()
        self._work.drop_stale({id: now[id] for id in ("notes",) if id in now})
        return self._work.outcome(self._record(self._written(now)))

    def _now(self) -> Fields:
        """What the task shows at present, if a field has to be looked at before it is written.

        Asana keeps no old notes, so an edit of theirs that we ran over could not be put back.
        """
        fields = self._work.fields
        looks = [id for id in fields if id in ("notes", *SETS) or self._is_many(id)]
        if not looks and not ("start" in fields and "due" not in fields):
            return {}
        ask = asked(TASK, {*fields, "due"})
        reply = self._tools.asana.get(self._path, ask)
        record = self._record(reply)
        return record.fields if record else {}

    def _is_many(self, id: str) -> bool:
        info = self._tools.info(TASK, id, self._home)
        return id.startswith(CUSTOM) and info is not None and info.type.many

    def _written(self, now: Fields) -> Reply | None:
        """Take every step; the PUT is last, so that its answer shows them all."""
        stepped = self._places.taken(self._gid, now)
        parts = self._parts(now)
        reply = sent_together(self._work, parts, self._put)
        reply = due_apart(self._work, parts, self._put) or reply
        if reply is None and stepped:
            return self._tools.asana.get(self._path, self._ask)
        return reply

    def _put(self, data: dict[str, object]) -> Reply:
        return self._tools.asana.put(self._path, data, self._ask)

    def _parts(self, now: Fields) -> Parts:
        """The fields that a PUT or POST takes, in pieces."""
        parts: Parts = {}
        for id in [id for id in self._work.fields if id in _NATIVE or id.startswith(CUSTOM)]:
            self._work.attempt([id], partial(self._part, parts, id, now), own=False)
        date_parts(self._work, parts, now)
        return parts

    def _part(self, parts: Parts, id: str, now: Fields) -> None:
        raw = self._work.fields[id]
        if not id.startswith(CUSTOM):
            parts[(id,)] = native(id, raw, blocks=True)
            return
        info = self._tools.info(TASK, id, self._home)
        if info is not None:
            whole = (
                merged(now.get(id), self._work.write.base.get(id, now.get(id)), raw)
                if info.type.many
                else raw
            )
            parts[(id,)] = {"custom_fields": custom(info, whole)}

    def create(self, parent: str | None) -> Outcome:
        """Make the task, then write what it could not be made with."""
        made, rest = self._made(parent)
        self._gid = made.data["gid"]
        self._work.fields = dict(rest)
        if not rest:
            return self._work.outcome(self._record(made))
        try:
            done = self._finished(rest, parent) or made
        except StopConnection:
            raise
        except AdapterError as error:
            # The task is there, and must not be made again because of what failed after it.
            self._work.stale |= {id: None for id in rest if id not in self._work.refused}
            return replace(self._work.outcome(self._record(made)), reason=str(error))
        return self._work.outcome(self._record(done))

    def _made(self, parent: str | None) -> tuple[Reply, Fields]:
        """The new task, and the fields that it does not have yet."""
        wished = self._work.fields
        late = {id: raw for id, raw in wished.items() if parent and _in_project_only(id)}
        try:
            self._work.fields = {id: raw for id, raw in wished.items() if id not in late}
            return self._tools.asana.post("/tasks", self._everything(parent), self._ask), late
        except (SkipRecord, AskPerson) as error:
            if error.status not in (None, 400, 403) or wished.keys() <= {"name"}:
                raise
        # Nothing was made: one of the fields is at fault. It shall not take the task with it.
        place: dict[str, object] = {"parent": parent} if parent else {"projects": [self._home]}
        bare = {"name": str(wished.get("name") or "")} | place
        rest = {id: raw for id, raw in wished.items() if id not in ("name", *self._work.refused)}
        return self._tools.asana.post("/tasks", bare, self._ask), rest

    def _everything(self, parent: str | None) -> dict[str, object]:
        fields = self._work.fields
        data = joined(self._parts({}).values())
        if "tags" in fields:
            data["tags"] = self._places.members("tags")
        if "followers" in fields:
            data["followers"] = sorted(members(fields["followers"]))
        if parent:
            return data | {"parent": parent}
        member: dict[str, object] = {"project": self._home}
        if fields.get("section") is not None:
            member["section"] = self._places.section(fields["section"])
        return data | {"memberships": [member]}

    def _finished(self, rest: Fields, parent: str | None) -> Reply | None:
        """Write the rest. What only tasks of a project have takes a subtask into the project."""
        if parent and any(_in_project_only(id) for id in rest):
            self._tools.asana.act(f"{self._path}/addProject", {"project": self._home})
        reply = self._written({})
        return reply or self._tools.asana.get(self._path, self._ask)

    def _record(self, reply: Reply | None) -> RemoteRecord | None:
        if reply is None:
            return None
        home = self._tools.decoder.home_of(reply.data) or self._home
        return self._tools.decoder.task(reply.data, reply.at, home)


def _in_project_only(id: str) -> bool:
    """Subtasks do not have what comes from being in a project."""
    return id == "section" or id.startswith(CUSTOM)
