"""The parts of a line: of what, how much, and when. What goes together is not looked at here."""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Final

from msgspec import Struct, field

from syncer.reconcile.goal_amounts import AMOUNT, Amount, amount
from syncer.reconcile.goal_dates import read_day
from syncer.reconcile.goal_faults import Wrong


class Sign(StrEnum):
    """How a number is meant: to be reached, not to be exceeded, or as growth."""

    LEAST = ">="
    MOST = "<="
    GROWTH = "+"


class Parts(Struct, frozen=True):
    """A line taken apart. ``by``: its last day was written with that word."""

    words: str
    sign: Sign
    amount: Amount
    monthly: bool = False
    last_year: bool = False
    days: dict[str, date] = field(default_factory=dict)

    @property
    def since(self) -> date | None:
        """The first day that is written."""
        return self.days.get(FROM)

    @property
    def until(self) -> date | None:
        """The last day that is written."""
        return self.days.get(BY, self.days.get(UNTIL))


FROM: Final = "from"
BY: Final = "by"
UNTIL: Final = "until"

_SIGN = re.compile(
    r"(?P<least>>\s?=|=>|[≥⩾]|\bat least\b)|(?P<most><\s?=|=<|[≤⩽]|\bat most\b)"
    r"|(?P<growth>(?<!\S)\+(?=\s?[0-9]))|(?P<bare>[<>=]+)",
    re.IGNORECASE,
)
_MONTHLY = r"(?:(?:per|each|every|a)\s+month|monthly|/\s?month)\b"
_LAST_YEAR = r"(?:vs\b\.?|versus|than|(?:as\s+)?compared\s+(?:to|with))\s+last\s+year\b"
_DATED = rf"\b(?:{FROM}|since|{BY}|{UNTIL}|till)\b"
_CLAUSE = rf"(?:{_MONTHLY}|{_LAST_YEAR}|{_DATED})"
_AND = r"\s*(?:[,;]|\band\b)?\s*"
_DAY = rf"(?P<day>.*?)(?={_AND}(?:{_CLAUSE}|$))"
_NEXT = re.compile(
    rf"{_AND}(?:(?P<monthly>{_MONTHLY})|(?P<last_year>{_LAST_YEAR})|(?P<word>{_DATED})\s*{_DAY})",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"(?:(?P<begins>starting|beginning|after)(?:\s+(?:in|on|from))?|(?:with)?in|on|before|to)\s+"
    r"(?=.*[0-9])",
    re.IGNORECASE,
)
_LAST = frozenset({BY, UNTIL})
_WORDS = {"since": FROM, "till": UNTIL}


def taken_apart(line: str) -> Parts:
    """The parts of a line. Raises :class:`Wrong`."""
    found = _SIGN.search(line)
    if found is None:
        raise Wrong("it has no >= and number to reach")
    rest = line[found.end() :].strip()
    if found["bare"]:
        raise Wrong(f"{found[0]} is not how a goal is set", found[0], (_meant(found[0]),))
    if signs(rest):
        raise Wrong("these are two goals: write each on a line of its own")
    how_much = AMOUNT.match(rest)
    if how_much is None:
        raise Wrong(f"no number stands after {found[0]}")
    sign = Sign.LEAST if found["least"] else Sign.MOST if found["most"] else Sign.GROWTH
    told = _clauses(rest[how_much.end() :])
    return Parts(line[: found.start()].strip(" :,"), sign, amount(how_much), *told)


def is_monthly(text: str) -> bool:
    """Whether a text says anywhere that each month counts by itself."""
    return re.search(_MONTHLY, text, re.IGNORECASE) is not None


def signs(text: str) -> int:
    """How often a text says that a number is to be reached or not to be exceeded."""
    return sum(found["growth"] is None for found in _SIGN.finditer(text))


def days_said(line: str) -> Iterator[tuple[str, str]]:
    """Every ``by``, ``until`` or ``from`` of a line, with the words that should be a day."""
    for found in re.finditer(rf"(?P<word>{_DATED})\s*{_DAY}", line, re.IGNORECASE):
        word = found["word"].lower()
        yield _WORDS.get(word, word), found["day"]


def _meant(sign: str) -> str:
    return Sign.MOST if "<" in sign else Sign.LEAST


def _clauses(text: str) -> tuple[bool, bool, dict[str, date]]:
    """Whether it is monthly, whether against last year, and the days by their word."""
    flags: set[str] = set()
    days: dict[str, date] = {}
    for kind, found in _each(text):
        word = _WORDS.get(kind, kind)
        if word in flags | days.keys() or (word in _LAST and days.keys() & _LAST):
            again = found[0].strip(" ,;")
            raise Wrong(f"it says {again} when it has said so already", again, ("",))
        if found["word"]:
            days[word] = read_day(found["day"], first=word == FROM)
        else:
            flags.add(word)
    return ("monthly" in flags, "last_year" in flags, days)


def _each(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Each clause with what it is. Raises :class:`Wrong` where something else stands."""
    at = 0
    while found := _NEXT.match(text, at):
        yield (found["word"] or found.lastgroup or "").lower(), found
        at = found.end()
    rest = text[at:].strip(" ,;")
    if rest:
        upto = re.search(_CLAUSE, rest, re.IGNORECASE)
        unknown = (rest[: upto.start()] if upto and upto.start() else rest).strip(" ,;")
        raise Wrong(f"{unknown} means nothing here", unknown, _instead(unknown))


def _instead(unknown: str) -> tuple[str, ...]:
    """What to write for words that mean nothing; no number is dropped without a word."""
    found = _PREPOSITION.match(unknown)
    if found:
        return (f"{FROM if found['begins'] else BY} {unknown[found.end() :]}",)
    return () if any(char.isdigit() for char in unknown) else ("",)
