"""Trello board exports for tests: the real ones beside the project, and one generated here."""

import json
from typing import Any

from tests.shared import SHARED

REAL = ("trello-fda-food-recalls", "trello-simple-project-board")
GENERATED = "generated"

MAPPING_TRELLO = """\
system: trello
variants:
  export:
    project: {object: board, match: [name], create: never, fields: {name: name, brief: desc}}
    task:
      object: card
      match: [title, project]
      create: never
      when: "!card.is_template"
      archive: closed
      fields:
        title: name
        notes: desc
        project: board
        deadline: {field: due, day_end: "17:00", zone: client}
        status: {field: list, values: names}
        assignees: members
        labels: labels
%s
"""

MAPPING_ASANA = """\
system: asana
variants:
  export:
    project: {object: project, match: [name], create: always, fields: {name: name, brief: notes}}
    task:
      object: task
      match: [title, project]
      create: always
      archive: {section: Archived}
      fields:
        title: name
        notes: notes
        project: project
        deadline: due
        status: {field: section, values: names}
        assignees: assignee
        labels: tags
%s
"""

CUSTOM = {
    "codename": ("Codename", "text"),
    "cost": ("Cost", "number"),
    "launched": ("Launched on", "instant"),
    "size": ("T-shirt", "enumeration"),
}
"""Fields added by ops: canonical name -> (custom field, type)."""


def mappings(custom: bool) -> dict[str, str]:
    """Both mapping files, with the custom fields of the generated export or without."""
    lines = ""
    for name, (field, kind) in CUSTOM.items() if custom else ():
        more = ", values: names" if kind == "enumeration" else ""
        lines += f"        {name}: {{custom_field: {field}{more}}}\n"
    return {"trello": MAPPING_TRELLO % lines, "asana": MAPPING_ASANA % lines}


def ownership(custom: bool) -> str:
    """Producers own the schedule; whatever else is mapped is shared."""
    shared = ["title", "notes", "status", "project", *(CUSTOM if custom else ())]
    task = "".join(f"  {name}: {{shared: latest}}\n" for name in shared)
    return f"""\
roles:
  producer: {{people: [maya, tom], home: asana}}
  account_manager: {{people: [anna, ben]}}
project:
  existence: {{owner: producer, others: {{create: allow, archive: propose}}}}
  name: {{shared: latest}}
  brief: {{owner: account_manager, others: propose}}
task:
  existence: {{owner: producer, others: {{create: allow, archive: propose}}}}
  deadline: {{owner: producer, others: propose}}
  assignees: {{owner: producer, others: propose}}
  labels: {{shared: union}}
{task}"""


def export(name: str) -> dict[str, Any]:
    """A board export by name."""
    if name == GENERATED:
        return generated()
    found: dict[str, Any] = json.loads((SHARED / "data" / f"{name}.json").read_text())
    return found


def _id(number: int) -> str:
    return f"65a0b0c0{number:016x}"


def generated() -> dict[str, Any]:
    """An export of the same shape that nobody made by hand, with what real ones lack."""
    board, lists = _id(1), [_id(10 + n) for n in range(4)]
    names = ["Ideen 💡", "進行中", "مراجعة", "Old"]
    labels = [
        {"id": _id(30), "idBoard": board, "name": "Druck", "color": "red", "uses": 1},
        {"id": _id(31), "idBoard": board, "name": "Druck", "color": "blue_dark", "uses": 1},
        {"id": _id(32), "idBoard": board, "name": "", "color": "green_light", "uses": 1},
    ]
    members = [
        {"id": _id(40), "fullName": "Íñigo Ærø", "username": "inigo", "initials": "ÍÆ"},
        {"id": _id(41), "fullName": "Guest Who", "username": "guestwho", "initials": "GW"},
    ]
    return {
        "id": board,
        "name": "Generated board ✨",
        "desc": "Made by a test.",
        "closed": False,
        "url": f"https://trello.com/b/{board[-8:]}",
        "shortLink": board[-8:],
        "dateLastActivity": "2026-02-01T10:00:00.000Z",
        "idOrganization": None,
        "labelNames": {},
        "prefs": {"permissionLevel": "private"},
        "memberships": [
            {"id": _id(50 + n), "idMember": m["id"], "memberType": "normal"}
            for n, m in enumerate(members)
        ],
        "members": members,
        "labels": labels,
        "lists": [
            {"id": id, "idBoard": board, "name": name, "closed": name == "Old", "pos": n + 1.0}
            for n, (id, name) in enumerate(zip(lists, names, strict=True))
        ],
        "customFields": _custom_fields(board),
        "cards": _cards(board, lists, labels, members),
        "checklists": [],
        "actions": [],
    }


