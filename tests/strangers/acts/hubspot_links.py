"""Links between records, by version 4, and how records end, by HubSpot's client."""

from typing import Any

from hubspot.crm import companies
from hubspot.crm.associations import v4


def links(crew: Any, who: str, deal: str, company: str, second: str) -> None:
    """Links by version 4: read, made with and without labels, in batches, taken away."""
    one, many = crew[who].crm.associations.v4.basic_api, crew[who].crm.associations.v4.batch_api
    [link] = one.get_page("deals", deal, "companies").results
    crew.same("to its company", company, str(link.to_object_id))
    labels = {t.type_id: t.label for t in link.association_types}
    crew.same("as the primary one", {341: None, 5: "Primary"}, labels)
    one.create_default("deals", deal, "companies", second)
    crew.same("to two", {company, second}, linked(crew, who, deal))
    spec = [v4.AssociationSpec(association_category="HUBSPOT_DEFINED", association_type_id=5)]
    made = one.create("deals", deal, "companies", second, spec)
    crew.same("a new primary", (deal, second), (str(made.from_object_id), str(made.to_object_id)))
    asked = v4.BatchInputPublicFetchAssociationsBatchRequest(inputs=[{"id": deal}, {"id": "1"}])
    told = many.get_page("deals", "companies", asked)
    [row] = told.results
    primary = [
        str(to.to_object_id) for to in row.to if 5 in {t.type_id for t in to.association_types}
    ]
    crew.same("the one before is no longer primary", [second], primary)
    crew.same("who has none is told", 1, len(told.errors))
    one.archive("deals", deal, "companies", second)
    crew.same("one fewer", {company}, linked(crew, who, deal))
    _many_links(crew, who, many, deal, company, second)


def _many_links(crew: Any, who: str, many: Any, deal: str, company: str, second: str) -> None:
    ends = {"_from": {"id": deal}, "to": {"id": second}}
    plain = v4.BatchInputPublicDefaultAssociationMultiPost(
        inputs=[v4.PublicDefaultAssociationMultiPost(**ends)]
    )
    many.create_default("deals", "companies", plain)
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 5}]
    posts = [v4.PublicAssociationMultiPost(types=types, _from={"id": deal}, to={"id": company})]
    made = many.create("deals", "companies", v4.BatchInputPublicAssociationMultiPost(inputs=posts))
    crew.same("linked again", [["Primary"]], [row.labels for row in made.results])
    away = v4.BatchInputPublicAssociationMultiArchive(
        inputs=[v4.PublicAssociationMultiArchive(_from={"id": deal}, to=[{"id": second}])]
    )
    many.archive("deals", "companies", away)
    crew.same("as it was", {company}, linked(crew, who, deal))
    known = crew[who].crm.associations.v4.schema.definitions_api.get_all("deals", "companies")
    crew.same("the kinds of link", {5, 341}, {one.type_id for one in known.results})


def linked(crew: Any, who: str, deal: str) -> set[str]:
    """The companies of a deal."""
    page = crew[who].crm.associations.v4.basic_api.get_page("deals", deal, "companies", limit=1)
    found = {str(row.to_object_id) for row in page.results}
    while page.paging is not None:
        after = page.paging.next.after
        page = crew[who].crm.associations.v4.basic_api.get_page(
            "deals", deal, "companies", after=after, limit=1
        )
        found |= {str(row.to_object_id) for row in page.results}
    return found


def ends(crew: Any, who: str, keep: str, gone: str, ids: list[str]) -> None:
    """Merged, archived one by one and in a batch; what is archived is a list of its own."""
    api = crew[who].crm.companies.basic_api
    wish = companies.PublicMergeInput(primary_object_id=keep, object_id_to_merge=gone)
    merged = api.merge(wish)
    for old in (keep, gone):
        crew.same("both ids lead to one record", merged.id, api.get_by_id(old).id)
    api.archive(ids[0])
    error = crew.refused("an archived one", companies.ApiException, lambda: api.get_by_id(ids[0]))
    crew.same("is not found", 404, error.status)
    read = api.get_by_id(ids[0], archived=True)
    crew.so("but among the archived", read.archived and read.archived_at is not None)
    rest = companies.BatchInputSimplePublicObjectId(inputs=[{"id": id} for id in ids[1:]])
    crew[who].crm.companies.batch_api.archive(rest)
    away = {row.id for row in crew[who].crm.companies.get_all(archived=True)}
    crew.so("all of them", set(ids) <= away)
