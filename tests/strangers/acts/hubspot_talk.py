"""Notes and tasks by HubSpot's client: people answer the service, and ask things themselves."""

import time
from typing import Any

from hubspot.crm.objects import notes, tasks

_WHEN = "2026-11-20T09:30:00.000Z"


def _link(to: str, type: int) -> dict[str, Any]:
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type}
    return {"to": {"id": to}, "types": [spec]}


def asked(crew: Any, who: str, deal: str, note: str, task: str, words: str) -> None:
    """What the service has written is there for people: a note, and a task for one of them."""
    api = crew[who].crm.objects
    read = api.notes.basic_api.get_by_id(
        note, properties=["hs_note_body", "hs_timestamp"], associations=["deals"]
    )
    crew.so("what is asked can be read", words in read.properties["hs_note_body"])
    crew.same("on the deal", {deal}, {one.id for one in read.associations["deals"].results})
    wanted = ["hs_task_body", "hs_task_status", "hubspot_owner_id", "hs_task_subject"]
    mine = api.tasks.basic_api.get_by_id(task, properties=wanted)
    crew.same("the task is theirs", crew.id(who), mine.properties["hubspot_owner_id"])
    crew.same("and open", "NOT_STARTED", mine.properties["hs_task_status"])
    crew.so("with a subject", mine.properties["hs_task_subject"])


def answered(crew: Any, who: str, deal: str, company: str, text: str) -> str:
    """A note as an answer, on the deal and its company. Gives its id."""
    api = crew[who].crm.objects.notes.basic_api
    body = notes.SimplePublicObjectInputForCreate(
        properties={"hs_timestamp": _WHEN, "hs_note_body": f"<p>{text}</p>"},
        associations=[_link(deal, 214), _link(company, 190)],
    )
    made = api.create(simple_public_object_input_for_create=body)
    read = api.get_by_id(made.id, properties=["hs_note_body"], associations=["deals", "companies"])
    linked = {end.id for told in read.associations.values() for end in told.results}
    crew.same("on both", {deal, company}, linked)
    crew.same("as typed", f"<p>{text}</p>", read.properties["hs_note_body"])
    many = crew[who].crm.associations.v4.schema.definitions_api.get_all("notes", "deals")
    crew.same("the kind of link", [214], [one.type_id for one in many.results])
    return str(made.id)


def changed(crew: Any, who: str, note: str, text: str) -> None:
    """Somebody puts other words into a note; its history tells of both."""
    api = crew[who].crm.objects.notes
    body = notes.SimplePublicObjectInput(properties={"hs_note_body": f"<p>{text}</p>"})
    api.basic_api.update(note, simple_public_object_input=body)
    wish = notes.BatchReadInputSimplePublicObjectId(
        inputs=[{"id": note}],
        properties=["hs_note_body"],
        properties_with_history=["hs_note_body"],
    )
    [row] = api.batch_api.read(wish).results
    told = row.properties_with_history["hs_note_body"]
    crew.same("newest first", f"<p>{text}</p>", told[0].value)
    crew.so("and what it was", len(told) > 1 and told[-1].timestamp < told[0].timestamp)


def ticked(crew: Any, who: str, task: str, text: str) -> None:
    """Somebody answers in their task, below what it says, and ticks it off."""
    api = crew[who].crm.objects.tasks.basic_api
    before = api.get_by_id(task, properties=["hs_task_body"]).properties["hs_task_body"]
    told = {"hs_task_body": f"{before}<p>{text}</p>", "hs_task_status": "COMPLETED"}
    api.update(task, simple_public_object_input=tasks.SimplePublicObjectInput(properties=told))
    read = api.get_by_id(task, properties=["hs_task_body", "hs_task_status"])
    crew.so("their words are there", read.properties["hs_task_body"].endswith(f"<p>{text}</p>"))
    crew.same("and it is done", "COMPLETED", read.properties["hs_task_status"])


def planned(crew: Any, who: str, other: str, deal: str) -> None:
    """Tasks of their own: made, found, handed over, put away; what is wrong is refused."""
    api = crew[who].crm.objects.tasks
    told = {"hs_timestamp": _WHEN, "hs_task_subject": "Call the baker", "hs_task_type": "CALL"}
    told |= {"hubspot_owner_id": crew.id(who), "hs_task_body": "approve the menu"}
    body = tasks.SimplePublicObjectInputForCreate(properties=told, associations=[_link(deal, 216)])
    made = api.basic_api.create(simple_public_object_input_for_create=body)
    linked = [{"propertyName": "associations.deal", "operator": "IN", "values": [deal]}]
    mine = [{"propertyName": "hubspot_owner_id", "operator": "EQ", "value": crew.id(who)}]
    wish = tasks.PublicObjectSearchRequest(
        filter_groups=[{"filters": [*linked, *mine]}], properties=["hs_task_subject"], limit=100
    )
    time.sleep(0.25)
    found = api.search_api.do_search(public_object_search_request=wish)
    crew.so("found on the deal", made.id in {row.id for row in found.results})
    rows = [{"id": made.id, "properties": {"hubspot_owner_id": crew.id(other)}}]
    told = api.batch_api.update(tasks.BatchInputSimplePublicObjectBatchInput(inputs=rows))
    crew.same(
        "handed over", [crew.id(other)], [r.properties["hubspot_owner_id"] for r in told.results]
    )
    for what, wrong in _wrong(deal).items():
        input = tasks.SimplePublicObjectInputForCreate(**wrong)
        error = crew.refused(what, tasks.ApiException, lambda one=input: api.basic_api.create(one))
        crew.same(what, 400, error.status)
    api.basic_api.archive(made.id)
    error = crew.refused("put away", tasks.ApiException, lambda: api.basic_api.get_by_id(made.id))
    crew.same("it is not found", 404, error.status)


def _wrong(deal: str) -> dict[str, dict[str, Any]]:
    when, link = {"hs_timestamp": _WHEN}, _link(deal, 216)
    return {
        "without a day": {"properties": {"hs_task_subject": "x"}, "associations": [link]},
        "an odd status": {"properties": {**when, "hs_task_status": "LATER"}, "associations": []},
        "a note's link": {"properties": when, "associations": [_link(deal, 214)]},
        "too long": {"properties": {**when, "hs_task_body": "x" * 65_537}, "associations": []},
    }
