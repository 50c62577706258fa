"""What becomes of one write while its requests go out."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from adapters.trello.encode import wire_name
from adapters.trello.shapes import Object, objects, the_object, word
from syncer.adapterkit.answer import Answer
from syncer.adapterkit.errors import (
    AdapterError,
    LookFirst,
    SkipRecord,
    StopConnection,
    WaitAndRetry,
)
from syncer.model.remote import Fields, Outcome, Raw, Result, Write

Send = Callable[[Mapping[str, Any]], Answer]

TOGETHER = ("idBoard", "idList")
"""Keys that mean something only together: a list is on a board."""


class Draft(Struct):
    """What is known about a write so far.

    ``shown`` gathers the record's keys as the latest answers show them; a key that was written
    and is not in it has to be read again.
    """

    write: Write
    id: str = ""
    shown: Object = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unsure: dict[str, str] = field(default_factory=dict)
    """Fields of a new card whose own request was not answered, and why."""
    as_of: datetime | None = None

    def saw(self, answer: Answer) -> Object:
        """Take in an answer that shows the record."""
        entry = the_object(answer)
        self.id = word(entry.get("id")) or self.id
        self.shown |= entry
        self.as_of = answer.at
        return entry

    def told(self, answer: Answer, key: str) -> None:
        """Take in an answer that lists a set of ids, or of things with ids; else forget it."""
        body = answer.json()
        listed = body if isinstance(body, list) else []
        items = [word(entry.get("id") if isinstance(entry, dict) else entry) for entry in listed]
        self.as_of = answer.at
        self.shown.pop(key, None)
        if isinstance(body, list) and all(items):
            self.shown[key] = items

    def told_items(self, answer: Answer, sent: list[dict[str, Any]]) -> None:
        """Take in the values of custom fields, if the answer shows all that were sent.

        What this route answers is not documented; an answer that leaves something open is
        not relied on.
        """
        body = answer.json()
        listed = body.get("customFieldItems") if isinstance(body, dict) else body
        shown = {word(item.get("idCustomField")) for item in objects(listed)}
        filled = {i["idCustomField"] for i in sent if i.get("value") or i.get("idValue")}
        self.as_of = answer.at
        self.shown.pop("customFieldItems", None)
        if isinstance(listed, list) and filled <= shown:
            self.shown["customFieldItems"] = listed

    def refuse(self, fields: Iterable[str], why: str) -> None:
        """Note that the vendor does not take these fields."""
        for name in fields:
            self.refused.setdefault(name, why)

    @property
    def fields(self) -> dict[str, Raw]:
        """Fields to write, or written: not refused."""
        gone = self.refused.keys() | self.unsure.keys()
        return {id: value for id, value in self.write.fields.items() if id not in gone}

    def done(self, got: Fields, container: str | None = None) -> Outcome:
        """The outcome of a write that went through."""
        return Outcome(
            intent=self.write.intent,
            result=Result.DONE,
            id=self.id or self.write.id,
            container=container or self.write.container,
            got=got,
            stale=dict.fromkeys(self.unsure),
            refused=self.refused,
            as_of=self.as_of,
            reason="; ".join(dict.fromkeys(self.unsure.values())),
            url=word(self.shown.get("shortUrl")) or None,
        )


def failed(write: Write, error: AdapterError) -> Outcome:
    """The outcome of a write that ended with an error. Raises what concerns every write."""
    result = ending(error)
    return Outcome(write.intent, result, id=write.id, container=write.container, reason=str(error))


def ending(error: AdapterError) -> Result:
    """How a write ended that ended with an error. Raises what concerns every write."""
    if isinstance(error, StopConnection):
        raise error
    results = {LookFirst: Result.UNKNOWN, WaitAndRetry: Result.RETRY}
    return results.get(type(error), Result.REFUSED)


def send_what_is_taken(
    body: Mapping[str, Any], send: Send, needed: tuple[str, ...] = ()
) -> tuple[Answer | None, dict[str, str]]:
    """Send a body; leave out what is refused as invalid and send the rest.

    Gives the answer (``None`` if nothing was left to send) and the reason for each key left out.

    Raises:
        SkipRecord: a needed key was refused, or something else than a value.
    """
    rest, refused = dict(body), dict[str, str]()
    while rest:
        try:
            return send(rest), refused
        except SkipRecord as error:
            named = wire_name(error.detail, rest)
            if error.status != 400 or named in needed or (named is None and needed):
                raise
            if named is None and len(rest) > 1:
                return _one_by_one(rest, send, refused)
            for key in _with_partner(named or next(iter(rest)), rest):
                refused[key] = error.detail or error.reason
                del rest[key]
    return None, refused


def _with_partner(key: str, body: Mapping[str, Any]) -> list[str]:
    both = key in TOGETHER and all(name in body for name in TOGETHER)
    return list(TOGETHER) if both else [key]


def _one_by_one(
    body: Mapping[str, Any], send: Send, refused: dict[str, str]
) -> tuple[Answer | None, dict[str, str]]:
    """Find out which of several keys is at fault. Safe: what was refused did nothing."""
    last: Answer | None = None
    for key in list(body):
        if key == "idList" and "idBoard" in body:
            continue
        alone = {name: body[name] for name in _with_partner(key, body)}
        try:
            last = send(alone)
        except SkipRecord as error:
            if error.status != 400:
                raise
            refused |= dict.fromkeys(alone, error.detail or error.reason)
    return last, refused
