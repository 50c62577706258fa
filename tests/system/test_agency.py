"""The main job over real wire formats: an agency's clients, projects and tasks in three tools."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncer.model.decisions import Editor
from syncer.model.remote import Op, Result, Write
from syncer.model.report import CycleResult
from syncer.model.undoing import Undo
from syncer.reconcile.undoing import chosen
from tests.system.agency import Agency


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """The agency world after first contact; tests act on different records of it."""
    with Agency(tmp_path_factory.mktemp("agency")) as agency:
        reports = agency.run()
        assert [report.result for report in reports] == [CycleResult.DONE] * 2, reports
        yield agency


def test_first_contact_gives_every_task_one_twin_in_each_tool(agency: Agency) -> None:
    """Three projects in three tools, some forty tasks in two, each linked once."""
    counts: Counter[tuple[str, str]] = Counter()
    for client in agency.clients:
        counts.update(agency.store.link_counts(client))

    tasks = sum(len(agency.store.record_ids(client, "task")) for client in agency.clients)
    assert tasks == 40
    assert counts == {
        ("hubspot", "company"): 2,
        ("hubspot", "deal"): 3,
        ("asana", "project"): 3,
        ("asana", "task"): 40,
        ("trello", "board"): 3,
        ("trello", "card"): 40,
    }


def test_a_second_run_writes_nothing(agency: Agency) -> None:
    """With nothing to do, no request of the service changes anything anywhere."""
    agency.forget()

    reports = agency.run()

    assert [report.plan.actions for report in reports if report.plan] == [(), ()]
    assert agency.writes() == {"trello": [], "asana": [], "hubspot": []}


def test_a_full_compare_writes_nothing(agency: Agency) -> None:
    """Listing and comparing everything finds nothing to write either."""
    agency.forget()

    reports = agency.run(full=True)

    assert [report.plan.actions for report in reports if report.plan] == [(), ()]
    assert agency.writes() == {"trello": [], "asana": [], "hubspot": []}


def test_a_producers_deadline_in_asana_shows_on_the_trello_card(agency: Agency) -> None:
    """Maya moves a task's deadline in Asana; the card's due date follows at the day's end."""
    agency.edit("asana", "maya", "bakery", "Wireframes", due="2026-12-21")

    agency.run("bakery")

    shown = agency.shown("bakery", "Wireframes", asana="due", trello="due")
    assert shown == {"asana": "2026-12-21", "trello": "2026-12-21T17:00:00.000Z"}


def test_a_producers_project_deadline_in_asana_shows_on_the_deal(agency: Agency) -> None:
    """Tom moves the project's deadline in Asana; a board cannot hold it, and the plan says so."""
    agency.edit("asana", "tom", "bakery", "Spring campaign", "project", due="2027-04-01")

    (report,) = agency.run("bakery")

    shown = agency.shown(
        "bakery", "Spring campaign", "project", asana="due", hubspot="project_deadline"
    )
    assert shown == {"asana": "2027-04-01", "hubspot": "2027-04-01"}
    assert report.plan is not None
    notes = [(note.connection, note.field) for note in report.plan.inexpressible]
    assert ("trello", "deadline") in notes


def test_an_account_managers_deadline_on_the_deal_is_held_and_put_back(agency: Agency) -> None:
    """Anna moves a deadline in HubSpot: a proposal, and the deal shows the producer's again."""
    title = "Website relaunch"
    before = agency.shown("bakery", title, "project", asana="due", hubspot="project_deadline")
    agency.edit("hubspot", "anna", "bakery", title, "project", project_deadline="2027-06-30")

    agency.run("bakery")

    after = agency.shown("bakery", title, "project", asana="due", hubspot="project_deadline")
    assert after == before
    record, _ = agency.record("bakery", title, "project")
    (proposal,) = agency.store.proposals("bakery", [record.id])
    assert (proposal.proposer, str(proposal.value)) == ("anna", "2027-06-30")
    agency.edit("asana", "maya", "bakery", title, "project", due="2027-06-30")
    agency.run("bakery")
    assert agency.store.proposals("bakery", [record.id]) == []
    shown = agency.shown("bakery", title, "project", asana="due", hubspot="project_deadline")
    assert set(shown.values()) == {"2027-06-30"}


def test_an_account_manager_inside_asana_is_held_just_as_in_hubspot(agency: Agency) -> None:
    """The rule is by who edited, not where: Anna's deadline in Asana is a proposal too."""
    before = agency.shown("bakery", "Poster design", asana="due", trello="due")
    agency.edit("asana", "anna", "bakery", "Poster design", due="2027-03-03")

    agency.run("bakery")

    assert agency.shown("bakery", "Poster design", asana="due", trello="due") == before
    record, _ = agency.record("bakery", "Poster design")
    assert [p.proposer for p in agency.store.proposals("bakery", [record.id])] == ["anna"]


