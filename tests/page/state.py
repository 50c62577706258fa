"""A state with everything that a report can tell, and the configuration it is of."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from syncer.engine.clientreport.wanted import Wanted
from syncer.model.agreements import Agreed, Agreement
from syncer.model.configuration import ClientConfig, Configuration
from syncer.model.measures import (
    GOALS_REPORT,
    Figure,
    Flag,
    Grain,
    Measure,
    Measuring,
    ReportLine,
)
from syncer.model.people import Person
from syncer.model.records import Hold, Parked, Proposal, ProposalStatus, Record
from syncer.model.rules import ANYONE, Ownership, Policy, Role, Rule, Source
from syncer.model.values import Money
from syncer.state import Store

NOW = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
TODAY = NOW.date()
BEGUN = date(2026, 6, 1)
SITE = "4100"
HERE = Source("config/sync.yaml", 1)

MEASURES = {
    one.name: one
    for one in (
        Measure("sessions", "sessions"),
        Measure("key events", "keyEvents"),
        Measure("engagement rate", "engagedSessions", per="sessions"),
        Measure("revenue", "totalRevenue", money=True),
        Measure("users", "activeUsers", adds_up=False),
    )
}
CHANNELS = ReportLine(
    "channels",
    ("sessions", "keyEvents", "totalRevenue", "activeUsers"),
    ("sessionDefaultChannelGroup",),
)
PAGES = ReportLine(
    "landing pages", ("sessions",), ("landingPage", "deviceCategory"), of=frozenset({"project"})
)
MEASURING = Measuring("tally", "standard", HERE, MEASURES, (CHANNELS, PAGES))
SHARES = {"Organic Search": 5, "Direct": 3, "Paid Search": 2, "Email": 1}
PEOPLE = {"maya": "Maya Okafor", "tom": "Tom Lindqvist", "anna": "Anna Brandt"}


def configuration(root: Path) -> Configuration:
    """One client that is measured; the producer owns deadlines."""
    rule = Rule("project", "deadline", Source("config/ownership.yaml", 61), ("producer",),
                {ANYONE: Policy.PROPOSE})  # fmt: skip
    roles = {
        "producer": Role("producer", frozenset({"maya", "tom"})),
        "account_manager": Role("account_manager", frozenset({"anna"})),
    }
    client = ClientConfig(
        "bakery",
        "Honey & Rye Bakery",
        "Europe/London",
        scopes={},
        mappings={},
        source=HERE,
        measuring={"analytics": MEASURING},
    )
    return Configuration(
        root=root,
        state=str(root / "state.db"),
        connections={},
        clients={"bakery": client, "new": replace(client, key="new", name="New & Co")},
        ownership=Ownership(roles, {("project", "deadline"): rule}),
        people={key: Person(key, name) for key, name in PEOPLE.items()},
    )


def wanted(config: Configuration, client: str = "bakery", **more: Any) -> Wanted:
    """A report of this moment."""
    return Wanted(config.clients[client], NOW, **more)


def at(month: int, day: int, hour: int = 9) -> datetime:
    """A moment of the year 2026."""
    return datetime(2026, month, day, hour, 30, tzinfo=UTC)


def record(id: str, entity: str, /, when: datetime | None = None, **values: Any) -> Record:
    """A record whose values Maya set in Asana."""
    agreed = {
        name: Agreed(value, "maya", "producer", "asana", when or at(8, 20), "ownership.yaml:61")
        for name, value in values.items()
    }
    return Record(id, "bakery", entity, agreed)


def records() -> list[Record]:
    """A client, a project that runs, one that has hardly begun, and one that was put away."""
    return [
        record("r_client", "client", name="Honey & Rye", account_manager="anna",
               retainer=Money(Decimal("2400"), "EUR"),
               goals="sessions >= 6000 per month\nrevenue >= 9000 EUR per month"),
        record("r_site", "project", name="Website relaunch", client="r_client",
               start=date(2026, 9, 1), deadline=date(2026, 12, 18), producer="maya",
               account_manager="anna", budget_hours=Decimal(210), price=Money(Decimal(18500), "EUR"),
               goals="key events >= 500 by 2026-12-31\nengagement rate >= 55 %\nsesions >= 4"),
        record("r_spring", "project", name="Spring campaign", client="r_client",
               start=date(2027, 1, 11), deadline=date(2027, 3, 19)),
        record("r_old", "project", name="Old site", client="r_client", existence="archived"),
        *tasks(),
    ]  # fmt: skip


def tasks() -> Iterator[Record]:
    """Twelve tasks of the relaunch, seven of them done, and one below another."""
    for n in range(12):
        done = n < 7
        due = date(2026, 9, 10) + timedelta(days=9 * n)
        values: dict[str, Any] = {"deadline": due} if n != 11 else {}
        if n < 10:
            values["estimate"] = Decimal(12 + n)
        yield record(
            f"r_task{n:02}", "task", at(9, 12) + timedelta(days=9 * n) if done else at(9, 1),
            title=f"Step {n + 1}", status="done" if done else "doing", project="r_site",
            assignees=frozenset({"tom"}), **values,
        )  # fmt: skip
    yield record("r_sub", "task", title="Below", status="todo", parent="r_task09",
                 deadline=datetime(2026, 11, 30, 17, tzinfo=UTC))  # fmt: skip


def agreements() -> list[Agreement]:
    """The deadline moved twice; the client's goal was lower until the end of August."""
    past = [
        (at(8, 20), date(2026, 11, 27), "maya"),
        (at(10, 2), date(2026, 12, 11), "tom"),
        (at(11, 9), date(2026, 12, 18), "maya"),
    ]
    deadlines = [
        Agreement("bakery", "r_site", "project", "deadline", value, by, "producer", "asana", when,
                  "config/ownership.yaml:61")
        for when, value, by in past
    ]  # fmt: skip
    texts = [
        (at(6, 1), "sessions >= 5000 per month\nrevenue >= 9000 EUR per month"),
        (at(9, 1), "sessions >= 6000 per month\nrevenue >= 9000 EUR per month"),
    ]
    goals = [
        Agreement("bakery", "r_client", "client", "goals", text, "anna", "account_manager",
                  "hubspot", when, "config/ownership.yaml:70")
        for when, text in texts
    ]  # fmt: skip
    return [*deadlines, *goals]


