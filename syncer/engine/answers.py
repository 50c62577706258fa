"""Answers: an owner settles a proposal from outside the tools, by the command line."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from syncer.engine.agreements import new_agreements, verdict_lines
from syncer.engine.context import Context
from syncer.engine.heads_up.listening import tells
from syncer.engine.heads_up.noting import ended_notices
from syncer.engine.heads_up.scenes import place_in_state, scene
from syncer.engine.matters import PROPOSER, Matter, closed, command_line, ending_line
from syncer.model.agreements import Agreed
from syncer.model.configuration import Configuration
from syncer.model.entities import EXISTENCE
from syncer.model.notices import Notice
from syncer.model.records import Link, LinkStatus, Proposal, ProposalStatus, Record
from syncer.model.values import joined
from syncer.reconcile.hearers import gone, may_decide
from syncer.reconcile.proposing import granted
from syncer.state import Store


class AnswerRefused(Exception):
    """This answer cannot be taken; the text says why, and who may give it."""


class Answer(Struct, frozen=True):
    """An answer that was taken.

    Args:
        proposal: as it ended.
        role: as which the person answered.
        superseded: rivals about the same field that ended with it.
    """

    proposal: Proposal
    role: str
    superseded: tuple[Proposal, ...] = ()


class Answers:
    """Takes answers to proposals of one installation.

    Args:
        clock: tells the time (UTC).
        operator: the user of the operating system who gives the answers, for the journal.
    """

    def __init__(
        self,
        config: Configuration,
        store: Store,
        *,
        clock: Callable[[], datetime],
        operator: str = "",
    ) -> None:
        self.config = config
        self.store = store
        self.clock = clock
        self.operator = operator

    def approve(self, id: str, person: str, *, version: int | None = None) -> Answer:
        """Agree on the proposed value; the next run makes every system show it.

        ``version`` is the one the answer is about; if it was changed since, nothing is decided.
        Raises :class:`AnswerRefused`, and ``LockHeld`` while a run works on the client.
        """
        with self._open(id, version) as matter:
            role = self._entitled(matter, person)
            now = self.clock()
            proposal, record = matter.proposal, matter.record
            value = granted(proposal, record.value(proposal.field))
            agreed = Agreed(value, person, role, None, now, str(matter.rule.source))
            accepted = closed(proposal, ProposalStatus.ACCEPTED, person, now)
            rivals = [
                closed(p, ProposalStatus.SUPERSEDED, person, now)
                for p in self.store.proposals(proposal.client, [record.id])
                if p.field == proposal.field and p.id != proposal.id
            ]
            fields = {**record.agreed, proposal.field: agreed}
            record = replace(record, agreed=fields, pending=True)
            self._keep(matter, record, [accepted, *rivals], role, "approve")
            return Answer(accepted, role, tuple(rivals))

    def decline(
        self, id: str, person: str, *, reason: str = "", version: int | None = None
    ) -> Answer:
        """Let the agreed value stand; the next run puts it back where the other one was kept.

        A declined deletion lets the twin be made again where the mapping makes new ones.
        Raises as :meth:`approve` does.
        """
        with self._open(id, version) as matter:
            role = self._entitled(matter, person)
            declined = closed(matter.proposal, ProposalStatus.DECLINED, person, self.clock())
            return self._let_stand(matter, replace(declined, reason=reason), role, "decline")

    def withdraw(
        self, id: str, person: str, *, reason: str = "", version: int | None = None
    ) -> Answer:
        """Take one's own proposal back; the agreed value stands, as after :meth:`decline`.

        Only who proposed may do this. Raises as :meth:`approve` does.
        """
        with self._open(id, version) as matter:
            mine = matter.proposal.proposer
            if person != mine:
                raise AnswerRefused(f"it is {mine}'s proposal: only {mine} may withdraw it")
            taken = closed(matter.proposal, ProposalStatus.WITHDRAWN, person, self.clock())
            return self._let_stand(matter, replace(taken, reason=reason), PROPOSER, "withdraw")

    def _let_stand(self, matter: Matter, ended: Proposal, role: str, word: str) -> Answer:
        record = replace(matter.record, pending=True)
        self._keep(matter, record, [ended], role, word, self._gone(ended))
        return Answer(ended, role)

    def deciders(self, proposal: Proposal) -> tuple[str, ...]:
        """The keys of everybody who may answer a proposal; none if its client is not configured."""
        try:
            matter = self._matter(proposal)
        except AnswerRefused:
            return ()
        return tuple(key for key in sorted(self.config.people) if self._role(matter, key))

    @contextmanager
    def _open(self, id: str, version: int | None) -> Iterator[Matter]:
        """The matter of an open proposal, with its client kept to ourselves meanwhile."""
        found = self.store.proposal(id)
        if found is None:
            raise AnswerRefused(f"there is no proposal {id}")
        with self.store.lock(found.client):
            proposal = self.store.proposal(id) or found
            if proposal.status is not ProposalStatus.OPEN:
                by = f" by {proposal.closed_by}" if proposal.closed_by else ""
                raise AnswerRefused(f"{id} has ended: it was {proposal.status}{by}")
            if version not in (None, proposal.version):
                text = f"{id} was changed since: it is at version {proposal.version}"
                raise AnswerRefused(f"{text}, not {version}; look at it again")
            yield self._matter(proposal)

    def _matter(self, proposal: Proposal) -> Matter:
        rule = self.config.ownership.rules.get((proposal.entity, proposal.field))
        record = self.store.records([proposal.record]).get(proposal.record)
        if proposal.client not in self.config.clients:
            raise AnswerRefused(f"the client {proposal.client} is not configured, or wrongly")
        if rule is None or record is None:
            raise AnswerRefused(f"{proposal.entity}.{proposal.field} has no owner any more")
        place = place_in_state(self._context(proposal.client), record)
        return Matter(proposal, record, rule, place)

    def _context(self, client: str) -> Context:
        """As a cycle of this client would have it now."""
        known = self.config.clients[client]
        return Context(self.config, known, self.store, "", self.clock(), self.clock, new_id=str)

    def _entitled(self, matter: Matter, person: str) -> str:
        known = self.config.people.get(person)
        if known is None:
            names = ", ".join(sorted(self.config.people))
            raise AnswerRefused(f"nobody is called {person} in config/people.yaml: {names}")
        role = self._role(matter, person)
        if role is not None:
            return role
        what, owners = f"{matter.rule.entity}.{matter.rule.field}", joined(matter.rule.owners)
        may = self.deciders(matter.proposal)
        who = f"; here {joined(may)} may" if may else ""
        left = "has left and" if gone(known, self.clock().date()) else f"is not {owners} here and"
        raise AnswerRefused(
            f"{person} {left} may not decide {what}, which belongs to {owners}"
            f" ({matter.rule.source}){who}"
        )

    def _role(self, matter: Matter, person: str) -> str | None:
        """As whom a person may answer; None if they may not."""
        config = self.config
        people, rules, today = config.people, config.ownership, self.clock().date()
        return may_decide(person, matter.rule, rules, matter.place, people, today)

    def _gone(self, proposal: Proposal) -> list[Link]:
        """The twin that the proposer deleted, where a deletion is what was declined."""
        if proposal.field != EXISTENCE:
            return []
        links = self.store.links_of([proposal.record])[proposal.record]
        gone = [link for link in links if link.status is LinkStatus.GONE]
        return [link for link in gone if link.connection == proposal.connection]

    def _keep(
        self,
        matter: Matter,
        record: Record,
        ended: Sequence[Proposal],
        role: str,
        word: str,
        gone: Sequence[Link] = (),
    ) -> None:
        lines = [command_line(matter, ended[0], role, word, self.operator)]
        lines += [ending_line(matter, proposal, role) for proposal in ended]
        changes = [(matter.record, record)]
        lines += verdict_lines(changes, "", ended[0].closed_at or self.clock())
        agreements = new_agreements(self.store, changes)
        with self.store.transaction() as tx:
            tx.put_records([record])
            tx.agree(agreements)
            tx.put_proposals(ended)
            tx.drop_links(link.id for link in gone)
            tx.notify(self._notices(matter, record, ended))
            tx.journal(lines)

    def _notices(
        self, matter: Matter, record: Record, ended: Sequence[Proposal]
    ) -> Iterator[Notice]:
        """What the proposers hear of it, where people are told anything."""
        ctx = self._context(record.client)
        for proposal in ended if tells(ctx) else ():
            yield from ended_notices(ctx, scene(ctx, record, matter.place), proposal)
