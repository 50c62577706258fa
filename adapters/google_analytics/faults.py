"""What Google's refusals mean, and how long to wait after one.

The envelope is ``{error: {code, message, status, details: [{reason, metadata}]}}`` with
everything optional; older services tell the reason under ``errors``.
"""

from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from adapters.google_analytics.shapes import mapping, objects, word
from syncer.adapterkit.answer import Answer, by_status
from syncer.adapterkit.errors import AdapterError, AskPerson, WaitAndRetry

DENIED: Final = "the property may not be read"
"""The reason of a 403 that is about a property; who asked knows which one."""

HOUR: Final = 3600.0
_MINUTES_15: Final = 900.0
_CONCURRENT: Final = 5.0
_MINUTE: Final = 60.0
_PACIFIC: Final = ZoneInfo("America/Los_Angeles")

_OFF: Final = frozenset({"SERVICE_DISABLED", "accessNotConfigured"})
_SCOPE: Final = frozenset({"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions"})
_FAST: Final = frozenset({"RATE_LIMIT_EXCEEDED", "rateLimitExceeded", "userRateLimitExceeded"})


class Fault(Struct, frozen=True):
    """An error envelope, read."""

    message: str = ""
    status: str = ""
    reasons: frozenset[str] = frozenset()
    service: str = ""
    consumer: str = ""


def fault_of(body: Any) -> Fault:
    """Read an error envelope of whatever shape."""
    error = mapping(mapping(body).get("error"))
    details = objects(error.get("details"))
    told = [word(each.get("reason")) for each in (*details, *objects(error.get("errors")))]
    about = [mapping(detail.get("metadata")) for detail in details]
    return Fault(
        message=word(error.get("message")),
        status=word(error.get("status")),
        reasons=frozenset(filter(None, told)),
        service=next((word(each.get("service")) for each in about if "service" in each), ""),
        consumer=next((word(each.get("consumer")) for each in about if "consumer" in each), ""),
    )


def classify(answer: Answer) -> AdapterError | None:
    """Google's statuses; a 400 and a 404 are left to whoever asked, as :class:`SkipRecord`."""
    if answer.ok:
        return None
    fault = fault_of(answer.json_or_none())
    said = answer.hide.short(fault.message, 300)
    if answer.status == 403:
        return _forbidden(fault, said)
    if answer.status == 429:
        why, seconds = _exhausted(fault.message.lower(), answer.at)
        return WaitAndRetry(why, seconds=seconds, status=429, detail=said)
    return by_status(answer, fault.message)


def _forbidden(fault: Fault, said: str) -> AdapterError:
    if fault.reasons & _OFF:
        where = fault.consumer.removeprefix("projects/") or "of the credential"
        name = fault.service or "the Google Analytics Data API or Admin API"
        why = f"in the Cloud project {where}, {name} is off"
        fix = "switch it on under APIs & Services (Data and Admin are two switches) and wait 5 min"
        return AskPerson(f"{why}; {fix}", status=403, detail=said)
    if fault.reasons & _SCOPE or "insufficient authentication scopes" in fault.message.lower():
        why = (
            "the credential lacks the scope analytics.readonly; authorise it again with that scope"
        )
        return AskPerson(why, status=403, detail=said)
    if fault.reasons & _FAST:
        return WaitAndRetry("too many requests", seconds=_MINUTE, status=403, detail=said)
    return AskPerson(DENIED, status=403, detail=said)


def _exhausted(message: str, at: datetime) -> tuple[str, float]:
    """Which quota is used up, and in how many seconds it is there again.

    There is no Retry-After; the kinds differ by their words only.
    """
    if "concurrent" in message:
        return "too many requests of the property at once", _CONCURRENT
    if "client error" in message:
        return "too many requests of the property were refused", _MINUTES_15
    if "server error" in message:
        return "too many requests of the property failed at the vendor", HOUR
    if "threshold" in message:
        why = "too many reports with demographic dimensions; ask for fewer of them"
        return why, to_the_hour(at)
    if "per day" in message or "daily" in message:
        return "the property's tokens of the day are used up", to_midnight(at)
    if "hour" in message:
        return "the property's tokens of the hour are used up", to_the_hour(at)
    return "a quota of the property is used up", HOUR


def to_the_hour(at: datetime) -> float:
    """Seconds to the next full hour."""
    return HOUR - (at.minute * 60 + at.second)


def to_midnight(at: datetime) -> float:
    """Seconds to the next midnight in California, when quotas of a day begin anew."""
    there = at.astimezone(_PACIFIC)
    midnight = datetime.combine(there.date() + timedelta(days=1), time(), _PACIFIC)
    return midnight.timestamp() - at.timestamp()
