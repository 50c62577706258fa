"""Every cell of how a field of a twin can stand: allowed, pending or a fault, and for which cause."""

from itertools import combinations
from typing import Any

import pytest
from msgspec.structs import replace

from syncer.model.decisions import Change
from syncer.model.drift import Cause, Standing
from syncer.model.mapping import Direction
from syncer.reconcile.drifting import Facts, classify

PULL, PUSH, CREATE = Direction.PULL, Direction.PUSH, Direction.CREATE
ALLOWED, PENDING, FAULT = Standing.ALLOWED, Standing.PENDING, Standing.FAULT

CELLS: list[tuple[str, dict[str, Any], Standing, Cause]] = [
    ("in step", {"same": True}, Standing.ALIKE, Cause.NONE),
    ("left", {"left": True}, ALLOWED, Cause.LEFT),
    ("no place in the mapping", {"mapped": False}, ALLOWED, Cause.NOT_MAPPED),
    ("otherwise: keep", {"keeps": True}, ALLOWED, Cause.KEPT),
    ("only read", {"direction": PULL, "differs": False}, ALLOWED, Cause.DIRECTION),
    ("only filled in new ones", {"direction": CREATE}, ALLOWED, Cause.DIRECTION),
    ("new ones only, edited", {"direction": CREATE, "change": Change.EDITED}, ALLOWED, Cause.DIRECTION),
    ("only read, edited there", {"direction": PULL, "differs": False, "change": Change.EDITED}, PENDING, Cause.EDITED),
    ("only read, first seen", {"direction": PULL, "differs": False, "change": Change.NEW}, PENDING, Cause.NEW),
    ("only written, edited there", {"direction": PUSH, "change": Change.EDITED}, PENDING, Cause.EDITED),
    ("only written, nothing to write", {"direction": PUSH, "agreed": False}, ALLOWED, Cause.DIRECTION),
    ("only written, edited, nothing to write", {"direction": PUSH, "agreed": False, "change": Change.EDITED}, PENDING, Cause.EDITED),
    ("only written", {"direction": PUSH}, FAULT, Cause.UNEXPLAINED),
    ("as exactly as it can", {"differs": False}, ALLOWED, Cause.COARSER),
    ("not to be held there", {"differs": False, "note": "no option"}, ALLOWED, Cause.NOT_EXPRESSIBLE),
    ("others can read it", {"withheld": "guests"}, ALLOWED, Cause.CONFIDENTIAL),
    ("proposal", {"proposal": True}, PENDING, Cause.PROPOSAL),
    ("held", {"held": True}, PENDING, Cause.HELD),
    ("held, as it cannot be read", {"held": True, "problem": "which?"}, PENDING, Cause.HELD),
    ("parked", {"parked": True}, PENDING, Cause.PARKED),
    ("unanswered", {"unanswered": True}, PENDING, Cause.UNANSWERED),
    ("paused", {"paused": True}, PENDING, Cause.PAUSED),
    ("observed", {"observed": True}, PENDING, Cause.OBSERVED),
    ("settling", {"settling": True, "change": Change.EDITED}, PENDING, Cause.SETTLING),
    ("edited", {"change": Change.EDITED}, PENDING, Cause.EDITED),
    ("edited, not to be read", {"change": Change.UNREADABLE, "problem": "which?"}, PENDING, Cause.EDITED),
    ("mapping changed", {"change": Change.REMAPPED}, PENDING, Cause.REMAPPED),
    ("newly mapped", {"change": Change.NEW}, PENDING, Cause.NEW),
    ("new record", {"joined": True}, PENDING, Cause.NEW),
    ("still owed", {"owed": True}, PENDING, Cause.OWED),
    ("edited, nothing agreed", {"agreed": False, "change": Change.EDITED}, PENDING, Cause.EDITED),
    ("edited before the last run", {"change": Change.EDITED, "late": True}, FAULT, Cause.MISSED),
    ("mapped, not there", {"there": False}, FAULT, Cause.NO_FIELD),
    ("not to be read, not held", {"problem": "which?"}, FAULT, Cause.UNREAD),
    ("shown, never agreed", {"agreed": False}, FAULT, Cause.UNEXPLAINED),
    ("nothing of it", {}, FAULT, Cause.UNEXPLAINED),
]  # fmt: skip

WAITS: list[dict[str, Any]] = [
    {"proposal": True}, {"held": True}, {"parked": True}, {"unanswered": True}, {"paused": True},
    {"observed": True}, {"settling": True}, {"change": Change.EDITED}, {"joined": True},
    {"owed": True},
]  # fmt: skip
"""Reasons to wait, the one that says most first."""


@pytest.mark.parametrize(
    ("given", "standing", "cause"), [cell[1:] for cell in CELLS], ids=[cell[0] for cell in CELLS]
)
def test_every_cell(given: dict[str, Any], standing: Standing, cause: Cause) -> None:
    """Each has its standing and its cause."""
    assert (standing, cause) == classify(Facts(**given))


def test_every_cause_has_its_cell() -> None:
    """No cause is left out of the table; that a record lacks a twin is told by who asks."""
    assert set(Cause) - {Cause.NO_TWIN} == {cell[3] for cell in CELLS}


@pytest.mark.parametrize(("first", "second"), list(combinations(WAITS, 2)), ids=range(45))
def test_of_two_reasons_to_wait_the_first_is_told(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    """A person who is waited for goes before time, and what lasts before the next run."""
    assert classify(Facts(**first)) == classify(Facts(**{**second, **first}))


@pytest.mark.parametrize("waits", WAITS, ids=range(len(WAITS)))
@pytest.mark.parametrize(
    "allowed",
    [{"same": True}, {"mapped": False}, {"left": True}, {"differs": False}, {"withheld": "guests"}],
    ids=["same", "not mapped", "left", "coarser", "confidential"],
)
def test_what_is_allowed_waits_for_nothing(waits: dict[str, Any], allowed: dict[str, Any]) -> None:
    """What the configuration makes so is so, whatever else is under way."""
    facts = Facts(**allowed)
    assert classify(facts) == classify(replace(facts, **waits))
