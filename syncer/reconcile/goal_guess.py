"""What a line that cannot be read may have meant: its known parts, put in order."""

import re
from collections.abc import Mapping
from datetime import date

from syncer.model.measures import Measure
from syncer.reconcile.goal_amounts import AMOUNT, PERCENT, amount
from syncer.reconcile.goal_checks import is_rate
from syncer.reconcile.goal_dates import days_in, read_day
from syncer.reconcile.goal_faults import Wrong
from syncer.reconcile.goal_grammar import BY, FROM, UNTIL, days_said, is_monthly, signs
from syncer.reconcile.goal_measures import measure_of, mentioned
from syncer.reconcile.names import folded

_MOST = re.compile(
    r"<|≤|\b(?:at most|(?<!no )less|under|below|max(?:imum)?|no more)\b", re.IGNORECASE
)


def guesses(line: str, measures: Mapping[str, Measure]) -> tuple[str, ...]:
    """The line that may be meant, if it names a known measure and a number.

    No number that is written is lost: of two goals, or where a day is not clear, there is no
    guess.
    """
    name = mentioned(line, measures)
    if name is None or signs(line) > 1:
        return ()
    days = days_in(line)
    number = _number(_without(line, name, days))
    if number is None:
        return ()
    measure = measure_of(name, measures)
    grows = "last year" in folded(line)
    most = measure.per is not None and _MOST.search(line) is not None
    parts = [name, "+" if grows else "<=" if most else ">=", number]
    parts += [PERCENT] if is_rate(measure) and not number.endswith(PERCENT) else []
    parts += ["vs last year"] if grows else []
    parts += ["per month"] if is_monthly(line) or grows else []
    dated = _dated(line, monthly="per month" in parts)
    if dated is None or len(dated) < len(days) or _is_more(line, name, number, days):
        return ()
    return (" ".join([*parts, *dated]),)


def _without(line: str, name: str, days: list[tuple[int, int, date]]) -> str:
    """A line without its days and its measure, whose digits are no number to reach."""
    for start, end, _ in reversed(days):
        line = f"{line[:start]} {line[end:]}"
    return re.sub(re.escape(name), " ", line, flags=re.IGNORECASE)


def _is_more(line: str, name: str, number: str, days: list[tuple[int, int, date]]) -> bool:
    """Whether there are digits of which nothing is made."""
    rest = _without(line, name, days).replace(number, " ", 1)
    for _, text in days_said(line):
        rest = rest.replace(text, " ", 1) if text else rest
    return any(char.isdigit() for char in rest)


def _number(text: str) -> str | None:
    """The first amount in a text that can be read."""
    for found in AMOUNT.finditer(text):
        try:
            amount(found)
        except Wrong:
            continue
        return found[0].strip()
    return None


def _dated(line: str, *, monthly: bool) -> list[str] | None:
    """The days of a line behind the words that they need; None if one of them is not clear."""
    found: dict[str, str] = {}
    for word, text in days_said(line):
        key = FROM if word == FROM else UNTIL if monthly else BY
        day = _day(text, first=word == FROM)
        if day is None or key in found:
            return None
        found[key] = day
    return [f"{key} {day}" for key, day in sorted(found.items(), reverse=True)]


def _day(text: str, *, first: bool) -> str | None:
    try:
        return read_day(text, first=first).isoformat()
    except Wrong as wrong:
        meant = wrong.meant(text)
        return meant[0] if len(meant) == 1 else None
