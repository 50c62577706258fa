"""The made-up agency in Trello: a workspace per client, a board per project, a card per task."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from adapters.trello.sandbox import boards, changes, customfields, people, shapes
from adapters.trello.sandbox.store import Object, Store
from syncer.adapterkit.sandbox import (
    LISTS,
    PRIORITIES,
    Project,
    SandboxUser,
    Task,
    World,
)
from syncer.model.values import is_instant, plain

EVENING: Final = time(17, tzinfo=ZoneInfo("Europe/London"))
"""When a task without a time is due: Trello has instants only."""

AGE: Final = timedelta(days=21)
"""How long ago all this was made."""

_COLOURS: Final = ("green", "yellow", "orange", "red", "purple", "blue", "sky", "lime", "pink")


def load(
    store: Store, users: Mapping[str, SandboxUser], world: World, now: datetime
) -> dict[str, str]:
    """Fill the store; gives the id of each client's workspace."""
    scopes: dict[str, str] = {}
    ids = {person.key: users[person.key].id for person in world.people}
    with store.past(now - AGE):
        for client in world.clients:
            home = shapes.organization(store, store.new_id(), client.name)
            home["memberships"] = [
                shapes.membership(store, ids[p.key], "admin" if p.bot else "normal")
                for p in world.people
            ]
            store.organizations[home["id"]] = home
            scopes[client.key] = home["id"]
            for project in world.projects_in("trello", client.key):
                _board(store, ids, world, project, home["id"])
    return scopes


def _board(store: Store, ids: Mapping[str, str], world: World, project: Project, home: str) -> None:
    producer = ids[project.producer]
    board = boards.make(store, producer, project.name, project.brief, home, "org")
    for person in world.people:
        if person.key != project.producer:
            kind = "admin" if person.bot else "normal"
            people.join(store, producer, board, ids[person.key], kind)
    lists = {
        status: boards.add_list(store, producer, board, title) for status, title in LISTS.items()
    }
    hours = customfields.definition(store, board["id"], "Hours", "number", [])
    choices = list(PRIORITIES.values())
    priority = customfields.definition(store, board["id"], "Priority", "list", choices)
    for task in world.tasks_in("trello", project.key):
        card = _card(store, producer, lists[task.status], task)
        for assignee in task.assignees:
            changes.add_member(store, producer, card, ids[assignee])
        _custom(store, card, task, hours, priority)


def _card(store: Store, by: str, entry: Object, task: Task) -> Object:
    due = None if task.deadline is None else _moment(task.deadline)
    labels = [_label(store, entry["idBoard"], name) for name in task.labels]
    return changes.add_card(
        store, by, entry, name=task.title, desc=task.notes, due=due, idLabels=labels
    )


def _moment(deadline: date | datetime) -> str:
    moment = deadline if is_instant(deadline) else datetime.combine(deadline, EVENING)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _label(store: Store, board: str, name: str) -> str:
    known = store.on_board(store.labels, board)
    for label in known:
        if label["name"] == name:
            label["uses"] += 1
            return str(label["id"])
    label = shapes.label(store, board, name, _COLOURS[len(known) % len(_COLOURS)])
    label["uses"] = 1
    store.labels[label["id"]] = label
    return str(label["id"])


def _custom(store: Store, card: Object, task: Task, hours: Object, priority: Object) -> None:
    if task.estimate is not None:
        _item(store, card, hours, {"number": plain(task.estimate)}, None)
    if task.priority is not None:
        wanted = PRIORITIES[task.priority]
        ids = {entry["value"]["text"]: entry["id"] for entry in priority["options"]}
        _item(store, card, priority, None, ids[wanted])


def _item(
    store: Store, card: Object, field: Object, value: Object | None, choice: str | None
) -> None:
    item = {
        "id": store.new_id(),
        "idCustomField": field["id"],
        "idModel": card["id"],
        "modelType": "card",
        "value": value,
        "idValue": choice,
    }
    store.items.setdefault(card["id"], []).append(item)
