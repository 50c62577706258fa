"""Tell: bring what is due to people, one comment for one thing, where nobody else can read it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from msgspec import Struct, field
from msgspec.structs import replace

from syncer.engine.context import Context
from syncer.engine.heads_up.closing import close_to_dos
from syncer.engine.heads_up.elsewhere import Elsewhere
from syncer.engine.heads_up.errands import Errand
from syncer.engine.heads_up.listening import tells
from syncer.engine.heads_up.lost import underway
from syncer.engine.heads_up.noting import stale
from syncer.engine.heads_up.overdue import asleep
from syncer.engine.heads_up.owing import owed, summary
from syncer.engine.heads_up.placing import Placer
from syncer.engine.heads_up.posts import Mail
from syncer.engine.heads_up.refusals import Refusals
from syncer.engine.heads_up.spots import Spot, Spots
from syncer.engine.heads_up.writing import Writer
from syncer.engine.observing import was_first
from syncer.engine.sites import Site
from syncer.model.notices import Notice, NoticeStatus
from syncer.model.people import Person
from syncer.reconcile.balance import Released, release, resting
from syncer.reconcile.leaving import OF_SCOPE, own, together

log = structlog.get_logger()


NOT_FOR_EVER = timedelta(days=1)
"""How long it is tried to say on a thing that left that it did: perhaps nobody lets us any more."""


class Told(Struct):
    """What became of a cycle's heads-ups: comments written, and what could not be told, and why."""

    posted: int = 0
    down: dict[str, str] = field(default_factory=dict)
    untold: dict[str, str] = field(default_factory=dict)


def tell(ctx: Context, sites: Mapping[str, Site]) -> Told:
    """Tell people of this client what is due. Idle, it asks no system for anything."""
    return Teller(ctx, sites).run() if tells(ctx) else Told()


