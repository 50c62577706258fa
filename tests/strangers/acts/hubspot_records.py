"""Companies and deals by HubSpot's client: single records, batches, search, history, pages."""

import time
from typing import Any

from hubspot.crm import companies, deals, objects


def company(crew: Any, who: str, name: str, domain: str) -> str:
    """A company through its life. Gives its id."""
    made = crew[who].crm.companies.basic_api
    body = companies.SimplePublicObjectInputForCreate(properties={"name": name, "domain": domain})
    created = made.create(simple_public_object_input_for_create=body)
    crew.same("what was made", name, created.properties["name"])
    crew.so("when", created.created_at.tzinfo is not None and not created.archived)
    change = companies.SimplePublicObjectInput(
        properties={"city": "Leeds", "phone": "0113 496 0000"}
    )
    changed = made.update(created.id, simple_public_object_input=change)
    crew.so("it was touched", changed.updated_at >= created.updated_at)
    ask = ["name", "city", "website", "no_such_property"]
    read = made.get_by_id(created.id, properties=ask)
    shown = {key: read.properties.get(key) for key in ("name", "city", "website")}
    crew.same("read back", {"name": name, "city": "Leeds", "website": domain}, shown)
    crew.so("what it lacks is left out", "no_such_property" not in read.properties)
    return str(created.id)


def deal(crew: Any, who: str, name: str, company: str, **properties: str) -> str:
    """A deal, linked to its company as it is made. Gives its id."""
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 5}
    link = {"to": {"id": company}, "types": [spec]}
    values = {"dealname": name, "dealstage": "appointmentscheduled", "pipeline": "default"}
    body = deals.SimplePublicObjectInputForCreate(
        properties=values | properties, associations=[link]
    )
    made = crew[who].crm.deals.basic_api.create(simple_public_object_input_for_create=body)
    read = crew[who].crm.deals.basic_api.get_by_id(made.id, associations=["companies"])
    linked = {one.id for one in read.associations["companies"].results}
    crew.same("the company of the deal", {company}, linked)
    return str(made.id)


def history(crew: Any, who: str, other: str, deal: str) -> None:
    """Every value that a property had, newest first, with who set it."""
    api = crew[who].crm.deals.basic_api
    for person, amount in ((who, "100"), (other, "200"), (who, "300.50")):
        change = deals.SimplePublicObjectInput(properties={"amount": amount})
        crew[person].crm.deals.basic_api.update(deal, simple_public_object_input=change)
    read = api.get_by_id(deal, properties_with_history=["amount", "dealname"])
    told = read.properties_with_history["amount"]
    crew.same("newest first", ["300.50", "200", "100"], [one.value for one in told])
    crew.same("by people", {"CRM_UI"}, {one.source_type for one in told})
    users = {crew.id(who): None, crew.id(other): None}
    for owner in crew[who].crm.owners.owners_api.get_page().results:
        users[owner.id] = owner.user_id
    expected = [users[crew.id(name)] for name in (who, other, who)]
    crew.same("by whom", expected, [one.updated_by_user_id for one in told])
    crew.so(
        "in order", sorted((o.timestamp for o in told), reverse=True) == [o.timestamp for o in told]
    )
    page = api.get_page(limit=50, properties_with_history=["amount"])
    found = [r for r in page.results if r.id == deal]
    crew.same("in a page too", 3, len(found[0].properties_with_history["amount"]))


def batches(crew: Any, who: str, prefix: str, count: int) -> list[str]:
    """Many at once: made, read, changed, upserted, some of them wrong. Gives the ids."""
    api = crew[who].crm.companies.batch_api
    rows = [{"properties": {"name": f"{prefix} {n:02}"}, "associations": []} for n in range(count)]
    made = api.create(companies.BatchInputSimplePublicObjectBatchInputForCreate(inputs=rows))
    crew.same("all were made", ("COMPLETE", count), (made.status, len(made.results)))
    ids = sorted(row.id for row in made.results)
    change = [{"id": id, "properties": {"city": "York"}} for id in ids]
    told = api.update(companies.BatchInputSimplePublicObjectBatchInput(inputs=change))
    crew.same("all were changed", {"York"}, {row.properties["city"] for row in told.results})
    wish = companies.BatchReadInputSimplePublicObjectId(
        inputs=[{"id": id} for id in [*ids[:3], "1"]],
        properties=["name"],
        properties_with_history=["city"],
    )
    read = api.read(wish)
    crew.same("three of four", (3, 1), (len(read.results), len(read.errors)))
    crew.same("what is missing", {"ids": ["1"]}, read.errors[0].context)
    crew.same("with history", "York", read.results[0].properties_with_history["city"][0].value)
    bad = [{"properties": {"annualrevenue": "much"}, "associations": []}]
    wrong = companies.BatchInputSimplePublicObjectBatchInputForCreate(inputs=bad)
    error = crew.refused("a wrong row", companies.ApiException, lambda: api.create(wrong))
    crew.same("fails the call", 400, error.status)
    traced = [{**row, "objectWriteTraceId": str(n)} for n, row in enumerate([rows[0], bad[0]])]
    half = companies.BatchInputSimplePublicObjectBatchInputForCreate(inputs=traced)
    told = api.create(half)
    crew.same(
        "with trace ids only itself",
        (1, 1),
        (len(told.results), told.num_errors or len(told.errors)),
    )
    return [*ids, *(row.id for row in told.results)]


