"""A town whose client is measured: a book of figures beside the memory systems."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from syncer.adapterkit.measuring import Spec
from syncer.adapterkit.registry import adapter_spec
from syncer.engine.service import Service
from syncer.model.configuration import Configuration, Connection
from syncer.model.goals import RESULTS
from syncer.model.measures import Measure, Measuring, Property
from syncer.model.rules import ANYONE, Ownership, Policy, Role, Rule, Source
from tests.engine.tally import TALLY, Book, Options, ScopeOptions
from tests.engine.town import HERE, Town, line, mapping, ownership
from tests.reconcile.made_talk import TEXTS

SITE = "4100"

MEASURES = {
    "sessions": Measure("sessions", "visits"),
    "key events": Measure("key events", "leads"),
    "key event *": Measure("key event *", "leads:*"),
    "engagement rate": Measure("engagement rate", "engaged", per="visits"),
    "revenue": Measure("revenue", "income", money=True),
    "users": Measure("users", "people", adds_up=False),
}


def measuring(**changes: Any) -> Measuring:
    """What the book's figures mean."""
    rules = Measuring("tally", "default", HERE, MEASURES)
    return replace(rules, **changes)


def counted_rules() -> Ownership:
    """The usual rules; what is counted belongs to the system that counts."""
    base = ownership()
    rules = dict(base.rules)
    for at in [key for key in rules if key[1].startswith(RESULTS)]:
        source = Source("ownership.yaml", 90)
        rules[at] = Rule(*at, source, ("analytics",), {ANYONE: Policy.REVERT})
    roles = {**base.roles, "analytics": Role("analytics", system="tally")}
    return Ownership(roles, rules)


def shown_results() -> Any:
    """The usual mapping, in which projects show goals and results."""
    usual = mapping()
    fields = dict(usual.entities["project"].fields)
    for name in ("goals", "start", RESULTS, "results_value", "results_share", "results_pace"):
        fields[name] = line(name, name)
    project = replace(usual.entities["project"], fields=fields)
    return replace(usual, entities={**usual.entities, "project": project})


@dataclass
class MeasuredTown(Town):
    """The town with a connection ``analytics``; ``projects`` are slices as in its scope."""

    projects: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    counting: Measuring = field(default_factory=measuring)

    def __post_init__(self) -> None:
        self.rules = counted_rules()
        self.mappings = {name: shown_results() for name in self.systems}
        super().__post_init__()
        self.book = Book(clock=self.clock)
        self.book.properties[SITE] = Property(SITE, "acme.example", "Europe/Berlin", "EUR")

    def config(self) -> Configuration:
        """The configuration of this town."""
        usual = super().config()
        options = Options(book=self.book)
        connection = Connection("analytics", "tally", options, 1.0, HERE)
        client = usual.clients["acme"]
        scope = ScopeOptions(property=SITE, projects=self.projects)
        client = replace(
            client,
            scopes={**client.scopes, "analytics": scope},
            measuring={"analytics": self.counting},
        )
        connections = {**usual.connections, "analytics": connection}
        return replace(usual, connections=connections, clients={"acme": client}, texts=TEXTS)

    def service(self) -> Service:
        """A service that knows the book beside the adapters that there are."""

        def specs(name: str) -> Spec:
            return TALLY if name == TALLY.name else adapter_spec(name)

        return Service(self.config(), self.store, clock=self.clock, new_id=self._id, specs=specs)

    def today(self) -> date:
        """The day by the town's clock (UTC)."""
        return self.clock().date()

    def count(self, metric: str, each: int, days: int, ago: int = 1, **dimensions: str) -> None:
        """Count ``each`` a day on so many days, of which the last was ``ago`` days ago."""
        for back in range(ago, ago + days):
            self.book.count(SITE, metric, each, self.today() - timedelta(days=back), **dimensions)

    def project(self, goals: str, title: str = "Site", **fields: Any) -> None:
        """A project in the first system, whose account manager wrote goals."""
        world = self.worlds["one"]
        world.create("anna", "project", {"name": title, "goals": goals, **fields})
