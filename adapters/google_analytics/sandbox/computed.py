"""Computed metrics: an expression of other metrics, such as ``eventCount/totalUsers``."""

import ast
import operator
import re
from collections.abc import Callable
from typing import Final

from adapters.google_analytics.sandbox.answers import invalid

Formula = Callable[[Callable[[str], float]], float]
"""Gives a figure, from what gives the figure of each metric by its name."""

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?::[A-Za-z0-9_]+)?")
_LONGEST: Final = 200


def _divided(one: float, other: float) -> float:
    return one / other if other else 0.0


_OPERATORS: Final[dict[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _divided,
}


def computed(expression: str) -> tuple[Formula, list[str]]:
    """The formula and the metrics it uses. Raises :class:`Refusal` if it cannot be read."""
    names = list(dict.fromkeys(_NAME.findall(expression)))
    # Names with a colon are none for the parser: each gets a number for as long as it reads.
    text = _NAME.sub(lambda found: f"m{names.index(found[0])}", expression)
    try:
        if len(text) > _LONGEST:
            raise ValueError("too long")
        formula = _formula(ast.parse(text, mode="eval").body, names)
    except (SyntaxError, ValueError):
        raise invalid(f"Invalid metric expression: {expression}") from None
    return formula, names


def _formula(node: ast.expr, names: list[str]) -> Formula:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        number = float(node.value)  # type: ignore[arg-type]
        return lambda _look: number
    if isinstance(node, ast.Name):
        name = names[int(node.id[1:])]
        return lambda look: look(name)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        act = _OPERATORS[type(node.op)]
        left, right = _formula(node.left, names), _formula(node.right, names)
        return lambda look: act(left(look), right(look))
    raise ValueError("not arithmetic")
