"""Ask systems for the history of what was edited: in batches, and side by side."""

from collections.abc import Mapping, Sequence

import structlog
from msgspec import Struct, field

from syncer.adapterkit.contract import HistoryRequest
from syncer.adapterkit.errors import AdapterError, AskPerson, SkipRecord
from syncer.engine.cases import Case, Gathered, Twin
from syncer.engine.sites import Site
from syncer.engine.workers import side_by_side
from syncer.model.remote import Change

log = structlog.get_logger()


class Question(Struct, frozen=True):
    """The history of one twin, to be asked for."""

    case: Case
    twin: Twin
    request: HistoryRequest


class Answers(Struct, frozen=True):
    """What a system told when it was asked, and what it refused to tell."""

    entries: list[Change] = field(default_factory=list)
    refused: list[tuple[Question, AdapterError]] = field(default_factory=list)


def ask(
    sites: Mapping[str, Site], questions: Mapping[str, Sequence[Question]], gathered: Gathered
) -> dict[str, AdapterError]:
    """Ask every system at once, and add what it tells to what is known of each twin.

    Gives the systems that did not answer. A record whose history a system refuses to show is set aside: who edited it is never guessed.
    """
    lost: dict[str, AdapterError] = {}
    for name, answers in side_by_side(
        sorted(questions), lambda n: _told_by(sites[n], questions[n])
    ):
        if isinstance(answers, AdapterError):
            log.warning("history.failed", connection=name, reason=str(answers))
            lost[name] = answers
            continue
        if isinstance(answers, Exception):
            raise answers
        by_twin = {(q.twin.link.object, q.twin.link.remote_id): q.twin for q in questions[name]}
        for entry in answers.entries:
            twin = by_twin.get((entry.object, entry.id))
            if twin is not None:
                twin.changes.append(entry)
        for question, error in answers.refused:
            log.warning("history.refused", connection=name, reason=str(error))
            reason = f"who edited it cannot be had: {error}"
            gathered.fail(question.case.record.id, reason, name)
    return lost


def _told_by(site: Site, questions: Sequence[Question]) -> Answers:
    """What a system tells; where it refuses, each record is asked for on its own."""
    try:
        asked = [question.request for question in questions]
        return Answers(list(site.adapter.history(asked, site.catalogue)))
    except (SkipRecord, AskPerson) as error:
        if len(questions) == 1:
            return Answers(refused=[(questions[0], error)])
    parts = [_told_by(site, [question]) for question in questions]
    return Answers([e for p in parts for e in p.entries], [r for p in parts for r in p.refused])
