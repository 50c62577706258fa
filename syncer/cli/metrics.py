"""``--metrics FILE``: figures for a collector that reads text files."""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syncer.cli.exits import Fault
from syncer.cli.standings import standings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from syncer.model.configuration import Configuration
    from syncer.report.status import Standing
    from syncer.state import Store

Metrics = Annotated[
    Path | None,
    typer.Option(
        "--metrics",
        metavar="FILE",
        help="Also write figures there in Prometheus' text format, all at once: for a collector"
        " of text files (*.prom).",
    ),
]


def write_metrics(file: Path, standings: "Sequence[Standing]", store: "Store | None") -> None:
    """Put the figures into a file; whoever reads it sees the old ones or the new ones.

    Raises :class:`Fault` if it cannot be written.
    """
    from syncer import __version__
    from syncer.report.metrics import exposition, figures

    text = exposition(figures(standings, store, datetime.now(UTC), __version__))
    try:
        _put(file, text)
    except OSError as error:
        raise Fault(f"--metrics {file} cannot be written: {error.strerror or error}") from None


def tried_metrics(file: Path, config: "Configuration", store: "Store") -> str:
    """The same for all clients; gives why they could not be written, or nothing."""
    try:
        write_metrics(file, standings(config, store), store)
    except Fault as error:
        return error.message
    return ""


def _put(file: Path, text: str) -> None:
    # A collector takes files that end with .prom, so never a half-written one of another name.
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".tmp", dir=file.parent)
    made = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            os.fchmod(stream.fileno(), 0o644)  # the collector is another user
        made.replace(file)
    except OSError:
        made.unlink(missing_ok=True)
        raise
