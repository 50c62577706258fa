"""People who type into the sandboxes, over the wire, whatever a keyboard or a paste may give."""

import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.system.agency import Agency


def asana(agency: Agency, who: str, gid: str, **fields: Any) -> str:
    """Somebody sets fields of a task; gives what the system refused with, or nothing."""
    body = json.dumps({"data": fields}).encode()
    return _put(agency, "asana", who, f"/api/1.0/tasks/{gid}", body)


def trello(agency: Agency, who: str, id: str, **fields: Any) -> str:
    """The same with a card."""
    return _put(agency, "trello", who, f"/1/cards/{id}", json.dumps(fields).encode())


def hubspot(agency: Agency, who: str, id: str, **properties: Any) -> str:
    """The same with a deal."""
    body = json.dumps({"properties": properties}).encode()
    return _put(agency, "hubspot", who, f"/crm/v3/objects/deals/{id}", body, "PATCH")


def _put(agency: Agency, system: str, who: str, path: str, body: bytes, method: str = "PUT") -> str:
    box, running = agency.boxes[system], agency.running[system]
    token = box.users[who].token
    options = running.connection(who)
    signed = f'OAuth oauth_consumer_key="{options.get("key")}", oauth_token="{token}"'
    headers = {
        "content-type": "application/json",
        "authorization": signed if system == "trello" else f"Bearer {token}",
    }
    request = Request(f"{running.url}{path}", data=body, method=method, headers=headers)
    try:
        with urlopen(request, timeout=10):
            return ""
    except HTTPError as error:
        with error:
            return f"{error.code} {error.read()[:200]!r}"
