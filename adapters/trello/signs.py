"""How a card that the service keeps for itself is told from the cards of people.

It is known by a line at the end of its description, which stays when the card is renamed or
moved, and tells whoever opens the card whose it is. The name alone is no mark: a task of any
agency may be called the same, and must stay a task. But a card that had the line stays ours as
long as one of the two is left, so that an edit of the whole text is an edit and not the end of
it. A card of which nothing is read may have a third mark, the address of an attachment, which
stays when people write another title and another text.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from msgspec import Struct

from adapters.trello.actions import LEFT, Action
from adapters.trello.fields import LONGEST
from adapters.trello.shapes import Object, objects, part, word
from syncer.model.remote import Raw


class Sign(Struct, frozen=True):
    """What such a card is called when it is made, and the last line of its description.

    ``tag`` is how the address of its attachment ends, where it has one. Changing any of these
    makes strangers of all cards that have them.
    """

    name: str
    mark: str
    tag: str = ""

    @property
    def room(self) -> int:
        """Characters that are left for the text."""
        return LONGEST - len(self._signature)

    @property
    def _signature(self) -> str:
        return f"\n\n*{self.mark}*"

    def signed(self, text: Raw) -> str:
        """The description that shows a text."""
        return (word(text).rstrip() + self._signature).lstrip("\n")

    def _is_mark(self, line: str) -> bool:
        """Whether a line is the mark, in whatever emphasis an editor has put it."""
        return line.strip(" *_\\\t\r").casefold() == self.mark.casefold()

    def marked(self, desc: Any) -> bool:
        """Whether a description has the mark."""
        return any(self._is_mark(line) for line in word(desc).split("\n"))

    def text_of(self, desc: Any) -> Raw:
        """What a description says besides the mark."""
        lines = [line for line in word(desc).split("\n") if not self._is_mark(line)]
        return "\n".join(lines).rstrip() or None

    def unmarked(self, done: Iterable[Action]) -> Iterator[str]:
        """Cards whose text somebody changed that had the mark then: the feed shows it."""
        for action in done:
            if self.marked(part(action.data, "old", "desc")):
                yield action.id_of("card")

    def on(self, cards: Iterable[Object], known: Collection[str]) -> list[Object]:
        """The cards that are ours; ``known`` are ids of those that had the mark."""
        return [card for card in cards if self._is_ours(card, known)]

    def _is_ours(self, card: Object, known: Collection[str]) -> bool:
        named = word(card.get("name")).strip().casefold() == self.name.casefold()
        tags = [word(hung.get("url")) for hung in objects(card.get("attachments"))]
        tagged = bool(self.tag) and any(url.endswith(self.tag) for url in tags)
        return self.marked(card.get("desc")) or tagged or (named and card["id"] in known)


def hidden(card: Object, put_away: Collection[str]) -> bool:
    """Whether people do not see a card: it was archived, or its list was."""
    return card.get("closed") is True or word(card.get("idList")) in put_away


def left(done: Iterable[Action]) -> set[str]:
    """Cards that are not on the board any more, as the feed tells."""
    return {action.id_of("card") for action in done if action.type in LEFT}
