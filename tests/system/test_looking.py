"""Looking, over real wire formats: how the tools differ and why, and what an address leads to."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

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
from tests.system.test_isolation import control, fault

Explains = Callable[..., tuple[int, str]]
Drifts = Callable[..., tuple[int, dict[str, Any]]]
SETTLING = "  notes: {shared: latest, settle: 1h}"


def world() -> World:
    """One client with one project in three tools, and three tasks in Asana."""
    whole = agency_world()
    project = next(p for p in whole.projects if p.name == PROJECT)
    home = frozenset({"asana"})
    tasks = tuple(Task(f"{project.key}-{t}", project.key, t, home) for t in TITLES)
    return World(whole.people, (whole.client(CLIENT),), (project,), tasks)


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """One project of three tasks, in step in three tools; held edits are left where they are."""
    rules = (shipped() / "config" / "ownership.yaml").read_text()
    line = next(each for each in rules.splitlines() if each.startswith("  notes:"))
    text = (shipped() / "mappings" / "trello.yaml").read_text()
    with Agency(
        tmp_path_factory.mktemp("looking"),
        world=world(),
        clients={CLIENT: "Honey & Rye Bakery"},
        sync={"heads_up": "keep"},
        ownership=rules.replace(line, SETTLING),
        mappings={"trello": text.replace('"!card.is_template"', "'card.name != \"Form\"'")},
    ) as agency:
        for _ in range(2):
            assert [CycleResult.DONE] == [report.result for report in agency.run()]
        yield agency


@pytest.fixture
def drifts(
    agency: Agency, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Drifts:
    """The command line: its exit code, and what it tells of the client."""
    for variable, secret in agency.secrets.items():
        monkeypatch.setenv(variable, secret)

    def drifted(*args: str) -> tuple[int, dict[str, Any]]:
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["--config", str(agency.folder), "drift", *args, "--json"])
        (found,) = json.loads(capfd.readouterr().out)["clients"]
        return int(ended.value.code or 0), found

    return drifted


def found(told: dict[str, Any], standing: str) -> list[tuple[str, str, str, str]]:
    """What stands so: system, title, field and cause."""
    names = ("connection", "title", "field", "cause")
    return [
        tuple(each[name] for name in names)  # type: ignore[misc]
        for each in told["differs"]
        if each["standing"] == standing
    ]


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


def test_in_step_there_is_only_what_is_allowed(agency: Agency, drifts: Drifts) -> None:
    """Nothing waits, nothing is wrong; and looking wrote nothing to any tool, nor to the state."""
    agency.forget()
    before = sorted(agency.store.journal(limit=None), key=repr), agency.store.cycles(CLIENT)
    kept = agency.store.cached("trello", CLIENT, "catalogue")
    code, told = drifts()

    assert (0, [], []) == (code, found(told, "pending"), found(told, "fault"))
    assert {"not mapped"} == {cause for *_, cause in found(told, "allowed")}
    assert ("trello", PROJECT, "price", "not mapped") in found(told, "allowed")
    assert told["totals"]["alike"] > 50
    assert {"trello": [], "asana": [], "hubspot": []} == agency.writes()
    assert before == (
        sorted(agency.store.journal(limit=None), key=repr),
        agency.store.cycles(CLIENT),
    )
    assert kept == agency.store.cached("trello", CLIENT, "catalogue")


def test_what_waits_says_for_what(agency: Agency, drifts: Drifts, maya: Trello) -> None:
    """A proposal, a fresh edit, one not yet synced, a new card: pending, each with its reason."""
    agency.edit("asana", "anna", CLIENT, "Build", due="2027-03-03")
    agency.run()
    agency.edit("asana", "maya", CLIENT, "Sketch", due="2027-02-02")
    agency.edit("asana", "tom", CLIENT, "Ship", notes="Sent by the night train.")
    board = agency.record(CLIENT, PROJECT, "project")[1]["trello"].remote_id
    new_card(maya, "Added", board)
    code, told = drifts()

    assert (0, []) == (code, found(told, "fault"))
    assert [
        ("asana", "Build", "deadline", "open proposal"),
        ("asana", "Ship", "notes", "settling"),
        ("asana", "Sketch", "deadline", "edited"),
        ("trello", "Added", "existence", "new"),
    ] == found(told, "pending")
    asked, _, edited, _ = [each for each in told["differs"] if each["standing"] == "pending"]
    assert (["maya", "tom"], "2027-03-03") == (asked["waits_for"], asked["shown"])
    assert ("2027-02-02", "the next run") == (edited["shown"], edited["until"])


def test_a_paused_or_observed_client_waits_as_a_whole(agency: Agency, drifts: Drifts) -> None:
    """What was edited meanwhile is pending until somebody lets the client run again."""
    with agency.store.transaction() as tx:
        tx.pause(CLIENT, datetime.now(UTC))
    paused = {row[:3]: row[3] for row in found(drifts()[1], "pending")}
    with agency.store.transaction() as tx:
        tx.resume(CLIENT)
    text = (agency.folder / "config" / "sync.yaml").read_text()
    given = json.loads(text)
    given["clients"][CLIENT]["mode"] = "observe"
    (agency.folder / "config" / "sync.yaml").write_text(json.dumps(given))
    observed = {row[:3]: row[3] for row in found(drifts()[1], "pending")}
    (agency.folder / "config" / "sync.yaml").write_text(text)

    assert ("paused", "observed only") == (
        paused["asana", "Sketch", "deadline"],
        observed["asana", "Sketch", "deadline"],
    )


def test_what_a_tool_would_not_take_is_parked(agency: Agency, drifts: Drifts) -> None:
    """It is tried again at the time that is told; until then it is no fault."""
    card = agency.record(CLIENT, "Sketch")[1]["trello"].remote_id
    fault(agency, "trello", "PUT", f"/cards/{card}", status=403)
    agency.run()
    control(agency, "trello", "DELETE", "faults")
    code, told = drifts()

    assert (0, True) == (code, ("trello", "Sketch", "deadline", "parked") in found(told, "pending"))
    (parked,) = [each for each in told["differs"] if each["cause"] == "parked"]
    assert parked["until"].endswith(" UTC")
    with agency.store.transaction() as tx:
        keys = [one.key for one in agency.store.parked(CLIENT)]
        tx.due_now(CLIENT, keys, datetime.now(UTC) - timedelta(days=1))
    agency.run()
    assert [] == agency.store.parked(CLIENT)


def test_a_system_that_is_down_is_not_judged(
    agency: Agency, drifts: Drifts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named with the reason, the others are looked at, and the command fails."""
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda _seconds: None)
    control(agency, "hubspot", "POST", "faults", {"times": 500, "fault": {"status": 503}})
    code, told = drifts()
    control(agency, "hubspot", "DELETE", "faults")

    assert (1, ["hubspot"]) == (code, list(told["down"]))
    assert {"asana", "trello"} == {each["connection"] for each in told["differs"]}


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
    cards = {name: new_card(maya, name, board) for name in ("Fresh", "Form", "Old")}
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


