"""Read again, as they are now, things that no feed told of this time."""

from collections.abc import Iterator, Mapping, Sequence

import structlog

from syncer.adapterkit.errors import AdapterError, AskPerson, SkipRecord
from syncer.engine.sites import Site
from syncer.model.remote import RemoteRecord

log = structlog.get_logger()

REFUSED = (SkipRecord, AskPerson)
"""The vendor answers, and will not show this one thing."""

Place = tuple[str, str, str]
"""(connection, object, remote id)."""


def reread(
    sites: Mapping[str, Site],
    wanted: Mapping[tuple[str, str], Sequence[str]],
    unread: dict[Place, AdapterError],
) -> Iterator[tuple[Site, RemoteRecord]]:
    """The things of these remote ids, by (connection, object), in one call for each pair.

    A system that is not there is left out. What cannot be read is noted in ``unread`` with the
    error; one thing that the vendor refuses to show is found by asking for each on its own.
    """
    for (connection, object_name), ids in sorted(wanted.items()):
        site = sites.get(connection)
        if site is None or not ids:
            continue
        for record in _read(site, object_name, ids, unread):
            yield site, record


def _read(
    site: Site, object_name: str, ids: Sequence[str], unread: dict[Place, AdapterError]
) -> list[RemoteRecord]:
    try:
        return list(site.adapter.fetch(object_name, ids, site.request({}, full=False)))
    except AdapterError as error:
        log.warning("reread.failed", connection=site.connection, reason=str(error))
        if len(ids) > 1 and isinstance(error, REFUSED):
            return [r for id in ids for r in _read(site, object_name, [id], unread)]
        for id in ids:
            unread[(site.connection, object_name, id)] = error
        return []
