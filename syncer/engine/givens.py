"""What is handed in where nobody hands in anything else: the time, and ids."""

from datetime import UTC, datetime
from os import urandom


def utc_now() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)


def fresh_id(prefix: str) -> str:
    """An id that begins so, never the same twice."""
    return f"{prefix}_{urandom(10).hex()}"
