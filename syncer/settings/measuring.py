"""``mappings/*.yaml`` of a system that only counts: measures, reports and how often."""

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct, field

from syncer.model.entities import BUILTIN
from syncer.model.measures import GOALS_REPORT, Measure, Measuring, ReportLine
from syncer.settings.check import check
from syncer.settings.mappings import no_default, without
from syncer.settings.places import Place
from syncer.settings.problems import Problem
from syncer.settings.shapes_measuring import MeasuringFile, MeasuringLine, MetricLine, ReportShape

_RATE: Final = "rate"


class SourceFile(Struct, frozen=True):
    """The mapping file of a system that only counts, as far as it makes sense."""

    place: Place
    system: str
    default: str | None
    variants: Mapping[str, Measuring] = field(default_factory=dict)

    def variant(self, named: str | None) -> str | None:
        """The variant meant: the one named, else the default, else the only one."""
        return named or self.default


def source_file(place: Place) -> tuple[SourceFile | None, list[Problem]]:
    """Read one such file. What would make it read or write records is refused."""
    problems = [*_records(place)]
    checked = check(place, MeasuringFile, without(place, BUILTIN.keys()))
    problems += checked.problems
    if checked.value is None:
        return None, problems
    lines = checked.value
    variants: dict[str, Measuring] = {}
    for name, line in lines.variants.items():
        here = place / "variants" / name
        variants[name] = _measuring(lines.system, name, here, line)
        problems += [*_times(here, line), *_measures(here / "measures", line)]
        problems += _reports(here / "reports", line)
    problems += no_default(place, lines.default, lines.variants)
    only = next(iter(lines.variants)) if len(lines.variants) == 1 else None
    return SourceFile(place, lines.system, lines.default or only, variants), problems


def _records(place: Place) -> Iterator[Problem]:
    system = (place / "system").data
    for variant in sorted((place / "variants").names()):
        here = place / "variants" / variant
        for entity in sorted(here.names() & BUILTIN.keys()):
            text = f"{system} is read-only: it has reports and no records, so nothing can be"
            fix = f'remove "{entity}"; what it counts stands under "measures" and "reports"'
            yield (here / entity).problem(f"{text} written to it", fix)


def _measuring(system: str, name: str, place: Place, line: MeasuringLine) -> Measuring:
    return Measuring(
        system=system,
        variant=name,
        source=place.source,
        measures={word: _measure(word, each) for word, each in line.measures.items()},
        reports=tuple(_report(place / "reports" / n, each) for n, each in line.reports.items()),
        window=line.window,
        settle=line.settle,
        every=line.results.every,
        digits=line.results.digits,
    )


def _measure(word: str, line: str | MetricLine) -> Measure:
    return Measure(word, line) if isinstance(line, str) else Measure(word, **dict(line))


def _report(place: Place, line: ReportShape) -> ReportLine:
    return ReportLine(
        name=str(place.path[-1]),
        metrics=line.metrics,
        dimensions=line.dimensions,
        filters=line.filters,
        of=frozenset((line.of,) if isinstance(line.of, str) else line.of),
        source=place.source,
    )


def _times(place: Place, line: MeasuringLine) -> Iterator[Problem]:
    if line.settle < line.window:
        said = "window" if "window" in place.names() else "settle"
        text, fix = '"settle" is shorter than "window"', "make it as long or longer"
        yield (place / said).problem(text, fix, value=True)


def _measures(place: Place, line: MeasuringLine) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for word, each in line.measures.items():
        here, measure = place / word, _measure(word, each)
        folded = " ".join(word.casefold().split())
        other = seen.setdefault(folded, word)
        if other != word:
            text = f'"{other}" is the same to a goal, whatever its case and spaces'
            yield here.problem(text, "remove one")
        named = word.endswith("*")
        if named != measure.metric.endswith("*"):
            text = f'"*" stands for a name, and {"the metric" if named else "the word"} has none'
            yield here.problem(text, 'write both with "*" at the end, or neither', value=named)
        if "per" not in here.names() and measure.adds_up and _is_rate(measure):
            text = "a rate of several days is no sum of theirs, and what it is a rate of is missing"
            fix = (
                'write it like "{metric: engagedSessions, per: sessions}", or say "adds_up: false"'
            )
            yield here.problem(text, fix, value=True)


def _is_rate(measure: Measure) -> bool:
    words = (measure.name, measure.metric.partition(":")[0])
    return any(word.casefold().endswith(_RATE) for word in words)


def _reports(place: Place, line: MeasuringLine) -> Iterator[Problem]:
    if GOALS_REPORT in line.reports:
        text = f'"{GOALS_REPORT}" is the report that the service makes itself'
        yield (place / GOALS_REPORT).problem(text, "choose another name")
