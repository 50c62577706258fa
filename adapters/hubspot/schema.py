"""Property definitions and pipelines, read as fields and containers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from adapters.hubspot.options import ScopeOptions
from adapters.hubspot.shapes import TYPES, VERSION, mapping, objects, word
from adapters.hubspot.values import CURRENCY, MAX_TEXT
from adapters.hubspot.wire import Wire, listed, properties
from syncer.adapterkit.errors import AskPerson, SkipRecord
from syncer.model.remote import Author, Catalogue, FieldInfo, Fields, ObjectInfo, Option
from syncer.model.values import FieldType, Kind

AMOUNT: Final = "amount"
COMPANY: Final = "company"
"""A deal's company: an association, not a property."""

PIPELINE: Final = "pipeline"
STAGE: Final = "dealstage"
KEY: Final = "syncer_key"
"""The unique property that carries lost-create markers, made by ``provision``."""

HOUSEKEEPING: Final = frozenset(
    {
        "hs_lastmodifieddate",
        "lastmodifieddate",
        "hs_object_id",
        "hs_merged_object_ids",
        "hs_updated_by_user_id",
    }
)
"""Properties that say of a record what it says itself; they change with every write."""

_KINDS: Final = {
    "string": Kind.TEXT,
    "phone_number": Kind.TEXT,
    "number": Kind.NUMBER,
    "bool": Kind.BOOLEAN,
    "enumeration": Kind.ENUMERATION,
    "date": Kind.DATE,
    "datetime": Kind.INSTANT,
}


def describe(wire: Wire, wanted: Iterable[str], scope: ScopeOptions) -> Catalogue:
    """Objects and fields as they are defined now; a request per object and one for pipelines.

    Containers are the deal pipelines in scope, so that stages belong to their pipeline.
    """
    pipelines = scope.pipelines
    found: dict[str, ObjectInfo] = {}
    containers: dict[str, str] = {}
    for name in sorted(set(wanted)):
        if name not in TYPES:
            raise SkipRecord(f"HubSpot has no object {name!r}; there are: {', '.join(TYPES)}")
        fields = fields_of(name, listed(wire.get(properties(name))))
        if name == "deal":
            lines = listed(wire.get(f"/crm/pipelines/{VERSION}/{TYPES[name]}"))
            _all_there(lines, pipelines)
            kept = [
                line for line in lines if pipelines is None or word(line.get("id")) in pipelines
            ]
            containers = {word(line.get("id")): word(line.get("label")) for line in kept}
            fields = (*_with_stages(fields, kept), _link(scope.company))
        # A client's scope is one company: another one would be outside of it.
        found[name] = ObjectInfo(name, tuple(fields), creatable=name != "company", comments=True)
    return Catalogue(found, containers)


def _all_there(lines: Sequence[Mapping[str, Any]], asked: Sequence[str] | None) -> None:
    there = {word(line.get("id")): word(line.get("label")) for line in lines}
    for id in asked or ():
        if id not in there:
            names = ", ".join(f"{key} ({name})" for key, name in sorted(there.items()))
            raise AskPerson(f"HubSpot has no deal pipeline {id!r}; there are: {names}")


def _link(company: str) -> FieldInfo:
    """A deal's company. The one choice in this scope is what a new deal is linked to."""
    return FieldInfo(
        id=COMPANY,
        name=COMPANY,
        type=FieldType(Kind.REFERENCE, target="company"),
        options=(Option(company, company),),
        author=Author.NO,
    )


def company_of(given: Fields, fields: Mapping[str, FieldInfo]) -> str:
    """What a new deal is linked to: the company given, else the one of the catalogue's scope."""
    info = fields.get(COMPANY)
    return word(given.get(COMPANY)) or (info.options[0].id if info and info.options else "")


