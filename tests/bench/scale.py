"""How much is measured: so many records, so many rounds."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Sizes in records and rounds of turns. ``small`` is held against ``large``."""

    small: int
    large: int
    rounds: int

    @property
    def sizes(self) -> tuple[int, int]:
        """Both sizes, the smaller first."""
        return self.small, self.large


FULL = Scale(10_000, 100_000, 7)
QUICK = Scale(200, 800, 1)


def scale(quick: bool) -> Scale:
    """The usual scale; ``BENCH_MOST`` (records) and ``BENCH_ROUNDS`` make the full one smaller."""
    if quick:
        return QUICK
    most = int(os.environ.get("BENCH_MOST") or FULL.large)
    rounds = int(os.environ.get("BENCH_ROUNDS") or FULL.rounds)
    small = FULL.small if most > FULL.small else max(1, most // 5)
    return Scale(small, most, rounds)
