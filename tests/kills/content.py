"""What two runs must agree on: all that tools and state hold, without ids and times.

Everything is turned into lines of text: ids into the names of what they stand for, times of
writing left out. Lines are sorted; a thing that is there twice is two lines.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from syncer.state.spelled import spelled_out, told_rows

Names = dict[str, str]
Content = dict[str, list[str]]

KEPT = "Heads-up"
"""What the item is called that the service keeps in a project."""

_TOKEN = re.compile(r"[0-9A-Za-z_]{6,}")
_MARK = re.compile(r"\bsyncer [a-z2-9]{10}\b")
_NUMBER = re.compile(r"\bP[2-9A-HJ-NP-Z]{5}\b")
_TRELLO_LEFT_OUT = frozenset(
    "id dateLastActivity pos shortLink shortUrl url idShort badges limits uses"
    " dateLastView dateClosed dateCompleted date".split()
)
_ASANA_LEFT_OUT = frozenset(
    "gid created_at modified_at completed_at rank permalink_url followers".split()
)
_HUBSPOT_LEFT_OUT = frozenset(
    "id hs_object_id createdate hs_createdate hs_lastmodifieddate hs_timestamp".split()
)
_STATE_LEFT_OUT = frozenset(
    "id at cycle opened_at updated_at expires_at delivered_at closed_at linked_at as_of since mark"
    " next_try url once key folded last_ok_at last_full_at asked_at asked got read created_at"
    " told_at done_at ref comment notices".split()
)
_DECISIONS = "SELECT * FROM journal WHERE kind NOT IN ('write', 'link')"
"""Writes are the run's own business: a twin that was found again was not written twice."""

_TABLES = {
    "proposals": "SELECT * FROM proposals",
    "holds": "SELECT * FROM holds",
    "parked": "SELECT * FROM parked",
    "clients": "SELECT * FROM clients",
    "open intents": "SELECT * FROM intents WHERE status = 'sent'",
    "journal": _DECISIONS,
    "notices": "SELECT * FROM notices",
    "comments": "SELECT * FROM postings WHERE status != 'failed'",
    "asked": "SELECT proposal, version FROM posting_proposals JOIN postings"
    " ON posting = ref WHERE status != 'failed'",
    "kept items": "SELECT * FROM rooms",
}
_JSON = frozenset("agreed fields verify value base candidates detail old new facts people".split())


def content_of(tools: Mapping[str, Any], state: Path) -> Content:
    """Everything, by kind of thing."""
    names = _names(tools)
    found: Content = {}
    for system, lines in (
        ("trello", _trello(tools["trello"])),
        ("asana", _asana(tools["asana"])),
        ("hubspot", _hubspot(tools["hubspot"])),
    ):
        for kind, thing, left_out in lines:
            found.setdefault(f"{system} {kind}", []).append(_line(thing, names, left_out))
    for kind, rows in _state(state, names):
        found[f"state {kind}"] = [_line(row, names, _STATE_LEFT_OUT) for row in rows]
    return {kind: sorted(lines) for kind, lines in sorted(found.items())}


def differences(wanted: Content, found: Content) -> list[str]:
    """Lines that only one of them has: ``-`` is missing, ``+`` should not be there."""
    told: list[str] = []
    for kind in sorted({*wanted, *found}):
        missing, more = list(wanted.get(kind, ())), []
        for line in found.get(kind, ()):
            if line in missing:
                missing.remove(line)
            else:
                more.append(line)
        told += [f"- {kind}: {line}" for line in missing] + [f"+ {kind}: {line}" for line in more]
    return told


def _line(thing: Any, names: Names, left_out: frozenset[str]) -> str:
    return json.dumps(_plain(thing, names, left_out), ensure_ascii=False, sort_keys=True)


def _plain(value: Any, names: Names, left_out: frozenset[str]) -> Any:
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if k not in left_out and v not in (None, [], {})}
        return {_named(k, names): _plain(v, names, left_out) for k, v in kept.items()}
    if isinstance(value, list):
        # Lists are sets to these vendors, or sorted by what is left out.
        return sorted((_plain(item, names, left_out) for item in value), key=str)
    return _named(value, names) if isinstance(value, str) else value


