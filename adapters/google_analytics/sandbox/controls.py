"""What tests may ask of the stand-in beside the vendor's API, as ``POST /_sandbox/NAME``."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from pydantic import Field, ValidationError

from adapters.google_analytics.sandbox.counts import NOTHING
from adapters.google_analytics.sandbox.days import Cell
from adapters.google_analytics.sandbox.meter import STANDARD
from adapters.google_analytics.sandbox.properties import Site
from adapters.google_analytics.sandbox.rights import ROLES
from adapters.google_analytics.sandbox.store import Change, Flags
from adapters.google_analytics.sandbox.traffic import EVENTS, NOT_SET, Page, Stream
from syncer.adapterkit.contract import Strict
from syncer.adapterkit.sandbox import Clock
from syncer.model.values import Json

if TYPE_CHECKING:
    from adapters.google_analytics.sandbox.sandbox import GoogleAnalyticsSandbox


class ClockWish(Strict):
    """``clock``: the vendor's time is ``at``, or goes on by so many hours."""

    at: datetime | None = None
    hours: float = 0.0
    frozen: bool = False


class FiguresWish(Strict):
    """``figures``: what a day has shown so far times ``scale``, and something on top of it.

    ``add``: sessions, engagedSessions, newUsers, screenPageViews, userEngagementDuration,
    keyEvents:NAME (fractions in quarters), ecommercePurchases, purchaseRevenue; the other words
    say where it came from.
    """

    property: str
    date: date
    scale: float = 1.0
    add: dict[str, float] = Field(default_factory=dict)
    channel: str = "Unassigned"
    source: str = NOT_SET
    medium: str = NOT_SET
    campaign: str = NOT_SET
    landing_page: str = "/"
    host: str = ""


class FlagsWish(Strict):
    """``flags``: those of :class:`Flags`; what is not said is taken off."""

    property: str
    sampled: float | None = None
    thresholded: bool = False
    other: int | None = None
    truncated: list[dict[str, Any]] = Field(default_factory=list)
    empty: str = ""


class QuotaWish(Strict):
    """``quota``: other limits than the vendor's, by its names."""

    property: str
    limits: dict[str, int] = Field(default_factory=dict)


class RoleWish(Strict):
    """``role``: what a user may see of a property."""

    user: str
    property: str
    role: str


class ServicesWish(Strict):
    """``services``: whether the APIs are switched on."""

    data: bool = True
    admin: bool = True


class SkewWish(Strict):
    """``skew``: by how many seconds the token endpoint's clock is ahead."""

    seconds: float = 0.0


_FIELDS: Final = {
    "sessions": "sessions",
    "engagedSessions": "engaged",
    "newUsers": "new",
    "screenPageViews": "views",
    "userEngagementDuration": "seconds",
    "ecommercePurchases": "items",
}


