"""Answers: an owner settles a proposal from outside the tools, by the command line."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from syncer.engine.agreements import new_agreements
from syncer.engine.cases import Case, Gathered
from syncer.engine.context import Context
from syncer.engine.deciding import place_of
from syncer.engine.index import Index
from syncer.model.agreements import Agreed
from syncer.model.configuration import Configuration
from syncer.model.entities import EXISTENCE
from syncer.model.records import JournalEntry, Link, LinkStatus, Proposal, ProposalStatus, Record
from syncer.model.rules import Rule
from syncer.model.values import dump, joined
from syncer.reconcile.hearers import gone, may_decide
from syncer.reconcile.proposing import granted
from syncer.reconcile.roles import Place
from syncer.state import Store


class AnswerRefused(Exception):
    """This answer cannot be taken; the text says why, and who may give it."""


@dataclass(frozen=True)
class Answer:
    """An answer that was taken.

    Args:
        proposal: as it ended.
        role: as which the person answered.
        superseded: rivals about the same field that ended with it.
    """

    proposal: Proposal
    role: str
    superseded: tuple[Proposal, ...] = ()


@dataclass(frozen=True)
class _Matter:
    """What is to be decided: the proposal, its record, and where it stands."""

    proposal: Proposal
    record: Record
    rule: Rule
    place: Place


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
            accepted = _closed(proposal, ProposalStatus.ACCEPTED, person, now)
            rivals = [
                _closed(p, ProposalStatus.SUPERSEDED, person, now)
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
            declined = _closed(matter.proposal, ProposalStatus.DECLINED, person, self.clock())
            declined = replace(declined, reason=reason)
            record = replace(matter.record, pending=True)
            gone = self._gone(declined)
            self._keep(matter, record, [declined], role, "decline", gone)
            return Answer(declined, role)

    def deciders(self, proposal: Proposal) -> tuple[str, ...]:
        """The keys of everybody who may answer a proposal; none if its client is not configured."""
        try:
            matter = self._matter(proposal)
        except AnswerRefused:
            return ()
        return tuple(key for key in sorted(self.config.people) if self._role(matter, key))

    @contextmanager
    def _open(self, id: str, version: int | None) -> Iterator[_Matter]:
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

    def _matter(self, proposal: Proposal) -> _Matter:
        rule = self.config.ownership.rules.get((proposal.entity, proposal.field))
        record = self.store.records([proposal.record]).get(proposal.record)
        if proposal.client not in self.config.clients:
            raise AnswerRefused(f"the client {proposal.client} is not configured, or wrongly")
        if rule is None or record is None:
            raise AnswerRefused(f"{proposal.entity}.{proposal.field} has no owner any more")
        return _Matter(proposal, record, rule, self._place(record))

    def _place(self, record: Record) -> Place:
        """Where the record stands, for roles: exactly as a cycle sees it."""
        client = self.config.clients[record.client]
        ctx = Context(self.config, client, self.store, "", self.clock(), self.clock, new_id=str)
        spec = self.config.schema[record.entity]
        above = [record.value(name) for name, f in spec.fields.items() if f.type.target]
        parents = self.store.records(id for id in above if isinstance(id, str))
        cases = {id: Case(found) for id, found in parents.items()}
        return place_of(ctx, Case(record), Gathered(cases, {}, Index(self.store, record.client)))

    def _entitled(self, matter: _Matter, person: str) -> str:
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

    def _role(self, matter: _Matter, person: str) -> str | None:
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
        matter: _Matter,
        record: Record,
        ended: Sequence[Proposal],
        role: str,
        word: str,
        gone: Sequence[Link] = (),
    ) -> None:
        lines = [self._line(matter, ended[0], role, "command", word)]
        lines += [self._line(matter, p, role, "proposal", str(p.status)) for p in ended]
        agreements = new_agreements(self.store, [(matter.record, record)])
        with self.store.transaction() as tx:
            tx.put_records([record])
            tx.agree(agreements)
            tx.put_proposals(ended)
            tx.drop_links(link.id for link in gone)
            tx.journal(lines)

    def _line(
        self, matter: _Matter, proposal: Proposal, role: str, kind: str, outcome: str
    ) -> JournalEntry:
        text = f"{proposal.proposer}'s proposal"
        if kind == "command":
            by = f", typed by {self.operator}" if self.operator else ""
            text = f"proposals {outcome} {proposal.id} --as {proposal.closed_by}{by}"
        return JournalEntry(
            client=proposal.client,
            at=proposal.closed_at or self.clock(),
            kind=kind,
            record=proposal.record,
            entity=proposal.entity,
            field=proposal.field,
            connection=proposal.connection,
            editor=proposal.closed_by,
            role=role,
            old=dump(matter.record.value(proposal.field)),
            new=dump(proposal.value),
            outcome=outcome,
            rule=str(matter.rule.source),
            text=text if not proposal.reason else f"{text}: {proposal.reason}",
        )


def _closed(proposal: Proposal, status: ProposalStatus, by: str, at: datetime) -> Proposal:
    return replace(proposal, status=status, closed_by=by, closed_at=at)
