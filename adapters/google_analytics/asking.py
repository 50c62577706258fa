"""Reports of one property, in as few calls as the vendor allows.

Five requests go in one call. One that is refused fails its whole call, so then each is asked
alone, which tells whose fault it was; that one is remembered and kept out of later calls.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from msgspec import Struct, field

from adapters.google_analytics.answered import Piece, Unreadable, read
from adapters.google_analytics.asked import Part, parts_of
from adapters.google_analytics.joined import Pages, answer_of
from adapters.google_analytics.misfits import Misfits
from adapters.google_analytics.shapes import items, mapping
from adapters.google_analytics.wire import Wire
from syncer.adapterkit.errors import AdapterError, SkipRecord, WaitAndRetry
from syncer.adapterkit.measuring import Unanswered
from syncer.model.measures import Answer, Ask, Property

BATCH: Final = 5
"""Requests in one call ("BatchRunReportsRequest")."""

PAGE: Final = 250_000
"""Rows of one answer at most ("limit")."""

SMALL_PAGE: Final = 20_000
"""Rows of a page where a full one is larger than what is read."""


class _Job(Struct):
    """The requests for an ask, and what has come of them so far."""

    parts: list[Part]
    pieces: list[Piece] = field(default_factory=list)
    over: bool = False


class _Question(Struct, frozen=True):
    """One request of a job."""

    job: _Job
    part: Part

    @property
    def property(self) -> str:
        """The id of the property it is about."""
        return self.part.ask.slice.property


class _Told(Struct, frozen=True):
    body: Mapping[str, Any]
    at: datetime


class Asking:
    """Asks for reports; remembers which were refused. Safe to use from several threads.

    Args:
        wire: the APIs.
        known: properties as they were last described, for what an answer leaves out.
    """

    def __init__(self, wire: Wire, known: Mapping[str, Property]) -> None:
        self._wire = wire
        self._known = known
        self._misfits = Misfits(wire)
        self._refused: set[str] = set()

    def __call__(self, asks: Sequence[Ask]) -> Iterator[Answer | Unanswered]:
        """See :meth:`~syncer.adapterkit.measuring.Measurer.ask`."""
        questions: list[_Question] = []
        for ask in asks:
            try:
                parts = parts_of(ask)
            except SkipRecord as error:
                yield Unanswered(ask, error)
                continue
            job = _Job(parts)
            questions += [_Question(job, part) for part in parts]
        for call in self._calls(questions):
            yield from self._called([each for each in call if not each.job.over])

    def misfits(self, ask: Ask) -> list[str]:
        """See :meth:`~syncer.adapterkit.measuring.Measurer.misfits`."""
        try:
            parts = parts_of(ask)
        except SkipRecord as error:
            return [str(error)]
        return list(dict.fromkeys(why for part in parts for why in self._misfits.of(part)))

    def _calls(self, questions: Sequence[_Question]) -> Iterator[list[_Question]]:
        """What goes together; what was refused before goes alone, and last."""
        bad = [each for each in questions if each.part.definition in self._refused]
        good = [each for each in questions if each.part.definition not in self._refused]
        for _, group in groupby(sorted(good, key=_property), key=_property):
            together = list(group)
            for start in range(0, len(together), BATCH):
                yield together[start : start + BATCH]
        for each in bad:
            yield [each]

    def _called(self, call: Sequence[_Question]) -> Iterator[Answer | Unanswered]:
        told = self._together(call) if len(call) > 1 else None
        for number, each in enumerate(call):
            if not each.job.over:
                found = (
                    self._whole(each.part, told[number], PAGE) if told else self._alone(each.part)
                )
                yield from self._settled(each, found)

    def _together(self, call: Sequence[_Question]) -> list[_Told] | None:
        """The answers in their order; None if they must be asked for one by one."""
        body = {"requests": [each.part.body(0, PAGE) for each in call]}
        try:
            answer = self._wire.report(call[0].property, "batchRunReports", body, len(call))
        except SkipRecord:
            return None
        reports = items(mapping(answer.json()).get("reports"))
        if len(reports) != len(call):
            raise WaitAndRetry(f"{len(call)} reports were asked for and {len(reports)} answered")
        return [_Told(mapping(report), answer.at) for report in reports]

    def _alone(self, part: Part) -> Piece | AdapterError:
        """A report in a call of its own, in small pages if a full one is too large."""
        try:
            first = self._page(part, 0, PAGE)
        except SkipRecord as error:
            if error.status == 200:
                return self._whole(part, None, SMALL_PAGE)
            self._refused.add(part.definition)
            return self._misfits.told(part, error)
        self._refused.discard(part.definition)
        return self._whole(part, first, PAGE)

    def _whole(self, part: Part, told: _Told | None, limit: int) -> Piece | AdapterError:
        """All pages of a report; an error is this report's own.

        ``told`` is the first page where it is there already.
        """
        pages = Pages(part)
        try:
            while pages.more:
                told = told or self._page(part, pages.count, limit)
                pages.add(read(part, told.body, told.at))
                told = None
        except Unreadable as error:
            return WaitAndRetry(str(error))
        except SkipRecord as error:
            return error
        return pages.piece()

    def _page(self, part: Part, offset: int, limit: int) -> _Told:
        body = part.body(offset, limit)
        answer = self._wire.report(part.ask.slice.property, "runReport", body)
        return _Told(mapping(answer.json()), answer.at)

    def _settled(
        self, question: _Question, found: Piece | AdapterError
    ) -> Iterator[Answer | Unanswered]:
        """What is told of an ask now: nothing as long as a part of it is to come."""
        job = question.job
        if isinstance(found, AdapterError):
            job.over = True
            yield Unanswered(question.part.ask, found)
            return
        job.pieces.append(found)
        if len(job.pieces) == len(job.parts):
            known = self._known.get(question.property, Property(question.property))
            yield answer_of(job.parts, job.pieces, known)


def _property(question: _Question) -> str:
    return question.property
