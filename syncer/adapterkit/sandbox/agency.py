"""The made-up agency: two clients, three projects, forty tasks."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from syncer.adapterkit.sandbox.world import PEOPLE, Client, Project, Task, World

_BOTH: Final = frozenset({"asana", "trello"})
_ASANA: Final = frozenset({"asana"})
_TRELLO: Final = frozenset({"trello"})
_HUBSPOT: Final = frozenset({"hubspot"})

CLIENTS: Final = (
    Client(
        "bakery",
        "Honey & Rye Bakery",
        "honeyandrye.example",
        "Food and drink",
        "Be the neighbourhood bakery people also order from online.",
        "anna",
        Decimal("2400"),
        "sessions +10 % vs last year per month",
    ),
    Client(
        "outdoor",
        "Tarn Outdoor",
        "tarnoutdoor.example",
        "Sporting goods",
        "Win walkers who repair before they replace.",
        "ben",
        Decimal("3800"),
    ),
)

PROJECTS: Final = (
    Project(
        "relaunch",
        "bakery",
        "Website relaunch",
        _HUBSPOT | _BOTH,
        "active",
        date(2026, 9, 1),
        date(2026, 12, 18),
        "maya",
        "anna",
        Decimal("18500"),
        Decimal("210"),
        "Ordering first: every page leads to the basket.",
        "New shop with pre-order and pick-up.\n\nKeep the recipes: they bring the readers.",
        "key events >= 3200 by 2027-03-31\nrevenue >= 50000 EUR by 2027-03-31\nengagement rate >= 55 %",
    ),
    Project(
        "spring",
        "bakery",
        "Spring campaign",
        _HUBSPOT | _ASANA,
        "planned",
        date(2027, 1, 11),
        date(2027, 3, 19),
        "tom",
        "anna",
        Decimal("9200.50"),
        Decimal("95.5"),
        "Rye is the hero, honey the surprise.",
        "Posters, two short films and a tasting day.",
        "sessions >= 15000 by 2027-03-31",
    ),
    Project(
        "film",
        "outdoor",
        "Repair film",
        _HUBSPOT | _TRELLO,
        "active",
        date(2026, 10, 5),
        date(2027, 2, 26),
        "tom",
        "ben",
        Decimal("27000"),
        Decimal("320"),
        "Show worn jackets with pride.",
        "A four-minute film about three jackets and their owners.",
        "key event sign_up >= 300 by 2027-06-30",
    ),
)


def _task(project: str, number: int, title: str, systems: frozenset[str], **more: Any) -> Task:
    estimate = more.pop("estimate", None)
    return Task(
        f"{project}-{number:02}",
        project,
        title,
        systems,
        estimate=None if estimate is None else Decimal(estimate),
        **more,
    )


def _evening(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 17, tzinfo=UTC)


_RELAUNCH: Final[tuple[tuple[str, frozenset[str], dict[str, Any]], ...]] = (
    (
        "Kick-off workshop",
        _BOTH,
        {"status": "done", "deadline": date(2026, 9, 4), "assignees": ("maya",)},
    ),
    (
        "Sitemap",
        _BOTH,
        {"status": "done", "deadline": date(2026, 9, 18), "labels": ("Concept",), "estimate": "6"},
    ),
    (
        "Wireframes",
        _BOTH,
        {
            "status": "review",
            "deadline": date(2026, 10, 9),
            "assignees": ("maya", "tom"),
            "notes": "Three page types:\n\n- **shop**\n- recipe\n- [opening hours](https://honeyandrye.example/hours)",
            "labels": ("Concept", "Design"),
            "estimate": "16.5",
            "priority": "high",
        },
    ),
    (
        "Visual design",
        _BOTH,
        {
            "status": "doing",
            "deadline": date(2026, 10, 30),
            "assignees": ("tom",),
            "labels": ("Design",),
            "priority": "high",
        },
    ),
    (
        "Photo shoot",
        _BOTH,
        {
            "deadline": datetime(2026, 11, 3, 8, 30, tzinfo=UTC),
            "assignees": ("maya",),
            "notes": "In the bakehouse, before opening.",
        },
    ),
    ("Shop set-up", _BOTH, {"status": "doing", "estimate": "24", "labels": ("Build",)}),
    ("Payment provider", _BOTH, {"deadline": date(2026, 11, 13), "priority": "medium"}),
    ("Recipe pages", _BOTH, {"labels": ("Build", "Content"), "estimate": "12"}),
    ("Accessibility check", _BOTH, {"deadline": date(2026, 12, 4), "assignees": ("tom",)}),
    ("Launch", _BOTH, {"deadline": date(2026, 12, 18), "priority": "high"}),
    ("Hosting offer", _ASANA, {"status": "done", "assignees": ("maya",)}),
    (
        "Data protection notice",
        _ASANA,
        {"deadline": date(2026, 11, 27), "notes": "Ask their lawyer *first*."},
    ),
    ("Search engine plan", _ASANA, {"labels": ("Content",), "estimate": "4"}),
    ("Newsletter template", _ASANA, {"priority": "low"}),
    (
        "Training for the staff",
        _ASANA,
        {"deadline": datetime(2026, 12, 15, 14, tzinfo=UTC), "assignees": ("maya",)},
    ),
    ("Icon set", _TRELLO, {"status": "doing", "labels": ("Design",)}),
    ("Bread names in Danish: æbleskiver, rugbrød", _TRELLO, {"labels": ("Content",)}),
    ("404 page 🥐", _TRELLO, {"priority": "low", "deadline": _evening(2026, 12, 9)}),
)

_SPRING: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("Campaign idea", {"status": "review", "assignees": ("tom",), "priority": "high"}),
    ("Poster copy", {"deadline": date(2027, 1, 22), "labels": ("Copy",)}),
    ("Poster design", {"deadline": date(2027, 1, 29), "labels": ("Design",), "estimate": "14"}),
    ("Print quotes", {"deadline": date(2027, 2, 5), "assignees": ("tom",)}),
    ("Film 1: the mill", {"estimate": "22.25", "labels": ("Film",)}),
    ("Film 2: the hive", {"estimate": "22.25", "labels": ("Film",)}),
    ("Music licence", {"priority": "medium"}),
    ("Poster sites", {"deadline": date(2027, 2, 12), "notes": "Tram stops *before* kiosks."}),
    ("Tasting day: permit", {"deadline": date(2027, 2, 1), "priority": "high"}),
    ("Tasting day: crew", {"assignees": ("maya", "tom")}),
    ("Press list", {"labels": ("Copy", "Press")}),
    ("Report", {"deadline": date(2027, 3, 19), "assignees": ("tom",)}),
)

_FILM: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("Find three owners", {"status": "done", "assignees": ("tom",)}),
    ("Treatment", {"status": "done", "deadline": _evening(2026, 10, 16), "labels": ("Script",)}),
    ("Storyboard", {"status": "review", "labels": ("Script",), "estimate": "18"}),
    ("Location: repair shop", {"status": "doing", "notes": "Parking for **two** vans."}),
    ("Crew and kit", {"status": "doing", "deadline": _evening(2026, 11, 20), "priority": "high"}),
    ("Shoot", {"deadline": datetime(2026, 12, 1, 7, tzinfo=UTC), "assignees": ("tom", "maya")}),
    ("Edit", {"deadline": _evening(2027, 1, 15), "estimate": "40"}),
    ("Sound and grade", {"estimate": "16", "labels": ("Post",)}),
    ("Subtitles", {"labels": ("Post",), "priority": "low"}),
    ("Premiere evening", {"deadline": datetime(2027, 2, 25, 18, 30, tzinfo=UTC)}),
)


def agency_world() -> World:
    """Two clients with three projects and forty tasks, some of them in two systems already."""
    relaunch = [
        _task("relaunch", number, title, systems, **more)
        for number, (title, systems, more) in enumerate(_RELAUNCH, 1)
    ]
    spring = [
        _task("spring", n, title, _ASANA, **more) for n, (title, more) in enumerate(_SPRING, 1)
    ]
    film = [_task("film", n, title, _TRELLO, **more) for n, (title, more) in enumerate(_FILM, 1)]
    return World(PEOPLE, CLIENTS, PROJECTS, (*relaunch, *spring, *film))
