"""What only the agency sees on a client's report; a client's page holds none of these."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from syncer.model.client_report import Page
from syncer.model.goals import Fault


class Moved(Struct, frozen=True):
    """Who moved a deadline.

    Args:
        by: who set it, as which role, in which connection, under which rule (file:line).
        asked: who had proposed it; ``approved`` who agreed to that.
    """

    at: datetime | None
    before: date | None
    after: date | None
    by: str = ""
    role: str = ""
    where: str = ""
    rule: str = ""
    asked: str = ""
    approved: str = ""


class Wait(StrEnum):
    """What something waits for: an owner's answer, somebody's look, another try."""

    PROPOSAL = "proposal"
    HOLD = "hold"
    PARKED = "parked"


class Waiting(Struct, frozen=True):
    """Something that waits, and on whom.

    Args:
        about: the record, as people call it; ``field`` of it.
        text: what is proposed, or why it waits.
        whom: who can end it; empty where nobody in particular can.
    """

    kind: Wait
    about: str
    text: str
    field: str = ""
    by: str = ""
    whom: tuple[str, ...] = ()
    since: datetime | None = None


class DueTask(Struct, frozen=True):
    """A task that is late or due soon."""

    title: str
    due: date
    status: str
    who: tuple[str, ...]
    late: bool


class Budget(Struct, frozen=True):
    """Hours that were agreed, against what the tasks are estimated at.

    ``unestimated`` counts tasks without an estimate.
    """

    hours: Decimal | None
    estimated: Decimal
    done: Decimal
    unestimated: int


class Inside(Struct, frozen=True):
    """What the agency sees beside a section.

    Args:
        people: role and name of who answers for it.
        price: the money agreed, with its currency.
        statuses: how many tasks are in each; ``tasks`` are those that are late or due soon.
        lines: the goals as they were written; ``faults`` are lines that could not be read.
    """

    people: tuple[tuple[str, str], ...] = ()
    price: str = ""
    lines: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    moves: tuple[Moved, ...] = ()
    statuses: tuple[tuple[str, int], ...] = ()
    tasks: tuple[DueTask, ...] = ()
    budget: Budget | None = None
    waiting: tuple[Waiting, ...] = ()


class AgencyPage(Struct, frozen=True):
    """The agency's page: the client's, and beside each of its sections what is inside.

    ``waiting`` is what belongs to none of the sections.
    """

    page: Page
    inside: tuple[Inside, ...] = ()
    waiting: tuple[Waiting, ...] = ()