class Teller:
    """Tells what is due in one cycle."""

    def __init__(self, ctx: Context, sites: Mapping[str, Site]) -> None:
        self.ctx = ctx
        self.sites = sites
        self.spots = Spots(ctx, sites)
        self.refusals = Refusals(ctx)
        self.elsewhere = Elsewhere(ctx)
        self.mail = Mail(ctx, sites)
        self.told = Told()

    def run(self) -> Told:
        """Gather, place, write; each step stands on what the state knows."""
        close_to_dos(self.ctx, self.mail)
        with self.ctx.store.transaction() as tx:
            tx.notify(summary(self.ctx) if self._first() else owed(self.ctx))
        waiting = self._waiting()
        errands = [errand for errand in self._errands(waiting) if errand.notices]
        placed, left = Placer(self.ctx, self.sites, self.refusals).placed(errands)
        for errand, why in left:
            self._nowhere(errand, why)
        writer = Writer(self.ctx, self.sites, self.spots)
        self.mail.send(writer.parcels(placed))
        self.elsewhere.send(self.mail.landed)
        self.refusals.note(self.mail.refused)
        self._forget_rooms()
        self.told.posted, self.told.down = len(self.mail.landed), dict(self.mail.failed)
        return self.told

    def _first(self) -> bool:
        """Whether this client was never in step before: then nobody is told of single things."""
        never = self.ctx.store.client(self.ctx.client.key).last_ok_at is None
        return never or was_first(self.ctx)

    def _waiting(self) -> list[Notice]:
        """What waits to be told and still matters; the rest nobody need hear any more."""
        found = self.ctx.store.notices(self.ctx.client.key)
        over = stale(self.ctx, found)
        with self.ctx.store.transaction() as tx:
            tx.put_notices(replace(n, status=NoticeStatus.DROPPED) for n in over)
        gone = {notice.id for notice in over} | set(underway(self.ctx, found))
        resting = asleep(self.ctx, self.ctx.store.proposals(self.ctx.client.key)) if found else ()
        return [n for n in found if n.id not in gone and n.proposal not in resting]

    def _errands(self, waiting: Sequence[Notice]) -> Iterator[Errand]:
        """What is due now: each person's by itself, or together where it had to wait."""
        people: dict[str | None, list[Notice]] = defaultdict(list)
        for notice in waiting:
            people[notice.to].append(notice)
        for key, mine in sorted(people.items(), key=lambda item: item[0] or ""):
            person = self.ctx.config.people.get(key or "")
            if person is None:
                said = [notice for notice in mine if notice.kind not in OF_SCOPE]
                yield from (Errand((n,), tuple(self._around(n, None))) for n in said)
                yield from self._of_scope([n for n in mine if n.kind in OF_SCOPE])
                continue
            released = self._released(mine, person)
            before = {notice.id: notice for notice in mine}
            with self.ctx.store.transaction() as tx:
                tx.put_notices(n for n in released.later if n != before[n.id])
            yield from (Errand((n,), tuple(self._around(n, person))) for n in released.now)
            if released.digest:
                yield Errand(released.digest, self._widest(released.digest, person), digest=True)

    def _of_scope(self, notices: Sequence[Notice]) -> Iterator[Errand]:
        """What stands on twins, for nobody by name: not at night, and many at once together."""
        balance, zone = self.ctx.config.balance, ZoneInfo(self.ctx.client.zone)
        if not notices or resting(self.ctx.now, zone, balance.quiet, balance):
            return
        for group in together(notices, self._home):
            first = group[0]
            if len(group) > 1:
                spots = tuple(self.spots.inside(first.at or "", self._home(first)))
                yield Errand(group, spots, in_one=True)
            elif own(first):
                yield Errand(
                    group, tuple(self.spots.left_behind(first.record or "", first.at or ""))
                )
            else:
                yield Errand(group, tuple(self._around(first, None)))

    def _home(self, notice: Notice) -> str | None:
        return self.spots.home(notice.record or "", notice.at or "")

    def _released(self, notices: Sequence[Notice], person: Person) -> Released:
        """What this person is told now, together with what waited, and later."""
        balance = self.ctx.config.balance
        zone = ZoneInfo(person.zone or self.ctx.client.zone)
        midnight = datetime.combine(self.ctx.now.astimezone(zone).date(), time(), zone)
        return release(
            notices,
            zone,
            person.quiet or balance.quiet,
            person.digest or balance.digest,
            self.ctx.now,
            self.ctx.store.comments_told(person.key, midnight.astimezone(UTC)),
            balance,
        )

    def _around(self, notice: Notice, person: Person | None) -> Iterator[Spot]:
        """Where a notice can be told: in the tool of the edit, else where the person works."""
        tools = [notice.at] if notice.at else []
        if person is not None and not tools:
            tools = self.spots.tools(person, notice.role)
        for name in tools:
            for record in [notice.record] if notice.record else self.spots.client_wide():
                yield from self.spots.around(record, name)

    def _widest(self, notices: Sequence[Notice], person: Person) -> tuple[Spot, ...]:
        """Where most of a digest belongs; among equals the nearest."""
        found = [tuple(self._around(replace(notice, at=None), person)) for notice in notices]
        if len({notice.record for notice in notices}) == 1:
            return found[0]
        counts = Counter(spot for spots in found for spot in dict.fromkeys(spots))
        order = {spot: at for spots in found for at, spot in enumerate(spots)}
        return tuple(sorted(counts, key=lambda spot: (-counts[spot], order[spot], spot.key)))

    def _nowhere(self, errand: Errand, why: str) -> None:
        """Tell it by mail or chat, where the person has an address; else say why it waits."""
        if own(errand.notices[0]) and self.ctx.now - errand.notices[0].created_at > NOT_FOR_EVER:
            with self.ctx.store.transaction() as tx:
                over = (replace(n, status=NoticeStatus.DROPPED, why=why) for n in errand.notices)
                tx.put_notices(over)
            return
        if self.elsewhere.takes(errand.to):
            self.elsewhere.only(errand.notices)
            return
        self.told.untold |= {notice.id: why for notice in errand.notices}
        changed = [replace(n, why=why) for n in errand.notices if n.why != why]
        with self.ctx.store.transaction() as tx:
            tx.put_notices(changed)

    def _forget_rooms(self) -> None:
        """A kept item that takes no comment any more is looked for, or made, anew."""
        for parcel in self.mail.refused:
            name, thread = parcel.posting.connection, parcel.posting.thread
            for container, known in self.ctx.store.rooms(self.ctx.client.key, name).items():
                if known == thread:
                    with self.ctx.store.transaction() as tx:
                        tx.drop_room(self.ctx.client.key, name, container)
