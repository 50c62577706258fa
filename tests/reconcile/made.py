"""Small parts for tests of the rules: fields, people, rules and edits, each said in few words."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from syncer.model.decisions import Bound, Editor, FieldView, Step
from syncer.model.mapping import EntityMapping, FieldMapping
from syncer.model.people import Directory
from syncer.model.records import Agreed, Link, LinkField, Proposal, Record
from syncer.model.remote import FieldInfo, Option, Raw
from syncer.model.rules import ANYONE, Ownership, Policy, Role, Rule, Source
from syncer.model.values import MISSING, FieldType, Kind, Missing, Seen, Value, dump
from syncer.reconcile.lookup import Lookup
from syncer.reconcile.reading import read
from syncer.reconcile.roles import Place

LINE = Source("ownership.yaml", 7)
MAPPED = Source("trello.yaml", 3)
LONDON = ZoneInfo("Europe/London")
BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

D1, D2, D3, D4 = (date(2026, 3, day) for day in (10, 11, 12, 13))
PEOPLE = ("maya", "tom", "anna", "ben", "zoe")
"""Two producers, two account managers, and one who holds no role."""

DIRECTORY = Directory(
    {f"u-{name}": name for name in PEOPLE},
    {name: f"u-{name}" for name in PEOPLE},
    {f"u-{name}": name.title() for name in PEOPLE} | {"u-guest": "Guest Gus"},
)
RECORDS = {"p1": "r_1", "p2": "r_2", "p3": "r_3"}
TITLES = {"r_1": "Relaunch", "r_2": "Spring", "r_3": "Film, part 2"}
LOOKUP = Lookup(
    directory=DIRECTORY,
    people={name: name for name in PEOPLE} | {"maya moss": "maya"},
    record_of=lambda _, id: RECORDS.get(id),
    remote_of={found: id for id, found in RECORDS.items()}.get,
    title_of=TITLES.get,
    titled=lambda _, text: {t.casefold(): r for r, t in TITLES.items()}.get(text.casefold()),
)
OWNERSHIP = Ownership(
    roles={
        "producer": Role("producer", frozenset({"maya", "tom"}), home="asana"),
        "account_manager": Role("account_manager", frozenset({"anna", "ben"}), home="hubspot"),
        "assignee": Role("assignee", dynamic=("task", "assignees")),
        "analytics": Role("analytics", system="google_analytics"),
    },
    rules={},
    automations={"trello": {"Butler": "producer"}},
)
PLACE = Place("bakery", "task", zone=LONDON, systems={n: n for n in ("trello", "asana", "hubspot")})


def minutes(count: float) -> datetime:
    """A moment so many minutes after noon."""
    return NOON + timedelta(minutes=count)


def options(*names: str) -> tuple[Option, ...]:
    """Options with ids o0, o1, ... in this order."""
    return tuple(Option(f"o{index}", name) for index, name in enumerate(names))


def bound(
    kind: Kind,
    wire: Kind | None = None,
    *,
    many: bool = False,
    wire_many: bool | None = None,
    target: str | None = None,
    zone: ZoneInfo = LONDON,
    choices: tuple[Option, ...] = (),
    name: str = "field",
    info: Mapping[str, Any] | None = None,
    **mapping: Any,
) -> Bound:
    """A canonical field of one kind in a vendor's field of another."""
    target = target or ("project" if kind is Kind.REFERENCE else None)
    wire_type = FieldType(wire or kind, many if wire_many is None else wire_many, target)
    return Bound(
        FieldMapping(name, "Field", MAPPED, **mapping),
        FieldInfo("f1", "Field", wire_type, choices, **(info or {})),
        FieldType(kind, many, target),
        zone,
        choices,
    )


def view_of(field: Bound, raw: Raw, lookup: Lookup = LOOKUP) -> FieldView:
    """A field as it is shown now."""
    return FieldView(field, raw, read(field, raw, lookup))


def remembered(field: Bound, raw: Raw, lookup: Lookup = LOOKUP, **more: Any) -> LinkField:
    """A raw value that was decided on."""
    value = read(field, raw, lookup).value
    return LinkField(seen=raw, read=MISSING if value is MISSING else dump(value), **more)


def rule(others: Policy | Mapping[str, Policy] = Policy.PROPOSE, **more: Any) -> Rule:
    """A field that producers own, with this policy for the others; or whatever ``more`` says."""
    policies = {ANYONE: others} if isinstance(others, Policy) else dict(others)
    usual: dict[str, Any] = {"owners": ("producer",), "others": policies}
    if "shared" in more:
        usual = {}
    return Rule(**({"entity": "task", "field": "deadline", "source": LINE} | usual | more))


def by(who: str | None) -> Editor:
    """Somebody: a person we know, ``robot:NAME``, a guest by another name, or nobody at all."""
    if who is None:
        return Editor()
    if who.startswith("robot:"):
        return Editor(None, who[6:], who[6:])
    return Editor(who, None, who) if who in PEOPLE else Editor(None, None, who)


def edit(
    who: str | None,
    value: Seen,
    where: str = "asana",
    at: float | None = 0,
    old: Seen = MISSING,
    key: str = "",
) -> Step:
    """Somebody gave a value in a tool, so many minutes after noon."""
    return Step(value, where, by(who), None if at is None else minutes(at), old, key)


def proposal(who: str = "anna", value: Value = D3, where: str = "hubspot", **more: Any) -> Proposal:
    """An open proposal, not told to anybody yet."""
    usual: dict[str, Any] = {
        "id": f"p-{who}",
        "client": "bakery",
        "record": "r_1",
        "entity": "task",
        "field": "deadline",
        "proposer": who,
        "connection": where,
        "value": value,
        "base": D1,
        "rule": str(LINE),
        "opened_at": minutes(-60),
        "updated_at": minutes(-60),
    }
    return Proposal(**(usual | more))


def told(made: Proposal, at: float) -> Proposal:
    """A proposal whose present version the owner was told of."""
    return replace(made, delivered=made.version, delivered_at=minutes(at))


def mapping_of(*fields: Bound, **more: Any) -> EntityMapping:
    """A task on a card, with these fields."""
    lines = {field.mapping.field: field.mapping for field in fields}
    return EntityMapping("task", "card", MAPPED, lines, **more)


def record(existence: Value = "present", **values: Value) -> Record:
    """A record with agreed values, all set by maya in asana."""
    agreed = {
        name: Agreed(value, "maya", "producer", "asana", NOON, str(LINE))
        for name, value in ({"existence": existence} | values).items()
    }
    return Record("r_1", "bakery", "task", agreed)


def link(connection: str = "trello", **fields: LinkField | Missing) -> Link:
    """A twin with what is remembered of its fields."""
    known = {name: field for name, field in fields.items() if isinstance(field, LinkField)}
    return Link("l_1", "r_1", connection, "card", "c1", container="b1", fields=known)


def clock(hour: int, minute: int = 0) -> time:
    """A time of day."""
    return time(hour, minute)
