"""Ops hear of trouble: one message when it begins, one when it ends.

What is to be told is recorded before it is sent. Killed in between, it is sent once more and
says so: nobody can look up whether a mail went out.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

import structlog
from msgspec.structs import replace

from syncer.adapterkit.redact import clean
from syncer.engine.channels import ChannelError, send
from syncer.engine.troubles import Age, Book, Client, Found, found, message, news
from syncer.model.configuration import Configuration
from syncer.model.report import CycleReport
from syncer.state import LockHeld, Store
from syncer.state.health import in_step_at
from syncer.state.standstill import retired

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
            clients = [_client(config, store, one) for one in seen]
            _tell(config, store, found(clients, ages(config, store, clock())))
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
        store.parked(report.client),
    )


def ages(config: Configuration, store: Store, now: datetime) -> Iterator[Age]:
    """How long every client that is neither paused nor retired is not in step, whichever of them had a cycle.

    A client that never had a cycle is not waited for yet.
    """
    for key in sorted({*config.clients, *config.broken}):
        left_alone = store.paused(key) or retired(store, key)
        since = None if left_alone else in_step_at(store, key)
        if since is not None:
            late = now - since > config.alert_after
            yield Age(key, since, late, _why(config, store, key) if late else "")


def _why(config: Configuration, store: Store, key: str) -> str:
    if key in config.broken:
        return "its configuration is wrong"
    last = store.cycles(key, limit=1)[0]
    return last.text or str(last.status)


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
