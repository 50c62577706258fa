"""The shipped files load, fit the tools, and say what the documents promise."""

from datetime import time

import pytest
from dotenv import dotenv_values

from syncer.model.configuration import HeadsUp, Limits, Mode
from syncer.model.mapping import Condition
from syncer.model.rules import ANYONE, Policy, Shared
from syncer.settings import load
from tests.service_account import key_of_nobody
from tests.settings.agency import ROOT, Agency

KEY = "GOOGLE_ANALYTICS_CREDENTIALS"
SYSTEMS = ("trello", "asana", "hubspot", "google_analytics")


def example() -> dict[str, str]:
    """The example env file, filled in."""
    names = dotenv_values(ROOT / "config/example.env")
    return {name: f"secret-{name}" for name in names} | {KEY: key_of_nobody()}


def test_the_shipped_files_fit_the_shipped_adapters() -> None:
    """With the example env file filled in, everything loads and no client is broken."""
    found = load(ROOT, example())

    assert {} == found.broken
    assert {"bakery", "outdoor"} == found.clients.keys()
    assert list(SYSTEMS) == list(found.systems().values())


def test_the_shipped_files_are_right(agency: Agency) -> None:
    """No problem, whatever the adapters' own options are."""
    found = agency.load()

    assert ({}, HeadsUp.IN_TOOLS, Limits()) == (found.broken, found.heads_up, found.limits)
    assert [Mode.SYNC, Mode.OBSERVE] == [client.mode for client in found.clients.values()]


def test_the_example_env_file_names_every_secret() -> None:
    """What sync.yaml asks the environment for, the example has, and the other way round."""
    text = (ROOT / "config/sync.yaml").read_text("utf-8")
    named = {word.removeprefix("env:") for word in text.split() if word.startswith("env:")}

    assert named == set(dotenv_values(ROOT / "config/example.env"))


@pytest.mark.parametrize(
    ("field", "owners", "stranger"),
    [
        (("project", "deadline"), ("producer",), Policy.PROPOSE),
        (("project", "strategy"), ("account_manager",), Policy.PROPOSE),
        (("project", "brief"), ("account_manager",), Policy.PROPOSE),
        (("project", "price"), ("account_manager",), Policy.REVERT),
        (("project", "budget_hours"), ("producer",), Policy.PROPOSE),
        (("client", "strategy"), ("account_manager",), Policy.PROPOSE),
        (("task", "deadline"), ("producer",), Policy.PROPOSE),
        (("task", "status"), ("producer", "assignee"), Policy.NOTIFY),
    ],
)
def test_who_decides_what(
    agency: Agency, field: tuple[str, str], owners: tuple[str, ...], stranger: Policy
) -> None:
    """Producers own delivery, account managers the client; the rule names its line."""
    rule = agency.load().ownership.rules[field]
    text = (agency.root / rule.source.file).read_text("utf-8").splitlines()

    assert (owners, stranger) == (rule.owners, rule.others[ANYONE])
    assert text[rule.source.line - 1].startswith(f"  {field[1]}: ")


def test_rules_in_full(agency: Agency) -> None:
    """Policies by role and by act, shared rules and expiry arrive as they are written."""
    rules = agency.load().ownership.rules

    assert Policy.NOTIFY == rules["task", "deadline"].others["assignee"]
    assert {"create": Policy.ALLOW, "archive": Policy.PROPOSE} == rules["task", "existence"].others
    assert (Shared.UNION, Shared.LATEST) == (
        rules["task", "labels"].shared,
        rules["task", "notes"].shared,
    )
    assert 3 == rules["project", "deadline"].expires_days


def test_a_role_held_by_a_system_reverts_unless_said(agency: Agency) -> None:
    """Nobody edits what a machine measures."""
    own = "config/ownership.yaml"
    agency.change(own, "  assignee: {from", "  figures: {system: hubspot}\n  assignee: {from")
    agency.change(
        own, "  strategy: {owner: account_manager, others: propose}", "  strategy: {owner: figures}"
    )
    agency.change(own, "automations: {}", "automations: {trello: {Butler: producer}}")
    found = agency.load().ownership

    assert {ANYONE: Policy.REVERT} == found.rules["client", "strategy"].others
    assert {"trello": {"Butler": "producer"}} == found.automations


def test_a_role_may_be_narrowed(agency: Agency) -> None:
    """For a client, and for a project by its name."""
    agency.change(
        "config/ownership.yaml",
        "automations: {}",
        "clients: {bakery: {producer: tom}}\nprojects: {Repair film: {producer: [maya]}}",
    )
    role = agency.load().ownership.roles["producer"]

    assert {"bakery": frozenset({"tom"}), "Repair film": frozenset({"maya"})} == role.narrowed
    assert frozenset({"maya", "tom"}) == role.people


def test_nothing_new_is_made_in_hubspot(agency: Agency) -> None:
    """A project is born from a deal that was won, and its delivery date is a property of ours."""
    hubspot = agency.load().clients["bakery"].mappings["hubspot"]
    project = hubspot.entities["project"]

    assert {False} == {mapping.create for mapping in hubspot.entities.values()}
    assert "closedate" not in {field.remote for field in project.fields.values()}
    assert project.when is not None
    assert [True, True, False, False] == [
        project.when({"deal": {"dealstage": stage}, "client": {}})
        for stage in ("Closed won", "closedwon", "Closed lost", None)
    ]


def test_projects_get_their_missing_twins_until_they_are_done(agency: Agency) -> None:
    """In Asana and Trello a project is made unless it is finished; tasks always."""
    mappings = agency.load().clients["bakery"].mappings
    for system in ("asana", "trello"):
        create = mappings[system].entities["project"].create
        assert not isinstance(create, bool)
        assert [True, True, False] == [_asked(create, s) for s in ("active", None, "done")]
        assert mappings[system].entities["task"].create is True


def _asked(create: Condition, status: str | None) -> bool:
    return create({"project": {"status": status}, "client": {"key": "bakery", "name": "B"}})


def test_a_day_in_trello_is_an_hour_of_that_day(agency: Agency) -> None:
    """Trello has no date without a time: the mapping says which time stands for the day."""
    due = agency.load().clients["bakery"].mappings["trello"].entities["task"].fields["deadline"]

    assert ("due", time(17), "client") == (due.remote, due.day_end, due.zone)
