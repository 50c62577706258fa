"""Which candidates are beyond doubt, where somebody says how alike is alike enough."""

from collections import defaultdict
from collections.abc import Sequence

from syncer.model.contact import Candidate, Place


def clear_best(candidates: Sequence[Candidate], least: float) -> list[Candidate]:
    """Of open candidates those that are likely enough and the one best for both of their things.

    Of two that are equally likely neither is taken: that is for a person.

    Args:
        least: the lowest score that will do, 0 to 1.
    """
    scores: dict[tuple[Place, str], list[float]] = defaultdict(list)
    for one in candidates:
        for mine, other in _ways(one):
            scores[mine, other[0]].append(one.score)
    return [
        one
        for one in candidates
        if one.score >= least
        and all(_one_best(scores[mine, other[0]], one.score) for mine, other in _ways(one))
    ]


def _ways(one: Candidate) -> tuple[tuple[Place, Place], tuple[Place, Place]]:
    left, right = one.left.place, one.right.place
    return ((left, right), (right, left))


def _one_best(scores: Sequence[float], score: float) -> bool:
    return max(scores) == score and scores.count(score) == 1
