"""Changes whose answer never came: looked up, never repeated blindly; right values, nobody blamed.

A table of cells: what is written in which tool, and what happens to which of its requests. Each
cell has a record of its own; all of them meet in one cycle. Creates are in `test_lost_creates`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from syncer.model.records import JournalEntry, Link
from syncer.model.remote import Raw
from tests.system.corner import (
    TIMEOUT,
    Corner,
    Hand,
    corner_world,
    hurried,
    many_projects,
    many_tasks,
)
from tests.system.lost import faults, settled, struck

Values = Mapping[str, Raw]
"""A value for each field; people and options by name."""


@dataclass(frozen=True)
class Update:
    """A person's edits in one tool, and the requests that carry them into another."""

    system: str
    name: str
    requests: tuple[tuple[str, str], ...]
    source: str
    who: str
    edits: Values
    shows: Values
    entity: str = "task"


CARD = r"^/1/cards/{id}"
DUE, EVENING = {"due": "2026-11-10"}, {"due": "2026-11-10T17:00:00.000Z"}
TEXT = "Four page types"
LABELS = ["Design", "Film"]

UPDATES = (
    Update("trello", "due", (("PUT", CARD + "$"),), "asana", "maya", DUE, EVENING),
    Update("trello", "desc", (("PUT", CARD + "$"),), "asana", "tom", {"notes": TEXT}, {"desc": TEXT}),
    Update(
        "trello", "labels", (("DELETE", CARD + "/idLabels/"), ("POST", CARD + "/idLabels$")),
        "asana", "anna", {"tags": LABELS}, {"labels": LABELS},
    ),
    Update(
        "trello", "several calls",
        (("POST", CARD + "/idMembers$"), ("DELETE", CARD + "/idMembers/"),
         ("PUT", CARD + "/customFields$"), ("PUT", CARD + "$")),
        "asana", "maya",
        {"assignee": "tom", "Hours": "5", "section": "Doing"} | DUE,
        {"members": ["tom"], "Hours": "5", "list": "Doing"} | EVENING,
    ),
    Update(
        "trello", "board", (("PUT", r"^/1/boards/{id}$"),), "hubspot", "anna",
        {"project_brief": TEXT}, {"desc": TEXT}, "project",
    ),
    Update("asana", "due", (("PUT", r"/tasks/{id}$"),), "trello", "maya", EVENING, DUE),
    Update("asana", "notes", (("PUT", r"/tasks/{id}$"),), "trello", "tom", {"desc": TEXT}, {"notes": TEXT}),
    Update(
        "asana", "several calls",
        (("POST", r"/tasks/{id}/addTag$"), ("POST", r"/tasks/{id}/removeTag$"),
         ("PUT", r"/tasks/{id}$")),
        "trello", "maya",
        {"members": ["tom"], "labels": LABELS, "Hours": "5", "list": "Doing"},
        {"assignee": "tom", "tags": LABELS, "Hours": "5", "section": "Doing"},
    ),
    Update(
        "asana", "project", (("PUT", r"/projects/{id}$"),), "hubspot", "anna",
        {"project_strategy": TEXT, "project_goals": TEXT}, {"Strategy": TEXT, "Goals": TEXT},
        "project",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One request of one operation, and what becomes of it."""

    one: Update
    number: int
    fault: str

    @property
    def title(self) -> str:
        """The record of this cell."""
        one = self.one
        return f"{one.system} {one.entity} {one.name} {self.number}: {self.fault}"

    def __str__(self) -> str:
        return self.title


CELLS = [
    Cell(one, number, name)
    for one in UPDATES
    for number in range(len(one.requests))
    for name, _, _ in faults(one.system)
]


@dataclass
class Agencies:
    """The corner after everything was lost."""

    corner: Corner
    hand: Hand
    places: dict[str, tuple[str, dict[str, Link]]]
    journal: list[JournalEntry]


def order(corner: Corner, cell: Cell, link: Link) -> None:
    """The fault of a cell waits for its request."""
    method, path = cell.one.requests[cell.number]
    place = path.replace("{id}", link.remote_id)
    [(fault, times)] = [(f, t) for name, f, t in faults(cell.one.system) if name == cell.fault]
    corner.running[cell.one.system].fault(
        fault, times=times, method=method, path=place, user="syncer"
    )


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agencies]:
    """All cells at once, and two cycles more to get over it."""
    tasks = [cell.title for cell in CELLS if cell.one.entity == "task"]
    projects = [cell.title for cell in CELLS if cell.one.entity == "project"]
    world = corner_world(many_tasks(tasks), many_projects(projects))
    sync = {"limits": {"update_share": 1.0}}
    with pytest.MonkeyPatch.context() as patch:
        hurried(patch)
        folder: Path = tmp_path_factory.mktemp("lost")
        with Corner(folder, world=world, sync=sync, timeout=TIMEOUT) as corner:
            corner.in_step()
            places, hand = corner.places(), Hand(corner)
            for cell in CELLS:
                one, links = cell.one, places[cell.title][1]
                for name, said in one.edits.items():
                    hand.edit(one.source, one.who, links[one.source], name, said)
                order(corner, cell, links[one.system])
            corner.cycle()
            struck(corner)
            for _ in range(2):
                corner.cycle()
            yield Agencies(corner, hand, places, corner.store.journal("bakery", limit=None))
            hand.close()


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_a_change_without_an_answer_arrives_once(after: Agencies, cell: Cell) -> None:
    """Whatever became of the answer, both tools show the edit, and nobody made another."""
    one, hand = cell.one, after.hand
    id, links = after.places[cell.title]

    edits = {(e.editor, e.connection) for e in after.journal if (e.kind, e.record) == ("edit", id)}
    assert edits <= {(one.who, one.source), ("somebody unknown", one.source)}
    for system, values in ((one.system, one.shows), (one.source, one.edits)):
        assert {name: hand.said(system, links[system], name) for name in values} == values


def test_after_lost_answers_nothing_is_left_to_do(
    after: Agencies, record_property: Callable[[str, object], None]
) -> None:
    """No open write, no hold, no note of a rewrite; the next cycle writes nothing."""
    settled(after.corner)
    vendors = {cell.one.system for cell in CELLS}
    record_property(
        "figure", f"lost answers, changes: {len(CELLS)} cells held in {sorted(vendors)}"
    )
