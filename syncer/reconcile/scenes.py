"""What notices are made of: the record they are about, and whom each is for."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, datetime

from msgspec import Struct

from syncer.model.notices import Notice, NoticeKind
from syncer.model.people import Person
from syncer.model.records import Proposal, Record
from syncer.model.rules import Ownership, Rule
from syncer.model.texts import Balance
from syncer.model.values import MISSING, Json, Missing, Seen, Value
from syncer.reconcile.days import day_of
from syncer.reconcile.hearers import owners
from syncer.reconcile.roles import Place
from syncer.reconcile.workdays import urgent

Facts = Mapping[str, Json]


class Scene(Struct, frozen=True):
    """The record that notices are about, and all that they need to know around it.

    Args:
        cycle: in which this happens; what is told of every cycle anew bears it in its id.
        record: as it was agreed before the verdict that is told.
        title: what people call the record.
        people: by key.
        now: the time (UTC).
        show: a value of a field as people read it.
    """

    client: str
    cycle: str
    record: Record
    title: str
    place: Place
    ownership: Ownership
    people: Mapping[str, Person]
    now: datetime
    balance: Balance
    show: Callable[[str, Value | Missing], str]

    @property
    def today(self) -> date:
        """The day that it is for the client."""
        return day_of(self.now, self.place.zone)

    def name(self, key: str | None) -> str:
        """What somebody is called: a person by name, anybody else as they are shown."""
        person = self.people.get(key or "")
        return person.name if person else key or ""

    def known(self, key: str) -> str | None:
        """The key of somebody in ``people.yaml``; None for anybody else."""
        return key if key in self.people else None

    def hearers(self, rule: Rule, but: str | None = None) -> tuple[tuple[str, str], ...]:
        """Person and role of those who hear of a field, as if one of them did not exist."""
        others = {key: person for key, person in self.people.items() if key != but}
        return owners(rule, self.ownership, self.place, others, self.today)

    def urgent(self, *values: Seen) -> bool:
        """Whether one of these values is a date that is near."""
        dates = [value for value in values if value is not MISSING]
        return urgent(dates, self.now, self.place.zone, self.balance)


class Addressee(Struct, frozen=True):
    """Whom a notice is for: a person at home, or where they edited; perhaps nobody we know."""

    to: str | None
    shown: str
    role: str | None = None
    at: str | None = None


def notice(
    scene: Scene,
    kind: NoticeKind,
    rule: Rule,
    whom: Addressee,
    facts: Facts,
    *,
    once: tuple[object, ...],
    about: Proposal | None = None,
    soon: bool = False,
) -> Notice:
    """A notice; its id is made of its kind, field, addressee, and ``once``: per what it is told."""
    person = whom.to or f"{whom.at}:{whom.shown}"
    parts = (kind, scene.client, scene.record.id, rule.field, person, *once)
    digest = hashlib.sha256("\x1f".join(str(part) for part in parts).encode())
    return Notice(
        id=f"n_{digest.hexdigest()[:24]}",
        client=scene.client,
        record=scene.record.id,
        entity=scene.record.entity,
        field=rule.field,
        kind=kind,
        created_at=scene.now,
        to=whom.to,
        role=whom.role,
        at=whom.at,
        proposal=about.id if about else None,
        version=about.version if about else 0,
        facts={name: text for name, text in facts.items() if text},
        urgent=soon,
    )
