"""A day is a day: dates never shift, in whatever zone a client is."""

from pathlib import Path

import pytest

from syncer.model.report import CycleResult
from tests.system.agency import CLIENTS, Agency

ZONES = ("Pacific/Pago_Pago", "UTC", "Europe/London", "Pacific/Kiritimati")
"""UTC-11, UTC, a zone with a change to summer time, UTC+14."""

DAYS = ("2027-03-27", "2027-03-28", "2027-10-31", "2027-12-31")
"""Around both changes of the clocks in London, and at the edge of a year."""


@pytest.mark.parametrize("zone", ZONES)
def test_days_travel_unchanged(zone: str, tmp_path: Path) -> None:
    """A deal's date is the project's day; a card's due at the day's end is the task's day."""
    agency = Agency(tmp_path, zone=zone)
    with agency:
        assert {r.result for r in agency.run()} == {CycleResult.DONE}
        for day in DAYS:
            agency.edit(
                "hubspot", "tom", "bakery", "Website relaunch", "project", project_deadline=day
            )
            agency.edit("asana", "maya", "bakery", "Wireframes", due=day)
            agency.run("bakery")
            shown = agency.shown(
                "bakery", "Website relaunch", "project", asana="due", hubspot="project_deadline"
            )
            assert shown == {"asana": day, "hubspot": day}
            due = agency.shown("bakery", "Wireframes", trello="due")["trello"]
            (again,) = agency.run("bakery", full=True)
            assert again.plan is not None
            assert again.plan.actions == ()
            assert agency.shown("bakery", "Wireframes", trello="due", asana="due") == {
                "trello": due, "asana": day,
            }  # fmt: skip
            record, _ = agency.record("bakery", "Wireframes")
            assert str(record.value("deadline")) == day
        assert set(CLIENTS) == set(agency.clients)
