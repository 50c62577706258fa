"""How many requests a cycle costs, counted by the sandboxes."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncer.model.remote import Op, Result, Write
from syncer.model.report import CycleResult
from tests.system.agency import Agency

BOARDS = {"bakery": 2, "outdoor": 1}
"""Boards, and as many Asana projects, of each client of the agency world."""

TYPES = 2
"""HubSpot object types: companies and deals."""


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """The agency world in step, its echoes heard."""
    with Agency(tmp_path_factory.mktemp("requests")) as agency:
        for _ in range(2):
            assert [r.result for r in agency.run()] == [CycleResult.DONE] * 2
        yield agency


@pytest.mark.parametrize("client", ["bakery", "outdoor"])
def test_an_idle_cycle_costs_the_least_the_vendors_allow(agency: Agency, client: str) -> None:
    """One request a Trello board, two an Asana project, at most two a HubSpot object type."""
    agency.forget()

    (report,) = agency.run(client)

    assert report.plan is not None
    assert report.plan.actions == ()
    assert len(agency.requests("trello")) == BOARDS[client]
    assert len(agency.requests("asana")) == 2 * BOARDS[client]
    assert len(agency.requests("hubspot")) <= 2 * TYPES


def test_an_edit_costs_its_history_and_one_write(agency: Agency) -> None:
    """One changed task: one history read beside the idle polls, and one write."""
    agency.edit("asana", "maya", "bakery", "Wireframes", due="2026-12-22")
    agency.forget()

    agency.run("bakery")

    assert len(agency.requests("asana")) == 2 * BOARDS["bakery"] + 1
    assert [path.count("/cards/") for _, path in agency.writes()["trello"]] == [1]


def test_what_we_made_is_not_asked_about(agency: Agency) -> None:
    """A task made for a card costs one write, and nothing more when its feed tells of it."""
    trello = agency.as_person("trello", "maya")
    catalogue = agency.catalogue("trello", "bakery", "card")
    (board, *_) = catalogue.containers
    write = Write("by hand", Op.CREATE, "card", None, board, {"name": "Menu cards"})
    assert [o.result for o in trello.push([write], catalogue)] == [Result.DONE]
    trello.close()
    agency.forget()

    agency.run("bakery")

    assert len(agency.requests("asana")) == 2 * BOARDS["bakery"] + 1
    agency.forget()
    agency.run("bakery")
    assert len(agency.requests("asana")) == 2 * BOARDS["bakery"]
    assert len(agency.requests("trello")) == BOARDS["bakery"]


def test_pushing_many_updates_to_hubspot_is_one_batch(agency: Agency) -> None:
    """Updates of k deals cost ceil(k / 100) writes, and ceil(k / 50) history reads later."""
    for title in ("Website relaunch", "Spring campaign"):
        agency.edit("asana", "tom", "bakery", title, "project", due="2027-05-05")
    agency.forget()

    agency.run("bakery")

    assert len(agency.writes()["hubspot"]) == 1
    agency.forget()
    agency.run("bakery")
    reads = Counter(path for _, path in agency.requests("hubspot"))
    assert reads["/crm/objects/2026-09/deals/batch/read"] == 1 + 1
    agency.forget()
    agency.run("bakery")
    assert len(agency.requests("hubspot")) <= 2 * TYPES


def test_the_first_pull_costs_the_page_floor_and_a_constant(tmp_path: Path) -> None:
    """Listing pages grow with records, definitions and people do not; no 429 is ever earned."""
    with Agency(tmp_path) as agency:
        agency.run()

        for system in agency.systems:
            statuses = Counter(entry["status"] for entry in agency.running[system].requests)
            assert 429 not in statuses, system
        lists = [path for method, path in agency.requests("asana") if method == "GET"]
        assert sum(path.endswith("/1.0/tasks") for path in lists) <= 3 + 1
        # A project that was just made: whether its one unnamed section is in use.
        assert sum(bool(re.search(r"/sections/\d+/tasks$", path)) for path in lists) <= 3
        reads = [p for m, p in agency.requests("trello") if m == "GET" and p.count("/") == 3]
        assert len(reads) <= 40


def test_no_429_is_earned_when_many_cards_are_made(tmp_path: Path) -> None:
    """The budgets keep a burst of writes under every documented limit."""
    with Agency(tmp_path, ("trello", "hubspot"), ownership=_rules()) as agency:
        for _ in range(2):
            agency.run(full=True)
        for system in agency.systems:
            assert 429 not in {entry["status"] for entry in agency.running[system].requests}


def _rules() -> str:
    from syncer.shipped import shipped

    text = (shipped() / "config" / "ownership.yaml").read_text()
    return text.replace("home: asana", "home: trello")
