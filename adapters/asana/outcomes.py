"""What an error means for a write that was tried."""

from typing import Final

from syncer.adapterkit.errors import AdapterError, AskPerson, LookFirst, SkipRecord, WaitAndRetry
from syncer.model.remote import Result

_ENDS: Final[tuple[tuple[type[AdapterError], Result], ...]] = (
    (LookFirst, Result.UNKNOWN),
    (WaitAndRetry, Result.RETRY),
    (SkipRecord, Result.REFUSED),
    (AskPerson, Result.REFUSED),
)


def result_of(error: AdapterError) -> Result:
    """How a write ended that ended with this error."""
    return next((result for kind, result in _ENDS if isinstance(error, kind)), Result.REFUSED)
