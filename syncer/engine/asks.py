"""What a source is asked in this cycle: the reports of goals and of the mapping, and their days."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from msgspec import Struct, field

from syncer.engine.aims import Aim
from syncer.model.measures import GOALS_REPORT, Ask, Grain, Measuring, ReportLine, Slice
from syncer.reconcile.periods import needed
from syncer.reconcile.windows import Reach, whole

PROPERTY: Final = "property:"
"""How what is remembered of a property begins: its zone and its currency."""

FIRST_SIGHT: Final = timedelta(days=92)
"""How far back the reports of a mapping begin, where no goal begins earlier."""


def feed_of(part: Slice, report: str, grain: Grain) -> str:
    """The name under which it is remembered how far a report of a slice was read."""
    return f"{part.property}/{part.project}/{report}/{grain}"


class Wanted(Struct):
    """A report of one slice, before its days are chosen. ``first`` is the earliest day of use."""

    slice: Slice
    report: str
    grain: Grain
    first: date
    metrics: set[str] = field(default_factory=set)
    line: ReportLine | None = None

    @property
    def feed(self) -> str:
        """The name under which it is remembered how far it was read."""
        return feed_of(self.slice, self.report, self.grain)

    def ask(self, since: date, until: date) -> Ask:
        """The report over these days; a month that runs is asked for until yesterday."""
        last = until - timedelta(days=1) if self.grain is Grain.MONTH else until
        return Ask(
            report=self.report,
            slice=self.slice,
            metrics=self.line.metrics if self.line else tuple(sorted(self.metrics)),
            since=whole(self.grain, min(since, last)),
            until=last,
            dimensions=self.line.dimensions if self.line else (),
            grain=self.grain,
            filters=self.line.filters if self.line else {},
        )


def wanted(
    measuring: Measuring, slices: Iterable[Slice], aims: Iterable[Aim], today: date
) -> list[Wanted]:
    """Every report of these slices: one of goals for each grain, and those that are named."""
    found: dict[str, Wanted] = {}
    begun: dict[tuple[str, str], date] = {}
    for aim in aims:
        for each in _of_goals(aim, today):
            known = found.setdefault(each.feed, each)
            known.metrics |= each.metrics
            known.first = min(known.first, each.first)
            begun[aim.slice.key()] = min(known.first, begun.get(aim.slice.key(), today))
    for part in slices:
        first = min(today - FIRST_SIGHT, begun.get(part.key(), today))
        for line in measuring.reports:
            if line.asked_for(part):
                one = Wanted(part, line.name, Grain.DAY, first, set(line.metrics), line)
                found[one.feed] = one
    return sorted(found.values(), key=lambda each: each.feed)


def _of_goals(aim: Aim, today: date) -> Iterator[Wanted]:
    for goal in aim.goals.goals:
        need = needed(goal, aim.begins(goal), today)
        yield Wanted(aim.slice, GOALS_REPORT, need.grain, need.first, set(need.metrics))


def reach_of(cursor: Mapping[str, Any] | None) -> Reach | None:
    """How far a report was read, as it is remembered."""
    if cursor is None:
        return None
    settled = cursor.get("settled")
    return Reach(
        date.fromisoformat(cursor["since"]),
        date.fromisoformat(cursor["until"]),
        frozenset(cursor["metrics"]),
        date.fromisoformat(settled) if settled else None,
        bool(cursor.get("doubted")),
    )


def cursor_of(reach: Reach) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "since": reach.since.isoformat(),
        "until": reach.until.isoformat(),
        "metrics": sorted(reach.metrics),
        "settled": reach.settled.isoformat() if reach.settled else None,
        "doubted": reach.doubted,
    }
