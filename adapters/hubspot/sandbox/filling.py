"""The neutral agency as a HubSpot account: owners, a company per client, a won deal per project."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from adapters.hubspot.sandbox.answers import stamp
from adapters.hubspot.sandbox.records import Source, Stored
from adapters.hubspot.sandbox.standard import CURRENCIES, Definition, definition, option
from adapters.hubspot.sandbox.store import Store
from syncer.adapterkit.sandbox import Client, Project, World
from syncer.model.values import plain

GROUP: Final = "syncer"
STATUSES: Final = ("planned", "active", "on_hold", "done")
PACES: Final = ("Ahead", "On track", "Behind", "Met", "Missed", "Not begun", "No figures")
FIRST_OWNER: Final = 71_000_001
FIRST_USER: Final = 41_000_001

_TEXTAREA: Final = ("string", "textarea")
_DATE: Final = ("date", "date")
_NUMBER: Final = ("number", "number")
_CHOICE: Final = ("enumeration", "select")
_RESULTS: Final = {
    "results": _TEXTAREA,
    "results_value": _NUMBER,
    "results_share": _NUMBER,
    "results_projection": _NUMBER,
    "results_pace": _CHOICE,
    "results_behind": _NUMBER,
    "results_as_of": _DATE,
    "results_flags": ("string", "text"),
}
_OURS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "companies": {
        "client_strategy": _TEXTAREA,
        "retainer": _NUMBER,
        "client_goals": _TEXTAREA,
        **{f"client_{name}": kind for name, kind in _RESULTS.items()},
    },
    "deals": {
        "project_brief": _TEXTAREA,
        "project_strategy": _TEXTAREA,
        "project_goals": _TEXTAREA,
        "project_start": _DATE,
        "project_deadline": _DATE,
        "project_status": _CHOICE,
        "budget_hours": _NUMBER,
        "producer": ("string", "text"),
        **{f"project_{name}": kind for name, kind in _RESULTS.items()},
    },
}


def fill(store: Store, world: World, now: datetime) -> dict[str, str]:
    """Put a world into an empty account; gives the id of each client's company.

    Records are a month old, made in the app by their account manager.
    """
    owners = _owners(store, world, now)
    if world.clients:
        _properties(store, stamp(now))
    begun, companies = now - timedelta(days=30), {}
    for number, client in enumerate(world.clients):
        company = _company(store, client, owners, begun + timedelta(seconds=number))
        companies[client.key] = company.id
    for number, project in enumerate(world.projects_in("hubspot"), len(companies)):
        deal = _deal(store, project, owners, begun + timedelta(seconds=number))
        store.link(("deals", deal.id), ("companies", companies[project.client]), {5, 341})
    return companies


def owner_id(number: int) -> str:
    """The owner id of the n-th person."""
    return str(FIRST_OWNER + number)


def _owners(store: Store, world: World, now: datetime) -> dict[str, Definition]:
    """Everybody with a seat; the service's key has none."""
    owners = {}
    for number, person in enumerate(world.people):
        if person.bot:
            continue
        first, _, last = person.name.partition(" ")
        told = {
            "id": owner_id(number),
            "type": "PERSON",
            "email": person.email,
            "firstName": first,
            "lastName": last,
            "userId": FIRST_USER + number,
            "userIdIncludingInactive": FIRST_USER + number,
            "teams": [],
            "archived": False,
            "createdAt": stamp(now - timedelta(days=400)),
            "updatedAt": stamp(now - timedelta(days=400)),
        }
        owners[person.key] = store.owners[owner_id(number)] = told
    return owners


def _properties(store: Store, at: str) -> None:
    for type, ours in _OURS.items():
        store.groups[type][GROUP] = {
            "name": GROUP,
            "label": "Syncer",
            "displayOrder": -1,
            "archived": False,
        }
        for name, (kind, shown) in ours.items():
            told = definition(name, kind, shown, GROUP)
            told |= {"hubspotDefined": False, "createdAt": at, "updatedAt": at}
            told["modificationMetadata"] |= {"archivable": True, "readOnlyDefinition": False}
            store.definitions[type][name] = told
    labels = [option(value, value.replace("_", " ").capitalize()) for value in STATUSES]
    store.definitions["deals"]["project_status"]["options"] = labels
    for type, name in (("companies", "client_results_pace"), ("deals", "project_results_pace")):
        store.definitions[type][name]["options"] = [option(pace, pace) for pace in PACES]


def _company(
    store: Store, client: Client, owners: Mapping[str, Definition], at: datetime
) -> Stored:
    manager = owners[client.account_manager]
    values = {
        "name": client.name,
        "domain": client.domain,
        "industry": _industry(store, client.industry),
        "hubspot_owner_id": manager["id"],
        "client_strategy": client.strategy,
        "client_goals": client.goals,
        "retainer": "" if client.retainer is None else plain(client.retainer),
    }
    return _made(store, "companies", values, manager, at)


def _industry(store: Store, label: str) -> str:
    options = store.definitions["companies"]["industry"]["options"]
    value = next((one["value"] for one in options if one["label"] == label), None)
    if value is None:
        value = label.upper().replace(" ", "_")
        options.append(option(value, label))
    return str(value)


def _deal(store: Store, project: Project, owners: Mapping[str, Definition], at: datetime) -> Stored:
    manager = owners[project.account_manager]
    assert project.currency in CURRENCIES
    values = {
        "dealname": project.name,
        "pipeline": "default",
        "dealstage": "closedwon",
        "closedate": _noon(project.start or at.date()),
        "amount": "" if project.price is None else plain(project.price),
        "deal_currency_code": project.currency,
        "hubspot_owner_id": manager["id"],
        "project_brief": project.brief,
        "project_strategy": project.strategy,
        "project_goals": project.goals,
        "project_start": project.start.isoformat() if project.start else "",
        "project_deadline": project.deadline.isoformat() if project.deadline else "",
        "project_status": project.status,
        "budget_hours": "" if project.budget_hours is None else plain(project.budget_hours),
        "producer": project.producer,
    }
    return _made(store, "deals", values, manager, at)


def _made(store: Store, type: str, values: Any, manager: Definition, at: datetime) -> Stored:
    given = {name: value for name, value in values.items() if value}
    return store.create(type, given, at, Source.person(manager["userId"]))


def _noon(day: date) -> str:
    return stamp(datetime.combine(day, time(12), UTC))
