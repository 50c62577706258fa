"""Numbers, days and judgements in the words of a page. English, whatever the machine's locale."""

import unicodedata
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from zoneinfo import ZoneInfo

from syncer.model.client_report import GoalTold, Period, Plot, Shape
from syncer.model.goals import Pace
from syncer.model.measures import Flag

PERCENT: Final = "%"
NONE: Final = "\N{EN DASH}"
"""Stands where there is no number."""

LONGEST: Final = 300
"""Characters of a text that are shown; the data has all of it."""

_UNIT: Final = 4
"""Characters of a unit: a vendor tells the currency, in three letters as a rule."""

_GAP: Final = "\N{NO-BREAK SPACE}"
MONTHS: Final = ("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()
_PACES: Final = {
    Pace.AHEAD: ("good", "▲", "Ahead"),
    Pace.ON_TRACK: ("fair", "●", "On track"),
    Pace.BEHIND: ("bad", "▼", "Behind"),
    Pace.MET: ("good", "✓", "Met"),
    Pace.MISSED: ("bad", "✕", "Missed"),
    Pace.WAITING: ("dim", "○", "Not begun"),
    Pace.UNKNOWN: ("dim", "?", "No figures yet"),
}
_FLAGS: Final = {
    Flag.SAMPLED: "estimated from a sample of the visits",
    Flag.THRESHOLDED: "very small numbers are withheld to protect visitors",
    Flag.OTHER: "rare values are counted together as “(other)”",
    Flag.TRUNCATED: "not every line was answered",
    Flag.RESTRICTED: "part of it may not be seen by our account",
}


def status(name: str) -> str:
    """A status as people say it."""
    return "To do" if name == "todo" else capital(plain_word(name))


def line(plot: Plot) -> tuple[str, str]:
    """What the values of a goal's plot are, for its legend."""
    if plot.shape is Shape.MONTHS:
        return ("bars", "Each month")
    return ("value", "So far" if plot.shape is Shape.SUM else "Over seven days")


def plain_word(name: str) -> str:
    """``account manager`` of ``account_manager``."""
    return name.replace("_", " ")


def said(text: str) -> str:
    """A text of somebody's on one line, without control characters, cut to a length."""
    kept = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
    joined = " ".join(kept.split())
    return joined if len(joined) <= LONGEST else f"{joined[: LONGEST - 1]}…"


def capital(text: str) -> str:
    """A text with a capital first letter."""
    return text[:1].upper() + text[1:]


def day(value: date | None) -> str:
    """``21 Nov 2026``."""
    return f"{value.day}{_GAP}{MONTHS[value.month - 1]}{_GAP}{value.year}" if value else NONE


def month(value: date) -> str:
    """``Nov 2026``."""
    return f"{MONTHS[value.month - 1]}{_GAP}{value.year}"


def moment(value: datetime | None, zone: str) -> str:
    """``21 Nov 2026, 14:05`` on the clocks of a zone."""
    if value is None:
        return NONE
    there = value.astimezone(ZoneInfo(zone))
    return f"{day(there.date())}, {there:%H:%M}"


def number(value: Decimal | None, unit: str = "") -> str:
    """``12,345``, ``0.25``, ``25,000 EUR``, ``55.3 %`` (of 0.553)."""
    if value is None:
        return NONE
    if unit == PERCENT:
        return percent(value, 1)
    whole = value == value.to_integral_value() or abs(value) >= 1000
    text = f"{value.quantize(Decimal(1 if whole else '0.01'), ROUND_HALF_UP):,f}"
    if not unit and not whole:
        text = text.rstrip("0").rstrip(".")
    return f"{text}{_GAP}{said(unit)[:_UNIT]}" if unit else text


def percent(share: Decimal | None, digits: int = 0) -> str:
    """``82 %`` of 0.82."""
    if share is None:
        return NONE
    rounded = (share * 100).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    text = f"{rounded:,f}"
    return f"{text.removesuffix('.0')}{_GAP}%"


def pace(value: Pace) -> tuple[str, str, str]:
    """What a pace means (good, fair, bad, dim), a sign, and the words."""
    return _PACES[value]


def flag(value: Flag) -> str:
    """Why a figure is less than exact."""
    return _FLAGS[value]


def aim(goal: GoalTold) -> str:
    """What a goal comes to: ``at least 500 by 31 Dec 2026``."""
    parts = [_amount(goal)]
    if goal.monthly:
        parts.append("each month")
    elif goal.now.until is not None:
        parts.append(f"by {day(goal.now.until)}")
    return " ".join(parts)


def _amount(goal: GoalTold) -> str:
    if goal.growth is not None:
        more = "more" if goal.growth >= 0 else "less"
        return f"{percent(abs(goal.growth), 1)} {more} than last year"
    target = goal.target if goal.target is not None else goal.now.target
    return f"at {'most' if goal.at_most else 'least'} {number(target, goal.unit)}"


def when(goal: GoalTold) -> str:
    """The time a goal is about: ``in Nov 2026``, ``by 31 Dec 2026``; empty if it has no end."""
    if goal.monthly:
        return f"in {month(goal.now.since)}"
    return f"by {day(goal.now.until)}" if goal.now.until else ""


def outlook(goal: GoalTold) -> str:
    """The projection in a sentence; empty where there is none."""
    now = goal.now
    over = now.until is None or now.as_of >= now.until
    if now.projection is None or now.target is None or over or goal.unit == PERCENT:
        return ""
    expected = now.projection
    if now.value is not None and now.value == now.value.to_integral_value() and not goal.unit:
        expected = expected.quantize(Decimal(1), ROUND_HALF_UP)  # nobody visits by halves
    when = f"by the end of {month(now.since)}" if goal.monthly else f"by {day(now.until)}"
    seen = f" ({said(now.basis)})" if now.basis else ""
    told = f"Expected {when}: {number(expected, goal.unit)}{seen}"
    return f"{told}, {_against(expected, now.target, goal)}."


def standing(goal: GoalTold) -> str:
    """What is to be known about a goal beside its numbers."""
    now = goal.now
    if now.pace is Pace.WAITING:
        return f"It counts from {day(now.since)} on."
    if now.value is None:
        return f"{capital(said(now.basis)) or 'There are no figures for it yet'}."
    unsure = f"{capital(said(now.basis))}. " if now.pace is Pace.UNKNOWN and now.basis else ""
    ahead = outlook(goal)
    return f"{ahead + ' ' if ahead else unsure}Figures up to {day(now.as_of)}."


def _against(value: Decimal, target: Decimal, goal: GoalTold) -> str:
    if number(value, goal.unit) == number(target, goal.unit):
        return "just what was set"
    word = "above" if value > target else "below"
    if not target:
        return f"{word} the goal"
    return f"{percent(abs(value - target) / target)} {word} the goal"


def reached(period: Period, unit: str) -> str:
    """``412 of 500``."""
    if period.target is None:
        return number(period.value, unit)
    return f"{number(period.value, unit)} of {number(period.target, unit)}"


def tasks(count: int) -> str:
    """``1 task``, ``12 tasks``."""
    return f"{count:,} {'task' if count == 1 else 'tasks'}"


def moved(before: date | None, after: date | None) -> str:
    """How far a day moved: ``14 days later``."""
    if before is None:
        return "first agreed"
    if after is None:
        return "taken back"
    days = (after - before).days
    if not days:
        return "the same day"
    return f"{abs(days)} {'day' if abs(days) == 1 else 'days'} {'later' if days > 0 else 'earlier'}"


def marks(plot: Plot) -> list[tuple[str, str]]:
    """The days that a plot marks, for its legend."""
    return [("mark", f"{said(mark.text)} {day(mark.day)}") for mark in plot.marks]
