"""A seal beside a state file: it was read through and found whole, and only we wrote to it since.

Reading a file of fifty megabytes through takes as long as a whole idle cycle. A seal says what the
file was like when it was closed; where it is otherwise, or a log lies beside it, or the last reading
is a day ago, the file is read through as if there were none.
"""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import Engine, event

HOLDS: Final = 24 * 3600
"""Seconds from one reading to the next; what a failing disk does in between nobody sees at once."""

BRIEF: Final = 600
"""Seconds. Whoever had the file open longer seals nothing: it may have been written over meanwhile."""


class _Seal(msgspec.Struct, array_like=True):
    """What a file was like, and when it was last read through (seconds since 1970)."""

    read: float
    device: int
    number: int
    size: int
    written: int
    changed: int

    def is_of(self, found: os.stat_result) -> bool:
        """Whether it is about this very file, whatever was written to it since."""
        return (self.device, self.number) == (found.st_dev, found.st_ino)


def is_sealed(file: Path) -> bool:
    """Whether a file is, to the nanosecond, as we left it."""
    seal = _seal(file)
    return (
        seal is not None
        and 0 <= time.time() - seal.read < HOLDS
        and not has_log(file)
        and seal == _like(file.stat(), seal.read)
    )


def seal(file: Path) -> None:
    """Note that a file was read through just now, or is new. Without a place for that, do not."""
    _put(file, time.time())


def sealing(engine: Engine, file: Path) -> None:
    """Note what a sealed file is like each time that this engine lets go of it."""
    since = time.monotonic()

    def let_go(_engine: Engine) -> None:
        if time.monotonic() - since < BRIEF:
            _seal_again(file)

    event.listen(engine, "engine_disposed", let_go)


def _seal_again(file: Path) -> None:
    """What is sealed is still what it was read as; not while others have it open, nor another."""
    told = _seal(file)
    with suppress(OSError):
        if told is not None and not has_log(file) and told.is_of(file.stat()):
            _put(file, told.read)


def break_seal(file: Path) -> None:
    """What is noted of a file holds no more."""
    with suppress(OSError):
        _beside(file).unlink(missing_ok=True)


def has_log(file: Path) -> bool:
    """Whether a log with something in it lies beside a file: of a kill, or of who has it open."""
    log = file.with_name(f"{file.name}-wal")
    try:
        return log.stat().st_size > 0
    except FileNotFoundError:  # in a step: whoever closes the file takes its log away
        return False


def _put(file: Path, read: float) -> None:
    with suppress(OSError):
        # A write is dated by a clock of milliseconds: a date of ours is none that one would get.
        now = time.time_ns()
        os.utime(file, ns=(now, now))
        found = file.stat()
        if found.st_mtime_ns == now:  # else this volume's dates are too coarse to tell
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
            with open(os.open(_beside(file), flags, 0o600), "wb") as beside:
                beside.write(msgspec.json.encode(_like(found, read)))


def _like(found: os.stat_result, read: float) -> _Seal:
    return _Seal(
        read, found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
    )


def _seal(file: Path) -> _Seal | None:
    try:
        return msgspec.json.decode(_beside(file).read_bytes(), type=_Seal)
    except (OSError, msgspec.DecodeError):
        return None


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.seal")
