"""One thing that goes wrong over the real wire: the rest is in step, it is named, and it heals."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from adapters.hubspot.adapter import HubSpot
from adapters.trello.adapter import TrelloAdapter
from syncer.model.records import Parked
from syncer.model.report import CycleReport, CycleResult
from syncer.settings import load
from tests.system.agency import Agency

REST = {"trello": "2027-05-05T16:00:00.000Z", "asana": "2027-05-05"}
"""What an edit that has nothing to do with the trouble shows in both tools afterwards."""


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """The agency world in step; each test leaves it so."""
    with Agency(tmp_path_factory.mktemp("isolation")) as agency:
        for _ in range(2):
            assert [r.result for r in agency.run()] == [CycleResult.DONE] * 2
        yield agency


def control(agency: Agency, system: str, method: str, what: str, wish: Any = None) -> None:
    """Tell a sandbox to misbehave, or to stop it."""
    body = json.dumps(wish).encode() if wish is not None else None
    url = f"{agency.running[system].url}/_sandbox/{what}"
    with urlopen(Request(url, data=body, method=method), timeout=10) as answer:
        assert answer.status < 300


def fault(agency: Agency, system: str, method: str, path: str, **kind: Any) -> None:
    """Let every such request fail."""
    wish = {"match": {"method": method, "path": path}, "nth": 1, "times": 1000, "fault": kind}
    control(agency, system, "POST", "faults", wish)


def remote(agency: Agency, system: str, title: str) -> str:
    """The vendor's id of a task."""
    return agency.record("bakery", title)[1][system].remote_id


def edit_two(agency: Agency, system: str, day: int) -> None:
    """Maya moves the deadlines of two tasks in one tool."""
    for title in ("Wireframes", "Photo shoot"):
        due = f"2027-06-{day:02}"
        raw = due if system == "asana" else f"{due}T16:00:00.000Z"
        agency.edit(system, "maya", "bakery", title, due=raw)


def dues(agency: Agency, title: str) -> set[str]:
    """Both tools' days."""
    shown = agency.shown("bakery", title, asana="due", trello="due")
    return {str(raw)[:10] for raw in shown.values()}


def due_again(agency: Agency) -> list[Parked]:
    """Let the pauses be over; gives what was parked."""
    found = agency.store.parked("bakery")
    with agency.store.transaction() as tx:
        tx.due_now("bakery", [one.key for one in found], min(p.since for p in found))
    return found


def runs(agency: Agency) -> CycleReport:
    """A cycle of both clients; the other one is always in step."""
    reports = {report.client: report for report in agency.run()}
    assert reports["outdoor"].result is CycleResult.DONE
    return reports["bakery"]


@pytest.mark.parametrize(("system", "source"), [("trello", "asana"), ("asana", "trello")])
@pytest.mark.parametrize("status", [400, 403])
def test_one_record_that_a_vendor_refuses(
    agency: Agency, system: str, source: str, status: int
) -> None:
    """One card or task that cannot be written is parked; the others are in step; then it heals."""
    day = 10 + status % 7 + (system == "asana")
    id = remote(agency, system, "Wireframes")
    fault(agency, system, "PUT", f"/(cards|tasks)/{id}", status=status)
    edit_two(agency, source, day)

    report = runs(agency)

    assert report.result is CycleResult.FAILED
    assert dues(agency, "Photo shoot") == {f"2027-06-{day}"}
    (parked,) = agency.store.parked("bakery")
    assert (parked.connection, parked.attempts) == (system, 1)
    assert parked.reason
    agency.forget()
    assert runs(agency).result is CycleResult.DONE
    assert not [path for _, path in agency.writes()[system] if id in path]
    control(agency, system, "DELETE", "faults")
    due_again(agency)
    assert runs(agency).result is CycleResult.DONE
    assert dues(agency, "Wireframes") == {f"2027-06-{day}"}
    assert agency.store.parked("bakery") == []


