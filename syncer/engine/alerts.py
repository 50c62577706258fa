"""Ops hear of trouble: one message when it begins, one when it ends.

What is to be told is recorded before it is sent. Killed in between, it is sent once more and
says so: nobody can look up whether a mail went out.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

import structlog

from syncer.adapterkit.redact import clean
from syncer.engine.channels import ChannelError, send
from syncer.engine.troubles import Book, Client, Found, found, message, news
from syncer.model.configuration import Configuration
from syncer.model.report import CycleReport
from syncer.state import LockHeld, Store

log = structlog.get_logger()

KEY: Final = "alerts"
"""Under which the state keeps what was told."""

_LOCK: Final = "*alerts"
"""Keeps two runs from telling the same; no client is called like this."""


def alerting(
    config: Configuration,
    store: Store,
    clock: Callable[[], datetime],
    reports: Iterator[CycleReport],
) -> Iterator[CycleReport]:
    """Hand on the reports of a run; then tell ops what began and what ended with it.

    Does nothing where no address is configured, and stops nothing: what goes wrong is logged.
    """
    seen: list[CycleReport] = []
    for report in reports:
        seen.append(report)
        yield report
    if not config.alerts:
        return
    try:
        with store.lock(_LOCK):
            _tell(config, store, found((_client(config, store, one) for one in seen), clock()))
    except LockHeld:
        log.info("alerts.later")
    except ChannelError as error:
        log.warning("alerts.unsent", reason=str(error))
    except Exception as error:  # noqa: BLE001 - no alert may stop a run
        log.warning("alerts.failed", reason=clean(f"{type(error).__name__}: {error}"))


def _client(config: Configuration, store: Store, report: CycleReport) -> Client:
    client = config.clients.get(report.client)
    return Client(
        report,
        frozenset(client.scopes) if client else frozenset(),
        store.client(report.client).last_ok_at,
        store.parked(report.client),
    )


def _tell(config: Configuration, store: Store, now: Found) -> None:
    before = Book.of(store.meta(KEY))
    book = news(before, now)
    if not book.unsent:
        _keep(store, before, book)
        return
    _keep(store, before, replace(book, sending=True))
    title, text = message(book)
    try:
        send(config.alerts, title, clean(text))
    except ChannelError:
        _keep(store, None, book)
        raise
    _keep(store, None, Book(book.open))
    log.info("alerts.told", count=len(book.unsent))


def _keep(store: Store, before: Book | None, book: Book) -> None:
    if book != before:
        with store.transaction() as tx:
            tx.put_meta(KEY, book.json())
