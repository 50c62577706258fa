"""What tests and people have set in the stand-in; the traffic itself is worked out, not kept."""

from collections.abc import Sequence
from datetime import date, datetime
from math import floor
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import replace

from adapters.google_analytics.sandbox.counts import NOTHING
from adapters.google_analytics.sandbox.days import Cell, known
from adapters.google_analytics.sandbox.meter import Meter
from adapters.google_analytics.sandbox.properties import Site


class Flags(Struct):
    """What answers about a property say of their quality, on demand.

    Args:
        sampled: the share of events that was read; None for all.
        thresholded: small groups may be missing; true of demographic reports in any case.
        other: how many rows a report keeps, the rest being folded into ``(other)``.
        truncated: entries of ``dataTruncationReasons``.
        empty: why there are no rows; there are none then.
    """

    sampled: float | None = None
    thresholded: bool = False
    other: int | None = None
    truncated: list[dict[str, Any]] = field(default_factory=list)
    empty: str = ""


class Change(Struct):
    """What tests did to the figures of one day: times ``scale``, and cells of their own."""

    scale: float = 1.0
    added: list[Cell] = field(default_factory=list)


class Store(Struct):
    """All state.

    Args:
        roles: by user and property: viewer, no revenue, no cost or none.
        off: APIs that are not switched on: data, admin.
    """

    sites: dict[str, Site] = field(default_factory=dict)
    changes: dict[tuple[str, date], Change] = field(default_factory=dict)
    flags: dict[str, Flags] = field(default_factory=dict)
    roles: dict[tuple[str, str], str] = field(default_factory=dict)
    off: set[str] = field(default_factory=set)
    meter: Meter = field(default_factory=Meter)

    def cells(self, site: Site, day: date, now: datetime) -> Sequence[Cell]:
        """The traffic of a day as it is known at a moment."""
        found = known(site.profile, ZoneInfo(site.zone), day, now)
        change = self.changes.get((site.id, day))
        if change is None:
            return found
        return [*(_scaled(cell, change.scale) for cell in found), *change.added]

    def flags_of(self, site: Site) -> Flags:
        """The flags of a property."""
        return self.flags.setdefault(site.id, Flags())


def _scaled(cell: Cell, scale: float) -> Cell:
    if scale == 1.0:
        return cell
    counts = (
        cell.counts.each(lambda count: floor(count * scale + cell.chance)) if scale else NOTHING
    )
    return replace(cell, counts=counts.with_events(counts.events))
