"""Writing cards: create, update, archive, bring back ("Cards")."""

from typing import Any, Final

from msgspec import Struct

from adapters.trello import encode, templates
from adapters.trello.choices import Choices
from adapters.trello.client import Trello, segment
from adapters.trello.decode import custom_values, own_values
from adapters.trello.drafts import Draft, send_what_is_taken
from adapters.trello.fields import CARD, CUSTOM, FROM_WIRE, WIRE, card_field, custom_of
from adapters.trello.seats import Seats
from adapters.trello.shapes import word, words
from syncer.adapterkit.errors import AskPerson, LookFirst, SkipRecord, WaitAndRetry
from syncer.model.remote import Catalogue, FieldInfo, Outcome, Raw, Write

NATIVE: Final = ("name", "desc", "due", "start", "dueComplete", "list", "board")
SETS: Final = {"members": "idMembers", "labels": "idLabels"}


class Cards(Struct, frozen=True):
    """Writes to cards, one record at a time: the API has no batch for writes."""

    trello: Trello
    choices: Choices
    seats: Seats
    catalogue: Catalogue

    def create(self, write: Write) -> Outcome:
        """A new card, in one request, and one more for all its custom fields."""
        if write.container is None:
            raise SkipRecord("a new card needs a board")
        draft = Draft(write)
        body = self._new(draft, write.container)
        answer, refused = send_what_is_taken(
            body, lambda rest: self.trello.post("/cards", rest), needed=("idList", "name")
        )
        draft.refused |= {FROM_WIRE.get(key, key): why for key, why in refused.items()}
        if answer is None:
            raise SkipRecord("nothing of the card was taken")
        draft.saw(answer)
        self._after_making(draft, write.container)
        return self._done(draft, write.container)

    def _after_making(self, draft: Draft, board: str) -> None:
        """Custom fields of a card that is there by now: their failure must not hide it."""
        try:
            self._custom(draft, board)
        except (SkipRecord, AskPerson) as error:
            draft.refuse(_custom_ids(draft), str(error))
        except (WaitAndRetry, LookFirst) as error:
            # Nobody refused them: they are looked at, and written, in the next cycle.
            draft.unsure |= dict.fromkeys(_custom_ids(draft), str(error))

    def _new(self, draft: Draft, board: str) -> dict[str, Any]:
        """The body of a new card."""
        fields, body = draft.write.fields, dict[str, Any]()
        wanted = fields.get("list")
        body["idList"] = self._option("list", board, wanted) if wanted else None
        body["idList"] = body["idList"] or self.choices.open_list(board)
        for id in NATIVE:
            if id in fields and id not in ("list", "board"):
                body[id] = encode.native(id, fields[id])
        for id, key in SETS.items():
            if chosen := self._members_of(draft, id, board, fields.get(id)):
                body[key] = sorted(chosen)
        if draft.write.template:
            body |= templates.card(self.trello, board, draft.write.template)
        return body

    def _members_of(self, draft: Draft, id: str, board: str, value: Raw) -> set[str]:
        """The ids that a set shall hold; people who cannot be on the board are refused."""
        items = value if isinstance(value, list) else []
        if id == "labels":
            return {self._option(id, board, item) for item in items}
        chosen = {word(item) for item in items} - {""}
        refused = self.seats.take(board, chosen)
        if refused:
            draft.refuse([id], "; ".join(refused.values()))
        return chosen - set(refused)

    def _option(self, id: str, board: str, wanted: Raw) -> str:
        info = card_field(self.catalogue, id)
        if info is None:
            raise SkipRecord(f"{id} is not a field of this scope's cards")
        return self.choices.id_of(info, board, wanted)

    def update(self, write: Write) -> Outcome:
        """Given fields only: one request for the native ones, one for all custom ones.

        People and labels are added and taken away one by one, so that what somebody else does
        at the same time stands.
        """
        draft = Draft(write, write.id or "")
        self._look_first(draft)
        board = write.container or word(draft.shown.get("idBoard"))
        there = word(write.fields.get("board")) or board
        steps = [self._sets, self._custom, self._native]
        if there != board:
            steps = [self._native, self._sets, self._custom]
        self._refuse_unknown(draft)
        for step in steps:
            step(draft, there)
        return self._done(draft, there)

    def _look_first(self, draft: Draft) -> None:
        """Read what must be known before writing; most writes need nothing."""
        write = draft.write
        unsure = any(id in write.fields and id not in write.base for id in SETS)
        if unsure or write.container is None:
            query = {"fields": "id,idBoard,idMembers,idLabels"}
            draft.saw(self.trello.get(self._path(draft), query))

    def _refuse_unknown(self, draft: Draft) -> None:
        for id, value in draft.write.fields.items():
            info = card_field(self.catalogue, id)
            if id in ("list", "board") and value is None:
                draft.refuse([id], "a card is always in a list of a board")
            elif id not in (*NATIVE, *SETS) and (info is None or not info.custom):
                draft.refuse([id], "Trello does not let this be written")

    def _native(self, draft: Draft, board: str) -> None:
        """Everything native in one PUT, whose answer shows the whole card."""
        fields = draft.fields
        body = {WIRE[id]: encode.native(id, fields[id]) for id in NATIVE if id in fields}
        if "list" in fields:
            try:
                body["idList"] = self._option("list", board, fields["list"])
            except SkipRecord as error:
                del body["idList"]
                draft.refuse(["list"], str(error))
        if "board" in fields and "idList" not in body:
            body["idList"] = self.choices.open_list(board)
        answer, refused = send_what_is_taken(
            body, lambda rest: self.trello.put(self._path(draft), rest)
        )
        draft.refused |= {FROM_WIRE[key]: why for key, why in refused.items()}
        if answer is not None:
            draft.saw(answer)

    def _sets(self, draft: Draft, board: str) -> None:
        for id, key in SETS.items():
            if id not in draft.fields:
                continue
            try:
                self._set(draft, id, key, board)
            except (SkipRecord, AskPerson) as error:
                self.seats.forget(board)
                draft.refuse([id], str(error))

    def _set(self, draft: Draft, id: str, key: str, board: str) -> None:
        """The difference between base and wish, by single steps that commute with others'."""
        write = draft.write
        base = set(words(write.base[id] if id in write.base else draft.shown.get(key)))
        wish = self._members_of(draft, id, board, write.fields[id])
        path = f"{self._path(draft)}/{key}"
        for gone in sorted(base - wish):
            self._take_off(draft, path, key, gone)
        for new in sorted(wish - base):
            draft.told(self.trello.post(path, {"value": new}), key)

    def _take_off(self, draft: Draft, path: str, key: str, one: str) -> None:
        try:
            draft.told(self.trello.delete(f"{path}/{segment(one)}"), key)
        except SkipRecord as error:
            if error.status != 404:
                raise

    def _custom(self, draft: Draft, board: str) -> None:
        """All custom fields in one PUT."""
        known = custom_of(self.catalogue, board)
        items: list[dict[str, Any]] = []
        for id, value in draft.fields.items():
            if not id.startswith(CUSTOM):
                continue
            try:
                items.append(self._item(known.get(id), board, value))
            except SkipRecord as error:
                draft.refuse([id], error.reason)
        if items:
            body = {"customFieldItems": items}
            answer = self.trello.put(f"{self._path(draft)}/customFields", body)
            draft.told_items(answer, items)

    def _item(self, info: FieldInfo | None, board: str, value: Raw) -> dict[str, Any]:
        if info is None:
            raise SkipRecord("the board has no such custom field")
        return encode.custom(info, value, lambda raw: self.choices.id_of(info, board, raw))

    def _path(self, draft: Draft) -> str:
        return f"/cards/{segment(draft.id)}"

    def _done(self, draft: Draft, board: str) -> Outcome:
        """What the card shows now of everything that was sent, read again where not yet told."""
        custom = {id: i for id, i in custom_of(self.catalogue, board).items() if id in draft.fields}
        keys = {WIRE[id] for id in draft.fields if id in WIRE}
        if not keys <= set(draft.shown) or (custom and "customFieldItems" not in draft.shown):
            query = {"fields": ",".join(("id", "idBoard", "shortUrl", *sorted(keys)))}
            query |= {"customFieldItems": "true"} if custom else {}
            draft.saw(self.trello.get(self._path(draft), query))
        got = own_values(CARD, {**draft.shown, "id": draft.id}, draft.fields, WIRE)
        if custom:
            got |= custom_values(draft.shown, custom)
        return draft.done(got, word(draft.shown.get("idBoard")) or board)


def _custom_ids(draft: Draft) -> list[str]:
    return [id for id in draft.write.fields if id.startswith(CUSTOM)]
