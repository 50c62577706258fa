"""A random agency: how many systems, what each is like, who owns what. Plain facts, no verdicts.

Both sides read this: the machine makes a real configuration of it, the judges look up in it whose
word counts. It imports the nouns of the model and the memory vendor, nothing that decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Final

from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.memory.options import Quirks
from syncer.model.entities import BUILTIN, EXISTENCE
from syncer.model.mapping import Direction, EntityMapping, FieldMapping, SystemMapping
from syncer.model.rules import ANYONE, Expiry, Ownership, Policy, Role, Rule, Shared, Source
from syncer.model.texts import Balance

HERE: Final = Source("laws.yaml", 1)
NAMES: Final = ("one", "two", "three", "four", "five")
OTHER_NAMES: Final = ("zulu", "mike", "alfa", "echo", "kilo")
PEOPLE: Final = ("maya", "tom", "anna", "ben", "zoe")
"""Two producers, two account managers, and a stranger whom people.yaml does not know."""
PRODUCERS, MANAGERS = frozenset({"maya", "tom"}), frozenset({"anna", "ben"})
ZONE: Final = "Europe/Berlin"
DAY_END: Final = time(17, 0)

MAPPED: Final[Mapping[str, Mapping[str, str]]] = {
    "item": {
        "title": "title", "notes": "notes", "due": "deadline", "list": "status",
        "people": "assignees", "labels": "labels", "priority": "priority",
        "estimate": "estimate", "project": "project",
    },
    "project": {
        "name": "name", "brief": "brief", "strategy": "strategy", "deadline": "deadline",
        "status": "status", "price": "price",
    },
}  # fmt: skip
ENTITY: Final = {"item": "task", "project": "project"}

WORDS: Final[Mapping[tuple[str, str], Mapping[str, str]]] = {
    ("item", "list"): {"todo": "To do", "doing": "Doing", "review": "Review", "done": "Done"},
    ("item", "priority"): {"low": "Low", "medium": "Medium", "high": "High"},
    ("project", "status"): {"planned": "Planned", "active": "Active", "done": "Done"},
}
"""Our values and what the tools call them, before anybody changes the mapping."""
SWAPPED: Final = {"low": "Medium", "medium": "Low", "high": "High"}
"""Another reading of the same priorities."""

OWNED: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    **{("task", n): PRODUCERS for n in ("deadline", "status", "assignees", "priority", "estimate")},
    **{("project", name): PRODUCERS for name in ("deadline", "status")},
    **{("project", name): MANAGERS for name in ("strategy", "brief", "price")},
}

PLAIN = Quirks()
QUIRKS: Final = (
    PLAIN,
    Quirks(finest="day"),
    Quirks(finest="instant"),
    Quirks(max_text=16),
    Quirks(single_person=True),
    Quirks(trim=True),
    Quirks(capitals=True),
    Quirks(seconds=False),
    Quirks(decimals=0),
    Quirks(newest_first=True),
    Quirks(no_history=frozenset({"notes", "labels"})),
    Quirks(lists=False),
    Quirks(to_dos=True),
)


@dataclass(frozen=True)
class Tool:
    """One system: its nature, and how it is mapped."""

    quirks: Quirks = PLAIN
    left_out: frozenset[str] = frozenset()
    one_way: Direction = Direction.BOTH
    makes: bool = True
    account: str = "syncer"
    page: int = 100
    batch: int = 1
    swapped: bool = False

    def fields(self, object: str) -> Mapping[str, str]:
        """The vendor's fields that are mapped, to ours."""
        return {r: f for r, f in MAPPED[object].items() if f not in self.left_out}

    def direction(self, entity: str, name: str) -> Direction:
        """Which way a field's value travels; estimates alone go one way."""
        return self.one_way if (entity, name) == ("task", "estimate") else Direction.BOTH

    def words(self, object: str, remote: str) -> Mapping[str, str]:
        """Our values and this tool's names for them; none where names are taken as they are."""
        swapped = self.swapped and (object, remote) == ("item", "priority")
        return SWAPPED if swapped else WORDS.get((object, remote), {})

    def mapping(self) -> SystemMapping:
        """The mapping as a configuration has it."""
        match = {"item": ("title", "project"), "project": ("name",)}
        entities = {
            entity: EntityMapping(entity, o, HERE, self._lines(o), match[o], self.makes)
            for o, entity in ENTITY.items()
        }
        return SystemMapping("memory", "default", entities, HERE)

    def _lines(self, object: str) -> dict[str, FieldMapping]:
        return {
            name: FieldMapping(
                name,
                remote,
                HERE,
                direction=self.direction(ENTITY[object], name),
                values={k: (text,) for k, text in self.words(object, remote).items()} or None,
                day_end=DAY_END if name == "deadline" else None,
            )
            for remote, name in self.fields(object).items()
        }


