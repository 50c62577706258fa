"""What vendors answer when things are wrong, and the exact words a person reads then."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from syncer.model.report import CycleResult
from syncer.shipped import shipped
from tests.system.agency import Agency

FEEDS = {
    "trello": ("GET", "/1/boards/"),
    "asana": ("GET", "/tasks"),
    "hubspot": ("POST", "/companies/batch/read"),
}
PAGE = "<!doctype html><title>Maintenance</title>"
HTML = {"status": 200, "body": PAGE, "headers": {"content-type": "text/html"}}
NOT_JSON = f"the answer is not JSON but text/html: {PAGE}"
CUT = "no answer: RemoteProtocolError peer closed connection without sending complete message body"


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """The agency world in step."""
    with Agency(tmp_path_factory.mktemp("answers")) as agency:
        agency.run()
        agency.run()
        yield agency


def control(agency: Agency, system: str, method: str, what: str, wish: Any = None) -> None:
    """Tell a sandbox to misbehave, or to stop it."""
    body = json.dumps(wish).encode() if wish is not None else None
    url = f"{agency.running[system].url}/_sandbox/{what}"
    with urlopen(Request(url, data=body, method=method), timeout=10) as answer:
        assert answer.status < 300


@pytest.mark.parametrize("system", FEEDS)
@pytest.mark.parametrize(
    ("fault", "says"), [(HTML, NOT_JSON), ({"cut": "page"}, CUT)], ids=["HTML", "a cut page"]
)
def test_a_bad_answer_stops_that_tool_and_loses_nothing(
    agency: Agency, system: str, fault: dict[str, Any], says: str
) -> None:
    """HTML or half a page is no listing: nothing is missing, nothing is written, it is tried again."""
    method, path = FEEDS[system]
    match = {"method": method, "path": path}
    wish = {"match": match, "nth": 1, "times": 50, "fault": fault}
    control(agency, system, "POST", "faults", wish)
    agency.forget()

    (report,) = agency.run("bakery")

    control(agency, system, "DELETE", "faults")
    assert report.result is CycleResult.FAILED
    assert report.down[system].startswith(says)
    assert report.plan is not None
    assert report.plan.actions == ()
    assert not any(agency.writes().values())
    assert {r.result for r in agency.run()} == {CycleResult.DONE}


@pytest.mark.parametrize(
    ("system", "says"),
    [
        ("trello", "the credential was refused: invalid token"),
        ("asana", "the credential was refused: Not Authorized"),
        (
            "hubspot",
            "the credential was refused: Authentication credentials not found or not valid",
        ),
    ],
)
def test_a_revoked_token_is_named_and_stops_that_tool_only(
    tmp_path: Path, system: str, says: str
) -> None:
    """The report names the connection, the vendor's words and the lines that hold the token."""
    with Agency(tmp_path) as agency:
        agency.run()
        agency.run()
        control(agency, system, "POST", "revoke", {"user": "syncer"})

        (report,) = agency.run("bakery")

        assert dict(report.down) == {system: f"{says} ({system}: {written(agency, system)})"}
        assert all(secret not in str(report) for secret in agency.secrets.values())


def written(agency: Agency, system: str) -> str:
    """Where the credentials of a connection stand, as an editor shows it."""
    lines = (agency.folder / "config" / "sync.yaml").read_text().splitlines()
    return ", ".join(
        f"{key} in config/sync.yaml:{number}"
        for key in sorted(agency.boxes[system].secrets)
        for number, text in enumerate(lines, 1)
        if f'"{key}": "env:{system.upper()}_{key.upper()}"' in text
    )


def test_an_option_that_no_mapping_names_is_held(tmp_path: Path) -> None:
    """A list that the mapping does not name makes the status held, in so many words."""
    text = (shipped() / "mappings" / "trello.yaml").read_text()
    narrow = text.replace("doing: [Doing, In progress]", "doing: [In progress]")
    with Agency(tmp_path, mappings={"trello": narrow}) as agency:
        reports = agency.run()

        reasons = {h.reason for r in reports if r.plan for h in r.plan.holds}
        assert "list 'Doing' is not in the mapping's values" in reasons


def test_a_mapped_field_that_the_system_lacks_is_named_with_its_line(tmp_path: Path) -> None:
    """The problem says which line of which file asks for which field of which object."""
    text = (shipped() / "mappings" / "hubspot.yaml").read_text()
    wrong = text.replace("goals: project_goals", "goals: project_golas")
    line = next(n for n, row in enumerate(wrong.splitlines(), 1) if "project_golas" in row)
    with Agency(tmp_path, mappings={"hubspot": wrong}) as agency:
        (report, _) = agency.run()

        says = f"mappings/hubspot.yaml:{line}: there is no field 'project_golas' on deal"
        assert says in report.problems
