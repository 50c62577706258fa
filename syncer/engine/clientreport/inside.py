"""What only the agency sees: people, money, the goals as written, what waits, hours."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct

from syncer.engine.answers import Answers
from syncer.engine.clientreport.work import Work
from syncer.model.client_inside import Budget, DueTask, Wait, Waiting
from syncer.model.client_parts import ASSIGNEES, BUDGET, ESTIMATE, PRICES, RESPONSIBLE, TASK
from syncer.model.configuration import Configuration
from syncer.model.entities import Schema
from syncer.model.records import Hold, Parked, Proposal, Record
from syncer.model.values import Money, Value, is_day, is_instant, is_set, readable
from syncer.state import Store

Titles = Mapping[str, str]
"""What people call each record, by id."""


class Waits(Struct, frozen=True):
    """What waits, and the record each is about (None: about nothing that is known)."""

    found: tuple[tuple[str | None, Waiting], ...]

    def of(self, records: Iterable[str]) -> tuple[Waiting, ...]:
        """What waits about these."""
        wanted = set(records)
        return tuple(waiting for record, waiting in self.found if record in wanted)

    def others(self, records: Iterable[str]) -> tuple[Waiting, ...]:
        """What waits about anything else."""
        known = set(records)
        return tuple(waiting for record, waiting in self.found if record not in known)


def waits(
    config: Configuration, store: Store, client: str, titles: Titles, clock: Callable[[], datetime]
) -> Waits:
    """Open proposals, holds and parked work of a client."""
    names = people_names(config)
    answers = Answers(config, store, clock=clock)
    found: list[tuple[str | None, Waiting]] = []
    for proposal in store.proposals(client):
        whom = tuple(names.get(key, key) for key in answers.deciders(proposal))
        found.append((proposal.record, _proposal(proposal, titles, names, whom)))
    found += [(hold.record, _hold(hold, titles)) for hold in store.holds(client)]
    found += [(parked.record, _parked(parked, titles)) for parked in store.parked(client)]
    return Waits(tuple(found))


def people_names(config: Configuration) -> dict[str, str]:
    """People by key."""
    return {key: person.name for key, person in config.people.items()}


def _proposal(
    proposal: Proposal, titles: Titles, names: Mapping[str, str], whom: tuple[str, ...]
) -> Waiting:
    before, after = (in_words(value, titles, names) for value in (proposal.base, proposal.value))
    return Waiting(
        kind=Wait.PROPOSAL,
        about=titles.get(proposal.record, proposal.record),
        text=f"{_quoted(before)} to become {_quoted(after)}",
        field=proposal.field,
        by=names.get(proposal.proposer, proposal.proposer),
        whom=whom,
        since=proposal.opened_at,
    )


def _quoted(text: str) -> str:
    """Where one text ends and the next begins, if they are more than a word or a day."""
    return f"“{text}”" if len(text.split()) > 3 else text


def _hold(hold: Hold, titles: Titles) -> Waiting:
    about = titles.get(hold.record or "", "") or hold.remote_id or hold.kind
    return Waiting(Wait.HOLD, about, hold.reason, hold.field or "", since=hold.since)


def _parked(parked: Parked, titles: Titles) -> Waiting:
    about = titles.get(parked.record or "", "") or str(parked.detail.get("title") or parked.key)
    return Waiting(Wait.PARKED, about, parked.reason, by=parked.connection, since=parked.since)


def in_words(value: Value, titles: Titles, names: Mapping[str, str]) -> str:
    """A value as people read it; people and records by name."""
    if is_set(value):
        return ", ".join(sorted(in_words(one, titles, names) for one in value))
    if isinstance(value, str):
        return names.get(value) or titles.get(value) or value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if is_instant(value) or is_day(value):
        return f"{value.day} {value:%b %Y}"
    return readable(value)


def people(record: Record, names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Who answers for a client or a project."""
    found = ((role, record.value(role)) for role in RESPONSIBLE)
    return tuple((role, names.get(who, who)) for role, who in found if isinstance(who, str))


def price(record: Record) -> str:
    """The money agreed, with its currency; empty where none is."""
    value = record.value(PRICES.get(record.entity, ""))
    if not isinstance(value, Money):
        return ""
    digits = "0" if value.amount == value.amount.to_integral_value() else "0.01"
    return f"{value.amount.quantize(Decimal(digits)):,f} {value.currency}"


def budget(project: Record, found: Sequence[Work]) -> Budget | None:
    """Hours agreed against hours estimated; None where neither is known."""
    hours = _number(project.value(BUDGET))
    estimates = [(work, _number(work.record.value(ESTIMATE))) for work in found]
    known = [(work, estimate) for work, estimate in estimates if estimate is not None]
    if hours is None and not known:
        return None
    return Budget(
        hours=hours,
        estimated=sum((estimate for _, estimate in known), Decimal(0)),
        done=sum((estimate for work, estimate in known if work.done), Decimal(0)),
        unestimated=len(estimates) - len(known),
    )


def _number(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def due_tasks(
    found: Iterable[Work], today: date, schema: Schema, names: Mapping[str, str]
) -> tuple[DueTask, ...]:
    """What is late or due soon, the most pressing first."""
    pressing = [work for work in found if work.late(today) or work.soon(today)]
    made = [
        DueTask(
            title=str(work.record.value(schema[TASK].title) or work.record.id),
            due=work.due or today,
            status=work.status,
            who=_who(work.record, names),
            late=work.late(today),
        )
        for work in pressing
    ]
    return tuple(sorted(made, key=lambda task: (task.due, task.title)))


def _who(task: Record, names: Mapping[str, str]) -> tuple[str, ...]:
    value = task.value(ASSIGNEES)
    return tuple(sorted(names.get(one, one) for one in value)) if is_set(value) else ()
