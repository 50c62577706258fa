"""Errors named by what the engine does next. Nothing else may define one for adapters.

AdapterError
├── StopConnection   stop using this connection until somebody mends it (401, wrong account)
├── WaitAndRetry     nothing happened, try again after ``seconds`` (429, 5xx on a read)
├── SkipRecord       this one record or write cannot go through; the rest can (400, 404)
├── AskPerson        a person must change something: a plan, a permission, a setting (402, 403)
└── LookFirst        a write may or may not have happened: look before repeating (no answer)
"""


class AdapterError(Exception):
    """A vendor call failed.

    Args:
        reason: what happened, for people; never holds a secret.
        status: the HTTP status, where there was an answer.
        detail: the vendor's own words, shortened and redacted.
    """

    def __init__(self, reason: str, *, status: int | None = None, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.status = status
        self.detail = detail


class StopConnection(AdapterError):
    """The credential or the account is wrong; no further call may be made with it."""


class WaitAndRetry(AdapterError):
    """Nothing happened; the same call may be sent again after ``seconds``."""

    def __init__(
        self, reason: str, *, seconds: float = 0, status: int | None = None, detail: str = ""
    ) -> None:
        super().__init__(reason, status=status, detail=detail)
        self.seconds = seconds


class SkipRecord(AdapterError):
    """The vendor refuses this record or write; others are not concerned."""


class AskPerson(AdapterError):
    """Only a person can help: a paid plan, a permission, a setting in the vendor's product."""


class LookFirst(AdapterError):
    """The call went out and no usable answer came back: it may have taken effect."""