def test_a_producers_strategy_in_hubspot_is_held_too(agency: Agency) -> None:
    """Maya rewrites the strategy in HubSpot: the account managers' words come back."""
    agency.edit(
        "hubspot", "anna", "bakery", "Spring campaign", "project", project_strategy="Anna's"
    )
    agency.run("bakery")
    agency.edit(
        "hubspot", "maya", "bakery", "Spring campaign", "project", project_strategy="Maya's"
    )

    agency.run("bakery")

    shown = agency.shown(
        "bakery", "Spring campaign", "project", hubspot="project_strategy", asana="strategy"
    )
    assert shown["hubspot"] == "Anna's"
    record, _ = agency.record("bakery", "Spring campaign", "project")
    assert [p.proposer for p in agency.store.proposals("bakery", [record.id])] == ["maya"]


@pytest.mark.parametrize("system", ["asana", "trello"])
def test_two_people_in_one_tool_between_two_cycles(agency: Agency, system: str) -> None:
    """Tom sets D2 and Anna D3 in one tool: D2 is agreed, D3 is proposed."""
    title = {"asana": "Film 1: the mill", "trello": "Icon set"}[system]
    raws = {"asana": ("2027-02-02", "2027-02-03"),
            "trello": ("2027-02-02T17:00:00.000Z", "2027-02-03T17:00:00.000Z")}[system]  # fmt: skip
    agency.edit(system, "tom", "bakery", title, due=raws[0])
    agency.edit(system, "anna", "bakery", title, due=raws[1])

    agency.run("bakery")

    assert agency.shown("bakery", title, asana="due", trello="due") == {
        "asana": "2027-02-02", "trello": "2027-02-02T17:00:00.000Z",
    }  # fmt: skip
    record, _ = agency.record("bakery", title)
    (proposal,) = agency.store.proposals("bakery", [record.id])
    assert (proposal.proposer, str(proposal.value)) == ("anna", "2027-02-03")


def test_a_brief_edited_in_trello_by_a_producer_is_put_back(agency: Agency) -> None:
    """Tom edits the board's description: the account managers' brief comes back."""
    before = agency.shown("bakery", "Website relaunch", "project", trello="desc")
    agency.edit("trello", "tom", "bakery", "Website relaunch", "project", desc="Tom's brief")

    agency.run("bakery")

    assert agency.shown("bakery", "Website relaunch", "project", trello="desc") == before


def test_everything_is_quiet_afterwards(agency: Agency) -> None:
    """After all of the above, two runs write nothing."""
    agency.run()
    agency.forget()

    reports = agency.run()

    assert [report.plan.actions for report in reports if report.plan] == [(), ()]
    assert agency.writes() == {"trello": [], "asana": [], "hubspot": []}


def test_an_owners_archiving_in_a_board_just_made_is_the_owners(tmp_path: Path) -> None:
    """Maya archives a card of a new board before its first poll: hers, and the task follows."""
    with Agency(tmp_path) as agency:
        agency.run()
        _, links = agency.record("bakery", "Poster copy")
        card = links["trello"]
        adapter = agency.as_person("trello", "maya")
        (outcome,) = adapter.push(
            [Write("by-maya", Op.ARCHIVE, "card", card.remote_id, card.container)],
            agency.catalogue("trello", "bakery", "card"),
        )
        adapter.close()
        assert outcome.result is Result.DONE

        agency.run("bakery")

        record, links = agency.record("bakery", "Poster copy")
        assert agency.store.proposals("bakery", [record.id]) == []
        agreed = record.agreed["existence"]
        assert (agreed.value, agreed.by) == ("archived", "maya")


def test_a_cycle_is_undone_in_every_tool(agency: Agency) -> None:
    """What Maya moved goes back over the wire in all tools, is not pulled again, and stays."""
    before = agency.shown("bakery", "Visual design", asana="due", trello="due")
    agency.edit("asana", "maya", "bakery", "Visual design", due="2027-02-01")
    (report,) = agency.run("bakery")
    found = chosen(agency.store.changes("bakery", cycle=report.cycle))
    maya = Editor("maya", shown="Maya")

    (undone,) = agency.run("bakery", undo=Undo(maya, found.wishes, text="undo"))

    assert [each.outcome for each in undone.undone] == ["back"]
    assert agency.shown("bakery", "Visual design", asana="due", trello="due") == before
    agency.forget()
    (after,) = agency.run("bakery")
    assert after.plan is not None
    assert (after.plan.actions, agency.writes()["trello"], agency.writes()["asana"]) == ((), [], [])
