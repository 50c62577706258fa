"""The made-up agency as Asana holds it: a team for each client, with its projects."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from adapters.asana.richtext import to_html
from adapters.asana.sandbox.fields import new_field, new_setting
from adapters.asana.sandbox.people import new_tag
from adapters.asana.sandbox.places import place
from adapters.asana.sandbox.projects import new_project, new_section
from adapters.asana.sandbox.store import Gid, Ref, Store, Thing
from adapters.asana.sandbox.tasks import new_task
from adapters.asana.sandbox.values import plain_of
from syncer.adapterkit.sandbox import LISTS, PRIORITIES, Project, Task, World
from syncer.model.values import instant_text

SYSTEM: Final = "asana"
PACES: Final = ("Ahead", "On track", "Behind", "Met", "Missed", "Not begun", "No figures")


class Loader:
    """Fills a store from the world, without events or stories: it has always been so.

    Args:
        store: with the users and the workspace in it already.
        workspace: its gid.
        users: gid of each person by key.
    """

    def __init__(self, store: Store, workspace: Gid, users: dict[str, Gid]) -> None:
        self.store = store
        self.workspace = workspace
        self.users = users
        self.tags: dict[str, Gid] = {}

    def load(self, world: World) -> dict[str, Gid]:
        """Put everything in; gives the team of each client by key."""
        teams = {client.key: self._team(client.name) for client in world.clients}
        fields = self._fields() if world.projects_in(SYSTEM) else {}
        for project in world.projects_in(SYSTEM):
            gid = self._project(project, teams[project.client], fields)
            for task in world.tasks_in(SYSTEM, project.key):
                self._task(task, project, gid, fields)
        return teams

    def _team(self, name: str) -> Gid:
        own = {"description": "", "visibility": "public"}
        team = self.store.add("team", name=name, organization=self.workspace, **own)
        team["permalink_url"] = f"https://app.asana.com/1/{self.workspace}/team/{team['gid']}"
        return str(team["gid"])

    def _fields(self) -> dict[str, Thing]:
        euro: Thing = {"precision": 2, "format": "currency", "currency_code": "EUR"}
        wishes: tuple[tuple[str, str, Thing], ...] = (
            ("Hours", "number", {"precision": 2}),
            ("Priority", "enum", {"options": tuple(PRIORITIES.values())}),
            ("Strategy", "text", {}),
            ("Goals", "text", {}),
            ("Budget hours", "number", {"precision": 2}),
            ("Price", "number", euro),
            ("Results", "text", {}),
            ("Results share", "number", {"precision": 2}),
            ("Results as of", "date", {}),
            ("Results pace", "enum", {"options": PACES}),
        )
        return {n: new_field(self.store, self.workspace, n, k, **m) for n, k, m in wishes}

    def _project(self, project: Project, team: Gid, fields: dict[str, Thing]) -> Gid:
        html = to_html(project.brief, blocks=False)
        values = {
            "Strategy": project.strategy,
            "Goals": project.goals,
            "Budget hours": number(project.budget_hours),
            "Price": number(project.price),
        }
        made = new_project(
            self.store,
            self.workspace,
            team,
            name=project.name,
            html_notes=html,
            notes=plain_of(html),
            owner=self.users[project.producer],
            members=list(self.users.values()),
            start_on=project.start.isoformat() if project.start and project.deadline else None,
            due_on=project.deadline.isoformat() if project.deadline else None,
            custom_fields={fields[name]["gid"]: value for name, value in values.items()},
        )
        self.store.sections(made["gid"])[0]["name"] = LISTS["todo"]
        for name in list(LISTS.values())[1:]:
            new_section(self.store, made["gid"], name)
        for field in fields.values():
            new_setting(self.store, made["gid"], field["gid"])
        return str(made["gid"])

    def _task(self, task: Task, project: Project, home: Gid, fields: dict[str, Thing]) -> None:
        html = to_html(task.notes)
        people = [self.users[key] for key in task.assignees]
        timed = isinstance(task.deadline, datetime)
        due = instant_text(task.deadline) if isinstance(task.deadline, datetime) else None
        done = task.status == "done"
        made = new_task(
            self.store,
            self.workspace,
            name=task.title,
            html_notes=html,
            notes=plain_of(html),
            created_by=Ref(self.users[project.producer]),
            assignee=people[0] if people else None,
            followers=people,
            completed=done,
            completed_at=self.store.stamp() if done else None,
            completed_by=self.users[project.producer] if done else None,
            due_at=due,
            due_on=task.deadline.isoformat() if task.deadline and not timed else None,
            tags=[self._tag(label) for label in task.labels],
            custom_fields=self._values(task, fields),
        )
        names = {s["name"]: s["gid"] for s in self.store.sections(home)}
        place(made, home, names[LISTS[task.status]], self.store.ids.number())

    def _tag(self, name: str) -> Gid:
        if name not in self.tags:
            self.tags[name] = new_tag(self.store, self.workspace, name)["gid"]
        return self.tags[name]

    def _values(self, task: Task, fields: dict[str, Thing]) -> Thing:
        values: Thing = {fields["Hours"]["gid"]: number(task.estimate)}
        if task.priority:
            field = fields["Priority"]
            place_of = list(PRIORITIES).index(task.priority)
            values[field["gid"]] = Ref(field["enum_options"][place_of])
        return values


def number(value: Decimal | None) -> Any:
    """A number as JSON has it."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
