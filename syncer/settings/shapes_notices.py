"""The model of `notices:` in ``config/sync.yaml``: when people are told, and how much."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from syncer.model.texts import Balance
from syncer.settings.shapes import NEVER, ClockTime, Day, Hours, Shape, WorkingDays

_BALANCE = Balance()


class Weekday(StrEnum):
    """A day of the week."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


WEEK = tuple(Weekday)


def _some(value: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
    if not value:
        raise ValueError("must not be empty")
    return value


class NoticesLine(Shape):
    """When people are told, and how much. Times are in each person's own zone."""

    quiet: Hours = Field(
        _BALANCE.quiet or NEVER,
        description="When nobody is told, like `19:00-08:00`; `none` for at any time.",
    )
    digest: ClockTime = Field(
        _BALANCE.digest, description="When what had to wait is told, all together."
    )
    cap: int = Field(
        _BALANCE.cap,
        ge=0,
        description="Comments for one person and day; what is more waits for the digest.",
    )
    urgent: WorkingDays = Field(
        _BALANCE.urgent,
        description="A date as near as this waits for nothing: not for the digest, nor the cap.",
    )
    workdays: Annotated[tuple[Weekday, ...], AfterValidator(_some)] = Field(
        tuple(WEEK[day] for day in sorted(_BALANCE.workdays)), description="Days of work."
    )
    holidays: tuple[Day, ...] = Field(
        (), description="Further days on which nobody works, like `2026-12-25`."
    )

    def balance(self) -> Balance:
        """The same in the model's words."""
        return Balance(
            quiet=None if self.quiet == NEVER else self.quiet,
            digest=self.digest,
            cap=self.cap,
            urgent=self.urgent,
            workdays=frozenset(map(WEEK.index, self.workdays)),
            holidays=frozenset(self.holidays),
        )
