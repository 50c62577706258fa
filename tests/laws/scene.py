"""What a judge may look at: the systems as they are, their own histories, and the state's rows.

Nothing here, nor in any file it imports, knows how the service decides: see tests/architecture.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from adapters.memory import World
from adapters.memory.things import Entry, Thing
from syncer.model.records import Link, LinkStatus, Proposal, ProposalStatus, Record
from syncer.model.values import Money
from syncer.state import Store
from tests.laws.setting import DAY_END, ENTITY, ZONE, Setting, Tool

LOCAL: Final = ZoneInfo(ZONE)
UNREADABLE: Final = "<unreadable>"
Place = tuple[str | None, str | None, str | None]
"""(record, field, connection); None stands for any connection."""


@dataclass
class Scene:
    """One agency as judges see it; what could not be seen from outside is noted by the machine.

    Args:
        emptied: systems that listed nothing for a while; forgotten: whose cursor expired.
        unanswered: systems that did not say what they had made of a write.
        undone: record and field that somebody took back by the command line: no tool tells of it.
        raced: somebody edited while we wrote, or we died; swapped, renamed: see the machine.
    """

    worlds: Mapping[str, World]
    store: Store
    setting: Setting
    names: tuple[str, ...]
    emptied: set[str] = field(default_factory=set)
    forgotten: set[str] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)
    raced: bool = False
    swapped: bool = False
    renamed: bool = False
    undone: set[tuple[str, str]] = field(default_factory=set)

    def tool(self, name: str) -> Tool:
        """What a system is like."""
        return self.setting.tools[self.names.index(name)]

    def links(self) -> list[Link]:
        """All links of the client."""
        ids = [id for entity in ("project", "task") for id in self.store.record_ids("acme", entity)]
        return [link for links in self.store.links_of(ids).values() for link in links]

    def linked(self) -> list[Link]:
        """Those that are kept in step."""
        return [link for link in self.links() if link.status is LinkStatus.LINKED]

    def records(self) -> Mapping[str, Record]:
        """All records."""
        ids = [id for entity in ("project", "task") for id in self.store.record_ids("acme", entity)]
        return self.store.records(ids)

    def thing(self, link: Link) -> Thing:
        """The vendor's record behind a link."""
        return self.worlds[link.connection].things[link.remote_id]

    def proposals(self, *, open_only: bool = False) -> list[Proposal]:
        """Proposals, open or ended."""
        return list(self.store.proposals("acme", open_only=open_only))

    def waiting(self) -> list[Proposal]:
        """Open proposals in an order that ids have no part in."""
        titles = {id: str(called(record)) for id, record in self.records().items()}
        found = [p for p in self.proposals() if p.status is ProposalStatus.OPEN]
        return sorted(found, key=lambda p: (titles[p.record], p.field, p.proposer, str(p.value)))

    def said(self, link: Link) -> Iterator[tuple[str, Entry]]:
        """What people did to a twin since it is one, by our name of the field; not our writes."""
        fields = {**self.tool(link.connection).fields(link.object), "existence": "existence"}
        for entry in self.worlds[link.connection].history:
            later = link.linked_at is None or entry.at > link.linked_at
            mine = entry.thing.id == link.remote_id and not entry.intent
            if mine and later and entry.field in fields:
                yield fields[entry.field], entry

    def excuses(self) -> set[Place]:
        """Where something open says why a system is not in step."""
        found: set[Place] = {(h.record, h.field, h.connection) for h in self.store.holds("acme")}
        found |= {(p.record, None, p.connection or None) for p in self.store.parked("acme")}
        for each in self.proposals(open_only=True):
            if self.setting.keep or each.field == "existence":
                found.add((each.record, each.field, None))
        return found

    def meaning(self, connection: str, thing: Thing, remote: str, raw: Any) -> Any:
        """A raw value in our words."""
        tool, world = self.tool(connection), self.worlds[connection]
        if raw is None:
            return None
        options = {o.id: o.name for o in world.choices(thing.object, remote, thing.container)}
        words = tool.words(thing.object, remote)
        if words:
            name = options.get(raw)
            return next((key for key, text in words.items() if text == name), UNREADABLE)
        if remote == "people":
            shown = raw if isinstance(raw, list) else [raw]
            return frozenset(each.removeprefix("u-") for each in shown) or None
        if remote == "labels":
            return frozenset(options.get(each, UNREADABLE) for each in raw) or None
        if remote == "project":
            found = self.store.links("acme", [(connection, "project", raw)])
            return next((each.record for each in found.values()), raw)
        return _plain(remote, raw, tool)

    def shown(self, link: Link, remote: str) -> Any:
        """What a system shows now."""
        thing = self.thing(link)
        return self.meaning(link.connection, thing, remote, thing.fields[remote])

    def written(self) -> int:
        """How many lines of all histories are our own, and how many comments."""
        ours = sum(1 for world in self.worlds.values() for entry in world.history if entry.intent)
        return ours + sum(len(world.lapses.posts) for world in self.worlds.values())


def _plain(remote: str, raw: Any, tool: Tool) -> Any:
    if remote in ("due", "deadline"):
        return _when(raw, tool)
    if remote == "estimate":
        return Decimal(raw)
    if isinstance(raw, dict):
        return Money(Decimal(raw["amount"]), raw["currency"])
    return raw.strip()


def _when(raw: str, tool: Tool) -> date | datetime:
    if len(raw) == len("2027-01-01"):
        return date.fromisoformat(raw)
    moment = datetime.fromisoformat(raw)
    local = moment.astimezone(LOCAL)
    whole = tool.quirks.finest == "instant" and local.time() == DAY_END
    return local.date() if whole else moment


def shows(tool: Tool, shown: Any, agreed: Any) -> bool:
    """Whether a system shows what is agreed, as far as it can."""
    quirks = tool.quirks
    if shown == agreed:
        return True
    if isinstance(shown, str) and isinstance(agreed, str):
        return _same_text(tool, shown, agreed)
    if isinstance(agreed, datetime):
        return _same_time(tool, shown, agreed)
    if isinstance(agreed, Decimal) and quirks.decimals is not None:
        return bool(round(agreed, quirks.decimals) == shown)
    if quirks.single_person and isinstance(shown, frozenset) and isinstance(agreed, frozenset):
        return shown <= agreed
    return False


def _same_text(tool: Tool, shown: str, agreed: str) -> bool:
    most, wanted = tool.quirks.max_text, agreed
    if most is not None and len(wanted) > most:
        wanted = wanted[: most - 1] + "…"
    wanted = wanted.strip()
    if tool.quirks.capitals:
        return shown.strip() == wanted.upper()
    return shown.strip() == wanted


def _same_time(tool: Tool, shown: Any, agreed: datetime) -> bool:
    if tool.quirks.finest == "day":
        return bool(shown == agreed.astimezone(LOCAL).date())
    whole = agreed.replace(second=0)
    return not tool.quirks.seconds and bool(shown == whole)


def called(record: Record) -> object:
    """What people call a record."""
    return record.value("title") or record.value("name") or record.id


def entity(link: Link) -> str:
    """Which of our nouns a twin carries."""
    return ENTITY[link.object]


def excused(excuses: set[Place], record: str, name: str, connection: str | None) -> bool:
    """Whether something open speaks of this field of this record there."""
    return any(
        (record, field, place) in excuses for field in (name, None) for place in (connection, None)
    )
