"""Writing boards: create in the scope's workspace, rename, describe, close, reopen ("Boards")."""

from typing import Any, Final

from msgspec import Struct

from adapters.trello import encode, templates
from adapters.trello.client import Trello, segment
from adapters.trello.decode import own_values
from adapters.trello.drafts import Draft, send_what_is_taken
from adapters.trello.fields import BOARD, BOARD_WIRE, RESULTS
from adapters.trello.keeping import Keeping
from syncer.adapterkit.errors import AdapterError, AskPerson, SkipRecord, StopConnection
from syncer.model.remote import Catalogue, Outcome, Raw, Result, Write

WRITABLE: Final = ("name", "desc")

OPEN_TO: Final = "org"
"""Who sees a new board: its workspace, as with boards that people make there."""


class Boards(Struct, frozen=True):
    """Writes to boards."""

    trello: Trello
    keeping: Keeping
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
            key: encode.native(key, value) for key, value in _native(draft).items()
        }
        body |= {"idOrganization": home, "prefs_permissionLevel": OPEN_TO}
        if write.template:
            body |= templates.board(self.trello, home, write.template)
        else:
            body |= {"defaultLists": False, "defaultLabels": False}
        draft.saw(self.trello.post("/boards/", body))
        self._correct(draft)
        try:
            self._results(draft)
        except StopConnection:
            raise
        except AdapterError as error:
            # The board is there, and must not be made again because of what failed after it.
            draft.unsure[RESULTS] = str(error)
        return self._done(draft)

    def _results(self, draft: Draft) -> None:
        """The card that results are told in, which is a thing of its own."""
        if RESULTS not in draft.fields:
            return
        draft.shown[RESULTS], answer = self.keeping.write(draft.id, draft.fields[RESULTS])
        draft.as_of = answer.at if answer else draft.as_of

    def _correct(self, draft: Draft) -> None:
        """A copy may have come with the template's texts; the board must not be lost for it."""
        sent = _native(draft)
        shown = own_values(BOARD, {**draft.shown, "id": draft.id}, sent, BOARD_WIRE)
        wrong = {
            key: encode.native(key, value)
            for key, value in sent.items()
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
        """Name and description in one request; results are in a card."""
        draft = Draft(write, write.id or "")
        self._refuse_unknown(draft)
        path = f"/boards/{segment(draft.id)}"
        body = {key: encode.native(key, value) for key, value in _native(draft).items()}
        answer, refused = send_what_is_taken(body, lambda rest: self.trello.put(path, rest))
        draft.refused |= refused
        if answer is not None:
            draft.saw(answer)
        try:
            self._results(draft)
        except (SkipRecord, AskPerson) as error:
            draft.refuse([RESULTS], str(error))
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
            [id for id in draft.write.fields if id not in (*WRITABLE, RESULTS)],
            "Trello does not let this be written",
        )

    def _done(self, draft: Draft) -> Outcome:
        sent = _native(draft)
        if not set(sent) <= set(draft.shown):
            query = {"fields": "id,name,desc,shortUrl", "actions": "none", "lists": "none"}
            draft.saw(self.trello.get(f"/boards/{segment(draft.id)}", query))
        got = own_values(BOARD, {**draft.shown, "id": draft.id}, sent, BOARD_WIRE)
        if RESULTS in draft.fields:
            got[RESULTS] = draft.shown[RESULTS]
        return draft.done(got)


def _native(draft: Draft) -> dict[str, Raw]:
    """What is written to the board itself."""
    return {id: raw for id, raw in draft.fields.items() if id != RESULTS}
