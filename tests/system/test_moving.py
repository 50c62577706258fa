"""A card and a task move to another board and project, over the real wire."""

from pathlib import Path
from typing import Any

import pytest

from tests.system.agency import Agency

PLACE = {"trello": ("board", "list"), "asana": ("project", "section")}
SHOWN = {
    "trello": ("list", "labels", "Hours", "Priority"),
    "asana": ("section", "tags", "Hours", "Priority"),
}


def told(agency: Agency, system: str) -> dict[str, str]:
    """What a twin shows in fields whose options are a board's own, by name."""
    _, links = agency.record("bakery", "Wireframes")
    link = links[system]
    record = agency.raw(system, "bakery", link)
    info = agency.catalogue(system, "bakery", link.object).objects[link.object]
    found = {}
    for name in SHOWN[system]:
        (field,) = [
            f
            for custom in (False, True)
            for f in info.candidates(name, record.container, custom=custom)
        ]
        options = {o.id: o.name for o in field.options}
        raw: Any = record.fields.get(field.id)
        many = raw if isinstance(raw, list) else [raw]
        found[name] = ", ".join(sorted(options.get(each, str(each)) for each in many))
    return found


@pytest.mark.parametrize("system", ["trello", "asana"])
def test_what_a_board_or_project_names_for_itself_survives_a_move(
    tmp_path: Path, system: str
) -> None:
    """Status, labels and custom fields are what they were, in the new place, in both tools."""
    with Agency(tmp_path, systems=("trello", "asana"), clients={"bakery": "Bakery"}) as agency:
        agency.run()
        agency.edit("trello", "maya", "bakery", "Wireframes", labels=[{"name": "urgent"}])
        agency.run()
        _, there = agency.record("bakery", "Spring campaign", "project")
        before = {name: told(agency, name) for name in PLACE}
        stands = before[system][PLACE[system][1]]

        to = {PLACE[system][0]: there[system].remote_id, PLACE[system][1]: {"name": stands}}
        agency.edit(system, "maya", "bakery", "Wireframes", **to)
        for _ in range(3):
            reports = agency.run()

        _, links = agency.record("bakery", "Wireframes")
        for name in PLACE:
            raw = agency.raw(name, "bakery", links[name])
            assert raw.container == there[name].remote_id
            assert told(agency, name) == before[name]
        assert agency.store.proposals("bakery") == []
        assert agency.store.parked("bakery") == []
        edits = [e for e in agency.store.journal("bakery") if e.kind == "edit"]
        assert {e.field for e in edits if e.editor == "maya"} in (
            {"project"},
            {"project", "status"},
        )
        assert {e.field for e in edits if e.editor != "maya"} <= {"labels"}  # before the move
        assert [r.plan.actions for r in reports if r.plan] == [()]
