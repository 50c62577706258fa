"""The log: for people in a terminal, one JSON object a line elsewhere; always without secrets."""

import json
import logging
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Final

from syncer.report.document import safe, safe_json, safe_lines

LEVELS: Final = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


def set_up(form: str, level: str | None) -> None:
    """Send every event to standard error.

    Args:
        form: ``text``, ``json``, or ``auto``: text in a terminal.
        level: the least important events that are logged. If nothing is said: ``info``, and
            in a terminal, where results and progress are shown anyway, ``warning``.

    Each single request to a vendor is logged only at ``debug``.
    """
    with without("rich"):  # it would be loaded for tracebacks that are not shown like that
        import structlog

    from syncer.adapterkit.redact import censor

    text = form == "text" or (form == "auto" and sys.stderr.isatty())
    least = LEVELS[level or ("warning" if text else "info")]
    renderer: Any = structlog.processors.JSONRenderer(_json)
    if text:
        renderer = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("iso", utc=True),
            structlog.processors.format_exc_info,
            censor,
            *([_safe] if text else []),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


@contextmanager
def without(package: str) -> Iterator[None]:
    """What is imported meanwhile does as where this package is not installed."""
    there = package in sys.modules
    sys.modules.setdefault(package, None)  # type: ignore[arg-type]
    try:
        yield
    finally:
        if not there:
            del sys.modules[package]


def _json(event: MutableMapping[str, Any], **more: Any) -> str:
    return safe_json(json.dumps(event, ensure_ascii=False, **more))


def _safe(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Names come from strangers; nothing of them moves the cursor."""
    told = {key: safe_lines(v) if isinstance(v, str) else v for key, v in event.items()}
    return told | {key: safe(told[key]) for key in ("reason", "why") if key in told}
