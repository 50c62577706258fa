"""What was begun and broke off is finished by the next run, and nobody is blamed for the gap."""

from pathlib import Path
from typing import Any

import pytest

from syncer.model.report import CycleResult
from tests.system.agency import Agency

SPRING = "Spring campaign"
"""A project that gets a new board; its tasks bring hours and priorities."""


def hours(agency: Agency) -> dict[str, Any]:
    """What cards of the new board show in the custom field Hours, by the tasks' titles."""
    state: Any = agency.boxes["trello"].state()
    [board] = [b["id"] for b in state["boards"].values() if b["name"] == SPRING]
    [field] = [
        f["id"] for f in state["fields"].values() if (f["idModel"], f["name"]) == (board, "Hours")
    ]
    return {
        card["name"]: item["value"]["number"]
        for id, card in state["cards"].items()
        for item in state["items"].get(id, ())
        if item["idCustomField"] == field and card["idBoard"] == board
    }


@pytest.mark.parametrize("path", [r"/1/customFields$", r"/1/cards/[^/]+/customFields$"])
def test_a_new_board_gets_its_fields_in_the_end(tmp_path: Path, path: str) -> None:
    """Its custom fields, or the values in them, could not be made at first: the next runs do."""
    with Agency(tmp_path) as agency:
        # Each request is refused for as long as one run tries.
        agency.running["trello"].fault({"status": 400}, times=12, path=path)
        agency.run()
        agency.running["trello"].desk.faults.clear()
        for _ in range(2):
            agency.run()

        reports = agency.run()

        assert {"22.25", "14"} == set(hours(agency).values())
        assert {CycleResult.DONE} == {report.result for report in reports}
        assert [0, 0] == [report.written for report in reports]
        assert [] == agency.store.proposals(open_only=False)


def test_values_that_were_never_sent_are_nobodys_edit(tmp_path: Path) -> None:
    """A card was made, the request for its hours never came through: they are sent again."""
    with Agency(tmp_path) as agency:
        fault: dict[str, Any] = {"drop": "before"}
        agency.running["trello"].fault(fault, times=40, path=r"/1/cards/[^/]+/customFields$")
        agency.run()
        agency.running["trello"].desk.faults.clear()
        for _ in range(2):
            agency.run()

        assert {"22.25", "14"} == set(hours(agency).values())
        assert [] == agency.store.proposals(open_only=False)
        assert not [e for e in agency.store.journal(limit=None) if e.kind == "edit"]
