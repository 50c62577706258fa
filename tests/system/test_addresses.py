"""Addresses copied from a browser, over real wire formats: the record, or why there is none."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from adapters.trello.client import Trello
from adapters.trello.options import Options
from syncer.adapterkit.contract import Opening
from syncer.adapterkit.sandbox import Task, World, agency_world
from syncer.cli import main
from syncer.model.records import Link
from syncer.model.report import CycleResult
from syncer.shipped import shipped
from tests.system.agency import Agency
from tests.system.install import CLIENT, PROJECT, TITLES

Explains = Callable[..., tuple[int, str]]


def world() -> World:
    """One client with one project in three tools, and three tasks in Asana."""
    whole = agency_world()
    project = next(p for p in whole.projects if p.name == PROJECT)
    home = frozenset({"asana"})
    tasks = tuple(Task(f"{project.key}-{t}", project.key, t, home) for t in TITLES)
    return World(whole.people, (whole.client(CLIENT),), (project,), tasks)


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """One project of three tasks, in step in three tools."""
    text = (shipped() / "mappings" / "trello.yaml").read_text()
    mappings = {"trello": text.replace('"!card.is_template"', "'card.name != \"Form\"'")}
    folder, clients = tmp_path_factory.mktemp("addresses"), {CLIENT: "Honey & Rye Bakery"}
    with Agency(folder, world=world(), clients=clients, mappings=mappings) as agency:
        assert [CycleResult.DONE] == [report.result for report in agency.run()]
        yield agency


@pytest.fixture
def explains(
    agency: Agency, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Explains:
    """The command line: its exit code, and what it says."""
    for variable, secret in agency.secrets.items():
        monkeypatch.setenv(variable, secret)

    def explained(*args: str) -> tuple[int, str]:
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["--config", str(agency.folder), "explain", *args])
        told = capfd.readouterr()
        return int(ended.value.code or 0), told.out + told.err

    return explained


@pytest.fixture
def maya(agency: Agency) -> Iterator[Trello]:
    """Trello as Maya uses it."""
    options = agency.boxes["trello"].connection(agency.running["trello"].url, "maya")
    trello = Trello(Opening("t", Options(**options)))
    yield trello
    trello.close()


def links(agency: Agency, title: str, entity: str = "task") -> dict[str, Link]:
    """The twins of a record."""
    return agency.record(CLIENT, title, entity)[1]


def new_card(maya: Trello, name: str, board: str) -> dict[str, Any]:
    """A card that Maya makes on a board."""
    lists = maya.http.get(f"/boards/{board}/lists").json()
    made: dict[str, Any] = maya.http.post(
        "/cards", json={"name": name, "idList": lists[0]["id"]}
    ).json()
    return made


def new_board(agency: Agency, maya: Trello, name: str) -> str:
    """A board that Maya makes for herself and shows to the service, outside every workspace."""
    board: str = maya.http.post("/boards/", json={"name": name}).json()["id"]
    bot = agency.boxes["trello"].users["syncer"].id
    maya.http.put(f"/boards/{board}/members/{bot}", json={"type": "normal"})
    return board


def test_every_form_of_an_address_leads_to_its_record(agency: Agency, explains: Explains) -> None:
    """Short links, old and new forms, with names, queries and fragments, as they are pasted."""
    twins, project = links(agency, "Sketch"), links(agency, PROJECT, "project")
    task, deal = twins["asana"].remote_id, project["hubspot"].remote_id
    home = project["asana"].remote_id
    addresses = {
        "Sketch": [
            f"{twins['trello'].url}/3-sketch?filter=x#comment-1",
            f"<{twins['trello'].url}>",
            f"https://trello.com/c/{twins['trello'].remote_id}",
            f"https://app.asana.com/0/{home}/{task}/f",
            f" https://app.asana.com/1/5/project/{home}/task/{task}?focus=true ",
        ],
        PROJECT: [
            f"{project['trello'].url}/website-relaunch",
            f"https://app.asana.com/0/{home}/board",
            f"https://app.asana.com/1/5/project/{home}/list/77",
            f"https://app.hubspot.com/contacts/243/deal/{deal}/?interaction=note",
            f"app-eu1.hubspot.com/contacts/243/record/0-3/{deal}",
        ],
    }

    for title, found in addresses.items():
        for address in found:
            code, said = explains(address, "--json")
            assert (0, title) == (code, code or json.loads(said)["title"]), (address, said)


def test_a_thing_without_a_record_says_why(
    agency: Agency, explains: Explains, maya: Trello
) -> None:
    """New, not for us, archived, elsewhere, not there: each is told apart, and why."""
    board = links(agency, PROJECT, "project")["trello"].remote_id
    cards = {name: new_card(maya, name, board) for name in ("Fresh", "Form", "Old", "Build")}
    maya.http.put(f"/cards/{cards['Old']['id']}", json={"closed": True})
    cards["Elsewhere"] = new_card(maya, "Elsewhere", new_board(agency, maya, "Private"))

    def why(name: str) -> str:
        code, said = explains(cards[name]["shortUrl"])
        assert 2 == code
        assert "has no record here" in said
        return said.splitlines()[1].strip()

    assert why("Fresh") == (
        'trello shows it as card "Fresh"; it is in the scope of bakery and new: the next run'
        " takes it in"
    )
    assert "the `when` of its mapping is not true (mappings/trello.yaml:" in why("Form")
    assert 'card "Old"; it is archived' in why("Old")
    assert why("Elsewhere").endswith(
        'card "Elsewhere", in a place that is not in the scope of bakery'
    )
    cards["Nothing"] = {"shortUrl": f"https://trello.com/c/{24 * 'f'}"}
    assert why("Nothing").startswith("trello does not show it to the account of the service")
    # A task out of sight is not taken for the project that its address names too.
    home = links(agency, PROJECT, "project")["asana"].remote_id
    assert "has no record here" in explains(f"https://app.asana.com/0/{home}/999/f")[1]
    agency.run()
    assert 0 == explains(cards["Fresh"]["shortUrl"])[0]


def test_what_left_the_scope_says_since_when(
    agency: Agency, explains: Explains, maya: Trello
) -> None:
    """A card that was moved away is still known by its address, with when it was unlinked."""
    link = links(agency, "Ship")["trello"]
    away = new_board(agency, maya, "Away")
    to = {"idBoard": away, "idList": maya.http.get(f"/boards/{away}/lists").json()[0]["id"]}
    maya.http.put(f"/cards/{link.remote_id}", json=to)
    agency.run()

    code, said = explains(f"{link.url}/7-ship")
    assert (0, True) == (code, "unlinked on " in said)
    assert "unlinked: moved out of what is synced" in said
