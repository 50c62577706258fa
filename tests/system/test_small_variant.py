"""The `small` variant: a project is a card on one Trello board that several clients share."""

from collections.abc import Iterator
from typing import Any

import pytest

from adapters.trello.client import Trello
from adapters.trello.options import Options
from syncer.adapterkit.contract import Opening
from syncer.model.report import CycleResult
from syncer.shipped import shipped
from tests.system.agency import CLIENTS, Agency


class Shared(Agency):
    """An agency whose clients all use the pipeline board."""

    board: str = ""

    def write(self) -> None:
        """Make the board as a person would, then write the configuration."""
        self.board = self.board or self._make_board()
        self.scopes = {
            key: {
                "trello": {"boards": [self.board]},
                "asana": self.boxes["asana"].scope_of(key),
                "hubspot": self.boxes["hubspot"].scope_of(key),
            }
            for key in CLIENTS
        }
        super().write()

    def _make_board(self) -> str:
        box = self.boxes["trello"]
        maya = Trello(Opening("t", Options(**box.connection(self.running["trello"].url, "maya"))))
        workspace: Any = box.scope_of("bakery")["workspace"]
        new = {"name": "Pipeline", "idOrganization": workspace, "defaultLists": False}
        board = maya.http.post("/boards/", json=new).json()["id"]
        lists = {
            name: maya.http.post("/lists", json={"name": name, "idBoard": board}).json()["id"]
            for name in ("Planned", "Active", "On hold", "Done")
        }
        field = {"idModel": board, "modelType": "board", "name": "Client", "type": "text", "pos": 1}
        client = maya.http.post("/customFields", json=field).json()["id"]
        cards = (("Website relaunch", "Honey & Rye Bakery"), ("Repair film", "Tarn Outdoor"))
        for name, owner in (*cards, ("Somebody else's", "Another client")):
            card = maya.http.post("/cards", json={"name": name, "idList": lists["Planned"]}).json()
            path = f"/cards/{card['id']}/customField/{client}/item"
            maya.http.put(path, json={"value": {"text": owner}})
        maya.http.put(f"/boards/{board}/members/{box.users['syncer'].id}", json={"type": "normal"})
        maya.close()
        return str(board)


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """Two clients on one board, in step."""
    text = (shipped() / "mappings" / "trello.yaml").read_text()
    small = text.replace("default: big", "default: small")
    with Shared(tmp_path_factory.mktemp("small"), mappings={"trello": small}) as agency:
        for report in agency.run():
            assert report.result is CycleResult.DONE, (report.failed, report.down)
        yield agency


def cards(agency: Shared) -> dict[str, dict[str, Any]]:
    """The board's cards by name, with their client."""
    adapter = Trello(Opening("t", agency.config.connections["trello"].options))
    params = {"customFieldItems": "true"}
    found = adapter.http.get(f"/boards/{agency.board}/cards", params=params).json()
    adapter.close()
    assert len({card["name"] for card in found}) == len(found)
    return {card["name"]: card for card in found}


def test_each_client_sees_its_own_cards_only(agency: Shared) -> None:
    """Cards are matched by name within the client; the others are nobody's business."""
    for client, title in (("bakery", "Website relaunch"), ("outdoor", "Repair film")):
        _, links = agency.record(client, title, "project")
        assert set(links) == {"trello", "asana", "hubspot"}
    names = {
        str(record.value("name"))
        for client in CLIENTS
        for record in agency.store.records(agency.store.record_ids(client, "project")).values()
    }
    assert "Somebody else's" not in names


def test_a_project_without_a_card_gets_one_with_its_client(agency: Shared) -> None:
    """A won deal's project gets a card on the shared board, marked with the client's name."""
    card = cards(agency)["Spring campaign"]

    assert [item["value"]["text"] for item in card["customFieldItems"]] == ["Honey & Rye Bakery"]


def test_a_producers_deadline_on_the_card_shows_on_the_deal(agency: Shared) -> None:
    """The card's due date is the project's deadline: a date, at the day's end."""
    agency.edit(
        "trello", "maya", "bakery", "Website relaunch", "project", due="2027-02-01T17:00:00.000Z"
    )

    agency.run("bakery")

    shown = agency.shown(
        "bakery", "Website relaunch", "project", hubspot="project_deadline", asana="due"
    )
    assert shown == {"hubspot": "2027-02-01", "asana": "2027-02-01"}


def test_both_clients_are_quiet_afterwards(agency: Shared) -> None:
    """One poll of the shared board for each client, and nothing is written."""
    agency.run()
    agency.forget()

    reports = agency.run()

    assert [report.plan.actions for report in reports if report.plan] == [(), ()]
    assert agency.writes() == {"trello": [], "asana": [], "hubspot": []}
    assert len(agency.requests("trello")) == len(CLIENTS)
