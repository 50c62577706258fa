"""Pages made by hand: one with everything on it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from syncer.model.client_inside import (
    AgencyPage,
    Budget,
    DueTask,
    Inside,
    Moved,
    Wait,
    Waiting,
)
from syncer.model.client_report import (
    Breakdown,
    Column,
    Deadline,
    Entry,
    GoalTold,
    Mark,
    Move,
    Page,
    Period,
    Plot,
    Point,
    Section,
    Shape,
    Span,
    Tasks,
)
from syncer.model.goals import Fault, Pace
from syncer.model.measures import Flag

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
LAUNCH = Mark(date(2026, 12, 18), "Launch")
START = date(2026, 9, 1)


def days(since: date, until: date, value: Callable[[int], float]) -> tuple[Point, ...]:
    """A point for each day."""
    count = (until - since).days + 1
    return tuple(Point(since + timedelta(days=n), _number(value(n))) for n in range(count))


def _number(value: float) -> Decimal:
    return Decimal(str(round(value, 4)))


def by_date() -> GoalTold:
    """Key events, added up, nearly there."""
    until = date(2026, 12, 31)
    values = days(START, TODAY, lambda n: round(5.1 * n + 6 * (n % 7 > 4)))
    plot = Plot(
        Shape.SUM,
        values,
        goal=(Point(START, Decimal(500)), Point(until, Decimal(500))),
        projection=(values[-1], Point(until, Decimal(638))),
        marks=(LAUNCH,),
    )
    now = Period(
        START, until, TODAY, Pace.AHEAD, values[-1].value, Decimal(500), Decimal("0.83"),
        Decimal(638), "as in the last 28 days",
    )  # fmt: skip
    return GoalTold("key events", now, target=Decimal(500), plot=plot)


def monthly() -> GoalTold:
    """Revenue each month, in money, with months that are over."""
    months = [date(2026, number, 1) for number in range(6, 12)]
    values = [Decimal(v) for v in ("18200.4", "19950", "21010.75", "26400", "24310", "15880.2")]
    goals = [Decimal(20000)] * 3 + [Decimal(25000)] * 3
    earlier = tuple(
        Period(
            day,
            date(day.year, day.month + 1, 1) - timedelta(days=1),
            date(day.year, day.month + 1, 1) - timedelta(days=1),
            Pace.MET if value >= goal else Pace.MISSED,
            value,
            goal,
            value / goal,
        )
        for day, value, goal in zip(months[:-1], values, goals, strict=False)
    )
    now = Period(
        months[-1], date(2026, 11, 30), TODAY, Pace.BEHIND, values[-1], goals[-1],
        Decimal("0.635"), Decimal("22685.9"), "as in the last 28 days", (Flag.SAMPLED,),
    )  # fmt: skip
    plot = Plot(
        Shape.MONTHS,
        tuple(Point(day, value) for day, value in zip(months, values, strict=True)),
        "EUR",
        tuple(Point(day, goal) for day, goal in zip(months, goals, strict=True)),
        (Point(months[-1], Decimal("22685.9")),),
    )
    return GoalTold("revenue", now, "EUR", Decimal(25000), monthly=True, earlier=earlier, plot=plot)


def rate() -> GoalTold:
    """A rate that is to be high enough."""
    values = days(START, TODAY, lambda n: 0.52 + 0.05 * ((n * 7919) % 31) / 31)
    goal = (Point(START, Decimal("0.55")), Point(TODAY, Decimal("0.55")))
    now = Period(
        START, None, TODAY, Pace.ON_TRACK, Decimal("0.5512"), Decimal("0.55"), Decimal("1.002"),
        flags=(Flag.THRESHOLDED, Flag.OTHER),
    )  # fmt: skip
    plot = Plot(Shape.LINE, values, "%", goal, marks=(LAUNCH,))
    return GoalTold("engagement rate", now, "%", Decimal("0.55"), plot=plot)


def channels() -> Breakdown:
    """Where visits come from."""
    rows = [
        ("Organic Search", 8312, 214, "9120.5"), ("Direct", 5120, 99, "4100"),
        ("Paid Search", 3977, 120, "6022.25"), ("Email", 1204, 61, "2950.9"),
        ("Referral", 433, 4, "120"), ("", 12, 0, "0"),
    ]  # fmt: skip
    entries = tuple(Entry((name,), (Decimal(a), Decimal(b), Decimal(c))) for name, a, b, c in rows)
    total = tuple(sum((e.values[at] or Decimal(0) for e in entries), Decimal(0)) for at in range(3))
    return Breakdown(
        "channels",
        Span(date(2026, 8, 24), TODAY),
        ("channel",),
        (Column("sessions"), Column("key events"), Column("revenue", "EUR")),
        entries,
        total,
        unadded=("active users",),
    )


def tasks() -> Tasks:
    """Most of it done."""
    done = days(START, TODAY, lambda n: n // 6)
    due = days(START, date(2026, 12, 18), lambda n: min(24, n * 24 // 105))
    plot = Plot(Shape.SUM, done, goal=due, marks=(LAUNCH,))
    return Tasks(TODAY, 24, 13, 2, 5, 1, plot)


def moves() -> tuple[Move, ...]:
    """Agreed in summer, moved twice."""
    return (
        Move(datetime(2026, 8, 20, 9, 30, tzinfo=UTC), None, date(2026, 11, 27)),
        Move(datetime(2026, 10, 2, 15, 12, tzinfo=UTC), date(2026, 11, 27), date(2026, 12, 11)),
        Move(datetime(2026, 11, 9, 8, 0, tzinfo=UTC), date(2026, 12, 11), date(2026, 12, 18)),
    )


def page() -> Page:
    """A client with a retainer and two projects, of which one has hardly begun."""
    relaunch = Section(
        "Website relaunch",
        True,
        True,
        (by_date(), rate()),
        (channels(),),
        Deadline(date(2026, 12, 18), START, moves()),
        tasks(),
    )
    spring = Section(
        "Spring campaign",
        True,
        deadline=Deadline(date(2027, 3, 19), date(2027, 1, 11)),
        tasks=Tasks(TODAY, 1, 0, soon=1),
    )
    whole = Section("Honey & Rye Bakery", False, True, (monthly(),), (channels(),))
    return Page(
        "bakery",
        "Honey & Rye Bakery",
        "Europe/London",
        NOW,
        TODAY,
        Span(date(2026, 8, 24), TODAY),
        sections=(whole, relaunch, spring),
    )


def inside() -> Inside:
    """All that only the agency sees."""
    who = [("maya", "producer", "asana"), ("maya", "producer", "trello"), ("tom", "producer", "")]
    moved = tuple(
        Moved(m.at, m.before, m.after, {"maya": "Maya Okafor", "tom": "Tom Lindqvist"}[by], role,
              where, "ownership.yaml:61")
        for m, (by, role, where) in zip(moves(), who, strict=True)
    )  # fmt: skip
    return Inside(
        people=(("account_manager", "Anna Brandt"), ("producer", "Maya Okafor")),
        price="18,500 EUR",
        lines=("key events >= 500 by 2026-12-31", "engagement rate >= 55 %"),
        faults=(
            Fault("sesions >= 4000", 3, 'there is no measure "sesions"', 'write "sessions"'),
        ),
        moves=(*moved[:2], replace(moved[2], asked="Anna Brandt", approved="Maya Okafor")),
        statuses=(("done", 13), ("todo", 6), ("doing", 4), ("review", 1)),
        tasks=(
            DueTask("Product photos", date(2026, 11, 13), "doing", ("Tom Lindqvist",), True),
            DueTask("Checkout copy", date(2026, 11, 30), "todo", (), False),
        ),
        budget=Budget(Decimal(210), Decimal("231.5"), Decimal(140), 3),
        waiting=(
            Waiting(Wait.PROPOSAL, "Website relaunch", "18 Dec 2026 to become 8 Jan 2027",
                    "deadline", "Anna Brandt", ("Maya Okafor", "Tom Lindqvist"), NOW),
            Waiting(Wait.HOLD, "Footer", "two records could be this card", since=NOW),
            Waiting(Wait.PARKED, "Gallery", "asana refuses it: 400", since=NOW),
        ),
    )  # fmt: skip


def agency_page() -> AgencyPage:
    """The same with what is inside."""
    return AgencyPage(page(), (Inside(price="2,400 EUR"), inside(), Inside()), inside().waiting[1:])
