"""What dimensions say of a place in the traffic, and cells divided as far as a report needs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import accumulate
from math import floor
from types import MappingProxyType
from typing import Final, NamedTuple
from zlib import crc32

from adapters.google_analytics.sandbox.counts import BUYING, Counts
from adapters.google_analytics.sandbox.days import Cell
from adapters.google_analytics.sandbox.traffic import EVENTS, NOT_SET, Stream

_WHOLE: Final[Mapping[str, str]] = MappingProxyType({})


class Spot(NamedTuple):
    """A place in the traffic. What a report does not ask for is left empty.

    Args:
        span: the name of the date range.
        event: of the counts, those of one event.
        split: values of the dimensions that divide cells.
    """

    day: date
    cell: Cell
    counts: Counts
    span: str = ""
    event: str = ""
    item: str = ""
    split: Mapping[str, str] = _WHOLE


DIVIDED: Final = {
    "deviceCategory": (("mobile", 0.61), ("desktop", 0.33), ("tablet", 0.06)),
    "country": (("United Kingdom", 0.78), ("Ireland", 0.1), ("Denmark", 0.08), (NOT_SET, 0.04)),
    "userAgeBracket": (
        *(("unknown", 0.52), ("18-24", 0.06), ("25-34", 0.16), ("35-44", 0.13)),
        *(("45-54", 0.08), ("55-64", 0.04), ("65+", 0.01)),
    ),
    "userGender": (("unknown", 0.52), ("female", 0.29), ("male", 0.19)),
}
"""Dimensions that divide every cell alike, with the shares of their values."""

ITEMS: Final = (("Gift box", 0.5), ("Voucher", 0.3), ("Everyday order", 0.2))
TIME_EVENTS: Final = ("page_view", "session_start", "first_visit", "user_engagement")


def divided(spots: Iterator[Spot], names: Sequence[str]) -> Iterator[Spot]:
    """The same traffic, split by dimensions of :data:`DIVIDED`; the parts add up."""
    for name in names:
        spots = _split(spots, name)
    return spots


def _split(spots: Iterator[Spot], name: str) -> Iterator[Spot]:
    values = [value for value, _ in DIVIDED[name]]
    bounds = [0.0, *accumulate(share for _, share in DIVIDED[name])]
    bounds[-1] = 1.0
    for spot in spots:
        sessions = spot.counts.sessions
        phase = crc32(f"{name} {spot.cell.chance} {sorted(spot.split.items())}".encode()) / 2**32
        marks = [floor(sessions * bound + phase) for bound in bounds]
        for value, low, high in zip(values, marks, marks[1:], strict=False):
            if low < high:
                counts = _slice(spot.counts, low, high)
                yield spot._replace(counts=counts, split={**spot.split, name: value})


def _slice(counts: Counts, low: int, high: int) -> Counts:
    """The part from one session to another, of everything in proportion."""
    sessions, bought = counts.sessions, counts.purchases

    def cut(count: int) -> int:
        return count * high // sessions - count * low // sessions

    def paid(money: int) -> int:
        return money * (bought * high // sessions) // bought - (
            money * (bought * low // sessions) // bought
        )

    part = counts.each(cut)
    money = (paid(counts.gross), paid(counts.refunds)) if bought else (0, 0)
    part = part._replace(gross=money[0], refunds=money[1], items=part.purchases)
    return part.with_events(part.events)


def by_event(spots: Iterator[Spot]) -> Iterator[Spot]:
    """The same traffic by event. Sessions have many events, so these do not add up."""
    for spot in spots:
        counts = spot.counts
        times = (counts.views, counts.sessions, counts.new, counts.engaged)
        for name, count in zip(TIME_EVENTS, times, strict=True):
            if count:
                yield spot._replace(counts=_of_time(counts, name, count), event=name)
        for n, name in enumerate(EVENTS):
            if counts.events[n] or counts.credit[n]:
                yield spot._replace(counts=_only(counts, n), event=name)


def _of_time(counts: Counts, name: str, count: int) -> Counts:
    sessions = min(count, counts.sessions)
    part = Counts(sessions, min(sessions, counts.engaged), hits=count)
    own = {"page_view": "views", "first_visit": "new"}.get(name)
    if own is not None:
        part = part._replace(**{own: count})
    return part._replace(seconds=counts.seconds) if name == "user_engagement" else part


def _only(counts: Counts, n: int) -> Counts:
    def alone(values: Sequence[int]) -> tuple[int, ...]:
        return tuple(value if place == n else 0 for place, value in enumerate(values))

    count, buying = counts.events[n], n == BUYING
    part = Counts(count, count).with_events(alone(counts.events))
    return part.with_credit(alone(counts.credit))._replace(
        hits=count,
        gross=counts.gross if buying else 0,
        refunds=counts.refunds if buying else 0,
        items=counts.items if buying else 0,
    )


def by_item(spots: Iterator[Spot]) -> Iterator[Spot]:
    """What was bought, by item."""
    bounds = [0.0, *accumulate(share for _, share in ITEMS)]
    bounds[-1] = 1.0
    for spot in spots:
        bought = spot.counts.purchases
        marks = [floor(bought * bound + spot.cell.chance) for bound in bounds] if bought else []
        for (name, _), low, high in zip(ITEMS, marks, marks[1:], strict=False):
            if low < high:
                money = spot.counts.gross * high // bought - spot.counts.gross * low // bought
                part = Counts(high - low, purchases=high - low, items=high - low, gross=money)
                yield spot._replace(counts=part, item=name)


def _campaign_id(stream: Stream) -> str:
    if stream.campaign.startswith("("):
        return stream.campaign
    return str(10_000_000_000 + crc32(stream.campaign.encode()))


def _with_query(spot: Spot) -> str:
    stream, path = spot.cell.stream, spot.cell.page.path
    if stream.campaign.startswith("(") or path == NOT_SET:
        return path
    return f"{path}?utm_campaign={stream.campaign}"


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}{week:02}"


_SOURCES: Final[dict[str, Callable[[Stream], str]]] = {
    "DefaultChannelGroup": lambda stream: stream.channel,
    "Source": lambda stream: stream.source,
    "Medium": lambda stream: stream.medium,
    "SourceMedium": lambda stream: f"{stream.source} / {stream.medium}",
    "CampaignName": lambda stream: stream.campaign,
    "CampaignId": _campaign_id,
}


def _reader(part: str) -> Callable[[Spot], str]:
    source = _SOURCES[part]
    return lambda spot: source(spot.cell.stream)


READERS: Final[dict[str, Callable[[Spot], str]]] = {
    "date": lambda spot: f"{spot.day:%Y%m%d}",
    "year": lambda spot: f"{spot.day:%Y}",
    "month": lambda spot: f"{spot.day:%m}",
    "day": lambda spot: f"{spot.day:%d}",
    "yearMonth": lambda spot: f"{spot.day:%Y%m}",
    "isoYearIsoWeek": lambda spot: _week(spot.day),
    "dayOfWeek": lambda spot: str(spot.day.isoweekday() % 7),
    "dateRange": lambda spot: spot.span,
    "landingPage": lambda spot: spot.cell.page.path,
    "landingPagePlusQueryString": _with_query,
    "hostName": lambda spot: spot.cell.page.host,
    "eventName": lambda spot: spot.event,
    "isKeyEvent": lambda spot: "true" if spot.event in EVENTS else "false",
    "itemName": lambda spot: spot.item,
    **{
        f"{prefix}{part if prefix else part[0].lower() + part[1:]}": _reader(part)
        for prefix in ("session", "firstUser", "")
        for part in _SOURCES
    },
    **{name: (lambda spot, name=name: spot.split[name]) for name in DIVIDED},  # type: ignore[misc]
}
"""What each dimension says of a spot."""
