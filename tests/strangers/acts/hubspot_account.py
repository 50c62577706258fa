"""Owners, properties, groups, pipelines, the account itself, and refusals by HubSpot's client."""

from typing import Any

from hubspot.crm import deals, owners, pipelines, properties


def people(crew: Any, who: str) -> None:
    """Owners: page by page, by address, by id and by user."""
    api = crew[who].crm.owners.owners_api
    seen, after = [], None
    while True:
        page = api.get_page(limit=2, after=after)
        seen += page.results
        if page.paging is None:
            break
        after = page.paging.next.after
    expected = {u["id"]: u["email"] for u in crew.stand["users"].values() if not u["bot"]}
    crew.same("everybody with a seat", expected, {one.id: one.email for one in seen})
    me = api.get_by_id(int(crew.id(who)))
    crew.same("who I am", crew.stand["users"][who]["full_name"], f"{me.first_name} {me.last_name}")
    crew.same("by my user", me.id, api.get_by_id(me.user_id, id_property="userId").id)
    crew.same("by my address", [me.id], [one.id for one in api.get_page(email=me.email).results])
    crew.same("nobody has left", [], api.get_page(archived=True).results)
    error = crew.refused("nobody", owners.ApiException, lambda: api.get_by_id(1))
    crew.same("is not found", 404, error.status)


def definitions(crew: Any, who: str, name: str) -> None:
    """Properties of one's own: a group, a unique key, choices; changed, archived, made again."""
    core, groups = crew[who].crm.properties.core_api, crew[who].crm.properties.groups_api
    told = {one.name: one for one in core.get_all("deals").results}
    crew.same(
        "HubSpot's own", ("string", True), (told["dealname"].type, told["dealname"].hubspot_defined)
    )
    wish = properties.PropertyGroupCreate(name="strangers", label="Strangers", display_order=-1)
    crew.same("a group", "strangers", groups.create("companies", wish).name)
    crew.so(
        "among the groups", "strangers" in {g.name for g in groups.get_all("companies").results}
    )
    crew.same("one group", "Strangers", groups.get_by_name("companies", "strangers").label)
    key = {"label": "Key", "type": "string", "field_type": "text", "group_name": "strangers"}
    made = core.create(
        "companies", properties.PropertyCreate(name=name, has_unique_value=True, **key)
    )
    crew.same("a unique one", (name, True), (made.name, made.has_unique_value))
    options = [{"label": word, "value": word.lower(), "displayOrder": n, "hidden": False}
               for n, word in enumerate(("Warm", "Cold"))]  # fmt: skip
    choice = key | {"label": "Mood", "type": "enumeration", "field_type": "select"}
    wish = properties.PropertyCreate(name="stranger_mood", options=options, **choice)
    core.create("companies", wish)
    read = core.get_by_name("companies", "stranger_mood")
    crew.same("its choices", ["warm", "cold"], [one.value for one in read.options])
    change = properties.PropertyUpdate(label="Temper", options=options[:1])
    changed = core.update("companies", "stranger_mood", change)
    crew.same("changed", ("Temper", 1), (changed.label, len(changed.options)))
    again = lambda: core.create("companies", wish)  # noqa: E731
    error = crew.refused("the same again", properties.ApiException, again)
    crew.same("is a conflict", 409, error.status)
    core.archive("companies", "stranger_mood")
    gone = lambda: core.get_by_name("companies", "stranger_mood")  # noqa: E731
    error = crew.refused("an archived one", properties.ApiException, gone)
    crew.same("is not found", 404, error.status)
    some = [{"name": name}, {"name": "domain"}]
    asked = properties.BatchReadInputPropertyName(archived=False, inputs=some)
    read = crew[who].crm.properties.batch_api.read("companies", asked)
    crew.same("several at once", {name, "domain"}, {one.name for one in read.results})


def lines(crew: Any, who: str) -> None:
    """Pipelines and their stages, and the account that they belong to."""
    api, steps = crew[who].crm.pipelines.pipelines_api, crew[who].crm.pipelines.pipeline_stages_api
    [line] = api.get_all("deals").results
    read = api.get_by_id("deals", line.id)
    crew.same("its stages", [s.id for s in line.stages], [s.id for s in read.stages])
    won = [s.id for s in read.stages if s.metadata.get("probability") == "1.0"]
    crew.same("the stage of won deals", ["closedwon"], won)
    found = {stage.id for stage in steps.get_all("deals", line.id).results}
    crew.same("stages by themselves", {s.id for s in read.stages}, found)
    crew.same("one stage", "closedwon", steps.get_by_id("deals", line.id, "closedwon").id)
    nothing = lambda: api.get_by_id("deals", "nothing")  # noqa: E731
    error = crew.refused("no such line", pipelines.ApiException, nothing)
    crew.same("is not found", 404, error.status)
    ask = {"path": "/account-info/v3/details", "base_url": crew.stand["api"]}
    about = crew[who].api_request(ask).json()
    crew.so("the account", about["portalId"] > 0 and about["companyCurrency"] == "EUR")


def refusals(crew: Any, who: str, deal: str) -> None:
    """A wrong token, what is not there, what a property does not take."""
    forged = crew.log_in(**{**crew.stand["users"][who], "token": "pat-eu1-forged"})
    api = crew[who].crm.deals.basic_api

    def write(**values: str) -> Any:
        return api.update(deal, deals.SimplePublicObjectInput(properties=values))

    tries: dict[str, Any] = {
        "a wrong token, 401": forged.crm.deals.basic_api.get_page,
        "nothing there, 404": lambda: api.get_by_id("1"),
        "no such property, 400": lambda: write(nothing="1"),
        "no such choice, 400": lambda: write(project_status="dreaming"),
        "no number, 400": lambda: write(amount="much"),
        "read only, 400": lambda: write(hs_is_closed="true"),
        "no such stage, 400": lambda: write(dealstage="nowhere"),
        "too large a page, 400": lambda: api.get_page(limit=101),
    }
    for what, act in tries.items():
        error = crew.refused(what, deals.ApiException, act)
        crew.same(what, int(what[-3:]), error.status)
        crew.so(f"{what}: says why", '"category"' in error.body and '"correlationId"' in error.body)


def forbidden(crew: Any, who: str) -> None:
    """Who lacks a scope is told which."""
    look = crew[who].crm.deals.basic_api.get_page
    error = crew.refused("a missing scope", deals.ApiException, look)
    crew.same("is forbidden", 403, error.status)
    crew.so("in the vendor's words", "MISSING_SCOPES" in error.body)
