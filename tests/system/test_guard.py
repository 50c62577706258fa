"""Frightening plans, over the real wire: refused in numbers, with the very command that allows them."""

import json
import re
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

import pytest
import structlog

from syncer.cli import main
from syncer.model.remote import Op, Result, Write
from syncer.model.report import CycleResult
from tests.system.agency import Agency


@dataclass
class Said:
    """How a command ended, and the requests that were no reads."""

    code: int
    out: str
    writes: int

    def refusals(self) -> list[str]:
        """The lines with numbers."""
        marks = ("refused: ",)
        return [line.strip() for line in self.out.splitlines() if line.strip().startswith(marks)]

    def command(self) -> list[str]:
        """The command that is printed, word by word, without the name of the program."""
        (line,) = [text for text in self.out.splitlines() if "to let it pass, once: " in text]
        return shlex.split(line.partition("once: syncer ")[2])


class Desk:
    """The command line over an agency, as somebody would type it."""

    def __init__(self, agency: Agency, capture: pytest.CaptureFixture[str]) -> None:
        self.agency = agency
        self.capture = capture

    def __call__(self, *args: str) -> Said:
        self.agency.forget()
        self.capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["--config", str(self.agency.folder), *args])
        out = self.capture.readouterr().out
        writes = sum(map(len, self.agency.writes().values()))
        return Said(int(ended.value.code or 0), out, writes)


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """The agency world in step."""
    with Agency(tmp_path_factory.mktemp("guard")) as agency:
        for _ in range(2):
            assert [r.result for r in agency.run()] == [CycleResult.DONE] * 2
        yield agency


@pytest.fixture(autouse=True)
def as_it_was(agency: Agency) -> Iterator[None]:
    """Whatever a test does to the configuration is undone."""
    files = [*agency.folder.glob("config/*.yaml"), *agency.folder.glob("mappings/*.yaml")]
    texts = {file: file.read_text() for file in files}
    yield
    for file, text in texts.items():
        file.write_text(text)


