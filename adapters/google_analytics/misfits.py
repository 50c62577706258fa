"""Which metrics and dimensions the vendor does not answer together ("checkCompatibility")."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from adapters.google_analytics.asked import Part
from adapters.google_analytics.shapes import mapping, objects, word
from adapters.google_analytics.wire import Wire
from syncer.adapterkit.errors import AdapterError, SkipRecord

_LISTS: Final = (
    ("dimension", "dimensionCompatibilities", "dimensionMetadata"),
    ("metric", "metricCompatibilities", "metricMetadata"),
)


class Misfits:
    """What has been found out about reports, by their definition."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._found: dict[tuple[str, str], list[str]] = {}

    def of(self, part: Part) -> list[str]:
        """Why the vendor would refuse a report; one request for each definition."""
        key = (part.ask.slice.property, part.definition)
        if key not in self._found:
            try:
                answer = self._wire.report(key[0], "checkCompatibility", part.question)
                self._found[key] = list(_misfits(part, mapping(answer.json())))
            except SkipRecord as error:
                self._found[key] = [error.detail or error.reason]
        return self._found[key]

    def told(self, part: Part, error: SkipRecord) -> SkipRecord:
        """The refusal of a report, with what is at fault where it does not say so itself."""
        why: list[str] = []
        if error.status == 400 and "compatible" in error.detail.lower():
            # The refusal stands; what else could be said of it can wait.
            with suppress(AdapterError):
                why = [each for each in self.of(part) if each != error.detail]
        text = f"the report {part.ask.report} is refused"
        named = f"{text}: {'; '.join(why)}" if why else text
        return SkipRecord(named, status=error.status, detail=error.detail or error.reason)


def _misfits(part: Part, body: Mapping[str, Any]) -> Iterator[str]:
    asked = {*part.dimensions, *part.metrics}
    for kind, listed, about in _LISTS:
        for each in objects(body.get(listed)):
            name = word(mapping(each.get(about)).get("apiName"))
            if each.get("compatibility") == "INCOMPATIBLE" and name in asked:
                yield f"the {kind} {name} does not go with the others"
