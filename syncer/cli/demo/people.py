"""People at work: each with their own token, through the vendors' own routes and nothing else.

Routes and fields are those of Trello's REST API (1), Asana's REST API (1.0) and HubSpot's CRM
objects API (2026-09), as the vendors document them.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from syncer.adapterkit.http import Http
    from syncer.cli.stand import Stand

Thing = dict[str, Any]

KEPT: Final = ("Heads-up", "Results")
"""What syncer keeps in a board or project for people to read; no task of theirs."""

_DEALS: Final = "/crm/objects/2026-09/deals"
_DEAL_FIELDS: Final = (
    "dealname,project_deadline,project_strategy,project_goals,project_results,"
    "project_results_share,project_results_pace,amount"
)


def _trello_headers(options: Mapping[str, object]) -> dict[str, str]:
    key, token = options["key"], options["token"]
    return {"authorization": f'OAuth oauth_consumer_key="{key}", oauth_token="{token}"'}


def _bearer_headers(options: Mapping[str, object]) -> dict[str, str]:
    return {"authorization": f"Bearer {options['token']}"}


_HEADERS: Final[Mapping[str, Callable[[Mapping[str, object]], dict[str, str]]]] = {
    "trello": _trello_headers,
    "asana": _bearer_headers,
    "hubspot": _bearer_headers,
}


class Person:
    """Somebody at the agency, in the three tools, for one client."""

    def __init__(self, stand: "Stand", name: str, client: str) -> None:
        self.name = name
        self._stand = stand
        self._scopes = stand.clients[client].scopes
        self._lines: dict[str, Http] = {}

    def close(self) -> None:
        """Hang up."""
        for line in self._lines.values():
            line.close()

    def line(self, system: str) -> "Http":
        """Their own way into a tool."""
        from syncer.adapterkit.http import Http, by_status
        from syncer.adapterkit.limits import Budget

        if system not in self._lines:
            options = self._stand.running[system].connection(self.name)
            headers = _HEADERS[system](options)
            self._lines[system] = Http(
                str(options["base_url"]),
                headers=lambda: headers,
                classify=by_status,
                budget=Budget(()),
                secrets=(str(options["token"]),),
                system=f"{system} as {self.name}",
            )
        return self._lines[system]

    # -- Trello -----------------------------------------------------------------------------

    def boards(self) -> dict[str, Thing]:
        """The client's open boards, by name."""
        path = f"/organizations/{self._scopes['trello']['workspace']}/boards"
        params = {"filter": "open", "fields": "name,desc"}
        return _named(self.line("trello").get(path, params=params).json())

    def cards(self, board: str, *, kept: bool = False) -> list[Thing]:
        """The open cards of a board; with those that syncer keeps there, if wanted."""
        path = f"/boards/{self.boards()[board]['id']}/cards"
        found = self.line("trello").get(path, params={"fields": "name,due,desc"}).json()
        return [card for card in found if kept or card["name"] not in KEPT]

    def card(self, board: str, title: str) -> Thing:
        """A card by its name."""
        return _one(self.cards(board), title)

    def describe_board(self, board: str, text: str) -> None:
        """Write the description of a board."""
        path = f"/boards/{self.boards()[board]['id']}"
        self.line("trello").put(path, json={"desc": text})

    # -- Asana ------------------------------------------------------------------------------

    def projects(self) -> dict[str, Thing]:
        """The client's projects, by name."""
        path = f"/teams/{self._scopes['asana']['team']}/projects"
        fields = "name,due_on,notes,custom_fields.name,custom_fields.display_value"
        params = {"opt_fields": fields, "limit": 100, "archived": "false"}
        return _named(self.line("asana").get(path, params=params).json()["data"])

    def tasks(self, project: str, *, kept: bool = False) -> list[Thing]:
        """The tasks of a project; with what syncer keeps there, if wanted."""
        path = f"/projects/{self.projects()[project]['gid']}/tasks"
        params = {"opt_fields": "name,due_on", "limit": 100}
        found = self.line("asana").get(path, params=params).json()["data"]
        return [task for task in found if kept or task["name"] not in KEPT]

    def task(self, project: str, title: str) -> Thing:
        """A task by its name."""
        return _one(self.tasks(project), title)

    def custom_field(self, project: str, name: str) -> str | None:
        """What a project shows in a custom field."""
        field = _one(self.projects()[project]["custom_fields"], name)
        shown: str | None = field["display_value"]
        return shown

    def move_task(self, project: str, title: str, day: str) -> None:
        """Set the due date of a task."""
        path = f"/tasks/{self.task(project, title)['gid']}"
        self.line("asana").put(path, json={"data": {"due_on": day}})

    def move_project(self, project: str, day: str) -> None:
        """Set the due date of a project."""
        path = f"/projects/{self.projects()[project]['gid']}"
        self.line("asana").put(path, json={"data": {"due_on": day}})

    # -- HubSpot ----------------------------------------------------------------------------

    def deal(self, name: str) -> Thing:
        """A deal by its name, with the properties that the demo looks at."""
        params = {"properties": _DEAL_FIELDS, "limit": 100}
        found = self.line("hubspot").get(_DEALS, params=params).json()["results"]
        return next(deal for deal in found if deal["properties"]["dealname"] == name)

    def change_deal(self, name: str, **properties: str) -> None:
        """Write properties of a deal."""
        path = f"{_DEALS}/{self.deal(name)['id']}"
        self.line("hubspot").patch(path, json={"properties": properties})


def _named(things: list[Thing]) -> dict[str, Thing]:
    return {thing["name"]: thing for thing in things}


def _one(things: list[Thing], name: str) -> Thing:
    return next(thing for thing in things if thing["name"] == name)