class Controls:
    """The actions. Each raises ``ValueError`` for a wish that cannot be granted."""

    def __init__(self, box: "GoogleAnalyticsSandbox") -> None:
        self._box = box

    def actions(self) -> dict[tuple[str, str], Callable[[Any], Json]]:
        """By method and name."""
        return {
            ("POST", "clock"): lambda wish: self.clock(_read(ClockWish, wish)),
            ("POST", "figures"): lambda wish: self.figures(_read(FiguresWish, wish)),
            ("POST", "flags"): lambda wish: self.flags(_read(FlagsWish, wish)),
            ("POST", "quota"): lambda wish: self.quota(_read(QuotaWish, wish)),
            ("POST", "role"): lambda wish: self.role(_read(RoleWish, wish)),
            ("POST", "services"): lambda wish: self.services(_read(ServicesWish, wish)),
            ("POST", "skew"): lambda wish: self.skew(_read(SkewWish, wish)),
            ("POST", "expire"): lambda _wish: self.expire(),
        }

    def clock(self, wish: ClockWish) -> Json:
        """Set the vendor's clock; it runs on from there unless it is to stand still."""
        at = (wish.at or self._box.moment()) + timedelta(hours=wish.hours)
        if at.tzinfo is None:
            raise ValueError("at: say the zone, like 2026-11-20T08:00:00Z")
        self._box.set_clock(at, frozen=wish.frozen)
        return self._box.moment().isoformat()

    def figures(self, wish: FiguresWish) -> Json:
        """Alter a day."""
        site = self._site(wish.property)
        change = self._box.store.changes.setdefault((site.id, wish.date), Change())
        change.scale *= wish.scale
        if wish.add:
            change.added.append(_cell(site, wish))
        return {"scale": change.scale, "added": len(change.added)}

    def flags(self, wish: FlagsWish) -> Json:
        """Let answers about a property carry flags."""
        told = wish.model_dump(exclude={"property"})
        self._box.store.flags[self._site(wish.property).id] = Flags(**told)
        return told

    def quota(self, wish: QuotaWish) -> Json:
        """Set limits, low ones for tests."""
        if unknown := set(wish.limits) - set(STANDARD):
            raise ValueError(
                f"limits: {', '.join(sorted(unknown))}: known are {', '.join(STANDARD)}"
            )
        site = self._site(wish.property)
        for name, limit in wish.limits.items():
            self._box.store.meter.limits[site.id, name] = limit
        self._box.settle_limits()
        return dict(wish.limits)

    def role(self, wish: RoleWish) -> Json:
        """Give or take a role."""
        if wish.user not in self._box.users or wish.role not in ROLES:
            raise ValueError(
                f"role: one of {', '.join(ROLES)}; user: one of {', '.join(self._box.users)}"
            )
        self._box.store.roles[wish.user, self._site(wish.property).id] = wish.role
        return wish.role

    def services(self, wish: ServicesWish) -> Json:
        """Switch APIs on or off."""
        off = {name for name, on in wish.model_dump().items() if not on}
        self._box.store.off = off
        return sorted(off)

    def skew(self, wish: SkewWish) -> Json:
        """Let the token endpoint's clock be wrong."""
        self._box.tokens.skew = timedelta(seconds=wish.seconds)
        return wish.seconds

    def expire(self) -> Json:
        """Let all tokens run out."""
        self._box.tokens.expire()
        return []

    def _site(self, id: str) -> Site:
        sites = self._box.store.sites
        if id not in sites:
            raise ValueError(f"property: one of {', '.join(sites)}")
        return sites[id]


def _read(kind: type[Any], wish: Any) -> Any:
    try:
        return kind.model_validate({} if wish is None else wish)
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise ValueError("; ".join(lines)) from None


def _cell(site: Site, wish: FiguresWish) -> Cell:
    """Traffic of a test's own. It is there as it is said, and does not wait for late hits."""
    counts, credit = NOTHING, [0, 0, 0]
    for name, value in wish.add.items():
        event = name.removeprefix("keyEvents:")
        if event in EVENTS and event != name:
            credit[EVENTS.index(event)] = round(value * 4)
        elif name == "purchaseRevenue":
            counts = counts._replace(gross=round(value * 100))
        elif name in _FIELDS:
            counts = counts._replace(**{_FIELDS[name]: round(value)})
        else:
            raise ValueError(f"add: {name} is not one of {', '.join(_FIELDS)}, keyEvents:NAME")
    events = (credit[0] // 4, credit[1] // 4, counts.items)
    counts = counts.with_events(events).with_credit(tuple(credit))
    stream = Stream(wish.channel, wish.source, wish.medium, wish.campaign, 0.0)
    return Cell(stream, Page(wish.landing_page, 0.0, wish.host or site.host), counts)


def clock_at(at: datetime, *, frozen: bool) -> Clock:
    """A clock that shows this time now, and goes on with the machine's or stands."""
    if frozen:
        return Clock(lambda: at.astimezone(UTC))
    ahead = at - datetime.now(UTC)
    return Clock(lambda: datetime.now(UTC) + ahead)
