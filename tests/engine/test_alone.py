"""What only one system has is agreed by a short way, which must say what the long one says."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from syncer.engine.firsts import FirstValues
from syncer.model.mapping import Direction
from syncer.model.remote import RemotePerson
from syncer.model.rules import ANYONE, Policy, Rule, Source
from tests.engine.town import STATUS, Town, line, mapping, ownership

LISTS = ("To do", "Doing", "Review", "Done")
ALLOWED = frozenset({"first_contact", "writes", "creates", "updates"})
Said = tuple[list[Any], list[Any], list[Any]]


def anything(random: Random) -> dict[str, Any]:
    """Some of what people type, much of it empty, some of it nothing that is understood."""
    values: dict[str, list[Any]] = {
        "notes": [None, "", "Line one\r\nline two  ", "ünïcode"],
        "due": [None, "2026-03-02", "2026-03-02T10:00:00.000Z"],
        "people": [None, ["u-maya"], ["u-guest"], ["u-maya", "u-guest"], ["u-anna", "u-tom"]],
        "labels": [None, [{"name": "Press"}], [{"name": "Press"}, {"name": "Print"}]],
        "priority": [None, {"name": "Low"}, {"name": "High"}],
        "estimate": [None, "3.50", "0"],
    }
    return {name: random.choice(some) for name, some in values.items()}


def town_of(folder: Path) -> Town:
    """Half of the statuses mean something; who does not own these fields may not set them."""
    folder.mkdir()
    revert, source = {ANYONE: Policy.REVERT}, Source("ownership.yaml", 90)
    fields = ("estimate", "deadline")
    rules = {f"task__{name}": Rule("task", name, source, ("producer",), revert) for name in fields}
    status = line("status", "list", values={k: STATUS[k] for k in ("todo", "done")})
    one, two = mapping(), mapping()
    one.entities["task"].fields["status"] = status  # type: ignore[index]
    two.entities["task"].fields["notes"] = line("notes", "notes", direction=Direction.PULL)  # type: ignore[index]
    town = Town(folder, rules=ownership(**rules), mappings={"one": one, "two": two})
    for world in town.worlds.values():
        world.users["guest"] = RemotePerson("u-guest", "Guest")
    return town


def lived(town: Town, seed: int) -> Said:
    """Things that are there at first, then new ones by all sorts of people; and what is kept."""
    random = Random(seed)
    for by in (("maya",), ("maya", "anna", "guest"), ("tom", "ben", "guest")):
        for system in town.systems:
            world, who = town.worlds[system], random.choice(by)
            project = world.create(who, "project", {"name": f"P {len(world.things)} {system}"})
            for number in range(4):
                title = f"T {system} {len(world.things)}-{number}"
                things = {"title": title, **anything(random)}
                made = world.create(random.choice(by), "item", things, project.id)
                choices = {o.name: o.id for o in world.choices("item", "list", project.id)}
                made.fields["list"] = choices[random.choice(LISTS)]
        town.later(hours=1)
        town.run(allowed=ALLOWED)
    return told(town)


def told(town: Town) -> Said:
    """All that is kept; of times only which are the same, and in what order."""
    ids = sorted(town.store.record_ids("acme", "task") + town.store.record_ids("acme", "project"))
    records, links = town.store.records(ids), town.store.links_of(ids)
    times = sorted({a.at for each in records.values() for a in each.agreed.values() if a.at})
    agreed = [
        (id, name, replace(each, at=None), times.index(each.at) if each.at else None)
        for id in ids
        for name, each in records[id].agreed.items()
    ]
    memories = [
        (link.key, name, replace(each, asked_at=None))
        for id in ids
        for link in links[id]
        for name, each in link.fields.items()
    ]
    lines = [
        (e.kind, e.record, e.field, e.connection, e.editor, e.role, e.old, e.new, e.outcome, e.rule)
        for e in town.store.journal("acme")
    ]
    return agreed, memories, lines


@pytest.mark.parametrize("seed", [1, 2], ids=["one", "another"])
def test_the_short_way_says_what_the_long_one_says(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records, links and journal are the same where every field of a lone twin is judged."""
    taken: list[bool] = []
    short = FirstValues.take

    def counted(self: FirstValues, name: str, rule: Rule) -> bool:
        taken.append(short(self, name, rule))
        return taken[-1]

    monkeypatch.setattr(FirstValues, "take", counted)
    by_short = lived(town_of(tmp_path / "short"), seed)
    monkeypatch.setattr(FirstValues, "take", lambda *_: False)
    by_long = lived(town_of(tmp_path / "long"), seed)

    assert taken.count(True) > 100
    assert taken.count(False) > 10
    assert {line[8] for line in by_short[2]} >= {"reverted", "met"}
    assert by_short == by_long
