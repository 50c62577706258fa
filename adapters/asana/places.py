"""Where a task is, and what hangs on it: each has routes of its own."""

from collections.abc import Callable
from functools import partial
from typing import Final

from adapters.asana.client import segment
from adapters.asana.encode import difference, named, refuse
from adapters.asana.writing import Tools, Work
from syncer.model.remote import Fields, Raw

SETS: Final = {"tags": ("addTag", "removeTag"), "followers": ("addFollowers", "removeFollowers")}


class Places:
    """Project, parent, section, tags and followers of a task that is being written."""

    def __init__(self, tools: Tools, work: Work, home: str | None) -> None:
        self._tools = tools
        self._work = work
        self._home = home
        self._gid = self._path = ""

    def taken(self, gid: str, now: Fields) -> bool:
        """What a PUT does not take: each has a route of its own. Whether there was any."""
        self._path, self._gid = f"/tasks/{segment(gid)}", gid
        fields = self._work.fields
        steps: dict[str, Callable[[], None]] = {
            "project": self._move,
            "parent": self._hang,
            "section": self._enter,
            "tags": partial(self._set, "tags", now),
            "followers": partial(self._set, "followers", now),
        }
        taken = [id for id in steps if id in fields]
        for id in taken:
            self._work.attempt([id], steps[id], own=id != "section")
        return bool(taken)

    def _act(self, action: str, data: dict[str, object]) -> None:
        self._tools.asana.act(f"{self._path}/{action}", data)

    def _move(self) -> None:
        new, old = (
            self._work.fields["project"],
            self._work.write.base.get("project", self._work.write.container),
        )
        if new is not None:
            self._act("addProject", {"project": new})
        if old is not None and old != new:
            self._act("removeProject", {"project": old})

    def _hang(self) -> None:
        self._act("setParent", {"parent": self._work.fields["parent"]})

    def _enter(self) -> None:
        section = self.section(self._work.fields["section"])
        self._tools.asana.act(f"/sections/{segment(section)}/addTask", {"task": self._gid})

    def section(self, raw: Raw) -> str:
        """The gid of a section that is asked for by gid or by name."""
        name = named(raw)
        if name is not None and self._home is not None:
            return self._tools.names.section(self._home, name)
        if not isinstance(raw, str):
            raise refuse("a task is always in some section")
        return raw

    def _set(self, id: str, now: Fields) -> None:
        """Add and remove single members, so that what others add meanwhile stays."""
        wanted = self.members(id)
        add, remove = difference(now.get(id), self._work.write.base.get(id, now.get(id)), wanted)
        for action, gids in zip(SETS[id], (add, remove), strict=True):
            if id == "followers" and gids:
                self._act(action, {"followers": sorted(gids)})
            for gid in sorted(gids) if id == "tags" else ():
                self._act(action, {"tag": gid})

    def members(self, id: str) -> list[str]:
        """A wished set with gids in the place of names of tags."""
        raw = self._work.fields[id]
        return [self._tag(item) for item in raw] if isinstance(raw, list) else []

    def _tag(self, item: Raw) -> str:
        name = named(item)
        if name is None:
            return str(item)
        workspace = self._tools.workspace() or self._workspace_of_project()
        return self._tools.names.tag(workspace, name)

    def _workspace_of_project(self) -> str:
        row = self._tools.asana.get(f"/projects/{segment(self._home)}", ("workspace.name",)).data
        return str(row["workspace"]["gid"])
