"""``opt_fields``: which fields of an answer are wanted (wire guide, section on selection)."""

import re
from itertools import product

from msgspec import Struct, field

_PART = re.compile(r"\(([^()]*)\)|([^.,()|]+)")


class Wanted(Struct):
    """Names wanted at one level, each with what is wanted below it."""

    names: "dict[str, Wanted]" = field(default_factory=dict)

    def add(self, path: tuple[str, ...]) -> None:
        """Want what this path leads to."""
        if path:
            self.names.setdefault(path[0], Wanted()).add(path[1:])


def parse(text: str) -> Wanted:
    """Read ``a,b.c,(d|e).f``."""
    wanted = Wanted()
    for path in _split(text):
        parts = [_choices(group, name) for group, name in _PART.findall(path)]
        for choice in product(*parts):
            wanted.add(tuple(choice))
    return wanted


def _choices(group: str, name: str) -> list[str]:
    return [part.strip() for part in (group.split("|") if group else [name]) if part.strip()]


def _split(text: str) -> list[str]:
    """Cut at commas outside brackets; a comma inside works as a bar."""
    paths, depth = [""], 0
    for sign in text:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and depth <= 0:
            paths.append("")
        else:
            paths[-1] += "|" if sign == "," else sign
    return [path.strip() for path in paths if path.strip()]