def test_a_fault_ends_with_1_and_says_what_to_do(agency: Agency, drifts: Drifts) -> None:
    """A state that somebody changed by hand, an edit that no feed told: named, with the way out.

    The state is changed here as no run changes it: an agreed date that no tool was ever asked to
    show, and a last run that is said to have been later than an edit.
    """
    record, _ = agency.record(CLIENT, "Build")
    wrong = replace(record.agreed["deadline"], value=date(2029, 9, 9))
    with agency.store.transaction() as tx:
        tx.put_records([replace(record, agreed={**record.agreed, "deadline": wrong})])
        for proposal in agency.store.proposals(CLIENT):
            tx.put_proposals([replace(proposal, field="start")])
    agency.edit("trello", "maya", CLIENT, "Sketch", due="2027-05-05T17:00:00.000Z")
    with agency.store.transaction() as tx:
        tx.touch_client(CLIENT, last_ok_at=datetime.now(UTC) + timedelta(hours=1))
    code, told = drifts()
    faults = [each for each in told["differs"] if each["standing"] == "fault"]

    assert 1 == code
    assert ("trello", "Build", "deadline", "unexplained") in found(told, "fault")
    assert ("trello", "Sketch", "deadline", "missed edit") in found(told, "fault")
    assert all(f"syncer run --full --client {CLIENT}" in each["what_to_do"] for each in faults)
