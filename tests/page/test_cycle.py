"""The report after real cycles: it tells what the tools were told, of the same figures."""

from datetime import timedelta
from pathlib import Path

from syncer.engine.clientreport.gather import gathered
from syncer.engine.clientreport.pages import client_page
from syncer.engine.clientreport.wanted import Wanted
from syncer.model.client_parts import Part
from syncer.model.client_report import Page
from syncer.model.measures import ReportLine
from tests.engine.measured import MeasuredTown, measuring

REPORT = ReportLine("channels", ("visits",), ("channel",))


def measured(town: MeasuredTown) -> Page:
    """The client's page after two cycles."""
    for _ in range(2):
        assert not town.run().failed
    config = town.config()
    asked = Wanted(config.clients["acme"], town.clock())
    return client_page(gathered(config, town.store, asked, tuple(Part)))


def test_the_page_says_what_the_tools_say(tmp_path: Path) -> None:
    """Value and pace of a goal are those that the cycle wrote into both systems."""
    town = MeasuredTown(tmp_path, counting=measuring(reports=(REPORT,)))
    begun = town.today() - timedelta(days=30)
    until = town.today() + timedelta(days=30)
    town.project(f"sessions >= 9000 by {until.isoformat()}", start=begun.isoformat())
    town.count("visits", 100, 60, channel="Email")
    page = measured(town)

    (site,) = [one for one in page.sections if one.name == "Site"]
    (goal,) = site.goals
    assert goal.now.value == 3000
    assert town.shown("Site", "results_value") == dict.fromkeys(("one", "two"), "3000")
    assert town.shown("Site", "results_pace") == dict.fromkeys(("one", "two"), str(goal.now.pace))
    assert goal.plot
    assert goal.plot.values[-1].value == 3000
    assert site.shared


def test_a_project_with_a_slice_of_its_own(tmp_path: Path) -> None:
    """Its breakdown is of its own part alone, also where that has no visits at all."""
    town = MeasuredTown(
        tmp_path,
        counting=measuring(reports=(REPORT,)),
        projects={"Site": {"channel": ("Email",)}, "Quiet": {"channel": ("Nobody",)}},
    )
    for title in ("Site", "Quiet"):
        town.project("sessions >= 100 per month", title=title)
    town.count("visits", 7, 40, channel="Email")
    town.count("visits", 90, 40, channel="Direct")
    told = {one.name: one for one in measured(town).sections}

    (channels,) = told["Site"].breakdowns
    assert [("Email",)] == [entry.labels for entry in channels.entries]
    assert not told["Site"].shared
    assert not told["Quiet"].measured
    assert [0] == [goal.now.value for goal in told["Quiet"].goals]
    assert not told["Quiet"].breakdowns
