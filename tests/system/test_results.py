"""Results end to end: Google Analytics counts, and the tools tell how the goals stand."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from syncer.model.report import CycleReport, CycleResult
from tests.system.agency import CLIENTS, Agency

COUNTS = "google_analytics"
CLIENT, PROJECT = "bakery", "Website relaunch"


@pytest.fixture
def agency(tmp_path: Path) -> Iterator[Agency]:
    """The bakery in HubSpot, Trello and Google Analytics, after the cycle that first counts."""
    clients = {CLIENT: CLIENTS[CLIENT]}
    with Agency(tmp_path, systems=("trello", "hubspot", COUNTS), clients=clients) as agency:
        assert [CycleResult.DONE] * 2 == [run(agency).result for _ in range(2)]
        yield agency


def run(agency: Agency) -> CycleReport:
    """One cycle of the bakery."""
    [report] = agency.run(CLIENT)
    return report


def told(agency: Agency, action: str, **wish: Any) -> None:
    """Let the stand-in of Google Analytics do something."""
    site = agency.scope(COUNTS, CLIENT).options.property
    url = f"{agency.running[COUNTS].url}/_sandbox/{action}"
    httpx.post(url, json={"property": site} | wish).raise_for_status()


def deal(agency: Agency) -> dict[str, Any]:
    """The properties of the deal, read over the wire."""
    _, links = agency.record(CLIENT, PROJECT, "project")
    return dict(agency.raw("hubspot", CLIENT, links["hubspot"]).fields)


def more_key_events(agency: Agency, days_ago: int, count: float) -> None:
    """So many more on a day, from the campaign of the project."""
    day = (datetime.now(UTC) - timedelta(days=days_ago)).date()
    told(
        agency, "figures", date=day.isoformat(), add={"sessions": 1, "keyEvents:purchase": count},
        campaign="relaunch", landing_page="/shop", channel="Email", host="www.honeyandrye.example",
    )  # fmt: skip


def test_deal_company_and_board_tell_how_the_goals_stand(agency: Agency) -> None:
    """Numbers and words on the deal, the retainer's on the company, the words on one card."""
    [company] = agency.store.record_ids(CLIENT, "client")
    links = {k.connection: k for k in agency.store.links_of([company])[company]}
    client = agency.raw("hubspot", CLIENT, links["hubspot"]).fields
    _, links = agency.record(CLIENT, PROJECT, "project")
    board = agency.raw("trello", CLIENT, links["trello"]).fields

    assert "key events >= 3200 by 2027-03-31" in str(deal(agency)["project_results"])
    assert float(str(deal(agency)["project_results_value"])) > 0
    assert "sessions +10 % vs last year per month" in str(client["client_results"])
    assert "key events >= 3200" in str(board["results_card"]).replace("\\", "")


def test_a_cycle_with_nothing_new_asks_once_and_writes_nothing(agency: Agency) -> None:
    """One call for all reports of the property; the tools are only polled."""
    agency.forget()

    report = run(agency)

    assert report.written == 0
    assert {name: [] for name in agency.systems if name != COUNTS} == {
        name: writes for name, writes in agency.writes().items() if name != COUNTS
    }
    paths = [path for _, path in agency.requests(COUNTS) if "token" not in path]
    assert [path.rpartition(":")[2] for path in paths] == ["batchRunReports"]


def test_a_figure_that_settles_late_is_told(agency: Agency) -> None:
    """What yesterday was found to be today takes the place of what it was."""
    before = float(str(deal(agency)["project_results_value"]))
    more_key_events(agency, 2, 400)

    run(agency)

    assert float(str(deal(agency)["project_results_value"])) == pytest.approx(
        before + 400, rel=0.01
    )


def test_what_an_account_manager_polishes_is_put_back(agency: Agency) -> None:
    """Her edit is in the journal with the rule that decided, and the deal tells what was counted."""
    before = deal(agency)["project_results_share"]
    agency.edit("hubspot", "anna", CLIENT, PROJECT, "project", project_results_share="100")

    run(agency)

    assert deal(agency)["project_results_share"] == before
    [edit] = [e for e in agency.store.journal(CLIENT, field="results_share") if e.editor == "anna"]
    assert edit.outcome == "reverted"
    assert edit.rule.startswith("config/ownership.yaml:")


def test_a_spent_quota_leaves_the_tools_in_step(agency: Agency) -> None:
    """It is said what is left and when it is asked again; what is told stands until then."""
    told(agency, "quota", limits={"tokensPerProjectPerHour": 10})
    stood = deal(agency)["project_results_value"]
    run(agency)
    agency.edit("hubspot", "anna", CLIENT, PROJECT, "project", project_strategy="New")

    run(agency)

    record, _ = agency.record(CLIENT, PROJECT, "project")
    assert record.value("strategy") == "New"
    assert deal(agency)["project_results_value"] == stood
    [parked] = [p for p in agency.store.parked(CLIENT) if p.connection == COUNTS]
    assert "token" in parked.reason
    # It is full again when the hour ends: neither a minute before nor a minute after.
    half = timedelta(minutes=30)
    hour = (parked.next_try + half).replace(minute=0, second=0, microsecond=0)
    assert abs(parked.next_try - hour) < timedelta(minutes=1)
    assert parked.since < parked.next_try < parked.since + timedelta(minutes=62)


def test_a_refused_key_stops_only_the_counting(agency: Agency) -> None:
    """The report names the connection; nothing else is concerned."""
    told(agency, "role", user="syncer", role="none")
    agency.edit("hubspot", "anna", CLIENT, PROJECT, "project", project_strategy="New")

    report = run(agency)

    assert set(report.down) == {COUNTS}
    assert "Viewer" in report.down[COUNTS]
    record, _ = agency.record(CLIENT, PROJECT, "project")
    assert record.value("strategy") == "New"


def test_figures_that_are_less_than_exact_say_so(agency: Agency) -> None:
    """A sampled report stands with that word in the tools."""
    told(agency, "flags", sampled=0.5)
    more_key_events(agency, 2, 400)

    run(agency)

    assert "sampled" in str(deal(agency)["project_results_flags"])
    assert "sampled" in str(deal(agency)["project_results"])
