"""What commands that run cycles have in common."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from syncer.cli.exits import Exit, Fault
from syncer.cli.setup import opened
from syncer.model.results import CycleResult

if TYPE_CHECKING:
    from syncer.engine.context import Progress
    from syncer.engine.service import Service
    from syncer.model.configuration import Configuration
    from syncer.model.report import CycleReport
    from syncer.report.plan import Names
    from syncer.report.saying import Sayer
    from syncer.state import Store

CODES = {
    CycleResult.DONE: Exit.DONE,
    CycleResult.FAILED: Exit.FAILED,
    CycleResult.REFUSED: Exit.REFUSED,
    CycleResult.LOCKED: Exit.LOCKED,
    CycleResult.PAUSED: Exit.DONE,
    CycleResult.RETIRED: Exit.DONE,
    CycleResult.BROKEN: Exit.CONFIGURATION,
}
"""What each end of a client's cycle means; a paused or retired client is as somebody wants it."""


@contextmanager
def service(config: "Configuration", progress: "Progress | None" = None) -> "Iterator[Service]":
    """The service over an opened state."""
    from syncer.engine.service import Service

    with opened(config) as store, Service(config, store, progress=progress) as running:
        yield running


def log_unfinished(reports: "list[CycleReport]") -> None:
    """Clients that had no cycle, or whose cycle broke off, have their line in the log too."""
    import structlog

    log = structlog.get_logger()
    for report in reports:
        if report.finished is None:
            why = "; ".join(report.problems)
            log.warning(
                "cycle.finished", client=report.client, result=str(report.result), reason=why
            )


def known_client(config: "Configuration", wanted: str | None) -> None:
    """Refuse a client that is not configured, before anything else is done."""
    known = sorted({*config.clients, *config.broken})
    if wanted is not None and wanted not in known:
        names = ", ".join(known)
        raise Fault(f'there is no client "{wanted}"; there are: {names}', Exit.CONFIGURATION)


def observed(config: "Configuration", key: str) -> bool:
    """Whether a client is only observed."""
    from syncer.model.configuration import Mode

    return key in config.clients and config.clients[key].mode is Mode.OBSERVE


def goals_amiss(config: "Configuration", store: "Store", key: str) -> list[str]:
    """Lines of a client's goals that count for nothing; of goals that nobody measures, none."""
    client = config.clients.get(key)
    if client is None or not client.measuring:
        return []
    from syncer.engine.aims import written, wrong_lines

    return wrong_lines(written(config, client, store))


def namer(config: "Configuration", store: "Store", reports: "list[CycleReport]") -> "Names":
    """What people call a record: from these reports, else from the state."""
    titles: dict[str, str] = {}
    unread = list(reports)  # nearly always nobody asks

    def named(id: str) -> str:
        if not id.startswith("r_"):
            return id
        while unread:
            titles.update(_titles(unread.pop(0)))
        if id not in titles:
            titles[id] = title_of(config, store, id)
        return titles[id]

    return named


def _titles(report: "CycleReport") -> "Iterator[tuple[str, str]]":
    yield from ((judgement.record, judgement.title) for judgement in report.judgements)
    if report.plan is not None:
        yield from ((action.record, action.title) for action in report.plan.actions)


_SPELT: Final = {"hubspot": "HubSpot"}
"""Systems whose names are not spelt as their adapters are called."""


def sayer_of(config: "Configuration", store: "Store", key: str) -> "Sayer":
    """How people, systems and records of a client are called, on the client's clocks."""
    from syncer.report.saying import Sayer

    client = config.clients.get(key)
    systems = {
        name: _SPELT.get(name, name.replace("_", " ").title())
        for name, connection in config.connections.items()
        if name == connection.adapter  # others have the names that ops people gave them
    }
    people = {person.key: person.name for person in config.people.values()}
    zone = client.zone if client else "UTC"
    return Sayer(zone, people, systems, namer(config, store, []))


def title_of(config: "Configuration", store: "Store", id: str) -> str:
    """The title of a record; its id where it has none."""
    record = store.records([id]).get(id)
    if record is None:
        return id
    return str(record.value(config.schema[record.entity].title) or id)