def upserts(crew: Any, who: str, property: str, company: str) -> None:
    """By a value that is unique: what there is is changed, what there is not is made."""
    api = crew[who].crm.companies.batch_api
    rows = [
        {"id": "K-1", "idProperty": property, "properties": {"name": "First by key"}},
        {"id": "K-2", "idProperty": property, "properties": {"name": "Second by key"}},
    ]
    made = api.upsert(companies.BatchInputSimplePublicObjectBatchInputUpsert(inputs=rows))
    crew.same("both are new", [True, True], [row.new for row in made.results])
    rows[0]["properties"] = {"name": "First again"}
    told = api.upsert(companies.BatchInputSimplePublicObjectBatchInputUpsert(inputs=rows[:1]))
    crew.same("now there is one", [False], [row.new for row in told.results])
    basic = crew[who].crm.companies.basic_api
    read = basic.get_by_id("K-1", id_property=property, properties=["name"])
    crew.same("by its key", "First again", read.properties["name"])
    taken = companies.SimplePublicObjectInput(properties={property: "K-1"})
    error = crew.refused(
        "a key twice", companies.ApiException, lambda: basic.update(company, taken)
    )
    crew.same("is a conflict", 409, error.status)
    for row in made.results:
        basic.archive(row.id)


def pages(crew: Any, who: str, expected: list[str], limit: int) -> None:
    """More records than one page holds, by cursor and by the client's own loop."""
    api = crew[who].crm.companies.basic_api
    seen: list[str] = []
    after, rounds = None, 0
    while True:
        page = api.get_page(limit=limit, after=after, properties=["name"], archived=False)
        seen, rounds = [*seen, *(row.id for row in page.results)], rounds + 1
        if page.paging is None:
            break
        after = page.paging.next.after
    crew.so("several pages", rounds > 2)
    crew.same("each once", len(seen), len(set(seen)))
    crew.so("nobody is left out", set(expected) <= set(seen))
    every = crew[who].crm.companies.get_all(properties=["name"])
    crew.same("by the client's own loop", set(seen), {row.id for row in every})
    few = crew[who].crm.objects.basic_api.get_page("companies", limit=2)
    crew.same("by the generic route", seen[:2], [row.id for row in few.results])


def search(crew: Any, who: str, word: str, expected: list[str]) -> None:
    """Found by words, by filters, in order, page by page."""
    api = crew[who].crm.companies.search_api
    wish = companies.PublicObjectSearchRequest(
        filter_groups=[
            {
                "filters": [
                    {"propertyName": "name", "operator": "CONTAINS_TOKEN", "value": f"{word}*"}
                ]
            }
        ],
        sorts=["name"],
        properties=["name"],
        limit=5,
    )
    found, names = [], []
    while True:
        told = _asked(api, wish)
        crew.same("how many in all", len(expected), told.total)
        found += [row.id for row in told.results]
        names += [row.properties["name"] for row in told.results]
        if told.paging is None:
            break
        wish.after = told.paging.next.after
    crew.same("each once", sorted(expected), sorted(found))
    crew.same("in order", sorted(names), names)
    by_words = companies.PublicObjectSearchRequest(query=word, limit=1)
    crew.same("by words", len(expected), _asked(api, by_words).total)
    wrong = companies.PublicObjectSearchRequest(
        filter_groups=[{"filters": [{"propertyName": "nothing", "operator": "EQ", "value": "1"}]}]
    )
    error = crew.refused("no such property", companies.ApiException, lambda: _asked(api, wrong))
    crew.same("is a bad request", 400, error.status)


def _asked(api: Any, wish: Any) -> Any:
    """Five searches a second are allowed, and the client does not wait by itself."""
    time.sleep(0.25)
    return api.do_search(public_object_search_request=wish)


def deal_searches(crew: Any, who: str, deal: str, company: str) -> None:
    """Deals by the company they are linked to, and by a batch read of the generic route."""
    linked = [{"propertyName": "associations.company", "operator": "EQ", "value": company}]
    wish = deals.PublicObjectSearchRequest(
        filter_groups=[{"filters": linked}], properties=["dealname"]
    )
    found = _asked(crew[who].crm.deals.search_api, wish)
    crew.so("by its company", deal in {row.id for row in found.results})
    one = objects.BatchReadInputSimplePublicObjectId(
        inputs=[{"id": deal}], properties=["dealname"], properties_with_history=[]
    )
    read = crew[who].crm.objects.batch_api.read("deals", one)
    crew.same("by the generic batch", [deal], [row.id for row in read.results])
    update = deals.BatchInputSimplePublicObjectBatchInput(
        inputs=[{"id": deal, "properties": {"dealstage": "closedlost"}}]
    )
    [changed] = crew[who].crm.deals.batch_api.update(update).results
    read = crew[who].crm.deals.basic_api.get_by_id(
        changed.id, properties=["closedate", "hs_is_closed"]
    )
    crew.same("a lost deal is closed", "true", read.properties["hs_is_closed"])
    crew.so("and dated by HubSpot", read.properties["closedate"])


def hurry(crew: Any, who: str) -> None:
    """Who searches more often than five times a second is told so."""
    api = crew[who].crm.deals.search_api
    wish = deals.PublicObjectSearchRequest(limit=1)

    def ask() -> None:
        for _ in range(12):
            api.do_search(public_object_search_request=wish)

    error = crew.refused("too many searches", deals.ApiException, ask)
    crew.same("with 429", 429, error.status)
    crew.so("in the vendor's words", "RATE_LIMITS" in error.body)
