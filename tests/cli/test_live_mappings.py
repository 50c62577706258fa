"""``syncer check --live`` holds every mapping against stand-ins of the tools, on real sockets."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from syncer.adapterkit.registry import sandbox_class
from syncer.adapterkit.sandbox import Running, agency_world, serve
from tests.cli.hamlet import Said
from tests.cli.test_live import Office, faults, looks

TRELLO, ASANA, HUBSPOT = "mappings/trello.yaml", "mappings/asana.yaml", "mappings/hubspot.yaml"


@pytest.fixture(scope="module")
def running() -> Iterator[dict[str, Running]]:
    """The tools that are kept in step, for all tests of this file."""
    served: dict[str, Running] = {}
    for name in ("trello", "asana", "hubspot"):
        box = sandbox_class(name)()
        box.start_with(agency_world())
        served[name] = serve(box)
    yield served
    for one in served.values():
        one.close()


@pytest.fixture
def office(
    running: dict[str, Running], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Office:
    """A folder for them that is written when it is first needed."""
    return Office(tmp_path, running, capsys)


def spoil(office: Office, file: str, old: str, new: str) -> int:
    """Change the first place of a text in a file; gives its line."""
    path = office.root / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return 1 + text[: text.index(old)].count("\n")


def staff(office: Office, **lines: str) -> None:
    """people.yaml with the agency's people, who are known by their addresses there."""
    ids = {key: f'"{office.running["trello"].sandbox.users[key].id}"' for key in NAMES}
    people = [
        lines.get(key, f"{key}: {{name: {key.title()}, email: {key}@{DOMAIN}, trello: {ids[key]}}}")
        for key in NAMES
    ]
    (office.root / "config" / "people.yaml").write_text("\n".join(people) + "\n")


NAMES = ("maya", "tom", "anna", "ben")
DOMAIN = agency_world().people[0].email.partition("@")[2]


def every(said: Said) -> list[dict[str, Any]]:
    """Everything that was looked at, in its order."""
    found: list[dict[str, Any]] = json.loads(said.out)["live"]
    return found


def notes(said: Said) -> dict[tuple[str, str, str], str]:
    """What is good to know: whose, what and why."""
    return {place: one["cause"] for place, one in looks(said).items() if one["note"]}


def test_the_shipped_mappings_fit(office: Office) -> None:
    """Every entity of every client is looked at, and whose account and quota it is is said."""
    office.write()
    staff(office)
    before = len(office.asked())
    said = office("check", "--live", "--json")

    found = looks(said)
    assert (0, {}) == (said.code, faults(said))
    for key in ("bakery", "outdoor"):
        for name, entities in ENTITIES.items():
            assert {(name, key, each) for each in (*entities, "people")} <= found.keys()
    assert (
        "9 of 12 fields mapped, all there, 1 board"
        == (found["trello", "bakery", "task (card)"]["told"])
    )
    assert (
        "known: anna, ben, maya, tom; not in people.yaml: 0"
        == (found["asana", "bakery", "people"]["told"])
    )
    assert found["hubspot", "", "quota"]["told"].endswith("00:00 UTC")
    assert found["trello", "", "webhooks"]["told"].startswith("not needed")
    assert ("hubspot", "bakery", "project.client") in notes(said)
    assert len(office.asked()) - before <= MOST


ENTITIES: dict[str, tuple[str, ...]] = {
    "trello": ("project (board)", "task (card)"),
    "asana": ("project (project)", "task (task)"),
    "hubspot": ("client (company)", "project (deal)"),
}
MOST = 60
"""Requests for three tools and two clients: what a place holds is asked once, however much it is."""


def test_each_fault_is_told_with_its_line(office: Office) -> None:
    """Faults of one tool, client or line hide no other; each says what to change, and where."""
    office.write()
    staff(office, ben="ben: {name: Ben, trello: nobody.there}")
    lines = {
        "field": spoil(office, TRELLO, "notes: desc", "notes: dsec"),
        "choice": spoil(office, HUBSPOT, "active: Active", "active: Running"),
        "custom": spoil(office, ASANA, "custom_field: Hours", "custom_field: Hors"),
    }
    said = office("check", "--live", "--json")

    wrong = faults(said)
    assert 2 == said.code
    for key in ("bakery", "outdoor"):
        assert "there is no field 'dsec' on the board" in wrong["trello", key, "task.notes"]
        status = [one for one in every(said) if one["what"] == "project.status"]
        assert ["'project_status' lacks 'Running'", "'project_status' also has 'Active'"] == [
            one["cause"].partition(":")[0] for one in status if one["client"] == key
        ]
        assert {f"{HUBSPOT}:{lines['choice'] - 4}"} == {
            word.rstrip(";") for one in status for word in one["fix"].split() if HUBSPOT in word
        }
        cause = "Ben is written as 'nobody.there', and nobody there is"
        assert wrong["trello", key, "people"] == cause
    assert (
        "there is no custom field 'Hors' on any project"
        == wrong["asana", "bakery", "task.estimate"]
    )
    fix = looks(said)["asana", "bakery", "task.estimate"]["fix"]
    assert f"{ASANA}:{lines['custom']} (did you mean 'Hours'?)" in fix
    assert f"{TRELLO}:{lines['field']}" in looks(said)["trello", "bakery", "task.notes"]["fix"]


def test_a_persons_own_account_is_said(office: Office) -> None:
    """What it means that the service acts as Maya, whatever else is right."""
    office.write()
    me = office.running["trello"].sandbox.users["syncer"]
    staff(office, maya=f'maya: {{name: Maya Okafor, trello: "{me.id}"}}')
    said = office("check", "--live")

    own = "it is the account of Maya Okafor (config/people.yaml:1), not one of the service"
    assert f"trello: account: {own}" in said.out
    assert (
        "make the service an account of its own: notes stand under Maya Okafor's name" in said.out
    )


def test_a_scope_that_is_not_there_hides_nothing_else(office: Office) -> None:
    """One client's workspace is misspelt: it is said, and the other client is looked at."""
    scope: dict[str, Any] = {"workspace": "no-such-place"}
    office.scopes = {"bakery": {"trello": scope}}
    office.write()
    staff(office)
    said = office("check", "--live", "--json")

    assert [("trello", "bakery", "people"), ("trello", "bakery", "scope")] == sorted(faults(said))
    assert "there is no workspace 'no-such-place'" in faults(said)["trello", "bakery", "scope"]
    assert ("trello", "outdoor", "task (card)") in looks(said)
    assert json.loads(said.out)["exit_code"] == 2
