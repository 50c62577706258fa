"""The laws after a random walk, judged from what worlds show and what the journal says alone."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from syncer.model.records import Link, LinkStatus
from tests.engine.town import PRIORITY, PROJECT_STATUS, STATUS, Town
from tests.engine.walking import Walk

SEEDS = range(20)
STEPS = 28
MAPPED = {
    "item": {
        "title": "title", "notes": "notes", "due": "deadline", "list": "status",
        "people": "assignees", "labels": "labels", "priority": "priority",
        "estimate": "estimate", "project": "project",
    },
    "project": {
        "name": "name", "brief": "brief", "strategy": "strategy", "deadline": "deadline",
        "status": "status", "price": "price",
    },
}  # fmt: skip
EVERY = {"existence", *MAPPED["item"].values(), *MAPPED["project"].values()}
WORDS = {
    ("item", "list"): STATUS,
    ("item", "priority"): PRIORITY,
    ("project", "status"): PROJECT_STATUS,
}


def excused(town: Town) -> set[tuple[str | None, str | None]]:
    """(record, field) for which something open says why it is not in step."""
    found: set[tuple[str | None, str | None]] = set()
    found |= {(p.record, p.field) for p in town.store.proposals("acme")}
    found |= {(h.record, h.field) for h in town.store.holds("acme")}
    found |= {(p.record, name) for p in town.store.parked("acme") for name in EVERY}
    return found


def shown(town: Town, link: Link, name: str) -> Any:
    """A raw value as a person would call it."""
    world = town.worlds[link.connection]
    thing = world.things[link.remote_id]
    raw: Any = thing.fields[name]
    if raw is None:
        return None
    options = {o.id: o.name for o in world.choices(thing.object, name, thing.container)}
    if (thing.object, name) in WORDS:
        words = WORDS[(thing.object, name)]
        return next((key for key, (text,) in words.items() if text == options.get(raw)), raw)
    if name == "people":
        return {each.removeprefix("u-") for each in (raw if isinstance(raw, list) else [raw])}
    if name == "labels":
        return {options[each] for each in raw}
    if name == "project":
        found = town.store.links("acme", [(link.connection, "project", raw)])
        return next((each.record for each in found.values()), raw)
    return raw


def told(value: Any) -> Any:
    """An agreed value in the same words."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return set(value) if isinstance(value, frozenset) else value


def in_step(town: Town, link: Link, name: str, agreed: Any) -> bool:
    """Whether a system shows what is agreed, as far as it can."""
    seen, wanted = shown(town, link, name), told(agreed)
    quirks = town.worlds[link.connection].quirks
    if seen == wanted:
        return True
    if isinstance(seen, str) and isinstance(wanted, str) and seen.strip() == wanted.strip():
        return True
    if name in ("due", "deadline") and quirks.finest == "day" and isinstance(agreed, datetime):
        return bool(seen == agreed.astimezone(ZoneInfo("Europe/Berlin")).date().isoformat())
    if name == "people" and quirks.single_person and seen and wanted:
        return bool(seen <= wanted)
    if quirks.max_text and isinstance(wanted, str) and len(wanted) > quirks.max_text:
        return str(seen) == wanted[: quirks.max_text - 1] + "…"
    return False


def every_link(town: Town) -> list[Link]:
    """All links of the client."""
    ids = [id for entity in ("project", "task") for id in town.store.record_ids("acme", entity)]
    return [link for links in town.store.links_of(ids).values() for link in links]


def not_converged(town: Town) -> list[str]:
    """Linked twins that do not show what is agreed, with nothing that says why."""
    why, found = excused(town), []
    links = every_link(town)
    records = town.store.records({link.record for link in links})
    for link in links:
        record, thing = records[link.record], town.worlds[link.connection].things[link.remote_id]
        where = f"{link.connection} {thing.id} {record.value('title') or record.value('name')}"
        if link.status is not LinkStatus.LINKED or (record.id, "existence") in why:
            continue
        if thing.existence == "deleted" or thing.existence != record.value("existence"):
            found.append(f"{where}: {thing.existence}, agreed {record.value('existence')}")
            continue
        for name, field in MAPPED[thing.object].items():
            agreed = record.value(field)
            known = (record.id, field) in why or thing.existence != "present"
            if not known and not in_step(town, link, name, agreed):
                value = shown(town, link, name)
                found.append(f"{where}: {field} {value!r}, agreed {agreed!r}")
    return found


def twins_missing(town: Town) -> list[str]:
    """Records that are agreed to be there and have no twin somewhere."""
    why, links = excused(town), every_link(town)
    has = {(link.record, link.connection) for link in links}
    found = []
    for record in town.store.records({link.record for link in links}).values():
        if record.value("existence") == "present" and (record.id, "existence") not in why:
            missing = [name for name in town.systems if (record.id, name) not in has]
            found += [f"{record.value('title')} not in {name}" for name in missing]
    return found


