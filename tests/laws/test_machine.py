"""The laws under random agencies, people, faults and kills: a short run that is always the same."""

from collections.abc import Callable

from tests.laws.base import TALLY
from tests.laws.soak import cases, figures

SEED, CASES, STEPS = 2026, 14, 10


def test_the_laws_hold_whatever_happens(record_property: Callable[[str, object], None]) -> None:
    """Nobody's words are lost and nothing is done twice, whatever people, vendors and clocks do."""
    TALLY.clear()
    broken = cases(SEED, CASES, STEPS)
    record_property("figure", f"the laws held in {figures(TALLY)}")

    assert not broken, broken
