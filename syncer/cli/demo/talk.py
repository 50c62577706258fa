"""What people read and write under things in their tools: comments, notes and assigned tasks.

Routes and fields are those of Trello's REST API (1), Asana's REST API (1.0) and HubSpot's CRM
objects and associations APIs (2026-09), as the vendors document them.
"""

import html
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from syncer.cli.demo.people import KEPT, Person

if TYPE_CHECKING:
    from syncer.cli.demo.people import Thing

HEADS_UP: Final = KEPT[0]
_OBJECTS: Final = "/crm/objects/2026-09"
_NOTE_TO_DEAL: Final = 214
_TAG: Final = re.compile(r"<[^>]+>")
_NUMBER: Final = re.compile(r"\bP[2-9A-HJ-NP-Z]{5}\b")


def number(text: str) -> str:
    """The number of the proposal that a text is about."""
    found = _NUMBER.search(text)
    return found[0] if found else "no number"


def asana_says(person: Person, project: str) -> list[str]:
    """The comments under what is kept for heads-ups in a project, oldest first."""
    path = f"/tasks/{_kept_task(person, project)['gid']}/stories"
    params = {"opt_fields": "type,text", "limit": 100}
    stories = person.line("asana").get(path, params=params).json()["data"]
    return [story["text"] for story in stories if story["type"] == "comment"]


def reply_in_asana(person: Person, project: str, text: str) -> None:
    """Comment there."""
    path = f"/tasks/{_kept_task(person, project)['gid']}/stories"
    person.line("asana").post(path, json={"data": {"text": text}})


def _kept_task(person: Person, project: str) -> "Thing":
    return next(t for t in person.tasks(project, kept=True) if t["name"] == HEADS_UP)


def trello_says(person: Person, board: str) -> list[str]:
    """The comments on the card that is kept for heads-ups on a board, oldest first."""
    cards = [c for c in person.cards(board, kept=True) if c["name"] == HEADS_UP]
    if not cards:
        return []
    path = f"/cards/{cards[0]['id']}/actions"
    params = {"filter": "commentCard", "limit": 100}
    actions = person.line("trello").get(path, params=params).json()
    return [action["data"]["text"] for action in reversed(actions)]


def hubspot_says(person: Person, deal: str) -> list[str]:
    """The notes on a deal, oldest first, as they read."""
    return [_plain(each["hs_note_body"]) for each in _on_deal(person, deal, "notes")]


def hubspot_asks(person: Person, deal: str) -> list[str]:
    """The subjects of the tasks on a deal that are not done."""
    tasks = _on_deal(person, deal, "tasks")
    return [t["hs_task_subject"] for t in tasks if t["hs_task_status"] != "COMPLETED"]


def reply_in_hubspot(person: Person, deal: str, text: str) -> None:
    """Write a note on the deal."""
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": _NOTE_TO_DEAL}]
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    body = {
        "properties": {"hs_note_body": text, "hs_timestamp": now},
        "associations": [{"to": {"id": person.deal(deal)["id"]}, "types": types}],
    }
    person.line("hubspot").post(f"{_OBJECTS}/notes", json=body)


def _on_deal(person: Person, deal: str, what: str) -> list[dict[str, str]]:
    line, id = person.line("hubspot"), person.deal(deal)["id"]
    path = f"/crm/associations/2026-09/deals/{what}/batch/read"
    linked = line.post(path, json={"inputs": [{"id": id}]}).json()["results"]
    ids = sorted({str(to["toObjectId"]) for one in linked for to in one["to"]}, key=int)
    wanted = ["hs_note_body", "hs_task_subject", "hs_task_status", "hs_createdate"]
    inputs = [{"id": one} for one in ids]
    body = {"properties": wanted, "propertiesWithHistory": [], "inputs": inputs}
    found = line.post(f"{_OBJECTS}/{what}/batch/read", json=body).json()["results"] if ids else []
    found.sort(key=lambda one: (one["properties"]["hs_createdate"], int(one["id"])))
    return [one["properties"] for one in found]


def _plain(text: str) -> str:
    """HTML as it reads."""
    return html.unescape(_TAG.sub("", re.sub(r"</p>|<br ?/?>|</li>", "\n", text))).strip()
