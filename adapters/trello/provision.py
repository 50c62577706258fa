"""Making the custom fields that mappings need, on every board in scope."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from adapters.trello import scope as scopes
from adapters.trello.client import Trello, segment
from adapters.trello.decode import option_name
from adapters.trello.fields import CARD
from adapters.trello.options import ScopeOptions
from adapters.trello.shapes import Object, objects, the_list, word
from syncer.adapterkit.contract import FieldNeed
from syncer.model.values import Kind

TYPES: Final = {
    Kind.TEXT: "text",
    Kind.RICH_TEXT: "text",
    Kind.NUMBER: "number",
    Kind.MONEY: "number",
    Kind.BOOLEAN: "checkbox",
    Kind.DATE: "date",
    Kind.INSTANT: "date",
    Kind.WHEN: "date",
    Kind.ENUMERATION: "list",
}


def provision(
    trello: Trello, scope: ScopeOptions, needs: Sequence[FieldNeed], *, dry_run: bool
) -> list[str]:
    """Make what is missing; a line for each field or option made, missing or impossible.

    A need for a marker is met by nothing: lost creates are found without one.
    """
    needs = [need for need in needs if need.custom and not need.key]
    lines = [
        f"{need.object}.{need.name}: only cards have custom fields in Trello"
        for need in needs
        if need.object != CARD
    ]
    wanted = [need for need in needs if need.object == CARD]
    for id, name in scopes.find(trello, scope).names.items() if wanted else ():
        here = [need for need in wanted if need.container in (None, id, name)]
        lines += _Board(trello, id, name, dry_run).provide(here)
    return lines


class _Board(Struct, frozen=True):
    trello: Trello
    id: str
    name: str
    dry_run: bool

    def provide(self, needs: Sequence[FieldNeed]) -> list[str]:
        """The lines for one board."""
        if not needs:
            return []
        path = f"/boards/{segment(self.id)}/customFields"
        known = objects(the_list(self.trello.get(path)))
        return [line for need in needs for line in self._one(need, known)]

    def _one(self, need: FieldNeed, known: list[Object]) -> Iterator[str]:
        what = f"{self.name}: custom field {need.name!r}"
        kind = TYPES.get(Kind(need.kind)) if need.kind in set(Kind) and not need.many else None
        if kind is None:
            yield f"{what} cannot hold {'a set of ' if need.many else ''}{need.kind}"
            return
        same = [field for field in known if word(field.get("name")) == need.name]
        if not same:
            yield f"{what} ({kind}) {self._verb('made')}"
            self._make(need, kind)
        elif len(same) > 1:
            yield f"{what} exists {len(same)} times; rename all but one"
        elif same[0].get("type") != kind:
            yield f"{what} exists as {word(same[0].get('type'))}, not {kind}"
        else:
            yield from self._options(need, same[0], what)

    def _verb(self, verb: str) -> str:
        return "is missing" if self.dry_run else verb

    def _make(self, need: FieldNeed, kind: str) -> None:
        if self.dry_run:
            return
        body: Object = {
            "idModel": self.id,
            "modelType": "board",
            "name": need.name,
            "type": kind,
            "pos": "bottom",
            "display_cardFront": False,
        }
        if kind == "list":
            body["options"] = [
                {"value": {"text": text}, "color": "none", "pos": 1024 * place}
                for place, text in enumerate(need.options, 1)
            ]
        self.trello.post("/customFields", body)

    def _options(self, need: FieldNeed, field: Object, what: str) -> Iterator[str]:
        there = {option_name(option) for option in objects(field.get("options"))}
        for text in need.options if field.get("type") == "list" else ():
            if text not in there:
                yield f"{what}, option {text!r} {self._verb('made')}"
                if not self.dry_run:
                    path = f"/customFields/{segment(field['id'])}/options"
                    self.trello.post(path, {"value": {"text": text}})
