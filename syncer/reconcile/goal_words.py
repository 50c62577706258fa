"""Goals in words: the line that every goal can be written as, and how to write a wrong one."""

from decimal import Context, Decimal
from typing import Final

from syncer.model.goals import Goal
from syncer.model.values import plain

_ROOMY: Final = Context(prec=60)


def canonical(goal: Goal) -> str:
    """The line that reads as this goal, whatever it was written like."""
    words = [goal.measure.name, _amount(goal)]
    words += ["vs last year"] if goal.growth is not None else []
    words += ["per month"] if goal.monthly else []
    words += [f"from {goal.since.isoformat()}"] if goal.since else []
    last = "until" if goal.monthly else "by"
    words += [f"{last} {goal.until.isoformat()}"] if goal.until else []
    return " ".join(words)


def percent(share: Decimal) -> str:
    """A share as it is written: 0.55 is ``55 %``."""
    return f"{plain(share.scaleb(2, _ROOMY))} %"


def _amount(goal: Goal) -> str:
    if goal.growth is not None:
        return f"+{percent(goal.growth)}"
    target = goal.target if goal.target is not None else Decimal(0)
    sign = "<=" if goal.at_most else ">="
    if goal.measure.per is not None and not goal.measure.money:
        return f"{sign} {percent(target)}"
    return " ".join(filter(None, (sign, plain(target), goal.unit)))