@pytest.fixture
def desk(
    agency: Agency, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """The command line, with the secrets in its environment."""
    for name, value in agency.secrets.items():
        monkeypatch.setenv(name, value)
    yield Desk(agency, capsys)
    structlog.reset_defaults()


@contextmanager
def answering(agency: Agency, system: str, path: str, body: Any) -> Iterator[None]:
    """A vendor that answers every such request with this body."""
    fault = {
        "status": 200,
        "body": json.dumps(body),
        "headers": {"content-type": "application/json"},
    }
    wish = {"match": {"path": path}, "nth": 1, "times": 1000, "fault": fault}
    url = f"{agency.running[system].url}/_sandbox/faults"
    with urlopen(Request(url, data=json.dumps(wish).encode(), method="POST"), timeout=10):
        pass
    try:
        yield
    finally:
        with urlopen(Request(url, method="DELETE"), timeout=10):
            pass


def refused(
    desk: Desk,
    *kinds: tuple[str, ...],
    record: Callable[[str, object], None],
    full: tuple[str, ...] = ("--full",),
    alone: bool = False,
) -> Said:
    """Plan and two runs: refused with 3 and the same numbers, nothing written, the other goes on."""
    plan = desk("plan", *full, "--client", "bakery")
    only = ("--client", "bakery") if alone else ()
    first, second = desk("run", *full, *only), desk("run", *only)

    for said in (plan, first, second):
        assert (said.code, said.writes) == (3, 0), said.out
        assert said.refusals() == plan.refusals()
        places = [line.split(": ")[1].split(" in ") for line in said.refusals()]
        assert [tuple(place) for place in places] == list(kinds), said.out
    for said in (first, second):
        assert "bakery: refused by the guard, nothing was written" in said.out
        assert alone or "outdoor: done" in said.out
    for line in plan.refusals():
        record("figure", line)
    return second


def test_a_system_that_shows_nothing(
    agency: Agency, desk: Desk, record_property: Callable[[str, object], None]
) -> None:
    """Every board, project or deal out of sight at once is no deletion."""
    nothing = {
        "trello": ("workspace", "/organizations/{}/boards$", []),
        "asana": ("team", "/teams/{}/projects$", {"data": []}),
    }
    for system, (key, path, body) in nothing.items():
        mine = agency.boxes[system].scope_of("bakery")[key]
        with answering(agency, system, path.format(mine), body):
            refused(desk, ("absent", system), record=record_property)
    assert (desk("run", "--full").code, desk("run").code) == (0, 0)


def test_one_list_that_is_empty(
    agency: Agency, desk: Desk, record_property: Callable[[str, object], None]
) -> None:
    """A project and a board whose tasks are all out of sight, although the rest is there."""
    asana: Any = agency.boxes["asana"].store  # type: ignore[attr-defined]
    project = container(agency, "asana", "Spring campaign")
    placed = [
        (task["memberships"], task["memberships"][project]) for task in asana.in_project(project)
    ]
    for memberships, _ in placed:
        del memberships[project]
    refused(desk, ("absent", "asana"), record=record_property)
    for memberships, section in placed:
        memberships[project] = section
    store: Any = agency.boxes["trello"].store  # type: ignore[attr-defined]
    board = container(agency, "trello", "Website relaunch")
    hidden = {id: card for id, card in store.cards.items() if card["idBoard"] == board}
    for id in hidden:
        del store.cards[id]
    said = refused(desk, ("absent", "trello"), record=record_property)
    assert f"{len(hidden)} of 32" in said.out
    store.cards.update(hidden)
    assert desk("run", "--full").code == 0


def container(agency: Agency, system: str, title: str) -> str:
    """The remote id of a project's twin."""
    return agency.record("bakery", title, "project")[1][system].remote_id


def put_away(agency: Agency, system: str, title: str, op: Op) -> None:
    """Anna, who owns whether a project is there, archives its twin or brings it back."""
    _, links = agency.record("bakery", title, "project")
    link = links[system]
    anna = agency.as_person(system, "anna")
    catalogue = agency.catalogue(system, "bakery", link.object)
    write = Write("by-anna", op, link.object, link.remote_id, archive={"how": "closed"})
    (outcome,) = anna.push([write], catalogue)
    assert outcome.result is Result.DONE, outcome
    anna.close()


def test_a_whole_board_is_put_away(
    agency: Agency, desk: Desk, record_property: Callable[[str, object], None]
) -> None:
    """Closing a board would hide all its tasks elsewhere: it counts as all; allowed once, it is done."""
    put_away(agency, "trello", "Website relaunch", Op.ARCHIVE)

    said = refused(desk, ("archives", "asana"), record=record_property, full=())

    assert said.command() == ["run", "--client", "bakery", "--allow", "archives"]
    allowed = desk(*said.command())
    assert (allowed.code, allowed.writes) == (0, 1), allowed.out
    quiet = desk("run", "--full")
    assert (quiet.code, quiet.writes) == (0, 0), quiet.out
    put_away(agency, "trello", "Website relaunch", Op.RESTORE)
    back = desk("run")
    assert (back.code, back.writes) == (0, 1), back.out
    put_away(agency, "trello", "Website relaunch", Op.ARCHIVE)
    again = desk("run")  # what was allowed once is no licence
    assert (again.code, again.writes) == (3, 0)
    put_away(agency, "trello", "Website relaunch", Op.RESTORE)
    assert desk("run").code == 0


def test_a_mapping_that_reads_everything_differently(
    agency: Agency, desk: Desk, record_property: Callable[[str, object], None]
) -> None:
    """Statuses that swap their meaning are nobody's edit: refused, and right with the old mapping."""
    file = agency.folder / "mappings" / "trello.yaml"
    before = file.read_text()
    after = before.replace("todo: [To do, Backlog]", "todo: [Doing, In progress]")
    after = after.replace("doing: [Doing, In progress]", "doing: [To do, Backlog]")
    assert after != before
    file.write_text(after)
    said = desk("run", "--full", "--client", "bakery")
    assert (said.code, said.writes) == (3, 0), said.out
    (line,) = [text for text in said.refusals() if text.startswith("refused: remaps: ")]
    record_property("figure", line)
    file.write_text(before)
    assert desk("run", "--client", "bakery").code == 0


def test_a_field_that_the_mapping_takes_from_elsewhere(
    agency: Agency, desk: Desk, record_property: Callable[[str, object], None]
) -> None:
    """Another field behind the same line is no edit of what was agreed."""
    file = agency.folder / "mappings" / "trello.yaml"
    before = file.read_text()
    file.write_text(
        before.replace("title: name", "title: desc").replace("notes: desc", "notes: name")
    )
    assert file.read_text() != before
    kinds = ("updates", "asana"), ("updates", "trello"), ("configuration",)
    refused(desk, *kinds, record=record_property, alone=True)
    assert "Wireframes" in agency.record("bakery", "Wireframes")[0].value("title")  # type: ignore[operator]
    file.write_text(before)
    assert desk("run", "--client", "bakery").code == 0


def test_people_who_are_mixed_up(
    agency: Agency, desk: Desk, record_property: Callable[[str, object], None]
) -> None:
    """Two people's ids exchanged in people.yaml would put each on the other's tasks."""
    file = agency.folder / "config" / "people.yaml"
    before = file.read_text()
    people = json.loads(before)
    for system in ("trello", "asana"):
        people["maya"][system], people["tom"][system] = (
            people["tom"][system],
            people["maya"][system],
        )
    file.write_text(json.dumps(people))
    said = desk("run", "--full", "--client", "bakery")
    assert (said.code, said.writes) == (3, 0), said.out
    (line,) = [text for text in said.refusals() if text.startswith("refused: remaps")]
    record_property("figure", line)
    assert "now reads" in desk("plan", "--client", "bakery").out
    file.write_text(before)
    assert desk("run", "--client", "bakery").code == 0


def test_a_change_of_owners_rewrites_nothing(agency: Agency, desk: Desk) -> None:
    """What was agreed stands under its new owner: not one write."""
    file = agency.folder / "config" / "ownership.yaml"
    before = file.read_text()
    after = re.sub(
        r"^  deadline: {owner: producer,.*$",
        "  deadline: {owner: account_manager, others: revert}",
        before,
        flags=re.M,
    )
    assert (
        after.count("{owner: account_manager, others: revert}")
        == before.count("{owner: account_manager, others: revert}") + 2
    )
    file.write_text(after)
    said = desk("run", "--full", "--client", "bakery")
    assert (said.code, said.writes) == (0, 0), said.out
    file.write_text(before)
    assert desk("run", "--full", "--client", "bakery").writes == 0


def test_a_credential_that_sees_fewer_boards(
    agency: Agency,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    """Another account in the same configuration: what it cannot see was not deleted."""
    box: Any = agency.boxes["trello"]
    guest, hidden = box.users["ben"], container(agency, "trello", "Website relaunch")
    board = box.store.boards[hidden]
    workspace = box.store.organizations[board["idOrganization"]]
    kept = board["memberships"], workspace["memberships"], board["prefs"]
    board["memberships"] = [m for m in kept[0] if m["idMember"] != guest.id]
    board["prefs"] = {**kept[2], "permissionLevel": "private"}
    for member in workspace["memberships"]:
        member["memberType"] = "normal" if member["idMember"] == guest.id else member["memberType"]
    monkeypatch.setenv("TRELLO_TOKEN", guest.token)

    said = desk("run", "--client", "bakery")

    assert (said.code, said.writes) == (3, 0), said.out
    assert said.refusals()[0].startswith("refused: absent in trello: ")
    record_property("figure", said.refusals()[0])
    assert desk("run", "--client", "bakery").refusals() == said.refusals()
    board["memberships"], workspace["memberships"], board["prefs"] = kept
    monkeypatch.setenv("TRELLO_TOKEN", agency.secrets["TRELLO_TOKEN"])
    assert desk("run", "--client", "bakery").code == 0


def test_a_whole_project_is_put_away(
    agency: Agency, desk: Desk, record_property: Callable[[str, object], None]
) -> None:
    """The other way round: a project archived in Asana is not a board closed in Trello by itself."""
    put_away(agency, "asana", "Website relaunch", Op.ARCHIVE)

    for _ in range(2):
        said = desk("run", "--client", "bakery")
        assert (said.code, said.writes) == (3, 0), said.out
    record_property("figure", said.refusals()[0])