@pytest.mark.parametrize("system", ["trello", "asana", "hubspot"])
@pytest.mark.parametrize("kind", [{"drop": "before"}, {"status": 503}], ids=["cut", "503"])
def test_one_system_that_is_down(
    agency: Agency, system: str, kind: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is asked of it fails: it is named, the other two are in step, and later all are."""
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda _seconds: None)
    day = 20 + len(system) + ("status" in kind)
    others = [name for name in ("trello", "asana") if name != system]
    control(agency, system, "POST", "faults", {"times": 5000, "fault": kind})
    edit_two(agency, others[0], day)

    report = {r.client: r for r in agency.run()}["bakery"]

    assert list(report.down) == [system]
    assert report.plan is not None
    shown = agency.shown("bakery", "Photo shoot", **dict.fromkeys(others, "due"))
    assert {str(raw)[:10] for raw in shown.values()} == {f"2027-06-{day}"}
    control(agency, system, "DELETE", "faults")
    assert runs(agency).result is CycleResult.DONE
    assert dues(agency, "Wireframes") == dues(agency, "Photo shoot") == {f"2027-06-{day}"}
    assert agency.store.parked("bakery") == []


def test_a_history_that_does_not_answer_blames_nobody(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner's edit is not taken for a stranger's while the tool cannot say who made it."""
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda _seconds: None)
    fault(agency, "asana", "GET", "/stories$", status=503)
    agency.edit("asana", "maya", "bakery", "Wireframes", due="2027-07-01")
    agency.edit("trello", "maya", "bakery", "Photo shoot", due="2027-07-02T16:00:00.000Z")

    report = runs(agency)

    assert list(report.down) == ["asana"]
    assert agency.store.proposals("bakery") == []
    control(agency, "asana", "DELETE", "faults")
    assert runs(agency).result is CycleResult.DONE
    assert dues(agency, "Wireframes") == {"2027-07-01"}
    assert dues(agency, "Photo shoot") == {"2027-07-02"}
    assert agency.store.proposals("bakery") == []


@pytest.mark.parametrize(
    ("adapter", "system"),
    [(TrelloAdapter, "trello"), (HubSpot, "hubspot")],
    ids=["trello", "hubspot"],
)
def test_a_bug_in_one_adapter(
    agency: Agency, adapter: type, system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exception that nobody expects is that system's trouble alone."""
    with monkeypatch.context() as patch:
        patch.setattr(adapter, "pull", lambda *_: 1 / 0)
        agency.edit("asana", "maya", "bakery", "Photo shoot", due="2027-09-09")
        reports = agency.run()
    for report in reports:
        assert report.down == {
            system: "a fault in the adapter (pull): ZeroDivisionError: division by zero"
        }
    assert runs(agency).result is CycleResult.DONE
    assert dues(agency, "Photo shoot") == {"2027-09-09"}


def test_one_client_with_a_wrong_mapping(agency: Agency) -> None:
    """Its own part of the configuration stops that client alone, with file and line."""
    file: Path = agency.folder / "config" / "sync.yaml"
    before, whole = file.read_text(), agency.config
    told = json.loads(before)
    told["clients"]["bakery"]["overrides"] = {
        "trello": {"task": {"fields": {"deadline": "duee.x: ["}}}
    }
    told["clients"]["bakery"]["variants"] = {"trello": "enormous"}
    file.write_text(json.dumps(told, indent=1))
    agency.config = load(agency.folder, agency.secrets)
    agency.edit("asana", "ben", "outdoor", "Storyboard", due="2027-10-10")

    reports = {report.client: report for report in agency.run()}

    agency.config = whole
    file.write_text(before)
    assert reports["bakery"].result is CycleResult.BROKEN
    assert all(text.startswith("config/sync.yaml:") for text in reports["bakery"].problems)
    assert reports["outdoor"].result is CycleResult.DONE


def test_a_token_that_is_revoked_in_the_middle(
    agency: Agency, record_property: Callable[[str, object], None]
) -> None:
    """After the second write the token is refused: named with its line; nothing twice, all later."""
    wish = {"match": {"method": "PUT", "path": "/1/cards/"}, "nth": 2, "times": 1000}
    body = "invalid token"
    control(agency, "trello", "POST", "faults", {**wish, "fault": {"status": 401, "body": body}})
    titles = ("Wireframes", "Photo shoot", "Shop set-up", "Icon set")
    for title in titles:
        agency.edit("asana", "maya", "bakery", title, due="2027-11-11")
    agency.forget()

    report = runs(agency)

    assert (
        "the credential was refused: invalid token (trello: key in config/sync.yaml:"
        in (report.down["trello"])
    )
    sent = len(agency.writes()["trello"])
    record_property("figure", f"token revoked after the first of 4 writes: {sent} requests sent")
    control(agency, "trello", "DELETE", "faults")
    assert runs(agency).result is CycleResult.DONE
    assert runs(agency).result is CycleResult.DONE
    assert [dues(agency, title) for title in titles] == [{"2027-11-11"}] * 4
    assert agency.store.parked("bakery") == []