def fields_of(object: str, definitions: Iterable[Mapping[str, Any]]) -> tuple[FieldInfo, ...]:
    """The fields that properties are, but for housekeeping and those without a name."""
    named = [told for told in definitions if word(told.get("name"))]
    hidden = {*HOUSEKEEPING, *([COMPANY] if object == "deal" else [])}
    return tuple(_field(told) for told in named if word(told.get("name")) not in hidden)


def _field(told: Mapping[str, Any]) -> FieldInfo:
    name, shown = word(told.get("name")), word(told.get("fieldType"))
    kind, many = _kind(name, word(told.get("type")), shown, told)
    choice = kind is Kind.ENUMERATION
    rules = mapping(told.get("modificationMetadata"))
    outside = told.get("externalOptions") is True
    ours = told.get("hubspotDefined") is not True
    return FieldInfo(
        id=name,
        name=name,
        type=FieldType(kind, many),
        options=options_of(objects(told.get("options"))) if choice else (),
        writable=_writable(told, shown),
        author=Author.NO if told.get("calculated") is True else Author.YES,
        max_length=MAX_TEXT if kind in (Kind.TEXT, Kind.RICH_TEXT) else None,
        extensible=choice and ours and not outside and rules.get("readOnlyOptions") is not True,
    )


def _kind(name: str, type: str, shown: str, told: Mapping[str, Any]) -> tuple[Kind, bool]:
    many = type == "enumeration" and shown == "checkbox"
    if told.get("referencedObjectType") == "OWNER" or name == "hubspot_owner_id":
        return Kind.PERSON, many
    if name == AMOUNT and type == "number":
        return Kind.MONEY, False
    if type == "string" and shown == "textarea":
        return Kind.RICH_TEXT, False
    return _KINDS.get(type, Kind.TEXT), many


def _writable(told: Mapping[str, Any], shown: str) -> bool:
    """HTML is shown as it is and not written: the server would rewrite it."""
    known = told.get("type") in _KINDS and shown not in ("html", "file", "calculation_equation")
    rules = mapping(told.get("modificationMetadata"))
    fixed = told.get("calculated") is True or rules.get("readOnlyValue") is True
    return known and not fixed


def options_of(told: Iterable[Mapping[str, Any]]) -> tuple[Option, ...]:
    """The choices of a property; one without a value cannot be chosen."""
    return tuple(
        Option(word(o.get("value")), word(o.get("label")), active=o.get("hidden") is not True)
        for o in told
        if word(o.get("value"))
    )


def _with_stages(
    fields: Iterable[FieldInfo], pipelines: Sequence[Mapping[str, Any]]
) -> list[FieldInfo]:
    """Pipelines and stages as options: the definitions list them in part or not at all."""
    lines = tuple(
        Option(
            word(line.get("id")), word(line.get("label")), active=line.get("archived") is not True
        )
        for line in pipelines
    )
    stages = tuple(
        Option(
            word(stage.get("id")),
            word(stage.get("label")),
            container=word(line.get("id")),
            active=stage.get("archived") is not True,
        )
        for line in pipelines
        for stage in objects(line.get("stages"))
    )
    chosen = {PIPELINE: lines, STAGE: stages}
    return [_with_options(f, chosen[f.id]) if f.id in chosen else f for f in fields]


def _with_options(info: FieldInfo, options: tuple[Option, ...]) -> FieldInfo:
    return FieldInfo(
        info.id,
        info.name,
        FieldType(Kind.ENUMERATION),
        options,
        info.writable,
        info.author,
    )


def names_to_read(object: str, fields: Iterable[str]) -> list[str]:
    """The properties to ask for so that these fields, and what a record says of itself, show."""
    extra = ["hs_merged_object_ids", "hs_created_by_user_id"]
    if object == "deal":
        extra.append(PIPELINE)
    wanted = set(fields) - {COMPANY} if object == "deal" else set(fields)
    if object == "deal" and AMOUNT in wanted:
        extra.append(CURRENCY)
    return sorted(wanted | set(extra))
