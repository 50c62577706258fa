"""The mapping's reports, added up over the days in question."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct, field

from syncer.model.client_parts import CLIENT
from syncer.model.client_report import Breakdown, Column, Entry, Span
from syncer.model.entities import PROJECT
from syncer.model.measures import Figure, Flag, Grain, Measure, Measuring, ReportLine

MOST: Final = 12
"""So many entries of a breakdown are listed; the rest is in its total."""

_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

Labels = tuple[str, ...]


class _Sums(Struct):
    """What is added up of one report of one property."""

    entries: dict[Labels, dict[str, Decimal]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    flags: set[Flag] = field(default_factory=set)
    currency: str = ""

    def add(self, figure: Figure, labels: Labels) -> None:
        """Count one figure. A metric that may not be seen on one day has no sum."""
        self.flags |= figure.flags
        self.currency = figure.currency or self.currency
        sums = self.entries.setdefault(labels, {})
        if figure.value is None:
            self.hidden.add(figure.metric)
        else:
            sums[figure.metric] = sums.get(figure.metric, Decimal(0)) + figure.value


def breakdowns(
    figures: Iterable[Figure], measuring: Measuring, span: Span, *, project: bool
) -> tuple[Breakdown, ...]:
    """Every report of the mapping that is asked for a project, or for a client.

    Args:
        figures: of one slice, of any report; those of other days are left out.
    """
    lines = {line.name: line for line in measuring.reports if _of(project) in line.of}
    found: dict[tuple[str, str], _Sums] = {}
    for figure in figures:
        line = lines.get(figure.report)
        if line and figure.grain is Grain.DAY and span.since <= figure.day <= span.until:
            labels = tuple(figure.dimensions.get(name, "") for name in line.dimensions)
            found.setdefault((line.name, figure.property), _Sums()).add(figure, labels)
    order = list(lines)
    return tuple(
        _breakdown(lines[name], sums, measuring.measures, span)
        for (name, _), sums in sorted(found.items(), key=lambda i: (order.index(i[0][0]), i[0][1]))
    )


def _of(project: bool) -> str:
    return PROJECT if project else CLIENT


def _breakdown(
    line: ReportLine, sums: _Sums, measures: Mapping[str, Measure], span: Span
) -> Breakdown:
    adding = [metric for metric in line.metrics if _adds_up(metric, measures.values())]
    columns = tuple(_column(metric, measures.values(), sums.currency) for metric in adding)
    entries = [
        Entry(labels, _values(adding, sums.hidden, [one])) for labels, one in sums.entries.items()
    ]
    entries.sort(key=lambda entry: (*(-(v or Decimal(0)) for v in entry.values), entry.labels))
    return Breakdown(
        name=line.name,
        span=span,
        dimensions=_headings(line),
        columns=columns,
        entries=tuple(entries[:MOST]),
        total=_values(adding, sums.hidden, list(sums.entries.values())),
        left_out=max(0, len(entries) - MOST),
        unadded=tuple(in_words(metric) for metric in line.metrics if metric not in adding),
        flags=tuple(sorted(sums.flags)),
    )


def _values(
    metrics: Sequence[str], hidden: set[str], sums: Sequence[Mapping[str, Decimal]]
) -> tuple[Decimal | None, ...]:
    return tuple(
        None if metric in hidden else sum((one.get(metric, Decimal(0)) for one in sums), Decimal(0))
        for metric in metrics
    )


def _headings(line: ReportLine) -> tuple[str, ...]:
    """A report by one thing is called after it; of several each is named."""
    return (line.name,) if len(line.dimensions) == 1 else tuple(map(in_words, line.dimensions))


def _adds_up(metric: str, measures: Iterable[Measure]) -> bool:
    """Whether days may be added: only if a measure says so, or divides what is added."""
    known = list(measures)
    if any(metric == one.metric and not one.adds_up for one in known):
        return False
    return any(metric in (one.metric, one.per) for one in known)


def _column(metric: str, measures: Iterable[Measure], currency: str) -> Column:
    for one in measures:
        if one.metric == metric and one.per is None:
            return Column(one.name, currency if one.money else "")
    return Column(in_words(metric))


def in_words(name: str) -> str:
    """``landing page`` of ``landingPage``."""
    return _WORD.sub(" ", name).lower()
