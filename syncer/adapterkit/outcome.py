"""What an answer, or none, means for the one who asked."""

from typing import Final
from urllib.parse import urlsplit

from syncer.adapterkit.answer import Answer, Classify
from syncer.adapterkit.errors import AdapterError, LookFirst, SkipRecord, WaitAndRetry
from syncer.adapterkit.limits import Budget
from syncer.adapterkit.redact import Redactor
from syncer.adapterkit.retry import PATIENCE

LEAST_PAUSE: Final = 1.0
"""Seconds that a credential rests after a 429 that does not say how long."""


def meaning(answer: Answer, classify: Classify, *, raw: bool = False) -> AdapterError | None:
    """The error that an answer stands for, ``None`` if it can be used.

    A redirect is never followed: the credential would go along. A success must hold JSON, or
    nothing: a page cut short is not an answer. All else is the vendor's reading. ``raw``: nobody
    will want the whole of what it holds.
    """
    if 300 <= answer.status < 400:
        host = _host(answer.headers.get("location", "")) or "nowhere"
        return SkipRecord(f"a redirect to {host} is not followed", status=answer.status)
    error = classify(answer)
    if error is None and answer.body and not (answer.is_sound if raw else answer.is_json):
        error = answer.unreadable()
    if error is not None and answer.unsafe and answer.status >= 500:
        return LookFirst(error.reason, status=error.status, detail=error.detail)
    return error


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def slow_down(error: AdapterError, answer: Answer, budget: Budget) -> None:
    """After a refusal for too many requests: rest the whole credential."""
    if answer.status == 429 and isinstance(error, WaitAndRetry):
        error.seconds = max(error.seconds, answer.retry_after())
        budget.pause(min(max(error.seconds, LEAST_PAUSE), PATIENCE))


def unanswered(why: str, *, unsafe: bool, sent: bool) -> AdapterError:
    """The error for a request without a usable answer."""
    if not sent:
        return WaitAndRetry("no connection", detail=why)
    if unsafe:
        return LookFirst("no answer", detail=why)
    return WaitAndRetry("no answer", detail=why)


def too_large(size: int, status: int, *, unsafe: bool) -> AdapterError:
    """The error for an answer that goes on beyond ``size`` bytes."""
    reason = f"the answer is larger than {size} bytes"
    return (LookFirst if unsafe else SkipRecord)(reason, status=status)


def without_secrets(error: AdapterError, hide: Redactor) -> AdapterError:
    """The same error with every secret taken out of its texts."""
    error.reason, error.detail = hide(error.reason), hide(error.detail)
    error.args = tuple(hide(arg) if isinstance(arg, str) else arg for arg in error.args)
    return error
