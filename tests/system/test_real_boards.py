"""Real boards, as Trello exports them, become Asana projects; nothing in Trello is altered."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters.trello.sandbox.server import TrelloSandbox
from syncer.adapterkit.sandbox import World, agency_world
from syncer.model.report import CycleResult
from tests.shared import needs_shared
from tests.system import boards
from tests.system.agency import Agency

EVERY = [pytest.param(name, marks=needs_shared) for name in boards.REAL] + [boards.GENERATED]


@contextmanager
def installation(folder: Path, name: str) -> Iterator[tuple[Agency, dict[str, Any]]]:
    """An agency with one client, whose Trello board is the export and whose Asana is empty."""
    exported = boards.export(name)
    box = TrelloSandbox()
    scope = box.load_export(exported)
    world = agency_world()
    empty = World(people=world.people, clients=world.clients)
    custom = bool(exported.get("customFields"))
    first = exported["members"][0]["id"]
    kinds = {"enumeration": {"type": "enumeration"}}
    entities = {
        "task": {
            field: kinds.get(kind, {"type": kind}) for field, (_, kind) in boards.CUSTOM.items()
        }
    }
    agency = Agency(
        folder,
        ("trello", "asana"),
        empty,
        {"bakery": "Honey & Rye Bakery"},
        boards.mappings(custom),
        {"entities": entities} if custom else {},
        boards.ownership(custom),
        boxes={"trello": box},
        people={"tom": {"trello": first}},
    )
    from syncer.adapterkit.registry import sandbox_class

    asana = sandbox_class("asana")()
    asana.start_with(empty)
    agency.boxes["asana"] = asana
    agency.scopes["bakery"] = {"trello": scope, "asana": asana.scope_of("bakery")}
    with agency:
        yield agency, exported


def words(text: object) -> list[str]:
    """The words of a text, whatever its markup."""
    return re.findall(r"[^\W_]+", str(text or ""))


def expected(exported: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What each open card must be in Asana: title, list, labels, due, words of its text."""
    lists = {found["id"]: found["name"] for found in exported["lists"]}
    labels = {found["id"]: found["name"] or found["color"] for found in exported["labels"]}
    archived = {found["id"] for found in exported["lists"] if found["closed"]}
    rows = []
    for card in exported["cards"]:
        # Nobody sees a card of an archived list in Trello: it counts as archived with its list.
        if not card["closed"] and card["idList"] not in archived:
            named = sorted({labels[id] for id in card["idLabels"]})
            due = (card["due"] or "")[:10]
            row = (card["name"].strip(), lists[card["idList"]].strip(), named, due)
            rows.append((*row, words(card["desc"])))
    return sorted(rows, key=str)


def tasks(agency: Agency) -> list[tuple[Any, ...]]:
    """What Asana shows of the same, read over the wire with the service's own account."""
    adapter = agency.as_person("asana", "syncer")
    scope = agency.scope("asana", "bakery")
    catalogue = adapter.describe(scope, frozenset({"project", "task"}))
    info = {f.id: f for f in catalogue.objects["task"].fields}
    from syncer.adapterkit.contract import PullRequest

    request = PullRequest(scope, catalogue, {"task": frozenset(info)})
    rows = []
    for page in adapter.pull(request):
        for record in page.records:
            names = {o.id: o.name for f in ("section", "tags") for o in info[f].options}
            fields = record.fields
            tags = sorted(names[t] for t in fields["tags"] or ())
            section = names[str(fields["section"])]
            row = (fields["name"] or "", section, tags, str(fields["due"] or "")[:10])
            rows.append((*row, words(fields["notes"])))
    adapter.close()
    return sorted(rows, key=str)


@pytest.mark.parametrize("name", EVERY)
def test_every_open_card_becomes_a_task_and_trello_is_untouched(name: str, tmp_path: Path) -> None:
    """First run: a task for each open card; second: nothing; third: exactly the edited cards."""
    with installation(tmp_path, name) as (agency, exported):
        before = json.dumps(agency.boxes["trello"].state(), sort_keys=True)

        (first,) = agency.run()

        assert first.result is CycleResult.DONE, (first.failed, first.down, first.problems)
        assert tasks(agency) == expected(exported)
        assert json.dumps(agency.boxes["trello"].state(), sort_keys=True) == before
        strangers = {member["fullName"] for member in exported["members"][1:]}
        held = " ".join(hold.reason for hold in agency.store.holds("bakery"))
        assigned = {
            id for card in exported["cards"] if not card["closed"] for id in card["idMembers"]
        }
        for member in exported["members"][1:]:
            assert (member["fullName"] in held) == (member["id"] in assigned), strangers

        agency.forget()
        (second,) = agency.run()
        assert second.plan is not None
        assert (second.plan.actions, agency.writes()["asana"]) == ((), [])
        assert agency.writes()["trello"] == []

        titles = Counter(r.value("title") for r in records(agency))
        chosen = [title for title, count in sorted(titles.items(), key=str) if count == 1 and title]
        for title in chosen[:10]:
            agency.edit("asana", "maya", "bakery", str(title), due="2027-01-15")
        edited = {agency.record("bakery", str(t))[1]["trello"].remote_id for t in chosen[:10]}
        agency.forget()
        (third,) = agency.run()
        assert third.result is CycleResult.DONE
        written = {path.split("/")[3] for _, path in agency.writes()["trello"]}
        assert written == edited
        assert agency.writes()["asana"] == []


def records(agency: Agency) -> list[Any]:
    """All task records."""
    return list(agency.store.records(agency.store.record_ids("bakery", "task")).values())


def test_custom_fields_of_the_generated_board_arrive(tmp_path: Path) -> None:
    """Text, number, date and list fields become Asana custom fields of the same name."""
    with installation(tmp_path, boards.GENERATED) as (agency, _):
        agency.run()
        _, links = agency.record("bakery", "Эскиз")
        raw = agency.raw("asana", "bakery", links["asana"])
        names = {f.id: f.name for f in agency_fields(agency)}
        shown = {names[id]: value for id, value in raw.fields.items() if id.startswith("cf:")}
        assert shown["Codename"] == "Größe 6"
        assert str(shown["Cost"]) == "42.5"
        assert str(shown["Launched on"]) == "2026-01-31T17:00:00.000Z"
        options = {o.id: o.name for f in agency_fields(agency) for o in f.options}
        assert options[shown["T-shirt"]] == "S"


def agency_fields(agency: Agency) -> Any:
    """The fields that Asana tasks have now."""
    adapter = agency.as_person("asana", "syncer")
    found = adapter.describe(agency.scope("asana", "bakery"), frozenset({"task"}))
    adapter.close()
    return found.objects["task"].fields
