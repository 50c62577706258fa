"""The work of a project in numbers: what is done, against what was to be done by when."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from syncer.engine.clientreport.days import running_total, within
from syncer.engine.clientreport.plots import shown
from syncer.model.client_parts import DEADLINE, PARENT, STATUS, TASK
from syncer.model.client_report import Mark, Plot, Shape, Span, Tasks
from syncer.model.entities import ARCHIVED, EXISTENCE, PROJECT, Schema
from syncer.model.records import Record
from syncer.reconcile.days import day

SOON: Final = timedelta(days=14)
"""What is due within this time is due soon."""

MOST_DAYS: Final = 1100
"""A plot reaches back so far at most: a date that was mistyped does not stretch it."""


class Work(Struct, frozen=True):
    """A task as far as it counts. ``done_on`` is None while it is not done."""

    record: Record
    status: str
    due: date | None
    done: bool
    done_on: date | None

    def late(self, today: date) -> bool:
        """Whether it should have been done before today."""
        return not self.done and self.due is not None and self.due < today

    def soon(self, today: date) -> bool:
        """Whether it is to be done within two weeks."""
        return not self.done and self.due is not None and today <= self.due <= today + SOON


def by_project(tasks: Iterable[Record]) -> dict[str, list[Record]]:
    """Tasks by the project they belong to; a task below another belongs where that one does."""
    known = {task.id: task for task in tasks}
    found: dict[str, list[Record]] = {}
    for task in known.values():
        home = _home(task, known)
        if home is not None:
            found.setdefault(home, []).append(task)
    return found


def _home(task: Record, known: Mapping[str, Record]) -> str | None:
    seen: set[str] = set()
    at: Record | None = task
    while at is not None and at.id not in seen:
        seen.add(at.id)
        if isinstance(home := at.value(PROJECT), str):
            return home
        above = at.value(PARENT)
        at = known.get(above) if isinstance(above, str) else None
    return None


def works(tasks: Iterable[Record], schema: Schema, zone: ZoneInfo) -> list[Work]:
    """Tasks as they count: what was put away undone does not."""
    field, ends = schema[TASK].done or (STATUS, frozenset())
    found = []
    for task in tasks:
        status = task.value(field)
        done = status in ends
        if task.value(EXISTENCE) == ARCHIVED and not done:
            continue
        agreed = task.agreed.get(field)
        at = day(agreed.at, zone) if agreed and done else None
        text = status if isinstance(status, str) else ""
        found.append(Work(task, text, day(task.value(DEADLINE), zone), done, at))
    return found


def tasks_told(
    found: Sequence[Work], today: date, marks: tuple[Mark, ...], clip: Span | None
) -> Tasks | None:
    """All of it; None for a project without tasks."""
    if not found:
        return None
    return Tasks(
        as_of=today,
        total=len(found),
        done=sum(work.done for work in found),
        overdue=sum(work.late(today) for work in found),
        soon=sum(work.soon(today) for work in found),
        undated=sum(not work.done and work.due is None for work in found),
        plot=_plot(found, today, marks, clip),
    )


def statuses(found: Iterable[Work]) -> tuple[tuple[str, int], ...]:
    """How many tasks are in each status, the fullest first."""
    counts = Counter(work.status for work in found if work.status)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _plot(
    found: Sequence[Work], today: date, marks: tuple[Mark, ...], clip: Span | None
) -> Plot | None:
    """None where no task has a day: there is nothing to hold against what is done."""
    dues = [work.due for work in found if work.due]
    dones = [work.done_on for work in found if work.done_on]
    if not dues:
        return None
    first = max(min(*dues, *dones, today), today - timedelta(days=MOST_DAYS))
    last = min(max(*dues, today), today + timedelta(days=MOST_DAYS))
    # Nobody knows when a task was done that was done before we looked: it counts from the first.
    done_on = [work.done_on or first for work in found if work.done]
    plot = Plot(
        Shape.SUM,
        within(running_total(done_on, first, today), clip),
        goal=within(running_total(dues, first, last), clip),
        marks=marks,
    )
    return shown(plot)
