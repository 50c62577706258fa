"""HubSpot's batches that succeed in part: what was taken is recorded, what was not says why."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.hubspot.sandbox.sandbox import HubSpotSandbox
from syncer.adapterkit.sandbox import Project
from syncer.model.entities import EXISTENCE
from syncer.model.remote import Op, Result, Write
from syncer.model.report import CycleResult
from tests.system.corner import Corner, Hand, corner_world, hurried, many_projects
from tests.system.lost import ATTEMPTS, settled, struck

UPDATE = r"/deals/batch/update$"
FINE, GONE, REFUSED, PARTLY = "Fine", "Gone meanwhile", "Refused", "Refused in part"
DAY, OTHER_DAY = "2026-11-20", "2026-12-18"
KEPT = {FINE: ("300", DAY), REFUSED: ("210", OTHER_DAY), PARTLY: ("210", DAY)}
"""What HubSpot shows afterwards: budget and deadline."""


def archive(corner: Corner, title: str) -> None:
    """An account manager puts a deal into HubSpot's recycle bin."""
    _, links = corner.record("bakery", title, "project")
    link = links["hubspot"]
    anna = corner.as_person("hubspot", "anna")
    known = corner.catalogue("hubspot", "bakery", link.object)
    (outcome,) = anna.push([Write("by-anna", Op.ARCHIVE, link.object, link.remote_id)], known)
    anna.close()
    assert outcome.result is Result.DONE, outcome


def test_a_batch_refused_in_part_is_done_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One deal is archived meanwhile, a number is over a rule: the others get their values.

    HubSpot answers 207. Whatever it does not take is parked or held with HubSpot's reason; what
    stands next to it, in the same batch or in the same deal, is written and remembered as ours.
    """
    names = [FINE, GONE, REFUSED, PARTLY]
    sync = {"limits": {"update_share": 1.0}}
    hurried(monkeypatch)
    with Corner(tmp_path, world=corner_world(projects=many_projects(names)), sync=sync) as corner:
        corner.in_step()
        box = corner.boxes["hubspot"]
        assert isinstance(box, HubSpotSandbox)
        box.account.store.most["deals", "budget_hours"] = Decimal(500)
        hand, places = Hand(corner), corner.places()
        for title, hours in {FINE: "300", REFUSED: "501", PARTLY: "502"}.items():
            hand.edit("asana", "maya", places[title][1]["asana"], "Budget hours", hours)
        for title in (FINE, GONE, PARTLY):
            hand.edit("asana", "maya", places[title][1]["asana"], "due", DAY)
        hand.close()
        hubspot = corner.running["hubspot"]
        hubspot.at(
            "before", lambda: archive(corner, GONE), method="POST", path=UPDATE, user="syncer"
        )
        corner.forget()

        report = corner.cycle()

        answers = [
            entry["status"]
            for entry in hubspot.requests
            if str(entry["path"]).endswith("/deals/batch/update")
        ]
        assert answers == [207, 200], "what is left of the deal refused in part comes after"
        assert report.result is CycleResult.FAILED
        plan = ("budget_hours", "project_deadline")
        assert {
            t: tuple(corner.said("hubspot", "project", t, *plan).values()) for t in KEPT
        } == KEPT
        parked = {
            (one.record, one.detail.get("field")): one.reason
            for one in corner.store.parked("bakery")
        }
        assert parked == {
            (places[GONE][0], None): "HubSpot has no such record any more",
            (places[REFUSED][0], "budget_hours"): "501 is more than 500, the most allowed.",
            (places[PARTLY][0], "budget_hours"): "502 is more than 500, the most allowed.",
        }
        assert corner.store.holds("bakery") == []
        _nothing_more(corner, {places[GONE][0]})


def _nothing_more(corner: Corner, gone: set[str]) -> None:
    """What was taken is remembered as ours: the next cycles write nothing and blame nobody."""
    for _ in range(2):
        corner.forget()
        report = corner.cycle()
        assert report.result is CycleResult.DONE, report
        assert {name: made for name, made in corner.writes().items() if made} == {}
        assert corner.open_intents() == []
    told = [e for e in corner.store.journal("bakery", limit=None) if e.kind in ("edit", "rewrite")]
    assert {(e.record, e.field) for e in told if e.connection == "hubspot"} == {
        (record, EXISTENCE) for record in gone
    }


MANY = [f"Old project {number:03}" for number in range(104)]
RIGHT, WRONG = "18500", "99"


def test_a_limit_met_between_two_batches_leaves_the_rest_to_the_next_cycle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    """More deals than a batch takes, and the second batch is answered 429 until we give up.

    Finished projects are in HubSpot only, and a price is put back where somebody set it who does
    not own it. What was done is recorded; the next cycle does exactly the rest, then it is quiet.
    """
    world = corner_world(projects=_finished(MANY))
    sync = {"limits": {"update_share": 1.0}}
    hurried(monkeypatch)
    with Corner(tmp_path, world=world, sync=sync) as corner:
        corner.in_step()
        hubspot = corner.running["hubspot"]
        _mistype(corner)
        hubspot.fault(
            {"status": 429}, nth=2, times=ATTEMPTS, method="POST", path=UPDATE, user="syncer"
        )

        report = corner.cycle()

        struck(corner)
        assert report.result is CycleResult.FAILED
        first = _prices(corner).count(RIGHT)
        assert first in (100, len(MANY) - 100), "one of the two batches went through"
        assert (report.written, len(report.failed)) == (first, len(MANY) - first)
        report = corner.cycle()
        assert report.result is CycleResult.DONE, report
        assert report.written == len(MANY) - first
        assert set(_prices(corner)) == {RIGHT}
        settled(corner)
        told = corner.edits()
        assert len(told) == len(MANY)
        assert {(by, system, name) for by, system, name, _ in told} == {
            ("maya", "hubspot", "price")
        }
    record_property("figure", f"429 between batches: {first} deals, then {len(MANY) - first}")


def _finished(names: list[str]) -> tuple[Project, ...]:
    plain = many_projects(names)
    return tuple(replace(one, status="done", systems=frozenset({"hubspot"})) for one in plain)


def _mistype(corner: Corner) -> None:
    """A producer sets the price of every finished project, which is not hers to set."""
    places, known = corner.places(), corner.catalogue("hubspot", "bakery", "deal")
    maya, wrong = (
        corner.as_person("hubspot", "maya"),
        {"amount": {"amount": WRONG, "currency": "EUR"}},
    )
    ids = [places[title][1]["hubspot"].remote_id for title in MANY]
    for part in (ids[:100], ids[100:]):
        writes = [Write(f"by-maya-{id}", Op.UPDATE, "deal", id, "default", wrong) for id in part]
        assert {outcome.result for outcome in maya.push(writes, known)} == {Result.DONE}
    maya.close()


def _prices(corner: Corner) -> list[str]:
    """What HubSpot has as the price of the finished projects."""
    state: Any = corner.boxes["hubspot"].state()
    deals = [deal["properties"] for deal in state["deals"]]
    return [deal["amount"] for deal in deals if deal["dealname"] in MANY]
