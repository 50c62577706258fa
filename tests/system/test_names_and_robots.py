"""Renamed lists, strangers, robots, a person's own token, other variants: over the real wire."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters.trello.client import Trello
from adapters.trello.options import Options
from adapters.trello.sandbox.server import TrelloSandbox
from syncer.adapterkit.contract import Opening
from syncer.adapterkit.registry import sandbox_class
from syncer.adapterkit.sandbox import World, agency_world
from syncer.model.report import CycleResult
from tests.system import boards
from tests.system.agency import Agency

CARDS = 300


def crowded_board() -> dict[str, Any]:
    """An export with three hundred cards in one list."""
    exported = boards.generated()
    card = next(c for c in exported["cards"] if c["name"] == "Эскиз")
    exported["cards"] = [
        {**card, "id": f"65a0b0c1{n:016x}", "name": f"Card {n:03} {'abcdefghij'[n % 10] * 9}",
         "shortLink": f"h{n:07}", "idShort": n + 1, "idMembers": [], "idLabels": [],
         "labels": [], "customFieldItems": []}
        for n in range(CARDS)
    ]  # fmt: skip
    exported["customFields"] = []
    return exported


@contextmanager
def board_in_memory(folder: Path, exported: dict[str, Any]) -> Iterator[Agency]:
    """One client with the board in Trello, and an Asana that is read only by mapping."""
    trello, asana = TrelloSandbox(), sandbox_class("asana")()
    world = agency_world()
    empty = World(people=world.people, clients=world.clients)
    asana.start_with(empty)
    mappings = boards.mappings(custom=False)
    mappings["asana"] = mappings["asana"].replace("create: always", "create: never")
    agency = Agency(
        folder, ("trello", "asana"), empty, {"bakery": "Honey & Rye Bakery"}, mappings,
        ownership=boards.ownership(custom=False), boxes={"trello": trello, "asana": asana},
    )  # fmt: skip
    scope = trello.load_export(exported)
    agency.scopes["bakery"] = {"trello": scope, "asana": asana.scope_of("bakery")}
    with agency:
        yield agency


def test_a_renamed_list_is_never_an_edit(tmp_path: Path) -> None:
    """300 cards read differently: no verdict, no name, one guarded summary, nothing written."""
    exported = crowded_board()
    with board_in_memory(tmp_path, exported) as agency:
        (first,) = agency.run()
        assert (first.result, first.created) == (CycleResult.DONE, CARDS + 1)
        box = agency.boxes["trello"]
        used = exported["cards"][0]["idList"]
        options = box.connection(agency.running["trello"].url, exported["members"][0]["username"])
        person = Trello(Opening("trello", Options(**options), 1.0))
        person.http.put(f"/lists/{used}", json={"name": "In Arbeit"})
        person.close()
        agency.forget()

        (report,) = agency.run(full=True)

        assert report.result is CycleResult.REFUSED
        assert report.plan is not None
        assert [(r.field, r.now, r.count) for r in report.plan.remaps] == [
            ("status", "In Arbeit", CARDS)
        ]
        assert ("remaps", CARDS) in [(r.kind, r.count) for r in report.plan.refusals]
        assert report.judgements == ()
        assert agency.writes() == {"trello": [], "asana": []}
        names = {entry.editor for entry in agency.store.journal("bakery", limit=None)}
        assert names == {None}


@pytest.mark.parametrize("who", ["freya", "butler"])
def test_a_strangers_and_a_robots_edits_are_nobodys(tmp_path: Path, who: str) -> None:
    """Somebody outside people.yaml, or Trello's own automation, owns nothing."""
    with Agency(tmp_path) as agency:
        agency.run()
        _, links = agency.record("bakery", "Icon set")
        before = agency.shown("bakery", "Icon set", asana="due", trello="due")
        _let_in(agency, links["trello"].container or "", who)
        agency.edit("trello", who, "bakery", "Icon set", due="2027-03-03T17:00:00.000Z")

        agency.run("bakery")

        assert agency.shown("bakery", "Icon set", asana="due", trello="due") == before
        record, _ = agency.record("bakery", "Icon set")
        (proposal,) = agency.store.proposals("bakery", [record.id])
        assert proposal.proposer not in agency.config.people
        roles = {e.role for e in agency.store.journal("bakery", record.id) if e.kind == "edit"}
        assert roles == {"nobody"}


def _let_in(agency: Agency, board: str, who: str) -> None:
    """Maya makes somebody a member of a board."""
    box, url = agency.boxes["trello"], agency.running["trello"].url
    maya = Trello(Opening("trello", Options(**box.connection(url, "maya")), 1.0))
    maya.http.put(f"/boards/{board}/members/{box.users[who].id}", json={"type": "normal"})
    maya.close()


def test_the_service_on_mayas_own_token_tells_her_edits_from_its_own(tmp_path: Path) -> None:
    """Own writes are known by content and intent: her edits count, and put-backs are not hers."""
    with Agency(tmp_path, ("trello", "asana"), user="maya", ownership=_without_hubspot()) as agency:
        agency.run()
        agency.edit("asana", "maya", "bakery", "Wireframes", due="2026-12-21")
        agency.run("bakery")
        assert agency.shown("bakery", "Wireframes", asana="due", trello="due") == {
            "asana": "2026-12-21", "trello": "2026-12-21T17:00:00.000Z",
        }  # fmt: skip
        agency.edit("trello", "maya", "bakery", "Wireframes", due="2026-12-22T17:00:00.000Z")
        agency.edit("trello", "anna", "bakery", "Sitemap", due="2027-03-03T17:00:00.000Z")
        agency.run("bakery")
        agency.run("bakery")
        assert agency.shown("bakery", "Wireframes", asana="due") == {"asana": "2026-12-22"}
        record, _ = agency.record("bakery", "Sitemap")
        assert [p.proposer for p in agency.store.proposals("bakery", [record.id])] == ["anna"]
        reports = agency.run()
        assert [r.plan.actions for r in reports if r.plan] == [(), ()]


def _without_hubspot() -> str:
    from syncer.shipped import shipped

    text = (shipped() / "config" / "ownership.yaml").read_text()
    return text.replace("home: hubspot", "home: trello")


def test_configuration_is_plain_files(tmp_path: Path) -> None:
    """What the tests run on is what a user would write: files, and secrets by name only."""
    with Agency(tmp_path) as agency:
        sync = json.loads((tmp_path / "config" / "sync.yaml").read_text())
        assert sync["connections"]["asana"]["token"] == "env:ASANA_TOKEN"
        assert all(value not in json.dumps(sync) for value in agency.secrets.values())
