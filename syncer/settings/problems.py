"""What is wrong with a configuration: where, what, and what to write instead."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

Path = tuple[str | int, ...]
"""Keys and list positions from the top of a YAML file down to a value."""

LISTED = 15
"""How many known names a message lists at most."""


@dataclass(frozen=True, order=True)
class Problem:
    """One fault, in the form ``config/sync.yaml:8:3: unknown key "ownr"; did you mean "owner"?``.

    Args:
        file: as people write it, relative to the configuration's root.
        line: from 1; ``column`` likewise.
        message: what is wrong; never holds the value of a secret.
        fix: what to write instead, or nothing.
        path: the keys that lead there, to tell whose part of the file it is.
    """

    file: str
    line: int
    column: int
    message: str
    fix: str = ""
    path: Path = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        text = f"{self.message}; {self.fix}" if self.fix else self.message
        return f"{self.file}:{self.line}:{self.column}: {_on_one_line(text)}"


def _on_one_line(text: str) -> str:
    """A name found in a file may hold line ends, or what a terminal would obey."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


class ConfigurationError(Exception):
    """The configuration cannot be used. Carries every problem found, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def suggestion(word: str, known: Collection[str], what: str = "known") -> str:
    """The nearest known name as a question, else the list of them.

    ``what`` introduces the list: ``known keys: name, zone``.
    """
    names = sorted(known)
    near = get_close_matches(word.casefold(), [name.casefold() for name in names], 1, 0.6)
    if near:
        found = next(name for name in names if name.casefold() == near[0])
        return f'did you mean "{found}"?'
    if not names:
        return ""
    shown = ", ".join(names[:LISTED])
    return f"{what}: {shown}, ..." if len(names) > LISTED else f"{what}: {shown}"


def unknown(word: str, known: Collection[str] | None) -> bool:
    """Whether a name is none of the known ones; ``None`` means that nobody can tell."""
    return known is not None and word not in known
