"""Parts of the client's report, and what each may be drawn from."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from syncer.model.entities import EXISTENCE, PROJECT
from syncer.model.goals import GOALS

CLIENT: Final = "client"
TASK: Final = "task"

NAME: Final = "name"
TITLE: Final = "title"
START: Final = "start"
DEADLINE: Final = "deadline"
STATUS: Final = "status"
PARENT: Final = "parent"
BUDGET: Final = "budget_hours"
ESTIMATE: Final = "estimate"
ASSIGNEES: Final = "assignees"
PRICES: Final = {CLIENT: "retainer", PROJECT: "price"}
"""What the agency is paid, of each entity."""

RESPONSIBLE: Final = ("account_manager", "producer")
"""Fields that name who answers for a client or a project."""


class Part(StrEnum):
    """What may stand on a client's page; the words of ``report: {for_client: [...]}``."""

    GOALS = "goals"
    RESULTS = "results"
    PLOTS = "plots"
    DEADLINE = "deadline"
    TASKS = "tasks"


DRAWN: Final[Mapping[Part | None, Mapping[str, frozenset[str]]]] = {
    None: {CLIENT: frozenset({NAME}), PROJECT: frozenset({NAME, EXISTENCE})},
    Part.GOALS: {
        CLIENT: frozenset({GOALS}),
        PROJECT: frozenset({GOALS, START, DEADLINE}),
    },
    Part.RESULTS: {},
    Part.PLOTS: {PROJECT: frozenset({START, DEADLINE})},
    Part.DEADLINE: {PROJECT: frozenset({START, DEADLINE})},
    Part.TASKS: {
        PROJECT: frozenset({START, DEADLINE}),
        TASK: frozenset({PROJECT, PARENT, STATUS, DEADLINE, EXISTENCE}),
    },
}
"""By part (None: always) and entity, the canonical fields that a client's page is drawn from.

Of goals the page says what they come to in words of its own; their text is not shown.
"""
