"""Make and change projects."""

from functools import partial
from typing import Final

from msgspec.structs import replace

from adapters.asana import statuses
from adapters.asana.client import Reply, segment
from adapters.asana.encode import custom, native
from adapters.asana.sending import Parts, date_parts, due_apart, joined, sent_together
from adapters.asana.shapes import CUSTOM, PROJECT, STATUS, asked
from adapters.asana.writing import Tools, Work, known_fields, options_by_name
from syncer.adapterkit.errors import AdapterError, SkipRecord, StopConnection
from syncer.model.remote import Fields, Outcome, Raw, RemoteRecord, Write
from syncer.model.values import MISSING

_NATIVE: Final = ("name", "notes", "owner", "completed")


def update_project(tools: Tools, write: Write) -> Outcome:
    """Change the given fields of a project.

    Asana keeps no old values of a project's fields, so all are looked at right before.
    """
    return _Project(tools, write, str(write.id)).update()


def create_project(tools: Tools, write: Write) -> Outcome:
    """Make a project in the team, or else the workspace, that ``write.container`` names."""
    return _Project(tools, write, "").create()


def archive_project(tools: Tools, write: Write, *, archived: bool) -> Outcome:
    """Archive a project, or take it out of the archive."""
    path = f"/projects/{segment(write.id)}"
    reply = tools.asana.put(path, {"archived": archived}, asked(PROJECT, ()))
    return Work(write, {}).outcome(tools.decoder.project(reply.data, reply.at))


class _Project:
    """One project that is being written."""

    def __init__(self, tools: Tools, write: Write, gid: str) -> None:
        self._tools = tools
        self._work = Work(write, dict(write.fields))
        self._gid = gid
        known_fields(self._work, tools, PROJECT, None)
        options_by_name(self._work, tools, PROJECT, None)
        self._status = self._work.fields.pop(STATUS, MISSING)
        self._ask = asked(PROJECT, write.fields.keys() - {STATUS})

    @property
    def _path(self) -> str:
        return f"/projects/{segment(self._gid)}"

    def update(self) -> Outcome:
        """Write what is asked for; what cannot be written says why."""
        reply = self._tools.asana.get(self._path, asked(PROJECT, {*self._work.fields, "due"}))
        now = self._record(reply).fields
        self._work.drop_stale(now)
        return self._work.outcome(self._told(self._record(self._written(now) or reply)))

    def _told(self, record: RemoteRecord) -> RemoteRecord:
        """Post the status update, if one was asked for; the record with what is posted by now."""
        text, shown = self._status, dict[str, Raw]()
        if text is not MISSING:
            self._work.attempt([STATUS], partial(self._post_status, text, shown), own=False)
        return replace(record, fields={**record.fields, **shown})

    def _post_status(self, text: Raw, shown: dict[str, Raw]) -> None:
        shown[STATUS] = statuses.post(self._tools.asana, self._gid, text)

    def _written(self, now: Fields) -> Reply | None:
        parts = self._parts(now)
        reply = sent_together(self._work, parts, self._put)
        return due_apart(self._work, parts, self._put) or reply

    def _put(self, data: dict[str, object]) -> Reply:
        return self._tools.asana.put(self._path, data, self._ask)

    def _parts(self, now: Fields) -> Parts:
        parts: Parts = {}
        for id in [id for id in self._work.fields if id in _NATIVE or id.startswith(CUSTOM)]:
            self._work.attempt([id], partial(self._part, parts, id), own=False)
        date_parts(self._work, parts, now)
        return parts

    def _part(self, parts: Parts, id: str) -> None:
        raw = self._work.fields[id]
        if not id.startswith(CUSTOM):
            parts[(id,)] = native(id, raw, blocks=False)
            return
        info = self._tools.info(PROJECT, id, None)
        if info is not None:
            parts[(id,)] = {"custom_fields": custom(info, raw)}

    def create(self) -> Outcome:
        """Make the project, then write what it could not be made with."""
        wished = dict(self._work.fields)
        late = {id: raw for id, raw in wished.items() if id.startswith(CUSTOM)}
        self._work.fields = {id: raw for id, raw in wished.items() if id not in late}
        try:
            made = self._post(joined(self._parts({}).values()))
        except SkipRecord as error:
            if error.status != 400 or wished.keys() <= {"name"}:
                raise
            # Nothing was made: one of the fields is at fault, or the place is.
            made = self._post({"name": str(wished.get("name") or "")})
            late |= {id: raw for id, raw in self._work.fields.items() if id != "name"}
        self._gid = made.data["gid"]
        self._work.fields = dict(late)
        return self._finished(made, late)

    def _post(self, data: dict[str, object]) -> Reply:
        return self._tools.asana.post(f"{self._place()}/projects", data, self._ask)

    def _place(self) -> str:
        info = self._tools.catalogue.objects.get(PROJECT)
        home = self._work.write.container or (info.home if info else None)
        team = self._tools.info(PROJECT, "team", None)
        teams = {option.id for option in team.options} if team else set()
        return f"/teams/{segment(home)}" if home in teams else f"/workspaces/{segment(home)}"

    def _finished(self, made: Reply, late: Fields) -> Outcome:
        try:
            for id in [id for id in late if id.startswith(CUSTOM)]:
                self._work.attempt([id], partial(self._set_up, id), own=False)
            record = self._told(self._record(self._written({}) or made))
        except StopConnection:
            raise
        except AdapterError as error:
            # The project is there, and must not be made again because of what failed after it.
            open_ = [*late, *([] if self._status is MISSING else [STATUS])]
            self._work.stale |= {id: None for id in open_ if id not in self._work.refused}
            return replace(self._work.outcome(self._record(made)), reason=str(error))
        return self._work.outcome(record)

    def _set_up(self, id: str) -> None:
        """Put a custom field, known from other projects, on this new one."""
        field = {"custom_field": id.removeprefix(CUSTOM)}
        self._tools.asana.post(f"{self._path}/addCustomFieldSetting", field)

    def _record(self, reply: Reply) -> RemoteRecord:
        return self._tools.decoder.project(reply.data, reply.at)
