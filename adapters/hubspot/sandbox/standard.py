"""The properties and pipelines that every account has, as far as they are needed here."""

from typing import Any, Final

Definition = dict[str, Any]

GROUPS: Final = {
    "companies": "companyinformation",
    "deals": "dealinformation",
    "notes": "note",
    "tasks": "task",
}

_STAGES: Final = (
    ("appointmentscheduled", "Appointment scheduled", "0.2"),
    ("qualifiedtobuy", "Qualified to buy", "0.4"),
    ("presentationscheduled", "Presentation scheduled", "0.6"),
    ("decisionmakerboughtin", "Decision maker bought-in", "0.8"),
    ("contractsent", "Contract sent", "0.9"),
    ("closedwon", "Closed won", "1.0"),
    ("closedlost", "Closed lost", "0.0"),
)

INDUSTRIES: Final = (
    ("FOOD_BEVERAGES", "Food and drink"),
    ("SPORTING_GOODS", "Sporting goods"),
    ("MARKETING_AND_ADVERTISING", "Marketing and advertising"),
    ("RETAIL", "Retail"),
)

TASK_STATUSES: Final = ("NOT_STARTED", "IN_PROGRESS", "WAITING", "DEFERRED", "COMPLETED")

CURRENCIES: Final = ("EUR", "USD", "GBP")


def option(value: str, label: str, order: int = -1) -> Definition:
    """One choice of a property."""
    return {"label": label, "value": value, "displayOrder": order, "hidden": False}


def definition(name: str, type: str, shown: str, group: str, **more: Any) -> Definition:
    """A property's definition with everything that is told of one."""
    fixed = more.pop("fixed", False)
    return {
        "name": name,
        "label": name.replace("_", " ").capitalize(),
        "type": type,
        "fieldType": shown,
        "groupName": group,
        "description": "",
        "options": [],
        "displayOrder": -1,
        "hidden": False,
        "formField": False,
        "hasUniqueValue": False,
        "calculated": False,
        "externalOptions": False,
        "hubspotDefined": True,
        "archived": False,
        "dataSensitivity": "non_sensitive",
        "modificationMetadata": {
            "archivable": False,
            "readOnlyDefinition": True,
            "readOnlyOptions": False,
            "readOnlyValue": fixed,
        },
        **more,
    }


def _owner(name: str, group: str, shown: str = "select") -> Definition:
    return definition(
        name, "enumeration", shown, group, externalOptions=True, referencedObjectType="OWNER"
    )


def _of_any(group: str, created: str) -> list[Definition]:
    """What every record says of itself, and whose it is."""

    def fixed(name: str, type: str, shown: str) -> Definition:
        return definition(name, type, shown, group, fixed=True)

    return [
        fixed(created, "datetime", "date"),
        fixed("hs_lastmodifieddate", "datetime", "date"),
        fixed("hs_object_id", "number", "number"),
        fixed("hs_merged_object_ids", "enumeration", "checkbox"),
        fixed("hs_created_by_user_id", "number", "number"),
        fixed("hs_updated_by_user_id", "number", "number"),
        fixed("hs_object_source", "string", "text"),
        fixed("hs_object_source_id", "string", "text"),
        _owner("hubspot_owner_id", group),
    ]


def _common(group: str) -> list[Definition]:
    described = definition("description", "string", "textarea", group)
    return [*_of_any(group, "createdate"), described]


def _companies() -> list[Definition]:
    group = GROUPS["companies"]
    texts = ("name", "domain", "website", "phone", "address", "city", "state", "zip", "country")
    industries = [option(value, label, n) for n, (value, label) in enumerate(INDUSTRIES)]
    return [
        *_common(group),
        *(definition(name, "string", "text", group) for name in texts),
        definition("industry", "enumeration", "select", group, options=industries),
        definition("numberofemployees", "number", "number", group),
        definition("annualrevenue", "number", "number", group, showCurrencySymbol=True),
        definition("num_associated_deals", "number", "number", group, fixed=True, calculated=True),
    ]


def _deals() -> list[Definition]:
    group = GROUPS["deals"]
    money = [option(code, code, n) for n, code in enumerate(CURRENCIES)]
    priorities = [
        option(word, word.capitalize(), n) for n, word in enumerate(("low", "medium", "high"))
    ]
    yes_no = [option("true", "True", 0), option("false", "False", 1)]
    closed = ("hs_is_closed", "hs_is_closed_won", "hs_is_closed_lost")
    return [
        *_common(group),
        definition("dealname", "string", "text", group),
        definition("amount", "number", "number", group, showCurrencySymbol=True),
        definition("deal_currency_code", "enumeration", "select", group, options=money),
        definition("closedate", "datetime", "date", group),
        definition("pipeline", "enumeration", "select", group, externalOptions=True),
        definition("dealstage", "enumeration", "radio", group, externalOptions=True),
        definition("hs_priority", "enumeration", "select", group, options=priorities),
        _owner("hs_all_collaborator_owner_ids", group, "checkbox"),
        *(
            definition(
                name, "bool", "booleancheckbox", group, fixed=True, calculated=True, options=yes_no
            )
            for name in closed
        ),
        definition(
            "hs_deal_stage_probability", "number", "number", group, fixed=True, calculated=True
        ),
    ]


def _activity(group: str) -> list[Definition]:
    when = definition("hs_timestamp", "datetime", "date", group)
    return [*_of_any(group, "hs_createdate"), when]


def _notes() -> list[Definition]:
    group = GROUPS["notes"]
    body = definition("hs_note_body", "string", "html", group)
    files = definition("hs_attachment_ids", "string", "text", group)
    return [*_activity(group), body, files]


def _tasks() -> list[Definition]:
    group = GROUPS["tasks"]

    def chosen(name: str, values: tuple[str, ...]) -> Definition:
        options = [option(value, value.capitalize(), n) for n, value in enumerate(values)]
        return definition(name, "enumeration", "select", group, options=options)

    return [
        *_activity(group),
        definition("hs_task_subject", "string", "text", group),
        definition("hs_task_body", "string", "html", group),
        chosen("hs_task_status", TASK_STATUSES),
        chosen("hs_task_priority", ("NONE", "LOW", "MEDIUM", "HIGH")),
        chosen("hs_task_type", ("TODO", "CALL", "EMAIL")),
        definition("hs_task_reminders", "string", "text", group),
    ]


def properties() -> dict[str, dict[str, Definition]]:
    """The definitions per object type, by name."""
    told = {
        "companies": _companies(),
        "deals": _deals(),
        "notes": _notes(),
        "tasks": _tasks(),
    }
    return {type: {one["name"]: one for one in listed} for type, listed in told.items()}


def pipelines(at: str) -> dict[str, dict[str, Definition]]:
    """The pipelines per object type, by id: the one for sales, with its seven stages."""
    stages = [
        {
            "id": id,
            "label": label,
            "displayOrder": order,
            "metadata": {
                "isClosed": "true" if probability in ("1.0", "0.0") else "false",
                "probability": probability,
            },
            "archived": False,
            "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
            "createdAt": at,
            "updatedAt": at,
        }
        for order, (id, label, probability) in enumerate(_STAGES)
    ]
    line = {"id": "default", "label": "Sales pipeline", "displayOrder": 0, "archived": False}
    return {
        "companies": {},
        "deals": {"default": {**line, "stages": stages, "createdAt": at, "updatedAt": at}},
        "notes": {},
        "tasks": {},
    }
