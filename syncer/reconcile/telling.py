"""How goals stand, in words that a client understands; short Markdown."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from syncer.model.goals import Fault, Pace, Standing
from syncer.model.measures import Flag
from syncer.model.values import plain
from syncer.reconcile.goal_dates import MONTHS
from syncer.reconcile.goal_words import canonical
from syncer.reconcile.rounding import shown, whole_percent

_SURE: Final = {
    Flag.SAMPLED: "sampled (counted from a part of the visits)",
    Flag.THRESHOLDED: "thresholded (small numbers are withheld)",
    Flag.OTHER: "other (rare values are put together)",
    Flag.TRUNCATED: "truncated (the answer was cut short)",
    Flag.RESTRICTED: "restricted (some figures may not be seen)",
}


def told(
    standings: Sequence[Standing], faults: Sequence[Fault], day: date | None, digits: int
) -> str | None:
    """Everything about the goals of one text; None if there is nothing to tell.

    Args:
        day: the last day that counts; None where no goal has a figure.
        digits: how many digits of a figure are told.
    """
    lines = [f"- {sentence(one, digits)}" for one in standings]
    parts = [f"As of {_long(day)}:"] if day else []
    parts += ["\n".join(lines)] if lines else []
    flags = frozenset(flag for one in standings for flag in one.flags)
    if flags:
        parts.append(f"Some figures are estimates: {', '.join(_SURE[f] for f in sorted(flags))}.")
    parts += (
        ["\n".join(["Not counted:", "", *(f"- {fault}" for fault in faults)])] if faults else []
    )
    return "\n\n".join(parts) or None


def sentence(standing: Standing, digits: int) -> str:
    """One goal: its line, and how it stands."""
    named = standing.goal.monthly and standing.pace is not Pace.WAITING
    month = f"{_month(standing.since)}: " if named else ""
    return f"{canonical(standing.goal)}: {month}{', '.join(_parts(standing, digits))}"


def _parts(standing: Standing, digits: int) -> list[str]:
    if standing.pace is Pace.WAITING:
        return [f"begins on {_long(standing.since)}"]
    if standing.value is None:
        return ["not known", standing.basis]
    done = standing.as_of == standing.until
    so_far = f"{_amount(standing, standing.value, digits)}{'' if done else ' so far'}"
    so_far += _of(standing, digits)
    if standing.pace in (Pace.MET, Pace.MISSED):
        return [standing.pace, so_far]
    if standing.pace is Pace.UNKNOWN:
        return [so_far, standing.basis]
    if standing.goal.measure.per is not None:
        return [so_far, standing.pace]
    return [so_far, f"{standing.pace}{_expected(standing, digits)}", standing.basis]


def _of(standing: Standing, digits: int) -> str:
    """The share of a target; what growth comes to is told, as it is not in the line."""
    target = standing.target
    if target is not None and standing.goal.growth is not None:
        return f" of {_amount(standing, target, digits)}"
    if standing.goal.measure.per is not None:
        return ""
    share = whole_percent(standing, digits)
    return f" ({plain(share)} %)" if share is not None else ""


def _expected(standing: Standing, digits: int) -> str:
    if standing.projection is None:
        return ""
    then = "by the end of the month" if standing.goal.monthly else "by then"
    return f": about {_amount(standing, standing.projection, digits)} expected {then}"


def _amount(standing: Standing, value: Decimal, digits: int) -> str:
    """A number as people read it: 41,200; 53.2 %; 12,300 EUR."""
    measure = standing.goal.measure
    number = f"{shown(measure, value, digits):,f}"
    if measure.per is not None and not measure.money:
        return f"{number} %"
    return f"{number} {standing.currency}".strip() if measure.money else number


def _long(day: date) -> str:
    return f"{day.day} {_month(day)} {day.year}"


def _month(day: date) -> str:
    return MONTHS[day.month - 1].capitalize()


def flags_told(standings: Iterable[Standing]) -> str | None:
    """The flags of all figures, by name; None if there are none."""
    return ", ".join(sorted({flag for one in standings for flag in one.flags})) or None
