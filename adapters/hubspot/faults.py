"""What HubSpot's error answers mean.

Its envelope is ``{status, message, category, correlationId, errors: [{message, code, context}]}``
with everything optional; the message sometimes holds the list of faults as JSON text.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from adapters.hubspot.shapes import mapping, objects, word, words
from syncer.adapterkit.answer import Answer, by_status
from syncer.adapterkit.errors import AdapterError, AskPerson, SkipRecord, WaitAndRetry

NOT_FOUND: Final = "OBJECT_NOT_FOUND"
NO_SUCH_PROPERTY: Final = "PROPERTY_DOESNT_EXIST"
TAKEN: Final = frozenset({"CONFLICT", "OBJECT_ALREADY_EXISTS"})

_ANSWERED: Final = frozenset({400, 404, 409, 413, 414})
"""Refusals that the caller looks into: they may concern one row, or one field of it."""

_HOUR: Final = 3600.0


class Problem(Struct, frozen=True):
    """One complaint; ``field`` is the property it is about, where that is told."""

    message: str
    code: str = ""
    field: str | None = None


class Fault(Struct, frozen=True):
    """An error envelope, or one row of a batch's ``errors``.

    ``ids`` and ``traces`` name the rows it is about; both may be empty.
    """

    message: str = ""
    category: str = ""
    policy: str = ""
    problems: tuple[Problem, ...] = ()
    ids: frozenset[str] = frozenset()
    traces: frozenset[str] = frozenset()
    scopes: tuple[str, ...] = ()

    @property
    def says(self) -> str:
        """The complaint in one line."""
        told = "; ".join(problem.message for problem in self.problems if problem.message)
        return told or self.message or self.category

    @property
    def by_field(self) -> dict[str, Problem]:
        """The complaints that name a property."""
        return {problem.field: problem for problem in self.problems if problem.field}


def fault_of(body: Any) -> Fault:
    """Read an error envelope of whatever shape."""
    told = mapping(body)
    message = word(told.get("message"))
    context = mapping(told.get("context"))
    details = objects(told.get("errors"))
    problems = tuple(found for detail in details for found in _problems(detail))
    scopes = [mapping(detail.get("context")).get("requiredGranularScopes") for detail in details]
    return Fault(
        message=message,
        category=word(told.get("category")),
        policy=word(told.get("policyName")),
        problems=problems if any(p.field for p in problems) else _nested(message) or problems,
        ids=frozenset((*words(context.get("ids")), *words(context.get("id")))),
        traces=frozenset(words(context.get("objectWriteTraceId"))),
        scopes=tuple(scope for listed in scopes for scope in words(listed)),
    )


def _problems(detail: Mapping[str, Any]) -> list[Problem]:
    context = mapping(detail.get("context"))
    named = words(context.get("propertyName")) or words(context.get("properties"))
    message, code = word(detail.get("message")), word(detail.get("code"))
    return [Problem(message, code, name) for name in named or (None,)]


def _nested(message: str) -> tuple[Problem, ...]:
    """Faults written as JSON inside the message: ``Property values were not valid: [{...}]``."""
    start = message.find("[{")
    if start < 0:
        return ()
    try:
        found, _ = json.JSONDecoder().raw_decode(message[start:])
    except (ValueError, RecursionError):
        return ()
    return tuple(
        Problem(word(item.get("message")), word(item.get("error")), word(item.get("name")) or None)
        for item in objects(found)
    )


def classify(answer: Answer) -> AdapterError | None:
    """HubSpot's statuses ("Error handling"); refusals of rows are left to the caller."""
    if answer.ok:
        return None
    body = answer.json_or_none()
    fault = fault_of(body)
    status, said = answer.status, answer.hide.short(fault.says, 200)
    if status in _ANSWERED and isinstance(body, dict):
        return None
    if status == 403 and fault.scopes:
        scopes = ", ".join(fault.scopes)
        return AskPerson(f"the token lacks the scopes {scopes}", status=status, detail=said)
    if status == 423:
        return WaitAndRetry("the record is locked", seconds=2, status=status, detail=said)
    if status == 477:
        wait = answer.retry_after() or _HOUR
        return WaitAndRetry("the account is being moved", seconds=wait, status=status, detail=said)
    if status == 429:
        wait = answer.retry_after() or _patience(fault)
        return WaitAndRetry("too many requests", seconds=wait, status=status, detail=said)
    return by_status(answer, fault.says)


def _patience(fault: Fault) -> float:
    """Seconds to wait after a 429, which comes without Retry-After.

    Search answers only with words: "You have reached your secondly limit."
    """
    told = (fault.policy or fault.message).lower()
    if "daily" in told:
        return _HOUR
    if "ten_secondly" in told or "ten secondly" in told:
        return 10.0
    return 1.0 if "secondly" in told else 10.0


def refusal(answer: Answer) -> SkipRecord:
    """The error for a refusal that nobody could make sense of."""
    fault = fault_of(answer.json_or_none())
    said = answer.hide.short(fault.says, 200)
    return SkipRecord(f"refused with {answer.status}", status=answer.status, detail=said)
