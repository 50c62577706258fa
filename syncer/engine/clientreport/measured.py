"""The figures of a client, by the part of a property that they are of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from syncer.engine.asks import PROPERTY, reach_of
from syncer.model.client_report import Span
from syncer.model.configuration import ClientConfig
from syncer.model.measures import GOALS_REPORT, Figure, Grain, Measuring
from syncer.reconcile.as_of import as_of
from syncer.reconcile.names import folded
from syncer.reconcile.series import Figures, Of, gathered
from syncer.reconcile.windows import covered
from syncer.state import Store

_STALE: Final = timedelta(days=7)
"""What was last read so long before the rest is not asked for any more."""

Place = tuple[str, str]
"""(property, project)."""


class Part(Struct, frozen=True):
    """What one source counted of one part of one property.

    Args:
        zone: of the property's days.
        figures: of the goals, ready to be judged; ``rows`` are all that are stored.
    """

    connection: str
    measuring: Measuring
    zone: ZoneInfo
    figures: Figures
    rows: Sequence[Figure] = ()

    def as_of(self, now: datetime) -> date:
        """The last whole day of the property."""
        return as_of(now, self.zone)


class Slice(Struct, frozen=True):
    """Everything that was counted of a client, or of one project.

    ``shared``: it is the client's, of a project that has nothing of its own.
    """

    parts: tuple[Part, ...] = ()
    shared: bool = False

    @property
    def known(self) -> bool:
        """Whether there is any figure."""
        return any(part.rows for part in self.parts)

    def reports(self, span: Span) -> Iterator[tuple[Measuring, list[Figure]]]:
        """The figures of these days, of each source."""
        for part in self.parts:
            yield part.measuring, [r for r in part.rows if span.since <= r.day <= span.until]


class Measured(Struct, frozen=True):
    """All parts by the project they are of; empty for the client itself."""

    parts: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)

    def of(self, *names: str) -> Slice:
        """Of a project by one of its names: its own part where it has one, else the client's."""
        found = next((self.parts[folded(n)] for n in names if folded(n) in self.parts), None)
        return Slice(self.parts.get("", ()), bool(names)) if found is None else Slice(found)


def measured(store: Store, client: ClientConfig) -> Measured:
    """Read all figures of a client. What is not asked for any more is left out."""
    found: dict[str, list[Part]] = {}
    for connection, measuring in sorted(client.measuring.items()):
        rows: dict[Place, list[Figure]] = {}
        for figure in store.figures(client.key, connection=connection):
            rows.setdefault((figure.property, figure.project), []).append(figure)
        for place, known in _read(store.cursors(client.key, connection), measuring).items():
            property, project = place
            about = store.cached(connection, client.key, PROPERTY + property)
            told: Mapping[str, Any] = about[0] if about else {}
            mine = rows.get(place, [])
            goals = (one for one in mine if one.report == GOALS_REPORT)
            figures = gathered(goals, known, str(told.get("currency", "")))
            zone = ZoneInfo(str(told.get("zone") or client.zone))
            part = Part(connection, measuring, zone, figures, mine)
            found.setdefault(folded(project), []).append(part)
    return Measured({name: tuple(parts) for name, parts in found.items()})


def _read(
    cursors: Mapping[str, Any], measuring: Measuring
) -> dict[Place, dict[Of, tuple[date, date]]]:
    """Every part that is asked for, and from when to when each metric of its goals was."""
    names = (GOALS_REPORT, *(line.name for line in measuring.reports))
    feeds = [(feed, reach) for name, cursor in cursors.items()
             if (feed := _feed(name, names)) and (reach := reach_of(cursor))]  # fmt: skip
    newest = max((reach.until for _, reach in feeds), default=date.min)
    found: dict[Place, dict[Of, tuple[date, date]]] = {}
    for (place, report, grain), reach in feeds:
        if reach.until < newest - _STALE:
            continue
        known = found.setdefault(place, {})
        if report == GOALS_REPORT:
            known |= covered(reach, grain)
    return found


def _feed(name: str, reports: Iterable[str]) -> tuple[Place, str, Grain] | None:
    """What a feed is of; a project's name may hold the very sign that divides its parts."""
    property, _, rest = name.partition("/")
    rest, _, grain = rest.rpartition("/")
    for report in sorted(reports, key=len, reverse=True):
        if rest.endswith(f"/{report}") and grain in set(Grain):
            return (property, rest.removesuffix(f"/{report}")), report, Grain(grain)
    return None
