"""What becomes of a reply: which proposal it answers, whether it counts, and if not, why."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from syncer.model.records import Proposal, ProposalStatus
from syncer.reconcile.answering import WITHDRAW, Answers, Said, parse, parse_all

__all__ = ["Asked", "Reply", "Ruling", "Said", "judge", "parse"]

NOT_YOURS, AGAIN, UNCLEAR, ENDED = "not_yours", "again", "unclear", "ended"
"""Why an answer did not count."""

Entitled = Callable[[str, Proposal], str | None]
"""The role in which a person may decide a proposal, if they may."""


class Reply(Struct, frozen=True):
    """A comment of a person where proposals wait.

    Args:
        id: the vendor's, of the comment.
        person: a key of ``people.yaml``; None for anybody else, who is ``shown`` by this name.
        at: when it was written, by the vendor's clock.
    """

    id: str
    connection: str
    person: str | None
    shown: str
    at: datetime
    text: str


class Asked(Struct, frozen=True):
    """A proposal, and when each of its versions was told where the reply stands.

    ``told`` has pairs of a time, by the vendor's clock, and a version.
    """

    proposal: Proposal
    told: tuple[tuple[datetime, int], ...]

    @property
    def open(self) -> bool:
        """Whether it still waits."""
        return self.proposal.status is ProposalStatus.OPEN

    def heard(self, at: datetime) -> int:
        """The version that had been told at a time; 0: none."""
        return max((version for told, version in self.told if told <= at), default=0)


class Ruling(Struct, frozen=True):
    """What an answer comes to. ``problem`` is empty for one that counts.

    ``role`` is that in which the person answered; ``proposal`` is None where it is not clear
    which one is meant.
    """

    verb: str
    reply: Reply
    proposal: Proposal | None
    role: str | None = None
    reason: str = ""
    problem: str = ""


def judge(
    reply: Reply,
    asked: Sequence[Asked],
    named: bool,
    entitled: Entitled,
    answers: Answers,
    names: Collection[str] = (),
) -> tuple[Ruling, ...]:
    """What a reply decides; nothing for a remark.

    Args:
        asked: the proposals that were told where it stands, also those that ended since.
        named: a number must stand in every answer (the tool has no threads).
        names: what people are called, for mentions that show it.
    """
    found = (_rule(s, reply, asked, named, entitled) for s in parse_all(reply.text, answers, names))
    return tuple(ruling for ruling in found if ruling is not None)


def _rule(
    said: Said, reply: Reply, asked: Sequence[Asked], named: bool, entitled: Entitled
) -> Ruling | None:
    said, target = _by_number(said, asked, named)
    if target is not None:
        return _on(target, said, reply, entitled)
    waiting = [one for one in asked if one.open and one.heard(reply.at)]
    mine = [one for one in waiting if _concerned(one, said, reply, entitled)]
    if said.number or named:
        return Ruling(said.verb, reply, None, None, said.reason, UNCLEAR) if mine else None
    if said.verb == WITHDRAW and mine:
        waiting = mine
    if len(waiting) > 1 and mine:
        return Ruling(said.verb, reply, None, None, said.reason, UNCLEAR)
    over = [one for one in asked if not one.open and one.heard(reply.at)]
    over = [one for one in over if _concerned(one, said, reply, entitled)]
    over.sort(key=lambda one: one.proposal.closed_at or one.proposal.updated_at)
    found = next(iter([*waiting, *reversed(over)]), None)
    return _on(found, said, reply, entitled) if found else None


def _by_number(said: Said, asked: Iterable[Asked], named: bool) -> tuple[Said, Asked | None]:
    """The proposal whose number was said, also in small letters; six letters may be a word."""
    first, _, rest = said.reason.partition(" ")
    for one in asked:
        number = one.proposal.number
        if said.number == number:
            return said, one
        if not said.number and first.strip(",.:;!").upper() == number:
            return replace(said, number=number, reason=rest), one
    if said.number.isalpha() and not named:
        return Said(said.verb, "", f"{said.number} {said.reason}".rstrip()), None
    return said, None


def _on(one: Asked, said: Said, reply: Reply, entitled: Entitled) -> Ruling | None:
    """What the answer to a certain proposal comes to."""
    made = Ruling(said.verb, reply, one.proposal, None, said.reason)
    role = entitled(reply.person, one.proposal) if reply.person else None
    if not one.open:
        return replace(made, role=role, problem=ENDED)
    if said.verb == WITHDRAW:
        # What they asked for after they took it back stands: the withdrawal was of the other.
        late = reply.at < one.proposal.updated_at
        mine = _concerned(one, said, reply, entitled)
        return (None if late else made) if mine else replace(made, problem=NOT_YOURS)
    if role is None:
        return replace(made, problem=NOT_YOURS)
    problem = "" if one.heard(reply.at) >= one.proposal.version else AGAIN
    return replace(made, role=role, problem=problem)


def _concerned(one: Asked, said: Said, reply: Reply, entitled: Entitled) -> bool:
    """Whether somebody has a say: the proposer in taking it back, else who may decide."""
    if reply.person is None:
        return False
    if said.verb == WITHDRAW:
        return reply.person == one.proposal.proposer
    return entitled(reply.person, one.proposal) is not None