def _custom_fields(board: str) -> list[dict[str, Any]]:
    kinds = [
        ("Codename", "text"), ("Cost", "number"), ("Launched on", "date"), ("T-shirt", "list"),
        ("Signed", "checkbox"), ("Twice", "text"), ("Twice", "text"), ("", "text"),
    ]  # fmt: skip
    fields = []
    for n, (name, kind) in enumerate(kinds):
        field: dict[str, Any] = {
            "id": _id(100 + n), "idModel": board, "modelType": "board", "name": name,
            "type": kind, "pos": n + 1.0, "display": {"cardFront": True}, "fieldGroup": "x",
        }  # fmt: skip
        if kind == "list":
            field["options"] = [
                {"id": _id(200 + k), "idCustomField": field["id"], "value": {"text": text},
                 "color": "none", "pos": k + 1.0}
                for k, text in enumerate(("S", "M", "Größe XL"))
            ]  # fmt: skip
        fields.append(field)
    return fields


def _cards(
    board: str, lists: list[str], labels: list[dict[str, Any]], members: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    rows: list[tuple[str, str, int, str | None]] = [
        ("Plakat für die Bäckerei", "**Fett** und _kursiv_", 0, "2026-03-29T16:00:00.000Z"),
        ("ポスターのデザイン", "一行目\n\n- 二\n- 三", 1, "2026-10-25T17:00:00.000Z"),
        ("تصميم الملصق", "نص عربي", 2, "1999-12-31T23:59:59.999Z"),
        ("Twins", "", 0, None),
        ("Twins", "the other", 1, "2038-01-19T03:14:07.000Z"),
        ("", "a card without a name", 0, None),
        ("Эскиз", "текст с <b>html</b> & знаками", 1, "2024-02-29T00:00:00.000Z"),
        ("In an archived list", "still open", 3, "2026-06-30T16:00:00.000Z"),
    ]
    return [
        {
            "id": _id(300 + n), "idBoard": board, "idList": lists[place], "name": name,
            "desc": desc, "due": due, "closed": False, "dueComplete": False, "start": None,
            "idMembers": [m["id"] for m in members[: n % 3]], "idChecklists": [],
            "idLabels": [k["id"] for k in labels[: n % 4]], "pos": n + 1.0,
            "labels": labels[: n % 4], "dateLastActivity": "2026-02-01T10:00:00.000Z",
            "shortLink": f"g{n:07}", "idShort": n + 1, "isTemplate": False, "cardRole": None,
            "customFieldItems": _items(n),
        }
        for n, (name, desc, place, due) in enumerate(rows)
    ]  # fmt: skip


def _items(n: int) -> list[dict[str, Any]]:
    values: list[tuple[int, dict[str, Any] | None, str | None]] = [
        (100, {"text": f"Größe {n}"}, None),
        (101, {"number": "42.50"}, None),
        (102, {"date": "2026-01-31T17:00:00.000Z"}, None),
        (103, None, _id(200 + n % 3)),
        (104, {"checked": "true"}, None),
        (105, {"text": "first"}, None),
    ]
    return [
        {"id": _id(1000 + 10 * n + k), "idCustomField": _id(field), "idModel": _id(300 + n),
         "modelType": "card", "value": value, "idValue": option}
        for k, (field, value, option) in enumerate(values[: n % 7])
    ]  # fmt: skip
