"""Read again, as they are now, things that no feed told of this time."""

from collections.abc import Iterator, Mapping, Sequence

import structlog

from syncer.adapterkit.errors import AdapterError
from syncer.engine.sites import Site
from syncer.model.remote import RemoteRecord

log = structlog.get_logger()


def reread(
    sites: Mapping[str, Site], wanted: Mapping[tuple[str, str], Sequence[str]]
) -> Iterator[tuple[Site, RemoteRecord]]:
    """The things of these remote ids, by (connection, object), in one call for each pair.

    A system that is not there, or does not answer, leaves its own out and stops no other.
    """
    for (connection, object_name), ids in sorted(wanted.items()):
        site = sites.get(connection)
        if site is None or not ids:
            continue
        try:
            found = list(site.adapter.fetch(object_name, ids, site.request({}, full=False)))
        except AdapterError as error:
            log.warning("reread.failed", connection=connection, reason=str(error))
            continue
        for record in found:
            yield site, record
