"""What people do with a client of the agency in HubSpot, and what they see there."""

from typing import Any

from hubspot.crm import companies, deals

_DEAL = [
    *("dealname", "dealstage", "amount", "hubspot_owner_id", "producer", "budget_hours"),
    *("project_brief", "project_strategy", "project_goals", "project_status"),
    *("project_start", "project_deadline"),
]


def look(crew: Any, who: str, company: str) -> dict[str, Any]:
    """The deals of a company, by name: its links by version 4, then one batch."""
    ids = _linked(crew, who, company)
    wish = deals.BatchReadInputSimplePublicObjectId(
        inputs=[{"id": id} for id in ids], properties=_DEAL, properties_with_history=[]
    )
    read = crew[who].crm.deals.batch_api.read(wish).results if ids else []
    return {
        row.properties["dealname"]: {key: row.properties.get(key) for key in _DEAL} for row in read
    }


def _linked(crew: Any, who: str, company: str) -> list[str]:
    api, found, after = crew[who].crm.associations.v4.basic_api, [], None
    while True:
        page = api.get_page("companies", company, "deals", limit=2, after=after)
        found += [str(row.to_object_id) for row in page.results]
        if page.paging is None:
            return found
        after = page.paging.next.after


def _deal(crew: Any, who: str, name: str) -> str:
    every = crew[who].crm.deals.get_all(properties=["dealname"])
    return next(str(one.id) for one in every if one.properties["dealname"] == name)


def change(crew: Any, who: str, deal: str, **properties: str) -> None:
    """Change properties of a deal."""
    body = deals.SimplePublicObjectInput(properties=properties)
    id = _deal(crew, who, deal)
    crew[who].crm.deals.basic_api.update(id, simple_public_object_input=body)


def change_many(crew: Any, who: str, wishes: dict[str, dict[str, str]]) -> None:
    """Change several deals in one batch."""
    rows = [{"id": _deal(crew, who, name), "properties": told} for name, told in wishes.items()]
    told = crew[who].crm.deals.batch_api.update(
        deals.BatchInputSimplePublicObjectBatchInput(inputs=rows)
    )
    crew.same("all were changed", len(rows), len(told.results))


def past(crew: Any, who: str, deal: str, property: str) -> list[list[Any]]:
    """Every value of a property, newest first: the value, who (a person, or a program)."""
    users = {
        one.user_id: next(n for n, user in crew.stand["users"].items() if user["id"] == one.id)
        for one in crew[who].crm.owners.owners_api.get_page(limit=100).results
    }
    read = crew[who].crm.deals.basic_api.get_by_id(
        _deal(crew, who, deal), properties_with_history=[property]
    )
    told = read.properties_with_history[property]
    return [[one.value, users.get(one.updated_by_user_id, one.source_type)] for one in told]


def win(crew: Any, who: str, company: str, name: str, **properties: str) -> None:
    """A deal is made and won: made open, linked to its company, then moved to its stage."""
    api = crew[who].crm.deals.basic_api
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 5}
    link = {"to": {"id": company}, "types": [spec]}
    first = {"dealname": name, "dealstage": "contractsent", "pipeline": "default"}
    made = api.create(
        deals.SimplePublicObjectInputForCreate(properties=first | properties, associations=[link])
    )
    api.update(made.id, deals.SimplePublicObjectInput(properties={"dealstage": "closedwon"}))


def archive(crew: Any, who: str, deal: str) -> None:
    """Put a deal away, by a batch of one."""
    ids = deals.BatchInputSimplePublicObjectId(inputs=[{"id": _deal(crew, who, deal)}])
    crew[who].crm.deals.batch_api.archive(ids)
    away = crew[who].crm.deals.get_all(archived=True, properties=["dealname"])
    crew.so("it is among the archived", deal in {one.properties["dealname"] for one in away})


def rename(crew: Any, who: str, company: str, **properties: str) -> None:
    """Change a company."""
    body = companies.SimplePublicObjectInput(properties=properties)
    crew[who].crm.companies.basic_api.update(company, simple_public_object_input=body)
