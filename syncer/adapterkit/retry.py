"""When and how long to wait before a request is sent again."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from syncer.adapterkit.errors import WaitAndRetry

if TYPE_CHECKING:
    from tenacity import RetryCallState, Retrying

PATIENCE: Final = 120.0
"""Seconds. A vendor that asks for a longer wait (a daily quota) is left to the next cycle."""


def _backoff(state: "RetryCallState") -> float:
    from tenacity import wait_random_exponential

    return wait_random_exponential(multiplier=0.5, max=30)(state)


class Attempts(Struct, frozen=True):
    """How stubborn to be.

    Args:
        most: how often a request is sent at most.
        slow: how many times longer than usual (about 0.25, 0.5, 1 s) to wait in between.
        refused: whether a request that was refused (4xx) is sent again as well; some vendors
            count refusals.
    """

    most: int = 4
    slow: float = 1
    refused: bool = True


def retrying(attempts: int | Attempts, sleep: Callable[[float], None]) -> "Retrying":
    """Repeats what raises :class:`WaitAndRetry`; the last error is raised as it is."""
    # Loaded here: nearly every process ends without having sent anything a second time.
    from tenacity import Retrying, retry_if_exception, stop_after_attempt

    how = Attempts(attempts) if isinstance(attempts, int) else attempts

    def wait(state: "RetryCallState") -> float:
        error = state.outcome.exception() if state.outcome else None
        told = error.seconds if isinstance(error, WaitAndRetry) else 0.0
        # What the vendor says is a least, and threads should not all come back at once.
        return told + (_backoff(state) / 10 if told else _backoff(state) * how.slow)

    def worth_it(error: BaseException) -> bool:
        if not isinstance(error, WaitAndRetry) or error.seconds > PATIENCE:
            return False
        return how.refused or error.status is None or not 400 <= error.status < 500

    return Retrying(
        stop=stop_after_attempt(how.most),
        wait=wait,
        retry=retry_if_exception(worth_it),
        sleep=sleep,
        reraise=True,
    )
