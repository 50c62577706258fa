"""Routes over definitions: properties, groups, pipelines, owners, the account itself."""

import re
from typing import Any, Final

from starlette.responses import Response

from adapters.hubspot.sandbox.account import Account, body_of, type_or_refused
from adapters.hubspot.sandbox.answers import Fault, invalid, not_found, page, stamp
from adapters.hubspot.sandbox.standard import CURRENCIES, Definition, definition, option
from adapters.hubspot.sandbox.wire import cursor, flag, number
from syncer.adapterkit.sandbox import SandboxRequest, reply

PORTAL: Final = 48_000_017
ARCHIVED: Final = "archived"
_NAME: Final = re.compile(r"^[a-z][a-z0-9_]{0,98}$")
_PAIRS: Final = {
    "string": {"text", "textarea", "html", "file", "phonenumber"},
    "number": {"number"},
    "bool": {"booleancheckbox"},
    "enumeration": {"select", "radio", "checkbox", "booleancheckbox"},
    "date": {"date"},
    "datetime": {"date"},
    "phone_number": {"phonenumber"},
}
_CHANGEABLE: Final = ("label", "groupName", "description", "options", "displayOrder", "hidden")
_UNIQUE_MOST: Final = 10


class Schema:
    """Handlers of definitions."""

    def __init__(self, account: Account) -> None:
        self._account = account

    # Properties

    def list(self, request: SandboxRequest) -> Response:
        """All definitions at once."""
        archived = flag(request, ARCHIVED)
        told = self._told(request).values()
        return reply({"results": [one for one in told if one[ARCHIVED] == archived]})

    def read(self, request: SandboxRequest) -> Response:
        """One definition."""
        return reply(self._one(request))

    def make(self, request: SandboxRequest) -> Response:
        """Make a property; an archived one of this name comes back as it was."""
        body, told = body_of(request), self._told(request)
        name = str(body.get("name") or "")
        before = told.get(name)
        if before is not None and before[ARCHIVED]:
            before[ARCHIVED] = False
            return reply(before, 201)
        if before is not None:
            raise Fault(
                "OBJECT_ALREADY_EXISTS",
                f"A property named '{name}' already exists.",
                409,
                sub="Properties.PROPERTY_WITH_NAME_EXISTS",
            ).refusal()
        self._check(request, name, body)
        type, at = type_or_refused(request.path_params["type"]), self._account.now()
        told[name] = self._definition(name, body, request, stamp(at))
        self._account.store.made[type, name] = at
        return reply(told[name], 201)

    def change(self, request: SandboxRequest) -> Response:
        """Change a definition; a list of options replaces the one before."""
        told, body = self._one(request), body_of(request)
        given: Definition = {name: body[name] for name in _CHANGEABLE if name in body}
        if "options" in given:
            given["options"] = _options(given["options"])
        told.update(given, updatedAt=stamp(self._account.now()))
        return reply(told)

    def archive(self, request: SandboxRequest) -> Response:
        """Archive a property that is not HubSpot's own."""
        told = self._one(request)
        if told["hubspotDefined"]:
            raise invalid(f"{told['name']} is read only").refusal()
        told[ARCHIVED] = True
        return Response(status_code=204)

    def groups(self, request: SandboxRequest) -> Response:
        """All groups."""
        type = type_or_refused(request.path_params["type"])
        return reply({"results": list(self._account.store.groups[type].values())})

    def make_group(self, request: SandboxRequest) -> Response:
        """Make a group."""
        body, type = body_of(request), type_or_refused(request.path_params["type"])
        name, groups = str(body.get("name") or ""), self._account.store.groups[type]
        if name in groups:
            raise Fault("OBJECT_ALREADY_EXISTS", f"Group {name} already exists", 409).refusal()
        if not _NAME.match(name) or not body.get("label"):
            raise invalid("A group needs a name and a label").refusal()
        groups[name] = {"name": name, "label": body["label"], "displayOrder": -1, ARCHIVED: False}
        return reply(groups[name], 201)

    def _told(self, request: SandboxRequest) -> dict[str, Definition]:
        return self._account.store.definitions[type_or_refused(request.path_params["type"])]

    def _one(self, request: SandboxRequest) -> Definition:
        told = self._told(request).get(request.path_params["name"])
        if told is None or told[ARCHIVED] != flag(request, ARCHIVED):
            raise not_found(f"No property {request.path_params['name']}").refusal()
        return told

    def _check(self, request: SandboxRequest, name: str, body: Definition) -> None:
        type, shown = str(body.get("type")), str(body.get("fieldType"))
        group = type_or_refused(request.path_params["type"])
        if not _NAME.match(name) or not body.get("label"):
            raise invalid(f"Property name {name!r} is not valid, or it has no label").refusal()
        if shown not in _PAIRS.get(type, ()):
            raise invalid(f"Field type {shown} does not go with type {type}").refusal()
        if body.get("groupName") not in self._account.store.groups[group]:
            raise invalid(f"Property group {body.get('groupName')} does not exist").refusal()
        values = sorted(str(one.get("value")) for one in body.get("options") or [])
        if type == "bool" and values != ["false", "true"]:
            raise invalid("INVALID_BOOLEAN_OPTION: true and false are needed").refusal()
        unique = [one for one in self._told(request).values() if one["hasUniqueValue"]]
        if body.get("hasUniqueValue") and len(unique) >= _UNIQUE_MOST:
            raise invalid(f"At most {_UNIQUE_MOST} unique properties").refusal()

    def _definition(
        self, name: str, body: Definition, request: SandboxRequest, at: str
    ) -> Definition:
        asked = ("label", "description", "hasUniqueValue", "hidden", "formField", "displayOrder")
        more = {key: body[key] for key in asked if key in body}
        outside = ("externalOptions", "referencedObjectType")
        more |= {key: body[key] for key in outside if body.get(key)}
        told = definition(name, str(body["type"]), str(body["fieldType"]), str(body["groupName"]))
        told |= {**more, "options": _options(body.get("options")), "hubspotDefined": False}
        told["modificationMetadata"] |= {"archivable": True, "readOnlyDefinition": False}
        return told | {"createdAt": at, "updatedAt": at, "createdUserId": request.user.id}

    # Pipelines, owners, the account

    def pipelines(self, request: SandboxRequest) -> Response:
        """All pipelines with their stages."""
        type = type_or_refused(request.path_params["type"])
        return reply({"results": list(self._account.store.lines[type].values())})

    def pipeline(self, request: SandboxRequest) -> Response:
        """One pipeline."""
        type = type_or_refused(request.path_params["type"])
        line = self._account.store.lines[type].get(request.path_params["line"])
        if line is None:
            raise not_found("Pipeline not found").refusal()
        return reply(line)

    def owners(self, request: SandboxRequest) -> Response:
        """A page of owners, live ones or archived ones."""
        limit, archived = number(request, "limit", 100, 500), flag(request, ARCHIVED)
        after, email = cursor(request), request.query.get("email")
        told = sorted(self._account.store.owners.values(), key=lambda one: int(one["id"]))
        rest = [
            one
            for one in told
            if one[ARCHIVED] == archived
            and int(one["id"]) > after
            and email in (None, one["email"])
        ]
        return reply(page(rest[:limit], rest[limit - 1]["id"] if len(rest) > limit else None))

    def owner(self, request: SandboxRequest) -> Response:
        """One owner, by its id or its user's."""
        by, id = request.query.get("idProperty", "id"), request.path_params["id"]
        told = self._account.store.owners.values()
        found = next((one for one in told if str(one.get(by)) == id), None)
        if found is None or found[ARCHIVED] != flag(request, ARCHIVED):
            raise not_found().refusal()
        return reply(found)

    def account(self, request: SandboxRequest) -> Response:
        """What account this is."""
        return reply(
            {
                "portalId": PORTAL,
                "accountType": "DEVELOPER_TEST",
                "timeZone": "Europe/London",
                "companyCurrency": CURRENCIES[0],
                "additionalCurrencies": list(CURRENCIES[1:]),
                "utcOffset": "+00:00",
                "utcOffsetMilliseconds": 0,
                "uiDomain": "app.hubspot.com",
                "dataHostingLocation": "eu1",
            }
        )


def _options(told: Any) -> list[Definition]:
    """Choices as they are stored; two of one value are refused."""
    given = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    made = [option(str(one.get("value")), str(one.get("label"))) | one for one in given]
    if len({one["value"] for one in made}) < len(made):
        raise invalid("Option values must be unique").refusal()
    return made
