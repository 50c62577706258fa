"""Who else can read a place: asked of its system now, and closed until it says that nobody can."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import structlog

from syncer.adapterkit.errors import AdapterError
from syncer.engine.sites import Site
from syncer.model.comments import Audience, Thread
from syncer.model.remote import RemotePerson

log = structlog.get_logger()

Place = tuple[str, Thread]
"""Connection and what is written to there."""


class Readers:
    """Looks each place up at most once a cycle, those of one system together."""

    def __init__(self, sites: Mapping[str, Site]) -> None:
        self._sites = sites
        self._why: dict[Place, str] = {}

    def look(self, places: Iterable[Place]) -> None:
        """Ask for all of these that were not asked for yet."""
        wanted: dict[str, list[Thread]] = defaultdict(list)
        for connection, thread in dict.fromkeys(places):
            if (connection, thread) not in self._why:
                wanted[connection].append(thread)
        for connection, threads in wanted.items():
            for thread, why in self._ask(connection, threads).items():
                self._why[(connection, thread)] = why

    def why_closed(self, connection: str, thread: Thread) -> str:
        """Why nothing of the service is written there; empty where the agency is by itself."""
        self.look([(connection, thread)])
        return self._why[(connection, thread)]

    def _ask(self, connection: str, threads: list[Thread]) -> dict[Thread, str]:
        site = self._sites.get(connection)
        if site is None or site.commenter is None:
            return dict.fromkeys(threads, f"{connection} does not say who can read there")
        try:
            found = site.commenter.audience(site.scope, threads)
        except AdapterError as error:
            log.warning("readers.failed", connection=connection, reason=str(error))
            found = dict.fromkeys(threads, Audience(unknown=str(error)))
        silent = Audience(unknown="its system said nothing about it")
        return {thread: _why(site, found.get(thread, silent)) for thread in threads}


def _why(site: Site, audience: Audience) -> str:
    """Why a place is closed to us. A guest who stands in ``people.yaml`` is of the agency."""
    if audience.unknown:
        return f"who can read there is not known: {audience.unknown}"
    if audience.public:
        return "everybody can read there"
    guests = [guest for guest in audience.guests if _outsider(site, guest)]
    if guests:
        names = ", ".join(sorted({guest.name for guest in guests})[:3])
        more = f" and {len(guests) - 3} more" if len(guests) > 3 else ""
        return f"guests can read there: {names}{more}"
    return ""


def _outsider(site: Site, guest: RemotePerson) -> bool:
    ids = {guest.id, *guest.aliases}
    return not ids & site.me and all(site.directory.person(id) is None for id in ids)
