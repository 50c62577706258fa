"""Pages on the disk: each file whole, and no other file ever replaced."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from syncer.cli.exits import Exit, Fault

_HEAD: Final = 4096
"""Bytes of a file in which a page of ours says what it is."""


def check_target(target: Path, made_for: tuple[str, str], what: str) -> None:
    """Refuse to replace anything but an older page about the same thing for the same readers.

    Args:
        made_for: what such a page says that it is about, and for whom.
        what: such a page in words, for the message.

    Raises :class:`Fault`.
    """
    from syncer.report.page.render import made_for as told_by

    if not target.parent.is_dir():
        raise Fault(f"there is no folder {target.parent}", Exit.CONFIGURATION)
    try:
        head = target.read_bytes()[:_HEAD] if target.exists() else None
    except OSError as error:
        raise Fault(f"{target} cannot be replaced: {error.strerror}", Exit.CONFIGURATION) from None
    if head is not None and told_by(head.decode("utf-8", "replace")) != made_for:
        text = f"{target} is there already, and is no {what}"
        raise Fault(text, Exit.CONFIGURATION, ["Name another file with --out, or remove it."])


def write_page(target: Path, text: str) -> None:
    """All of it or nothing: whoever opens the file meanwhile sees the old one whole.

    Raises :class:`Fault`.
    """
    made: Path | None = None
    try:
        with NamedTemporaryFile(
            "w", encoding="utf-8", dir=target.parent, prefix=".report-", delete=False
        ) as file:
            made = Path(file.name)
            file.write(text)
        os.chmod(made, 0o644 & ~_mask())
        made.replace(target)
    except OSError as error:
        if made is not None:
            made.unlink(missing_ok=True)
        text = f"{target} cannot be written: {error.strerror}"
        raise Fault(text, Exit.CONFIGURATION) from None


def _mask() -> int:
    """What this user does not want others to do with new files."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
