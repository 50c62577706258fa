"""The properties of the stand-in: those of the agency's clients, and one of somebody else."""

from datetime import date, timedelta
from typing import Final
from zlib import crc32

from msgspec import Struct, field

from adapters.google_analytics.sandbox.traffic import NOT_SET, Page, Profile, Stream, usual
from syncer.adapterkit.sandbox import Client, World

ZONE: Final = "Europe/London"
ELSEWHERE: Final = "498765432"
"""The property that belongs to no client of the agency."""

_IDS: Final = {"bakery": "412345678", "outdoor": "423456789"}
_SEED: Final = date(2026, 9, 1)
_FLAT: Final = (1.0,) * 12
_BAKERY_YEAR: Final = (0.82, 0.9, 0.95, 1.05, 0.95, 0.9, 0.85, 0.85, 0.98, 1.05, 1.12, 1.4)
_OUTDOOR_YEAR: Final = (0.8, 0.85, 0.95, 1.1, 1.2, 1.15, 1.1, 1.15, 1.0, 0.95, 1.0, 1.15)
_WEEKEND: Final = (0.92, 0.9, 0.94, 1.0, 1.1, 1.18, 0.96)
_OFFICE: Final = (1.06, 1.05, 1.04, 1.02, 0.98, 0.9, 0.95)
_SHOP: Final = (3.0, 12.0, 26.0)


class Site(Struct, frozen=True):
    """A property.

    Args:
        account: the id of the account it belongs to.
        level: GOOGLE_ANALYTICS_STANDARD, or GOOGLE_ANALYTICS_360 with ten times the quotas.
        client: the key of the client of the agency.
        slices: the filters of the client's projects, by name, as the adapter's scope has them.
    """

    id: str
    name: str
    account: str
    account_name: str
    profile: Profile
    zone: str = ZONE
    currency: str = "EUR"
    level: str = "GOOGLE_ANALYTICS_STANDARD"
    industry: str = "SHOPPING"
    client: str = ""
    host: str = ""
    slices: dict[str, dict[str, list[str]]] = field(default_factory=dict)


def sites(world: World) -> list[Site]:
    """A property for each client of the world, and the one elsewhere."""
    return [*(_site(world, client) for client in world.clients), _cabins()]


def _site(world: World, client: Client) -> Site:
    begun = {p.key: p.start for p in world.projects if p.client == client.key and p.start}
    makers = {"bakery": _bakery, "outdoor": _outdoor}
    profile, slices = makers[client.key](begun) if client.key in makers else _small(client)
    number = crc32(client.key.encode())
    names = {project.key: project.name for project in world.projects}
    return Site(
        _IDS.get(client.key) or str(430_000_000 + number % 50_000_000),
        client.name,
        str(51_000_000 + number % 1_000_000),
        client.name,
        profile,
        client=client.key,
        host=f"www.{client.domain}",
        slices={names[key]: words for key, words in slices.items() if key in names},
    )


_Made = tuple[Profile, dict[str, dict[str, list[str]]]]


def _bakery(begun: dict[str, date]) -> _Made:
    """Ordering comes with the relaunch: shop pages and the campaigns that lead to them."""
    start, host = begun.get("relaunch", _SEED), "www.honeyandrye.example"
    shop = start + timedelta(41)
    streams, pages = (*usual(), *_relaunch(start, shop)), _bakery_pages(host, shop)
    profile = Profile(
        *("bakery", 620.0, 1.24, 2750, _WEEKEND, _BAKERY_YEAR, streams, pages),
        begun=start - timedelta(1180),
    )
    words = {"campaign": ["relaunch*"], "landing_page": ["/shop*"]}
    return profile, {"relaunch": words}


