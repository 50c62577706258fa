"""The fewest requests that a cycle can cost at each vendor, and why.

Derived from the guides to the vendors' APIs. What a cycle costs is divided by these.
Connecting (who we are, who is there, which fields there are) is done once a connection, and
again on its own schedule; it is no part of a cycle's floor and is counted apart.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Final

IDLE, FIRST, PULL = "idle", "first pull", "1 % pull"
UPDATES, CREATES = "k updates", "k creates"
PHASES: Final = (IDLE, FIRST, PULL, UPDATES, CREATES)


@dataclass(frozen=True)
class Size:
    """What a phase is about, in one system.

    Args:
        places: boards, projects or properties that are polled.
        records: things that are listed at first.
        changed: things that people changed there since the last cycle.
        owned: how many of them were changed in a field that has an owner.
        written: things that the service writes there; ``custom`` of them with custom fields,
            ``reread`` of them texts of which no history is kept.
        reports: reports that are asked of a property.
    """

    places: int = 1
    records: int = 0
    changed: int = 0
    owned: int = 0
    written: int = 0
    custom: int = 0
    reread: int = 0
    reports: int = 0


@dataclass(frozen=True)
class Floor:
    """The floor of one phase in one system.

    ``after`` is that of the cycle that hears of it, which is counted as well.
    """

    system: str
    phase: str
    formula: str
    why: str
    count: Callable[[Size], int]
    after: Callable[[Size], int]


def _trello(size: Size) -> int:
    return size.places


def _asana(size: Size) -> int:
    return 2 * size.places


def _hubspot(size: Size) -> int:
    return 1 + 2


def _google(size: Size) -> int:
    return size.places * ceil(size.reports / 5)


_NEXT_T = "then 1 a board: the writes come back in the same answer"
_NEXT_A = "then 2 a project: the events of our writes, and the tasks as they are"
_NO_WRITES: Final = "nothing can be written: the cycle is an idle one"

_TRELLO: Final = (
    Floor(
        "trello", IDLE, "boards",
        "one nested request gives a board's lists, the cards touched since, and the actions",
        _trello, _trello,
    ),
    Floor(
        "trello", FIRST, "boards",
        "the same request gives a board of up to about 2,000 cards whole; a larger one needs 1 "
        "more for each 1,000",
        lambda s: s.places * (1 if s.records <= 2000 else 1 + ceil(s.records / 1000)), _trello,
    ),
    Floor(
        "trello", PULL, "boards",
        "the request of an idle poll: an action names who, when and the value before",
        _trello, _trello,
    ),
    Floor(
        "trello", UPDATES, "boards + k",
        f"no batch for writes; all built-in fields of a card go in one PUT; {_NEXT_T}",
        lambda s: _trello(s) + s.written, _trello,
    ),
    Floor(
        "trello", CREATES, "boards + k + k with custom fields",
        f"a POST takes no values of custom fields, one PUT takes them all; {_NEXT_T}",
        lambda s: _trello(s) + s.written + s.custom, _trello,
    ),
)  # fmt: skip

_ASANA: Final = (
    Floor(
        "asana", IDLE, "2 projects",
        "events tell who and when and what was deleted, tasks modified since tell the values; "
        "neither tells the other",
        _asana, _asana,
    ),
    Floor(
        "asana", FIRST, "2 projects + tasks / 100",
        "where the events begin, the project's own record, and pages of 100 tasks",
        lambda s: 2 * s.places + s.places * ceil(s.records / s.places / 100), _asana,
    ),
    Floor(
        "asana", PULL, "2 projects + tasks whose owned field was edited",
        "an event has no old value and may be lost or stand for several edits, so who set a field "
        "that has an owner is read from the task's stories, one request a task; fields without "
        "an owner cost nothing. A project has no stories: one request for its record",
        lambda s: _asana(s) + s.owned, _asana,
    ),
    Floor(
        "asana", UPDATES, "2 projects + k + k with notes",
        "one PUT takes built-in and custom fields (a batch counts as what is in it); of notes no "
        f"story has the old text, so they are read right before they are written; {_NEXT_A}",
        lambda s: _asana(s) + s.written + s.reread, _asana,
    ),
    Floor(
        "asana", CREATES, "2 projects + k",
        f"one POST takes everything, custom fields and section as well; {_NEXT_A}",
        lambda s: _asana(s) + s.written, _asana,
    ),
)  # fmt: skip


_HUBSPOT: Final = (
    Floor(
        "hubspot", IDLE, "3 for companies and deals",
        "deals: one request for what changed and one for what was archived (up to 100 deals: "
        "the company's links and the deals themselves, which tell both). The company is known "
        "by its id, and one read tells both",
        _hubspot, _hubspot,
    ),
    Floor(
        "hubspot", FIRST, "1 + links / 1,000 + deals / 100",
        "the company, which deals are its own, and these in batches of 100",
        lambda s: 1 + ceil(s.records / 1000) + ceil(s.records / 100), _hubspot,
    ),
    Floor(
        "hubspot", PULL, "3 + owned / 50 (+ changed / 100 of more than 100 deals)",
        "histories come in batches of 50. A search lags behind the records, so what it names is "
        "read; up to 100 deals are read anyway",
        lambda s: _hubspot(s) + ceil(s.owned / 50) + _reread(s, s.changed), _hubspot,
    ),
    Floor(
        "hubspot", UPDATES, "3 + k / 100, then 3 + k / 50 (+ k / 100 of more than 100 deals)",
        "a batch takes 100; the next cycle looks once, in batches of 50 histories, for edits that "
        "came between our read and our write",
        lambda s: _hubspot(s) + ceil(s.written / 100),
        lambda s: _hubspot(s) + ceil(s.written / 50) + _reread(s, s.written),
    ),
    Floor(
        "hubspot", CREATES, "3 + k / 100, then 3 (+ k / 100 of more than 100 deals)",
        "a batch takes 100, links and all; nobody edits what was not there",
        lambda s: _hubspot(s) + ceil(s.written / 100),
        lambda s: _hubspot(s) + _reread(s, s.written),
    ),
)  # fmt: skip


def _reread(size: Size, changed: int) -> int:
    return ceil(changed / 100) if size.records > 100 else 0


_GOOGLE: Final = tuple(
    Floor("google_analytics", phase, "properties x reports / 5", why, _google, _google)
    for phase, why in (
        (IDLE, "there is no cheaper question than the reports of the last days: 5 a batch"),
        (FIRST, "the same; a report has up to 250,000 rows"),
        (PULL, "the same: changed days are found by comparing"),
        (UPDATES, _NO_WRITES),
        (CREATES, _NO_WRITES),
    )
)

FLOORS: Final = (*_TRELLO, *_ASANA, *_HUBSPOT, *_GOOGLE)


def floor_of(system: str, phase: str) -> Floor:
    """The floor of a phase in a system."""
    return next(f for f in FLOORS if (f.system, f.phase) == (system, phase))


def floors() -> str:
    """The table for people, in Markdown."""
    lines = ["| system | phase | fewest requests | why |", "|---|---|---|---|"]
    lines += [f"| {f.system} | {f.phase} | {f.formula} | {f.why} |" for f in FLOORS]
    return "\n".join(lines)
