"""Writing boards: create in the scope's workspace, rename, describe, close, reopen ("Boards")."""

from dataclasses import dataclass
from typing import Any, Final

from adapters.trello import encode, templates
from adapters.trello.client import Trello, segment
from adapters.trello.decode import own_values
from adapters.trello.drafts import Draft, send_what_is_taken
from adapters.trello.fields import BOARD, BOARD_WIRE
from syncer.adapterkit.errors import AdapterError, SkipRecord, StopConnection
from syncer.model.remote import Catalogue, Outcome, Result, Write

WRITABLE: Final = ("name", "desc")

OPEN_TO: Final = "org"
"""Who sees a new board: its workspace, as with boards that people make there."""


@dataclass(frozen=True)
class Boards:
    """Writes to boards."""

    trello: Trello
    catalogue: Catalogue

    def create(self, write: Write) -> Outcome:
        """A new board in the scope's workspace: empty, or a copy of a template."""
        info = self.catalogue.objects.get(BOARD)
        home = write.container or (info.home if info else None)
        if home is None:
            raise SkipRecord("the scope names no workspace for new boards")
        draft = Draft(write)
        self._refuse_unknown(draft)
        body: dict[str, Any] = {
            key: encode.native(key, value) for key, value in draft.fields.items()
        }
        body |= {"idOrganization": home, "prefs_permissionLevel": OPEN_TO}
        if write.template:
            body |= templates.board(self.trello, home, write.template)
        else:
            body |= {"defaultLists": False, "defaultLabels": False}
        draft.saw(self.trello.post("/boards/", body))
        self._correct(draft)
        return self._done(draft)

    def _correct(self, draft: Draft) -> None:
        """A copy may have come with the template's texts; the board must not be lost for it."""
        shown = own_values(BOARD, {**draft.shown, "id": draft.id}, draft.fields, BOARD_WIRE)
        wrong = {
            key: encode.native(key, value)
            for key, value in draft.fields.items()
            if key in shown and (shown[key] or "") != (value or "")
        }
        if not wrong or not draft.write.template:
            return
        try:
            draft.saw(self.trello.put(f"/boards/{segment(draft.id)}", wrong))
        except StopConnection:
            raise
        except AdapterError as error:
            draft.refuse(wrong, str(error))

    def update(self, write: Write) -> Outcome:
        """Name and description in one request."""
        draft = Draft(write, write.id or "")
        self._refuse_unknown(draft)
        path = f"/boards/{segment(draft.id)}"
        body = {key: encode.native(key, value) for key, value in draft.fields.items()}
        answer, refused = send_what_is_taken(body, lambda rest: self.trello.put(path, rest))
        draft.refused |= refused
        if answer is not None:
            draft.saw(answer)
        return self._done(draft)

    def close(self, write: Write) -> Outcome:
        """Close a board, which keeps it; one that is not there any more is done."""
        try:
            return self._closed(write, True)
        except SkipRecord as error:
            if error.status != 404:
                raise
            return Outcome(write.intent, Result.DONE, write.id, write.container)

    def reopen(self, write: Write) -> Outcome:
        """Open a board again, and write what else is given."""
        done = self._closed(write, False)
        return self.update(write) if write.fields else done

    def _closed(self, write: Write, closed: bool) -> Outcome:
        draft = Draft(write, write.id or "")
        draft.saw(self.trello.put(f"/boards/{segment(draft.id)}", {"closed": closed}))
        return draft.done({})

    def _refuse_unknown(self, draft: Draft) -> None:
        draft.refuse(
            [id for id in draft.write.fields if id not in WRITABLE],
            "Trello does not let this be written",
        )

    def _done(self, draft: Draft) -> Outcome:
        if not set(draft.fields) <= set(draft.shown):
            query = {"fields": "id,name,desc,shortUrl", "actions": "none", "lists": "none"}
            draft.saw(self.trello.get(f"/boards/{segment(draft.id)}", query))
        got = own_values(BOARD, {**draft.shown, "id": draft.id}, draft.fields, BOARD_WIRE)
        return draft.done(got)
