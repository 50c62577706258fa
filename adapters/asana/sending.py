"""One request for many fields, and what to do if Asana refuses it for the sake of one."""

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from adapters.asana.client import Reply
from adapters.asana.encode import dates
from adapters.asana.shapes import CUSTOM
from adapters.asana.writing import NOT_THERE, Work
from syncer.adapterkit.errors import AskPerson, SkipRecord
from syncer.model.remote import Fields

_NOT_ON_OBJECT: Final = re.compile(r"Custom field with ID (\d+) is not on given object")
"""Only a short cut: with other words each field is tried on its own."""

Send = Callable[[dict[str, object]], Reply]
Parts = dict[tuple[str, ...], dict[str, object]]
"""What to send, in pieces that can be refused apart, by the fields they are for."""


def sent_together(work: Work, parts: Parts, send: Send) -> Reply | None:
    """Send all parts in one request; if that is refused, each on its own.

    One field that Asana does not take spoils a whole request, so the culprit is looked for.
    Gives the last answer.
    """
    if not parts:
        return None
    try:
        return send(joined(parts.values()))
    except (SkipRecord, AskPerson) as error:
        if error.status == NOT_THERE:
            raise
        if len(parts) == 1:
            [ids] = parts
            work.refuse(ids, error.detail or error.reason)
            return None
        culprit = _not_on_object(error, parts)
        if culprit is not None:
            work.refuse(culprit, error.detail)
            return sent_together(work, {k: v for k, v in parts.items() if k != culprit}, send)
    replies: list[Reply] = []
    for ids, part in parts.items():
        work.attempt(ids, partial(_send_one, send, part, replies))
    return replies[-1] if replies else None


def _not_on_object(error: SkipRecord | AskPerson, parts: Parts) -> tuple[str, ...] | None:
    """The custom field that Asana says the record does not have, if it says so."""
    found = _NOT_ON_OBJECT.search(error.detail)
    ids = (f"{CUSTOM}{found[1]}",) if found else ()
    return ids if ids in parts else None


def due_apart(work: Work, parts: Parts, send: Send) -> Reply | None:
    """A due date that was refused along with a start is sent without it."""
    pair = next((ids for ids in parts if set(ids) == {"due", "start"}), None)
    if pair is None or not set(pair) <= work.refused.keys():
        return None
    alone = {key: value for key, value in parts[pair].items() if key.startswith("due")}
    try:
        reply = send(alone)
    except (SkipRecord, AskPerson):
        return None
    del work.refused["due"]
    return reply


def _send_one(send: Send, part: dict[str, object], replies: list[Reply]) -> None:
    replies.append(send(part))


def joined(parts: Iterable[dict[str, object]]) -> dict[str, object]:
    """One request's data from several; custom fields share one map."""
    whole: dict[str, object] = {}
    custom: dict[str, object] = {}
    for part in parts:
        found = part.get("custom_fields")
        if isinstance(found, dict):
            custom |= found
        whole |= part
    return whole | ({"custom_fields": custom} if custom else {})


def date_parts(work: Work, parts: Parts, now: Fields) -> None:
    """Due and start as one part; a start that cannot be written leaves the due date alone."""
    pair = {id: raw for id, raw in work.fields.items() if id in ("due", "start")}
    if not pair:
        return
    work.attempt(["start"], partial(_dates, parts, pair, now), own=False)
    if "start" in work.refused and "due" in pair:
        _dates(parts, {"due": pair["due"]}, now)


def _dates(parts: Parts, pair: Fields, now: Fields) -> None:
    parts[tuple(pair)] = dates(pair, now)
