"""Which dimensions and metrics go together (guide, 6: compatibility), in the vendor's scopes."""

from collections.abc import Iterable, Iterator
from typing import Final

from adapters.google_analytics.sandbox.answers import invalid
from adapters.google_analytics.sandbox.fields import DIMENSIONS, METRICS, Dimension, Metric

_FOR_ADS: Final = frozenset({"time", "session", "credit"})
_MORE: Final = "https://ga-dev-tools.google/ga4/dimensions-metrics-explorer/"


def _refused(dimension: Dimension, metric: Metric) -> bool:
    """Whether a metric cannot be split by a dimension."""
    if dimension.scope == "credit":
        return not metric.credited
    if metric.scope == "ad":
        return dimension.scope not in _FOR_ADS
    if dimension.scope == "item":
        return metric.scope != "item"
    return metric.scope == "item" and dimension.scope == "event"


def culprits(dimensions: Iterable[str], metrics: Iterable[str]) -> list[str]:
    """What would have to go so that the rest can be asked together; empty if all goes."""
    split = [DIMENSIONS[name] for name in dict.fromkeys(dimensions)]
    asked = [METRICS[name] for name in dict.fromkeys(metrics)]
    return list(dict.fromkeys([*_pairs(split, asked), *_scopes(split, asked)]))


def _pairs(split: list[Dimension], asked: list[Metric]) -> Iterator[str]:
    for metric in asked:
        if any(_refused(dimension, metric) for dimension in split):
            yield metric.name


def _scopes(split: list[Dimension], asked: list[Metric]) -> Iterator[str]:
    """Items are counted apart from events; credit and events are told apart, too."""
    items = [metric for metric in asked if metric.scope == "item"]
    if items and any(metric.scope == "event" for metric in asked):
        yield from (metric.name for metric in items)
    scopes = {dimension.scope for dimension in split}
    for one, other in (("item", "event"), ("credit", "event"), ("item", "credit")):
        if {one, other} <= scopes:
            yield from (dimension.name for dimension in split if dimension.scope == one)


def check(dimensions: Iterable[str], metrics: Iterable[str]) -> None:
    """Refuse what does not go together, naming what has to go."""
    found = culprits(dimensions, metrics)
    if found:
        raise invalid(
            f"Please remove {', '.join(found)} to make the request compatible. The request's"
            f" dimensions & metrics are incompatible. To learn more, see {_MORE}"
        )
