"""Putting cards away and bringing them back, in the way the mapping says."""

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from adapters.trello.cards import Cards
from adapters.trello.client import Trello, segment
from adapters.trello.drafts import Draft
from adapters.trello.shapes import Object, part, the_list, word
from syncer.adapterkit.errors import SkipRecord
from syncer.model.remote import Op, Outcome, Result, Write

MOVES: Final = {"filter": "updateCard:idList", "limit": "50", "fields": "data"}


class Archive(Struct, frozen=True):
    """Cards are closed, or moved to a list that stands for it."""

    trello: Trello
    cards: Cards

    def away(self, write: Write) -> Outcome:
        """Archive a card; one that is not there any more is done."""
        try:
            if name := _list_name(write):
                move = replace(write, op=Op.UPDATE, fields={"list": {"name": name}}, base={})
                outcome = self.cards.update(move)
                return replace(outcome, got={}) if not outcome.refused else _refused(write, outcome)
            draft = Draft(write, write.id or "")
            draft.saw(self.trello.put(self._path(write), {"closed": True}))
            return draft.done({}, word(draft.shown.get("idBoard")) or None)
        except SkipRecord as error:
            if error.status != 404:
                raise
            return Outcome(write.intent, Result.DONE, write.id, write.container)

    def back(self, write: Write) -> Outcome:
        """Bring a card back to where people see it.

        A card is also hidden when its list is put away; then the list is brought back, which
        undoes exactly what hid it. Fields of the same write are written after that.
        """
        draft = Draft(write, write.id or "")
        fields = {"fields": "id,idBoard,idList,closed,shortUrl", "list": "true"}
        card = draft.saw(self.trello.get(self._path(write), fields))
        if card.get("closed") is True:
            draft.saw(self.trello.put(self._path(write), {"closed": False}))
        if part(card, "list", "closed") is True:
            self.trello.put(f"/lists/{segment(word(card.get('idList')))}", {"closed": False})
        if _list_name(write) and "list" not in write.fields:
            self._where_it_was(draft, card)
        if write.fields:
            return self.cards.update(replace(write, op=Op.UPDATE))
        return draft.done({}, word(draft.shown.get("idBoard")) or None)

    def _where_it_was(self, draft: Draft, card: Object) -> None:
        """Out of the list that stands for archived, into the one it came from."""
        moves = the_list(self.trello.get(f"{self._path(draft.write)}/actions", MOVES))
        here = word(card.get("idList"))
        came = [part(move, "data", "listBefore", "id") for move in moves if _into(move, here)]
        target = next((word(id) for id in came if word(id)), "")
        target = target or self.cards.choices.open_list(word(card.get("idBoard")))
        draft.saw(self.trello.put(self._path(draft.write), {"idList": target}))

    @staticmethod
    def _path(write: Write) -> str:
        return f"/cards/{segment(write.id)}"


def _into(move: object, entry: str) -> bool:
    return isinstance(move, dict) and part(move, "data", "listAfter", "id") == entry


def _list_name(write: Write) -> str | None:
    """The list that stands for archived; ``None`` where cards are closed."""
    how = write.archive or {}
    return how.get("option") if how.get("field") == "list" else None


def _refused(write: Write, outcome: Outcome) -> Outcome:
    reason = "; ".join(outcome.refused.values())
    return Outcome(write.intent, Result.REFUSED, write.id, write.container, reason=reason)
