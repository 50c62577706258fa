"""The model of ``mappings/*.yaml`` of a system that only counts: a source of figures."""

import re
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from syncer.model.measures import Every, Measuring
from syncer.settings.shapes import (
    AsKeys,
    AsList,
    AsText,
    ByForm,
    Duration,
    Name,
    Shape,
    SomeTexts,
    Text,
    Texts,
)

MAX_DIMENSIONS: Final = 8
"""Of a report, besides the day: nine with it (GA4 Data API v1beta, ``RunReportRequest``)."""

MAX_METRICS: Final = 10
"""Of a report (the same document)."""

_METRIC: Final = re.compile(r"[A-Za-z]\w*(:(\w+|\*))?")
_DAY: Final = timedelta(days=1)
_UNLESS_SAID: Final = Measuring("", "")


def _metric(value: str) -> str:
    if not _METRIC.fullmatch(value):
        raise ValueError('not a metric; write its name in the API, like "sessions"')
    return value


def _word(value: str) -> str:
    if re.search(r"[<>=+%]", value) or "*" in value[:-1]:
        raise ValueError(
            'a goal cannot be about this; use words, and "*" at the end alone for any name'
        )
    return value


def _whole_days(value: timedelta) -> timedelta:
    if value < _DAY or value % _DAY:
        raise ValueError('must be whole days; write it like "3d"')
    return value


def _at_most(limit: int, reason: str) -> AfterValidator:
    def check(value: tuple[str, ...]) -> tuple[str, ...]:
        if len(value) > limit:
            raise ValueError(f"{len(value)} are too many; {reason}")
        if len(set(value)) < len(value):
            raise ValueError("the same name stands twice; remove one")
        return value

    return AfterValidator(check)


Metric = Annotated[Text, AfterValidator(_metric)]
Days = Annotated[Duration, AfterValidator(_whole_days)]


class MetricLine(Shape):
    """What counts for a measure."""

    metric: Metric = Field(description="The metric's name in the API; `*` takes the name.")
    per: Metric | None = Field(None, description="Of a rate: the metric to divide it by.")
    money: bool = Field(False, description="It is an amount in the property's currency.")
    adds_up: bool = Field(
        True, description="Whether days may be added; if not, it is asked for by month."
    )


MetricText = Annotated[
    Annotated[Metric, AsText] | Annotated[MetricLine, AsKeys],
    ByForm,
]


Part = Literal["client", "project"]
Whose = Annotated[
    Annotated[Part, AsText] | Annotated[tuple[Part, ...], Field(min_length=1), AsList], ByForm
]


class ReportShape(Shape):
    """A report that is asked for by day."""

    dimensions: Annotated[Texts, _at_most(MAX_DIMENSIONS, "a report has 9, one is the day")] = (
        Field((), description="What to break it down by, besides the day: names in the API.")
    )
    metrics: Annotated[SomeTexts, _at_most(MAX_METRICS, "a report has at most 10")] = Field(
        description="What to count: names in the API."
    )
    filters: dict[Text, SomeTexts] = Field(
        default_factory=dict,
        description="A dimension to a text or several, one of which must fit; `*` is any text.",
    )
    of: Whose = Field(
        ("client", "project"),
        alias="for",
        description="Whose visits: the `client`'s, each `project`'s, or (unless said) both.",
    )


class ResultsLine(Shape):
    """How often the results that people see may move."""

    every: Every = Field(
        _UNLESS_SAID.every, description="At the end of each `day`, or of each `week` (Sunday)."
    )
    digits: int = Field(
        _UNLESS_SAID.digits,
        ge=1,
        le=6,
        description="How many digits of a figure count: with 3, 1234 is told as 1230.",
    )


class MeasuringLine(Shape):
    """What goals may be about, and what else is asked for."""

    window: Days = Field(
        _UNLESS_SAID.window, description="Days before today that every cycle asks for again."
    )
    settle: Days = Field(
        _UNLESS_SAID.settle, description="The same once a day: figures may move for so long."
    )
    results: ResultsLine = Field(ResultsLine(), description="How results are told.")
    measures: dict[Annotated[Text, AfterValidator(_word)], MetricText] = Field(
        default_factory=dict, description="The words that goals use, each to what counts it."
    )
    reports: dict[Text, ReportShape] = Field(
        default_factory=dict, description="Breakdowns to keep, each under a name of your choice."
    )


class MeasuringFile(Shape):
    """What a system that only counts is asked, in one or more variants. It has no records."""

    system: Name = Field(description="The adapter that this mapping is for.")
    default: Name | None = Field(
        None, description="The variant of clients that name none; needed if there are several."
    )
    variants: dict[Name, MeasuringLine] = Field(
        min_length=1, description="Variants, each under a name of your choice."
    )


WORDS: Final = frozenset(MeasuringLine.model_fields)
"""What stands in a variant of such a mapping and in no other."""
