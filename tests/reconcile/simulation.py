"""Tools, people and cycles in memory: the rules run as the engine runs them, and nothing else.

A tool holds one raw value, rewrites what it is given in its own way, and keeps a history.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from msgspec.structs import replace

from syncer.model.decisions import (
    Action,
    Bound,
    Closing,
    Draft,
    FieldView,
    Judged,
    Step,
    Verdict,
    View,
)
from syncer.model.decisions import Change as Difference
from syncer.model.entities import BUILTIN
from syncer.model.records import Intent, LinkField, Proposal, Record
from syncer.model.remote import Change, Op, Raw
from syncer.model.rules import Rule
from syncer.model.values import MISSING, Value, same_raw
from syncer.reconcile.expressing import NotExpressible, express, showing
from syncer.reconcile.history import foreign
from syncer.reconcile.merge import compare, steps
from syncer.reconcile.ownership import decide
from syncer.reconcile.planner import Target, plan_record
from tests.reconcile.made import (
    LOOKUP,
    OWNERSHIP,
    PLACE,
    link,
    mapping_of,
    minutes,
    proposal,
    record,
    remembered,
    view_of,
)

Rewrite = Callable[[Raw], Raw]
"""What a vendor makes of a value it is given."""


@dataclass
class Tool:
    """One twin in one system: what it shows, what is remembered of it, who changed it."""

    name: str
    bound: Bound
    rewrite: Rewrite = lambda raw: raw
    raw: Raw = None
    memory: LinkField = field(default_factory=LinkField)
    told: list[Change] = field(default_factory=list)
    intents: list[Intent] = field(default_factory=list)

    def shown(self) -> FieldView:
        """What it shows now."""
        return view_of(self.bound, self.raw)

    def form(self, value: Value) -> Raw:
        """What it would hold if it were given a value; what it holds if it cannot."""
        try:
            return self.rewrite(express(self.bound, value, self.raw, LOOKUP).raw)
        except NotExpressible:
            return self.raw

    def set(self, raw: Raw, by: str, at: datetime, key: str) -> Change | None:
        """Somebody changes it; no change, no entry."""
        raw = self.rewrite(raw)
        if same_raw(raw, self.raw):
            return None
        entry = Change("card", "c1", self.bound.info.id, at, by, key=key, old=self.raw, new=raw)
        self.told.append(entry)
        self.raw = raw
        return entry


@dataclass
class Typed:
    """An edit by a person, with what their tool then showed."""

    who: str
    tool: str
    entry: Change


class Agency:
    """One record in several tools, and the cycles that keep them in step.

    Args:
        account: whose token the service uses.
    """

    def __init__(
        self, tools: Sequence[Tool], line: Rule, first: Value, account: str = "syncer"
    ) -> None:
        self.tools = {tool.name: tool for tool in tools}
        self.rule = line
        self.agreed: Value = first
        self.account = f"u-{account}"
        self.proposals: dict[str, Proposal] = {}
        self.typed: dict[str, Typed] = {}
        self.judged: list[Judged] = []
        self.written = 0
        self._numbers = count(1)
        for tool in tools:
            asked = express(tool.bound, first, None, LOOKUP).raw
            tool.raw = tool.rewrite(asked)
            tool.memory = remembered(tool.bound, tool.raw, asked=asked, got=tool.raw)

    def now(self) -> datetime:
        """A moment later than every one before."""
        return minutes(next(self._numbers))

    def edit(self, who: str, tool_name: str, value: Value) -> None:
        """A person gives a value in a tool."""
        tool, at = self.tools[tool_name], self.now()
        entry = tool.set(tool.form(value), f"u-{who}", at, f"{tool_name}-{at:%H%M}")
        if entry is not None:
            self.typed[entry.key] = Typed(who, tool_name, entry)

    def deliver(self) -> None:
        """The owner is told of all that is open."""
        at = self.now()
        self.proposals = {
            who: replace(p, delivered=p.version, delivered_at=at)
            for who, p in self.proposals.items()
        }

    def cycle(
        self,
        order: Sequence[str] | None = None,
        failing: str = "",
        meanwhile: Callable[[], None] = lambda: None,
    ) -> Verdict:
        """Read, decide, plan and write once. One tool may take no writes this time."""
        names = [name for name in order or sorted(self.tools) if name in self.tools]
        found = [step for name in names for step in self._steps(self.tools[name])]
        views = {name: self.tools[name].shown() for name in names}
        shows = {name: showing(view, LOOKUP) for name, view in views.items()}
        open_ones = list(self.proposals.values())
        verdict = decide(self.rule, self.agreed, found, open_ones, OWNERSHIP, PLACE, shows)
        self._record(verdict)
        actions, _ = self.plan(views)
        meanwhile()
        for action in actions:
            if action.connection != failing:
                self._write(action)
        return verdict

    def _steps(self, tool: Tool) -> Sequence[Step]:
        shown, before = tool.shown(), tool.memory
        entries = foreign(tool.told, tool.intents, frozenset({self.account}))
        tool.told = []
        difference = compare(before, shown)
        assert difference not in (Difference.UNREADABLE, Difference.REMAPPED, Difference.NEW)
        remember = remembered(
            tool.bound, tool.raw, asked=before.asked, got=before.got, cut=before.cut
        )
        # A change without an entry is the vendor's own rewrite.
        quietly = difference is Difference.EDITED and not entries
        tool.memory = replace(remember, got=tool.raw) if quietly else remember
        return steps(shown, tool.name, entries, before, self.agreed, LOOKUP)

    def _record(self, verdict: Verdict) -> None:
        assert verdict.value is not MISSING
        self.judged += verdict.judged
        self.agreed = verdict.value
        for closing in verdict.closings:
            self._close(closing)
        for draft in verdict.drafts:
            self._open(draft)

    def _close(self, closing: Closing) -> None:
        del self.proposals[closing.proposal.proposer]

    def _open(self, draft: Draft) -> None:
        known = self.proposals.get(draft.proposer)
        if known is None:
            made = proposal(draft.proposer, draft.value, draft.connection, base=self.agreed)
        elif known.value == draft.value:
            return
        else:
            made = replace(known, value=draft.value, base=self.agreed, version=known.version + 1)
        self.proposals[draft.proposer] = made

    def plan(self, views: dict[str, FieldView] | None = None) -> tuple[Sequence[Action], Record]:
        """What would be written now."""
        views = views or {name: tool.shown() for name, tool in self.tools.items()}
        name = self.rule.field
        wanted = record(**{name: self.agreed})
        targets = {}
        for place, shown in views.items():
            mapping = mapping_of(shown.bound)
            view = View(place, "card", "c1", mapping, {name: shown}, "present")
            twin = link(place, **{name: self.tools[place].memory})
            targets[place] = Target(place, mapping, LOOKUP, view, twin)
        actions, _ = plan_record(wanted, BUILTIN["task"], targets)
        return actions, wanted

    def _write(self, action: Action) -> None:
        tool, [write], at = self.tools[action.connection], action.writes, self.now()
        self.written += 1
        raw = _merged(write.raw, action.base[write.remote], tool.raw)
        tool.set(raw, self.account, at, f"own-{self.written}")
        tool.intents.append(
            Intent(
                f"i{self.written}", "bakery", "cycle", "r_1", tool.name, Op.UPDATE, "card", "c1", None,
                {write.remote: write.raw}, at, done_at=at, got={write.remote: tool.raw},
            )
        )  # fmt: skip
        tool.memory = remembered(tool.bound, tool.raw, asked=write.raw, got=tool.raw, cut=write.cut)


def _merged(raw: Raw, base: object, now: Raw) -> Raw:
    """Of a set the difference is written, so that what others do meanwhile survives."""
    if not isinstance(raw, list) and not isinstance(base, list):
        return raw
    new, old, here = (
        {item for item in value if isinstance(item, str)} if isinstance(value, list) else set()
        for value in (raw, base, now)
    )
    return sorted((here - (old - new)) | (new - old)) or None