def proposals() -> list[Proposal]:
    """Anna asked for the last move, which Maya approved; she asks for another one now."""
    first = Proposal(
        "p_1", "bakery", "r_site", "project", "deadline", "anna", "hubspot", date(2026, 12, 18),
        date(2026, 12, 11), "config/ownership.yaml:61", at(11, 8), at(11, 8),
        status=ProposalStatus.ACCEPTED, closed_by="maya", closed_at=at(11, 9),
    )  # fmt: skip
    return [
        first,
        replace(first, id="p_2", value=date(2027, 1, 8), base=date(2026, 12, 18),
                opened_at=at(11, 20), updated_at=at(11, 20), status=ProposalStatus.OPEN,
                closed_by=None, closed_at=None),
    ]  # fmt: skip


def figures(report: str, **dimensions: str) -> Iterator[Figure]:
    """Some months of plausible days; with dimensions, a share of them."""
    share = SHARES.get(next(iter(dimensions.values()), ""), 11)
    for n in range((TODAY - BEGUN).days):
        sessions = Decimal((180 + n // 2 + 60 * (n % 7 < 5)) * share // 11)
        values = {
            "sessions": sessions,
            "engagedSessions": sessions * (52 + n % 9) // 100,
            "keyEvents": Decimal(n % 5 + 3) * share // 11,
            "totalRevenue": sessions * Decimal("1.37"),
        }
        for metric, value in values.items():
            yield Figure("analytics", SITE, "", report, Grain.DAY, BEGUN + timedelta(days=n),
                         metric, value, NOW, dimensions, "EUR", frozenset({Flag.SAMPLED}))  # fmt: skip


def counted() -> dict[str, list[Figure]]:
    """What is stored, by report."""
    dimension = CHANNELS.dimensions[0]
    channels = [one for name in SHARES for one in figures("channels", **{dimension: name})]
    return {GOALS_REPORT: list(figures(GOALS_REPORT)), "channels": channels}


def fill(store: Store, more: Mapping[str, Any] | None = None) -> None:
    """Write all of it; ``more`` replaces parts by name."""
    parts = {"records": records(), "agreements": agreements(), "proposals": proposals(),
             "holds": holds(), "parked": parked()} | dict(more or {})  # fmt: skip
    last = TODAY - timedelta(days=1)
    with store.transaction() as tx:
        tx.put_records(parts["records"])
        tx.agree(parts["agreements"])
        tx.put_proposals(parts["proposals"])
        tx.put_holds(parts["holds"])
        tx.park(parts["parked"])
        for report, found in counted().items():
            place = ("bakery", "analytics", SITE, "", report)
            tx.replace_figures(*place, Grain.DAY, BEGUN, last, found)
            metrics = sorted({one.metric for one in found})
            reach = {"since": BEGUN.isoformat(), "until": TODAY.isoformat(), "metrics": metrics}
            tx.put_cursors("bakery", "analytics", {f"{SITE}//{report}/{Grain.DAY}": reach})
        about = {"id": SITE, "name": "Shop", "zone": "Europe/London", "currency": "EUR"}
        tx.cache("analytics", "bakery", f"property:{SITE}", about, NOW)


def holds() -> list[Hold]:
    """A card that could be two tasks."""
    return [Hold("h1", "bakery", "match", "two tasks could be this card", "trello", "card", "c9",
                 record="r_task08", since=at(11, 18))]  # fmt: skip


def parked() -> list[Parked]:
    """A write that Asana refuses, and one that is about no record."""
    first = Parked("f1", "bakery", "r_task09", "asana", "it was refused (400)", 3, NOW, at(11, 19))
    return [first, replace(first, key="f2", record=None, detail={"title": "Boards"})]
