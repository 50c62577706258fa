"""One day of one property, as it is known at a moment: late hits make it grow for three days.

Every number comes from a hash of the property, the day and the place, so it is the same in
every run, and is worked out when it is asked for. A cell is a source of traffic on a landing
page; whatever a report is split by, cells are divided so that the parts add up to the whole.
"""

import struct
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from math import floor
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from adapters.google_analytics.sandbox.counts import BUYING, Counts
from adapters.google_analytics.sandbox.traffic import Page, Profile, Stream

SETTLED: Final = 72.0
"""Hours after a day's beginning from which on it grows no more (guide, 7)."""

CREDIT_DAYS: Final = 12
"""Days for which data-driven credit for key events moves between sources (guide, 7)."""

_ARRIVAL: Final = (
    *((0.0, 0.0), (6.0, 0.04), (9.0, 0.16), (12.0, 0.33), (18.0, 0.64), (24.0, 0.84)),
    *((36.0, 0.93), (48.0, 0.975), (SETTLED, 1.0)),
)
"""Hours since the day began and the share of its hits that reports show by then."""


_NO_EVENTS: Final = (0, 0, 0)
_FIFTEEN: Final = struct.Struct(">15I")


class Cell(Struct, frozen=True):
    """One source of traffic on one landing page in one day. ``chance`` is its own, 0 to 1."""

    stream: Stream
    page: Page
    counts: Counts
    chance: float = 0.0


def known(profile: Profile, zone: ZoneInfo, day: date, now: datetime) -> Sequence[Cell]:
    """The cells of a day as reports show them at a moment; none of days to come."""
    hours = floor((now - datetime.combine(day, time(), zone)).total_seconds() / 3600)
    if hours < 0 or day < profile.begun:
        return ()
    if hours >= CREDIT_DAYS * 24:
        return _final(profile, day)
    whole: Sequence[Cell] = _whole(profile, day)
    if hours < SETTLED:
        share = arrived(hours)
        whole = [replace(cell, counts=_part(cell, share)) for cell in whole]
    return _credited(profile, day, whole, hours // 24)


def arrived(hours: float) -> float:
    """The share of a day's hits that reports show so many hours after it began."""
    for (start, low), (end, high) in pairwise(_ARRIVAL):
        if hours < end:
            return low + (high - low) * (hours - start) / (end - start)
    return 1.0


@lru_cache(maxsize=8192)
def _final(profile: Profile, day: date) -> Sequence[Cell]:
    return tuple(_credited(profile, day, _whole(profile, day), CREDIT_DAYS))


@lru_cache(maxsize=8192)
def _whole(profile: Profile, day: date) -> Sequence[Cell]:
    """All that will ever be known of a day, credit aside."""
    level = profile.level(day)
    return tuple(
        cell
        for stream in profile.streams
        for cell in _cells(profile, day, stream, level * stream.strength(day))
        if cell.counts.sessions
    )


def _cells(profile: Profile, day: date, stream: Stream, expected: float) -> Iterator[Cell]:
    if not expected:
        return
    # Where an advertisement leads is not split as the rest is.
    pages = [page for page in profile.pages if page.path.startswith(stream.aim)]
    weights = [page.strength(day) for page in pages]
    total = sum(weights)
    for page, weight in zip(pages, weights, strict=True):
        if weight:
            place = f"{stream.source} {stream.campaign} {page.host}{page.path}"
            chances = _chances(f"{profile.seed} {day} {place}")
            yield _cell(profile, stream, page, expected * weight / total, chances)


def _cell(
    profile: Profile, stream: Stream, page: Page, expected: float, chances: Sequence[float]
) -> Cell:
    sessions = floor(expected * (0.85 + 0.3 * chances[0]) + chances[1])
    engaged = floor(sessions * (0.48 + 0.16 * chances[2]) + chances[3] * 0.5)
    events = tuple(
        min(engaged, floor(sessions * rate / 1000 * (0.7 + 0.6 * chances[4]) + chance))
        for rate, chance in zip(page.rates, chances[5:8], strict=True)
    )
    clicks = floor(sessions * 1.12) if stream.paid else 0
    # Somebody sends something back now and then.
    gross = _money(profile.order, events[BUYING], chances[12])
    counts = Counts(
        sessions,
        engaged,
        floor(sessions * (0.38 + 0.07 * chances[8])),
        floor(sessions * (2.1 + chances[9])),
        floor(engaged * (64 + 50 * chances[10])),
        gross=gross,
        refunds=gross // 5 if chances[13] > 0.97 else 0,
        clicks=clicks,
        impressions=clicks * 21,
        cost=floor(clicks * (34 + 12 * chances[11])),
        items=events[BUYING],
    )
    return Cell(stream, page, counts.with_events(events), chances[14])


def _money(order: int, purchases: int, chance: float) -> int:
    """What so many orders are worth; one more order is always worth more."""
    return sum(floor(order * (0.6 + (chance * 7 + n * 0.61803) % 0.8)) for n in range(purchases))


def _chances(name: str) -> Sequence[float]:
    return [n / 2**32 for n in _FIFTEEN.unpack(blake2b(name.encode(), digest_size=60).digest())]


def _part(cell: Cell, share: float) -> Counts:
    """What of a cell is known already: never less than before, and all of it in the end."""

    def so_far(count: int) -> int:
        return floor(count * share + cell.chance)

    whole, told = cell.counts, cell.counts.each(so_far)
    sold, orders = told.purchases, max(1, whole.purchases)
    money = {name: getattr(whole, name) * sold // orders for name in ("gross", "refunds")}
    return told._replace(items=sold, **money).with_events(told.events)


def _credited(profile: Profile, day: date, cells: Sequence[Cell], age: int) -> Sequence[Cell]:
    """Credit for key events, as the vendor's model deals it out when the day is so old.

    Each cell passes some quarters on to the next source on its page, so that sources have
    fractions and the property as a whole has none; how many changes from day to day until it
    stands.
    """
    places = [(cell.page.host, cell.page.path) for cell in cells]
    ring = sorted(range(len(cells)), key=places.__getitem__)
    given = [_given(f"{profile.seed} {day} {n} {age}", cells[n]) for n in ring]
    credited = list(cells)
    for n, out, into in zip(ring, given, [*given[-1:], *given[:-1]], strict=True):
        counts = cells[n].counts
        sums = zip(counts.events, out, into, strict=True)
        credit = tuple([4 * count - away + back for count, away, back in sums])
        if any(credit):
            credited[n] = replace(cells[n], counts=counts.with_credit(credit))
    return credited


def _given(name: str, cell: Cell) -> Sequence[int]:
    if not any(cell.counts.events):
        return _NO_EVENTS
    digest = blake2b(name.encode(), digest_size=3).digest()
    return [byte % 4 if n else 0 for byte, n in zip(digest, cell.counts.events, strict=True)]