def _named(text: str, names: Names) -> str:
    """A text without what is made anew in each run: ids, marks, the numbers of proposals."""
    plain = _NUMBER.sub("P*", _MARK.sub("syncer *", text))
    return _TOKEN.sub(lambda token: names.get(token[0], token[0]), plain)


def _names(tools: Mapping[str, Any]) -> Names:
    """What each id of each tool stands for."""
    names: Names = {}
    trello = tools["trello"]
    for table in ("organizations", "boards", "members", "lists", "labels", "fields", "cards"):
        for id, thing in trello[table].items():
            home = names.get(thing.get("idBoard") or thing.get("idModel") or "", "")
            called = thing.get("username") or thing.get("name")
            names[id] = f"{home}/{called or thing.get('color')}"
            for option in thing.get("options") or ():
                names[option["id"]] = f"{names[id]}={option['value']['text']}"
    for gid, thing in tools["asana"].items():
        home = names.get(thing.get("project") or "", "")
        names[gid] = f"{home}/{thing.get('name', thing['resource_type'])}"
    for type in ("companies", "deals"):
        for thing in tools["hubspot"][type]:
            told = thing["properties"]
            names[thing["id"]] = f"{type}/{told.get('name') or told.get('dealname')}"
    for type, text in (("notes", "hs_note_body"), ("tasks", "hs_task_body")):
        for thing in tools["hubspot"][type]:
            names[thing["id"]] = f"{type}/{_named(thing['properties'][text], {})}"
    return names


Lines = Iterator[tuple[str, Any, frozenset[str]]]


def _trello(state: Mapping[str, Any]) -> Lines:
    for table in ("organizations", "boards", "lists", "labels", "fields", "cards", "checklists"):
        for thing in state[table].values():
            yield table, thing, _TRELLO_LEFT_OUT
    for table in ("items", "attachments", "plugins"):
        for card, things in state[table].items():
            for thing in things:
                yield table, {"of": card, **thing}, _TRELLO_LEFT_OUT
    for action in state["actions"]:
        if action["type"] == "commentCard":
            data = action["data"]
            said = {"by": action["idMemberCreator"], "on": data["card"]["id"], "text": data["text"]}
            yield "comments", said, _TRELLO_LEFT_OUT


def _asana(state: Mapping[str, Any]) -> Lines:
    for thing in state.values():
        kind = thing["resource_type"]
        if kind == "membership":  # made when somebody asks who can read; members are the project's
            continue
        if kind != "story" or thing["resource_subtype"] == "comment_added":
            # Asana puts what is kept into the project's first section, whichever was made first.
            placed = {"memberships": list(thing["memberships"])} if _kept(thing) else {}
            yield kind, thing | placed, _ASANA_LEFT_OUT


def _kept(thing: Mapping[str, Any]) -> bool:
    return thing.get("name") == KEPT


def _hubspot(state: Mapping[str, Any]) -> Lines:
    for type in ("companies", "deals", "notes", "tasks"):
        for thing in state[type]:
            yield type, thing, _HUBSPOT_LEFT_OUT
    for link in state["links"]:
        yield "links", link, _HUBSPOT_LEFT_OUT
    yield "properties", state["properties"], _HUBSPOT_LEFT_OUT


def _state(file: Path, names: Names) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        database.row_factory = sqlite3.Row
        for row in database.execute("SELECT id, entity, title FROM records"):
            names[row["id"]] = f"{row['entity']}/{row['title']}"
        for row in database.execute("SELECT id, record, field FROM proposals"):
            names[row["id"]] = f"proposal of {names.get(row['record'])} {row['field']}"
        found = {name: _rows(told_rows(database, name)) for name in ("records", "links")}
        for name, query in _TABLES.items():
            rows = (spelled_out(name, dict(row)) for row in database.execute(query))
            found[name] = _rows(line for lines in rows for line in lines)
    database.close()
    yield from found.items()


def _rows(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            name: json.loads(value) if name in _JSON and value is not None else value
            for name, value in line.items()
        }
        for line in lines
    ]