@dataclass(frozen=True)
class Setting:
    """One random agency.

    Args:
        talks: people are told in their tools, and answer there.
        evenings: there are quiet hours and week-ends, and digests after them.
        cap: comments for one person and day.
        expires: working days that proposals about deadlines wait; ``consents`` if they then count.
    """

    tools: tuple[Tool, ...] = (Tool(), Tool())
    policies: Mapping[tuple[str, str], Policy] = field(default_factory=dict)
    create: Policy = Policy.ALLOW
    archive: Policy = Policy.PROPOSE
    shared_priority: bool = False
    settles: bool = False
    keep: bool = False
    tight: bool = False
    narrow: bool = False
    mirrored: bool = False
    talks: bool = False
    evenings: bool = False
    cap: int = 12
    expires: int | None = None
    consents: bool = False

    @property
    def balance(self) -> Balance:
        """When people are told."""
        if self.evenings:
            return Balance(cap=self.cap, urgent=0)
        return Balance(quiet=None, cap=self.cap, workdays=frozenset(range(7)))

    @property
    def in_tools(self) -> bool:
        """Whether people are told in their tools; where edits are kept in place nobody is."""
        return self.talks and not self.keep

    @property
    def applies(self) -> bool:
        """Whether anything counts that nobody answered in time."""
        return self.expires is not None and self.consents

    def owners(self, entity: str, name: str) -> frozenset[str] | None:
        """Who owns a field; None for a shared one."""
        if (entity, name) == ("task", "priority") and self.shared_priority:
            return None
        owners = PRODUCERS if name == EXISTENCE else OWNED.get((entity, name))
        return owners - {"tom"} if owners and self.narrow else owners

    def policy(self, entity: str, name: str) -> Policy:
        """What meets anybody else."""
        return self.policies.get((entity, name), Policy.PROPOSE)

    def ownership(self, names: tuple[str, ...]) -> Ownership:
        """The rules as a configuration has them."""
        rules = {
            (entity, name): self._rule(entity, name, line)
            for entity, spec in BUILTIN.items()
            for line, name in enumerate(spec.fields, 1)
        }
        narrowed = {"acme": PRODUCERS - {"tom"}} if self.narrow else {}
        roles = {
            "producer": Role("producer", PRODUCERS, home=names[0], narrowed=narrowed),
            "account_manager": Role("account_manager", MANAGERS, home=names[1]),
        }
        return Ownership(roles, rules)

    def _rule(self, entity: str, name: str, line: int) -> Rule:
        source = Source("ownership.yaml", line)
        if name == EXISTENCE:
            verbs = {"create": self.create, "archive": self.archive}
            return Rule(entity, name, source, ("producer",), verbs)
        owners = self.owners(entity, name)
        if owners is None:
            return Rule(entity, name, source, shared=Shared.LATEST)
        role = "account_manager" if owners == MANAGERS else "producer"
        settle = timedelta(minutes=20 if self.settles and name == "deadline" else 0)
        met = {ANYONE: self.policy(entity, name)}
        usual = Rule(entity, name, source, (role,), met, settle=settle)
        if name != "deadline" or self.expires is None:
            return usual
        end = Expiry.APPLY if self.consents else Expiry.LAPSE
        return replace(usual, expires_days=self.expires, on_expiry=end)


LOOSE = ("notes", "labels", "priority", "estimate", "assignees", "deadline")
"""Fields that a system's mapping may leave out."""

tools = st.builds(
    Tool,
    quirks=st.sampled_from((PLAIN, *QUIRKS, Quirks(finest="day"))),
    left_out=st.one_of(st.just(frozenset()), st.frozensets(st.sampled_from(LOOSE), max_size=2)),
    one_way=st.sampled_from((Direction.BOTH, Direction.BOTH, Direction.PULL, Direction.PUSH)),
    makes=st.sampled_from((True, True, True, False)),
    account=st.sampled_from(("syncer", "syncer", "maya")),
    page=st.sampled_from((100, 2)),
    batch=st.sampled_from((1, 3)),
)

settings = st.builds(
    Setting,
    tools=st.lists(tools, min_size=2, max_size=5).map(tuple),
    policies=st.dictionaries(
        st.sampled_from(sorted(OWNED)), st.sampled_from(list(Policy)), max_size=4
    ),
    create=st.sampled_from((Policy.ALLOW, Policy.ALLOW, Policy.PROPOSE)),
    archive=st.sampled_from((Policy.PROPOSE, Policy.PROPOSE, Policy.ALLOW, Policy.REVERT)),
    shared_priority=st.booleans(),
    settles=st.booleans(),
    keep=st.sampled_from((False, False, True)),
    tight=st.sampled_from((False, False, True)),
    narrow=st.booleans(),
    mirrored=st.booleans(),
    talks=st.sampled_from((True, True, True, False)),
    evenings=st.booleans(),
    cap=st.sampled_from((12, 12, 1)),
    expires=st.sampled_from((None, None, 1, 3)),
    consents=st.booleans(),
)
