"""Plans made by hand, said in few words."""

from typing import Any

from rich.cells import cell_len

from syncer.cli.output import plain
from syncer.model.decisions import Action, Editor, FieldWrite, Judged, Plan, Step, Verdict
from syncer.model.remote import Op
from syncer.model.report import CycleReport, CycleResult, Judgement
from syncer.model.rules import Rule, Source
from syncer.model.values import Seen, Value
from syncer.report.changes import Look
from syncer.report.cycle import plan_report

RULE = Rule("task", "deadline", Source("config/ownership.yaml", 42), ("producer",))


def write(name: str, old: Seen, new: Value, why: str = "maya in asana") -> FieldWrite:
    """One field that is written."""
    return FieldWrite(name, name, old, new, "raw", why, str(RULE.source))


def update(title: str, *writes: FieldWrite, connection: str = "trello", **more: Any) -> Action:
    """A change of a task."""
    given = {"remote_id": f"c-{title}", "why": ""} | more
    return Action(
        "bakery", f"r_{title}", "task", title, connection, Op.UPDATE, "card", 20,
        writes=writes, **given,
    )  # fmt: skip


def create(title: str, *writes: FieldWrite, connection: str = "trello") -> Action:
    """A new task."""
    return Action(
        "bakery", f"r_{title}", "task", title, connection, Op.CREATE, "card", 20,
        writes=writes, why="no twin yet",
    )  # fmt: skip


def edit(
    title: str, outcome: str, value: Value, by: str = "anna", where: str = "hubspot"
) -> Judgement:
    """An edit of a deadline and what becomes of it."""
    item = Judged(Step(value, where, Editor(by, None, by)), outcome, "account_manager")
    return Judgement(f"r_{title}", "task", title, Verdict("deadline", RULE, None, judged=(item,)))


def report(*actions: Action, judgements: tuple[Judgement, ...] = (), **plan: Any) -> CycleReport:
    """What a client's plan says."""
    found = Plan("bakery", actions, **plan)
    return CycleReport("bakery", CycleResult.DONE, "c_1", plan=found, judgements=judgements)


def text(found: CycleReport, look: Look = Look()) -> list[str]:  # noqa: B008 - frozen
    """The lines of a plan, as a pipe gets them."""
    return [line for block in plan_report(found, look) for line in plain(block)]


def widest(lines: list[str]) -> int:
    """Columns of the longest line."""
    return max(cell_len(line) for line in lines)
