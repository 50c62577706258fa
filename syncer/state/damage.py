"""Whether a state file is whole, before anything that it says is acted on."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine

from syncer.state.errors import DAMAGED, RESCUE, StateError, translated
from syncer.state.seal import break_seal, has_log, is_sealed, seal

CHECKED_WHOLE: Final = 64 * 1024 * 1024
"""Bytes. Files up to here are read through where no seal is on them: a tenth of a second."""

_PAGES: Final = slice(28, 32)
_PAGE_SIZE: Final = slice(16, 18)
_UNITS: Final = {1, *(2**n for n in range(9, 16))}


def check_whole(engine: Engine, where: str, file: Path) -> None:
    """Look for pages that are missing or make no sense; sealed or large files only for their length.

    Raises :class:`StateError`. A copy that was made with plain file tools while a run was
    going on, or beside which an old log was left lying, is found here and not half way.
    """
    _check_length(where, file)
    size = file.stat().st_size
    if size > CHECKED_WHOLE:
        break_seal(file)
    elif not is_sealed(file):
        if size:
            with translated(where), engine.connect() as connection:
                _check_pages(where, connection)
        seal(file)


def _check_pages(where: str, connection: Connection) -> None:
    found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if found != "ok":
        raise StateError(where, f"{DAMAGED} ({' '.join(str(found).split())})", RESCUE)


def _check_length(where: str, file: Path) -> None:
    """A file that ends too early; its head says how many pages there are.

    With a log beside it, the log may have what the file lacks: then SQLite knows better.
    See https://www.sqlite.org/fileformat2.html, "The Database Header".
    """
    if has_log(file):
        return
    with file.open("rb") as opened:
        head = opened.read(100)
    size = file.stat().st_size
    if 0 < size < 100:
        raise StateError(where, f"{DAMAGED} (only its first {size} bytes are there)", RESCUE)
    unit = int.from_bytes(head[_PAGE_SIZE], "big")
    told = int.from_bytes(head[_PAGES], "big") * (65536 if unit == 1 else unit)
    if size < told and unit in _UNITS:
        raise StateError(where, f"{DAMAGED} (it has {size} of {told} bytes)", RESCUE)
