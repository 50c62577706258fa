"""The activities of a record, as the app shows them to people, and whom it tells of them."""

from typing import Any

from adapters.hubspot.sandbox.bodies import clickable, read
from adapters.hubspot.sandbox.records import Stored
from adapters.hubspot.sandbox.store import Store
from syncer.model.values import Json

BODIES = {"notes": "hs_note_body", "tasks": "hs_task_body"}


class Timeline:
    """What stands on one record.

    Args:
        store: the account.
        type: ``companies`` or ``deals``.
        id: the record.
    """

    def __init__(self, store: Store, type: str, id: str) -> None:
        self._store = store
        self._ends = (type, id)

    def activities(self) -> list[Stored]:
        """Notes and tasks, the oldest first."""
        found = [
            self._store.records[other][id]
            for other in BODIES
            for id in self._store.linked(*self._ends, other)
        ]
        return sorted(found, key=lambda one: (one.created, int(one.id)))

    def bodies(self, *types: str) -> list[str]:
        """The HTML of the activities of these types."""
        return [self._body(one) for one in self.activities() if one.type in types]

    def links(self) -> list[str]:
        """All that can be clicked on."""
        return [url for one in self.activities() for url in clickable(self._body(one))]

    def assigned(self) -> list[str]:
        """Ids of the owners who have an open task."""
        tasks = (one.values for one in self.activities() if one.type == "tasks")
        live = (values for values in tasks if values.get("hs_task_status") != "COMPLETED")
        return sorted({values.get("hubspot_owner_id", "") for values in live} - {""})

    def notified(self) -> list[str]:
        """Ids of the owners whom HubSpot tells: those who were assigned a task by another.

        A note tells nobody: only the app's own editor can mention people.
        """
        tasks = [one for one in self.activities() if one.type == "tasks"]
        given = [entry for one in tasks for entry in one.history.get("hubspot_owner_id", [])]
        others = {entry["value"] for entry in given if not self._is_own(entry)}
        return sorted(others - {""})

    def lines(self) -> list[str]:
        """The timeline as text: who, when, what, the oldest first."""
        return [line for one in self.activities() for line in (self._head(one), *self._text(one))]

    def told(self) -> Json:
        """All of it, people by the ids of their owners."""
        return {
            "lines": [*self.lines()],
            "assigned": [*self.assigned()],
            "notified": [*self.notified()],
        }

    def _head(self, one: Stored) -> str:
        who = self._name("userId", one.values.get("hs_created_by_user_id"))
        day = f"{one.created:%d %b %Y, %H:%M}"
        if one.type == "notes":
            return f"Note by {who or 'an integration'} ({day})"
        owner = self._name("id", one.values.get("hubspot_owner_id"))
        done = "completed" if one.values.get("hs_task_status") == "COMPLETED" else "open"
        subject = one.values.get("hs_task_subject", "")
        return f"Task for {owner or 'nobody'}, {done}: {subject} ({day})"

    def _text(self, one: Stored) -> list[str]:
        return [f"  {line}" for line in read(self._body(one))]

    def _name(self, key: str, value: str | None) -> str:
        owners = self._store.owners.values()
        found = next((o for o in owners if value and str(o[key]) == value), None)
        return f"{found['firstName']} {found['lastName']}" if found else ""

    def _is_own(self, entry: dict[str, object]) -> bool:
        owner = self._store.owners.get(str(entry["value"]))
        return owner is not None and owner["userId"] == entry.get("updatedByUserId")

    @staticmethod
    def _body(one: Stored) -> str:
        return one.values.get(BODIES[one.type], "")


def timeline(store: Store, wish: Any) -> Json:
    """What stands on the record that is wished for. Raises ``ValueError`` if there is none."""
    asked = wish if isinstance(wish, dict) else {}
    type, id = str(asked.get("object")), str(asked.get("id"))
    if type not in ("companies", "deals") or id not in store.records[type]:
        raise ValueError('{"object": "companies" or "deals", "id": "..."}')
    return Timeline(store, type, id).told()
