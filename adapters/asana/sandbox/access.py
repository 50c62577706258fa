"""Who may do what with a task: by its projects, their teams, and its collaborators.

What the vendor's help pages say: members of a project have the level they were given; a project
that is public to the workspace is open to its members, not to guests; guests see only what is
shared with them: a task, a project, or the public projects of a team they are in.
"""

from collections.abc import Iterator
from typing import Final

from adapters.asana.sandbox.api import Api, refuse
from adapters.asana.sandbox.memberships import seats
from adapters.asana.sandbox.store import Gid, Store, Thing
from adapters.asana.sandbox.teams import in_team, is_guest

_RANKS: Final = ("viewer", "commenter", "editor", "admin")


def of_path(api: Api) -> tuple[Thing, Thing]:
    """The story that the path names, and its task; 404 if either is not there."""
    story = api.there("story")
    task = api.store.find("task", story["target"])
    return story, task or refuse(f"story: Unknown object: {story['gid']}", 404)


def check(api: Api, task: Thing, least: str) -> None:
    """403 for whoever asks and may do less with this task than ``least`` says."""
    found = level(api.store, api.me, task)
    if found is None:
        refuse("You do not have access to this task.", 403)
    if _RANKS.index(found) < _RANKS.index(least):
        refuse("You do not have permission to do this to this task.", 403)


def level(store: Store, user: Gid, task: Thing) -> str | None:
    """The most that a user may do with a task; ``None`` if it is hidden from them."""
    found = [one for project in _projects(store, task) for one in _in_project(store, user, project)]
    author = task["created_by"]
    if user in {*task["followers"], task["assignee"], author.gid if author else None}:
        found.append("editor")
    return max(found, key=_RANKS.index, default=None)


def _projects(store: Store, task: Thing) -> Iterator[Thing]:
    """The projects of a task and of what it hangs under."""
    above: Thing | None = task
    while above is not None:
        yield from (store.things[gid] for gid in above["memberships"])
        above = store.things.get(above["parent"] or "")


def _in_project(store: Store, user: Gid, project: Thing) -> Iterator[str]:
    for seat in seats(store, project):
        member = seat["member"]
        if member == user or in_team(store, user, member):
            yield str(seat["access_level"])
    privacy, team = project["privacy_setting"], project["team"]
    everybody = privacy == "public_to_workspace" and not is_guest(store, user)
    if everybody or (privacy != "private" and team and in_team(store, user, team)):
        yield str(project["default_access_level"])