def twice(town: Town) -> list[str]:
    """Things that the service made and that are nobody's twin."""
    known = {link.key for link in every_link(town)}
    return [
        f"{name} {thing.id} {thing.fields.get('title')}"
        for name, world in town.worlds.items()
        for thing in world.things.values()
        if thing.marker and thing.existence != "deleted"
        and (name, thing.object, thing.id) not in known
    ]  # fmt: skip


def unheard(town: Town) -> list[str]:
    """Edits in a world's history that the journal does not know, by fields that are told."""
    keys = {(e.connection, e.key) for e in town.store.journal("acme", limit=100_000) if e.key}
    links = {link.key: link for link in every_link(town)}
    why, found = excused(town), []
    for name, world in town.worlds.items():
        for entry in world.history:
            link = links.get((name, entry.thing.object, entry.thing.id))
            field = MAPPED[entry.thing.object].get(entry.field)
            if link is None or field is None or entry.by == "u-syncer":
                continue
            late = link.linked_at is not None and entry.at > link.linked_at
            hidden = entry.field in world.quirks.no_history or (link.record, field) in why
            if late and not hidden and (name, str(entry.number)) not in keys:
                found.append(
                    f"{name} {entry.thing.id} {entry.at:%d %H:%M:%S} {entry.by} {entry.field}"
                    f" {entry.old} -> {entry.new}"
                )
    return found


def not_owned(town: Town) -> list[str]:
    """Agreed days and priorities that no owner ever set, and nobody began with."""
    found = []
    for link in every_link(town):
        record = town.store.records([link.record])[link.record]
        if record.entity != "task":
            continue
        twins = town.store.links_of([record.id])[record.id]
        for name, field in (("due", "deadline"), ("priority", "priority")):
            value = told(record.value(field))
            owners = {"u-maya", "u-tom"}
            said: set[Any] = {"2027-01-05", None} if name == "due" else {None}
            for twin in twins:
                world = town.worlds[twin.connection]
                said |= {
                    str(e.new)[:10] if name == "due" else e.new
                    for e in world.history
                    if e.thing.id == twin.remote_id
                    and e.field == name
                    and (e.by in owners or (twin.linked_at and e.at <= twin.linked_at))
                }
            if (value[:10] if name == "due" and value else value) not in said:
                found.append(f"{record.value('title')}: {field} {value}, owners said {said}")
    return found


def check(walk: Walk) -> None:
    """Every law that can be seen from outside."""
    town = walk.town
    problems = {
        "not converged": not_converged(town),
        "no twin": twins_missing(town),
        "twice": twice(town),
        "unheard": unheard(town),
        "not owned": not_owned(town),
    }
    before = town.writes()
    quiet = [action for full in (False, True) for action in town.run(full=full).plan.actions]  # type: ignore[union-attr]
    problems["not quiet"] = [f"{a.connection} {a.op} {a.title} {a.writes}" for a in quiet]
    problems["written"] = [] if town.writes() == before else [str(town.writes())]
    parked = {parked.record for parked in town.store.parked("acme")}
    problems["pending"] = [id for id in town.store.pending("acme") if id not in parked]
    wrong = {law: texts for law, texts in problems.items() if texts}
    assert not wrong, "\n".join(
        [f"seed {walk.seed} {town.heads_up} {dict(town.quirks)}", *walk.log]
        + [f"{law}: {text}" for law, texts in wrong.items() for text in texts]
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_laws_hold_after_a_rough_walk(tmp_path: Path, seed: int) -> None:
    """Edits everywhere, faults, kills and races; then quiet, and everything is as it should be."""
    walk = Walk(seed, tmp_path)
    walk.begin()
    walk.go(STEPS)
    walk.rest()

    check(walk)


def content(town: Town) -> list[Any]:
    """What each system shows, in the order of the walk's systems, without ids and times."""
    found = []
    for name in town.systems:
        world, rows = town.worlds[name], []
        for thing in world.things.values():
            values = []
            for field in MAPPED[thing.object]:
                raw: Any = thing.fields[field]
                options = world.choices(thing.object, field, thing.container)
                names = {option.id: option.name for option in options}
                if field == "project":
                    raw = world.things[raw].fields["name"]
                many = raw if isinstance(raw, list) else [raw]
                values.append((field, [names.get(each, each) for each in many]))
            rows.append((thing.object, thing.existence, values))
        found.append(sorted(rows, key=str))
    return found


@pytest.mark.parametrize("seed", range(100, 106))
def test_names_and_their_order_change_nothing(tmp_path: Path, seed: int) -> None:
    """The same calm walk with the systems called otherwise ends in the same content."""
    ends, log = [], [""]
    for names in (("one", "two", "three", "four"), ("zulu", "mike", "alfa", "echo")):
        folder = tmp_path / names[0]
        folder.mkdir()
        walk = Walk(seed, folder, names, rough=False)
        walk.begin()
        walk.go(STEPS)
        walk.rest()
        check(walk)
        ends.append(content(walk.town))
        log = walk.log
        walk.town.store.close()

    assert ends[0] == ends[1], "\n".join(log)