def _relaunch(start: date, shop: date) -> tuple[Stream, ...]:
    return (
        Stream(
            *("Paid Social", "instagram.com", "paid_social", "relaunch-teaser", 0.12),
            since=start + timedelta(27),
            until=start + timedelta(75),
            paid=True,
        ),
        Stream(
            *("Paid Search", "google", "cpc", "relaunch-preorder", 0.3),
            *(shop, None, "/shop"),
            paid=True,
        ),
        Stream(
            *("Email", "newsletter", "email", "relaunch-letter", 0.1),
            *(start + timedelta(48), None, "/shop"),
        ),
    )


def _bakery_pages(host: str, shop: date) -> tuple[Page, ...]:
    return (
        Page("/", 0.34, host, (6.0, 4.0, 6.0)),
        Page("/recipes/rye-sourdough", 0.22, host, (1.0, 5.0, 1.0)),
        Page("/recipes/honey-cake", 0.14, host, (1.0, 5.0, 1.0)),
        Page("/opening-hours", 0.16, host, (4.0, 1.0, 2.0)),
        Page("/catering", 0.06, host, (45.0, 3.0, 2.0)),
        Page(NOT_SET, 0.02, host, (0.0, 0.0, 0.0)),
        Page("/", 0.02, "staging.honeyandrye.example", (0.0, 0.0, 0.0)),
        Page("/shop", 0.16, host, _SHOP, shop),
        Page("/shop/pre-order", 0.08, host, (4.0, 16.0, 34.0), shop),
        Page("/shop/christmas-boxes", 0.1, host, (8.0, 10.0, 30.0), shop + timedelta(21)),
    )


def _outdoor(begun: dict[str, date]) -> _Made:
    start, host = begun.get("film", _SEED), "www.tarnoutdoor.example"
    film = start + timedelta(21)
    streams = (
        *usual(),
        Stream(
            *("Organic Video", "youtube.com", "video", "repair-film", 0.16),
            *(film, None, "/repair"),
        ),
        Stream(
            *("Paid Social", "instagram.com", "paid_social", "repair-film-teaser", 0.14),
            *(film, None, "/repair"),
            paid=True,
        ),
    )
    pages = (
        Page("/", 0.24, host, (3.0, 6.0, 9.0)),
        Page("/jackets", 0.24, host, (1.0, 5.0, 19.0)),
        Page("/boots", 0.18, host, (1.0, 5.0, 17.0)),
        Page("/repair", 0.14, host, (38.0, 6.0, 3.0)),
        Page("/journal/winter-layers", 0.16, host, (1.0, 9.0, 4.0)),
        Page(NOT_SET, 0.02, host, (0.0, 0.0, 0.0)),
        Page("/", 0.02, "staging.tarnoutdoor.example", (0.0, 0.0, 0.0)),
    )
    profile = Profile(
        *("outdoor", 1150.0, 1.11, 8900, _OFFICE, _OUTDOOR_YEAR, streams, pages),
        begun=start - timedelta(1400),
    )
    return profile, {"film": {"campaign": ["repair-film*"]}}


def _small(client: Client) -> _Made:
    host = f"www.{client.domain}"
    pages = (Page("/", 0.6, host), Page("/about", 0.4, host))
    profile = Profile(
        *(client.key, 140.0, 1.05, 4000, _OFFICE, _FLAT, usual(), pages),
        begun=_SEED - timedelta(1000),
    )
    return profile, {}


def _cabins() -> Site:
    host = "www.lakesidecabins.example"
    pages = (Page("/", 0.5, host, (9.0, 2.0, 4.0)), Page("/cabins", 0.5, host, (14.0, 2.0, 9.0)))
    profile = Profile(
        *("cabins", 260.0, 1.02, 31000, _WEEKEND, _FLAT, usual(), pages),
        begun=_SEED - timedelta(1000),
    )
    return Site(
        ELSEWHERE,
        "Lakeside Cabins",
        "51999999",
        "Lakeside Cabins LLC",
        profile,
        zone="America/Los_Angeles",
        currency="USD",
        industry="TRAVEL",
        host=host,
    )
