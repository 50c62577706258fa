"""When and how long to wait before a request is sent again."""

from collections.abc import Callable
from typing import Final

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_random_exponential,
)

from syncer.adapterkit.errors import WaitAndRetry

PATIENCE: Final = 120.0
"""Seconds. A vendor that asks for a longer wait (a daily quota) is left to the next cycle."""

_backoff: Final = wait_random_exponential(multiplier=0.5, max=30)


def retrying(attempts: int, sleep: Callable[[float], None]) -> Retrying:
    """Repeats what raises :class:`WaitAndRetry`; the last error is raised as it is."""
    return Retrying(
        stop=stop_after_attempt(attempts),
        wait=_wait,
        retry=retry_if_exception(_worth_waiting),
        sleep=sleep,
        reraise=True,
    )


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    told = error.seconds if isinstance(error, WaitAndRetry) else 0.0
    # What the vendor says is a least, and threads should not all come back at once.
    return told + (_backoff(state) / 10 if told else _backoff(state))


def _worth_waiting(error: BaseException) -> bool:
    return isinstance(error, WaitAndRetry) and error.seconds <= PATIENCE
