"""Writes whose answer never came: looked up, never repeated blindly; one twin, right values."""

import json
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from syncer.model.report import CycleResult
from tests.system.agency import Agency


def order(agency: Agency, system: str, method: str, path: str, fault: dict[str, Any]) -> None:
    """Ask a sandbox for a fault at the first matching request."""
    wish = {"match": {"method": method, "path": path}, "nth": 1, "times": 1, "fault": fault}
    body = json.dumps(wish).encode()
    url = f"{agency.running[system].url}/_sandbox/faults"
    with urlopen(Request(url, data=body, method="POST"), timeout=10) as answer:
        assert answer.status < 300


CREATES = {"trello": ("POST", r"/1/cards$"), "asana": ("POST", r"/api/1.0/tasks$")}
BOARDS = {"trello": ("POST", r"/1/boards/?$"), "asana": ("POST", r"/projects$")}


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"drop": "before"}])
@pytest.mark.parametrize(
    ("system", "place"),
    [(name, place) for places in (CREATES, BOARDS) for name, place in places.items()],
    ids=["card", "task", "board", "project"],
)
def test_a_create_without_an_answer_makes_one_twin(
    tmp_path: Path, system: str, place: tuple[str, str], fault: dict[str, Any]
) -> None:
    """The connection drops after or before the effect: after the next runs there is one of each."""
    with Agency(tmp_path) as agency:
        order(agency, system, *place, fault)

        for _ in range(3):
            reports = agency.run()

        assert {report.result for report in reports} == {CycleResult.DONE}
        counts: Counter[tuple[str, str]] = Counter()
        for client in agency.clients:
            counts.update(agency.store.link_counts(client))
        assert counts[("trello", "card")] == counts[("asana", "task")] == 40
        assert counts[("trello", "board")] == counts[("asana", "project")] == 3
        assert [r.plan.actions for r in agency.run() if r.plan] == [(), ()]
        assert live(agency, "trello") == 40
        assert live(agency, "asana") == 40


def live(agency: Agency, system: str) -> int:
    """Cards or tasks in the system itself, whatever the service thinks."""
    state: Any = agency.boxes[system].state()
    if system == "trello":
        return len(state["cards"])
    return sum(thing.get("resource_type") == "task" for thing in state.values())


UPDATES = {
    "trello": ("PUT", r"/1/cards/"),
    "asana": ("PUT", r"/tasks/"),
    "hubspot": ("POST", r"/deals/batch/update$"),
}


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"status": 500}])
@pytest.mark.parametrize("system", UPDATES)
def test_an_update_without_an_answer_ends_with_the_right_value(
    tmp_path: Path, system: str, fault: dict[str, Any]
) -> None:
    """Whatever happened to the answer, the value arrives, and nobody is blamed for our write."""
    with Agency(tmp_path) as agency:
        agency.run()
        agency.run()
        order(agency, system, *UPDATES[system], fault)
        if system == "hubspot":
            agency.edit("asana", "tom", "bakery", "Website relaunch", "project", due="2027-05-05")
        else:
            raws = {"asana": "2027-05-05", "trello": "2027-05-05T16:00:00.000Z"}
            other = "trello" if system == "asana" else "asana"
            agency.edit(other, "maya", "bakery", "Wireframes", due=raws[other])

        for _ in range(3):
            reports = agency.run()

        assert {report.result for report in reports} == {CycleResult.DONE}
        if system == "hubspot":
            shown = agency.shown(
                "bakery", "Website relaunch", "project", hubspot="project_deadline"
            )
            assert shown == {"hubspot": "2027-05-05"}
        else:
            assert agency.shown("bakery", "Wireframes", asana="due", trello="due") == raws
        assert agency.store.proposals("bakery") == []
        assert [r.plan.actions for r in agency.run() if r.plan] == [(), ()]
