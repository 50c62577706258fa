"""Whether three tools, as their own clients see them, show one and the same agency."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

Seen = dict[str, Any]

_ZONE = ZoneInfo("Europe/London")
_EVENING = time(17)
"""What the shipped mapping of Trello takes for "on that day"."""

_STATUS = {"To do": "todo", "Untitled section": "todo", "In progress": "Doing"}


def differences(boards: Seen, projects: Seen, deals: Seen) -> list[str]:
    """What one tool shows otherwise than another; a line for each, none if all are in step."""
    live = {name: deal for name, deal in deals.items() if deal["dealstage"] == "closedwon"}
    found = [*_same("projects in Asana and boards in Trello", set(projects), set(boards))]
    found += _same("won deals and projects", set(live), set(projects))
    for name in sorted(set(boards) & set(projects)):
        found += _tasks(name, projects[name]["tasks"], boards[name]["tasks"])
        found += _same(
            f"{name}, brief", _words(projects[name]["brief"]), _words(boards[name]["brief"])
        )
    for name in sorted(set(live) & set(projects)):
        found += _project(name, live[name], projects[name])
    return found


def _same(what: str, one: Any, other: Any) -> Iterator[str]:
    if one != other:
        yield f"{what}: {one!r} and {other!r}"


def _project(name: str, deal: Seen, project: Seen) -> Iterator[str]:
    fields: Mapping[str, Any] = project["fields"]
    pairs = {
        "deadline": (deal["project_deadline"], project["deadline"]),
        "start": (deal["project_start"], project["start"]),
        "strategy": (deal["project_strategy"], fields["Strategy"]),
        "goals": (deal["project_goals"], fields["Goals"]),
        "price": (_number(deal["amount"]), _number(fields["Price"])),
        "budget": (_number(deal["budget_hours"]), _number(fields["Budget hours"])),
        "brief": (_words(deal["project_brief"]), _words(project["brief"])),
    }
    for what, (one, other) in pairs.items():
        yield from _same(f"{name}, {what}", one or None, other or None)


def _tasks(project: str, tasks: Seen, cards: Seen) -> Iterator[str]:
    """Tasks that were put away are in a section of Asana's, and not on the board."""
    live = {title: task for title, task in tasks.items() if task["status"] != "Archived"}
    yield from _same(f"{project}, titles", set(live), set(cards))
    for title in sorted(set(live) & set(cards)):
        task, card = live[title], cards[title]
        where = f"{project}, {title}"
        yield from _same(f"{where}, due", _due(task["due"]), _due(card["due"]))
        for key in ("labels", "priority"):
            yield from _same(f"{where}, {key}", task[key], card[key])
        yield from _same(f"{where}, hours", _number(task["hours"]), _number(card["hours"]))
        yield from _same(f"{where}, notes", _words(task["notes"]), _words(card["notes"]))
        status = (_STATUS.get(task["status"], task["status"]), card["status"])
        yield from _same(f"{where}, status", status[0], _STATUS.get(status[1], status[1]))
        # Asana shows one of several people.
        if not set(task["people"]) <= set(card["people"]) or bool(card["people"]) > bool(
            task["people"]
        ):
            yield f"{where}, people: {task['people']} and {card['people']}"


def _due(value: str | None) -> str | None:
    """A day, or a moment; a card due in the evening is due on that day."""
    if not value or len(value) == 10:
        return value or None
    moment = datetime.fromisoformat(value).astimezone(_ZONE)
    if moment.time() == _EVENING:
        return moment.date().isoformat()
    return moment.astimezone(UTC).isoformat()


def _number(value: Any) -> float | None:
    return None if value in (None, "") else float(value)


def _words(text: str | None) -> list[str]:
    """Words in their order, without marks and addresses, which plain text does not show."""
    return re.findall(r"\w+", re.sub(r"\]\([^)]*\)", " ", text or ""))
