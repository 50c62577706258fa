"""What became of asking: how many edits are held, how fast people answer, what is not told yet."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from statistics import median
from typing import Any, Final

from msgspec import Struct, field

from syncer.model.notices import Notice
from syncer.model.records import Proposal, ProposalStatus
from syncer.report.document import Line, Style, counted, line

_ANSWERS: Final = {
    ProposalStatus.ACCEPTED: "approved",
    ProposalStatus.DECLINED: "declined",
    ProposalStatus.COUNTERED: "countered",
}
"""How an owner ends a proposal, in words."""

MOST_FOUGHT: Final = 3
NO_REASON: Final = "it is told by the next run"
_CALM: Final = (NO_REASON, "held back until")


class Talk(Struct, frozen=True):
    """Held edits of one client.

    Args:
        held: open proposals; ``lapsed`` ended because nobody answered.
        answers: how often owners answered how.
        median: from when the owner was told to their answer; of one nobody was told of, from
            when it was opened. None without answers.
        fought: fields by how often somebody who does not own them tried, the most first.
        untold: reasons why something was not told yet, and how many wait for each.
    """

    held: int = 0
    lapsed: int = 0
    answers: Mapping[str, int] = field(default_factory=dict)
    median: timedelta | None = None
    fought: tuple[tuple[str, int], ...] = ()
    untold: Mapping[str, int] = field(default_factory=dict)


def talk_of(proposals: Sequence[Proposal], waiting: Iterable[Notice]) -> Talk:
    """Count all proposals of a client, and the notices that wait to be told."""
    ended = [p for p in proposals if p.closed_at is not None]
    answered = [p for p in ended if p.status in _ANSWERS and p.closed_by is not None]
    ran_out = [p for p in ended if p.closed_by is None]
    tries = Counter[str]()
    for each in proposals:
        tries[f"{each.entity}.{each.field}"] += each.version
    most = sorted(tries.items(), key=lambda item: (-item[1], item[0]))[:MOST_FOUGHT]
    return Talk(
        held=len(proposals) - len(ended),
        lapsed=len(ran_out),
        answers=dict(sorted(Counter(_ANSWERS[p.status] for p in answered).items())),
        median=_median(answered),
        fought=tuple(most),
        untold=dict(sorted(Counter(map(untold, waiting)).items())),
    )


def untold(notice: Notice) -> str:
    """Why somebody has not heard of it yet: a reason, the digest that it waits for, or none."""
    if not notice.why and notice.not_before is not None:
        return f"held back until {notice.not_before:%Y-%m-%d %H:%M} UTC, for the digest"
    return notice.why or NO_REASON


def _median(answered: Iterable[Proposal]) -> timedelta | None:
    times = [
        max((p.closed_at - (p.delivered_at or p.opened_at)).total_seconds(), 0)
        for p in answered
        if p.closed_at is not None
    ]
    return timedelta(seconds=median(times)) if times else None


def talk_lines(client: str, talk: Talk, took: str) -> Iterator[Line]:
    """In a few lines; nothing where nobody ever asked. ``took`` is the median in words."""
    if talk.held or talk.lapsed or talk.answers:
        kinds = ", ".join(f"{count} {word}" for word, count in talk.answers.items())
        answered = f"{sum(talk.answers.values())} answered" + (f" ({kinds})" if kinds else "")
        text = f"{client}: {talk.held} held, {answered}, {talk.lapsed} lapsed"
        yield line(text + (f"; median time to an answer {took}" if took else ""))
        fought = ", ".join(f"{name} ({count})" for name, count in talk.fought)
        yield line(f"{client}: most fought over: {fought}")
    for why, count in talk.untold.items():
        text = f"{client}: {counted(count, 'heads-up')} not told yet: {why}"
        yield line(text, Style.DIM if why.startswith(_CALM) else Style.WARN)


def talk_json(talk: Talk) -> dict[str, Any]:
    """All of it."""
    return {
        "held": talk.held,
        "answered": sum(talk.answers.values()),
        "answers": dict(talk.answers),
        "lapsed": talk.lapsed,
        "median_answer_seconds": int(talk.median.total_seconds()) if talk.median else None,
        "fought_over": [{"field": name, "times": count} for name, count in talk.fought],
        "untold": dict(talk.untold),
    }
