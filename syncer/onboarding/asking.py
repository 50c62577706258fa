"""What only a person can say: questions, and where their answers belong."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from syncer.model.values import Json
from syncer.settings.shapes_answers import SKIP

Path = tuple[str, ...]
"""Where an answer stands in a file of answers."""


class Choice(Struct, frozen=True):
    """One possible answer: what stands in the file, how it is shown, how likely it is."""

    value: Json
    text: str
    score: float | None = None

    @property
    def shown(self) -> str:
        """As people read it."""
        return self.text if self.score is None else f"{self.text} ({percent(self.score)})"


class Question(Struct, frozen=True):
    """Something that is unsure. Without an answer it is left out.

    Args:
        several: the answer is a list of keys, and the choices are those that are likely.
        group: questions with one choice that are asked together: which of these?
    """

    path: Path
    text: str
    choices: tuple[Choice, ...] = ()
    several: bool = False
    group: str = ""

    @property
    def where(self) -> str:
        """The place of its answer, for people: ``clients.tarn.scopes.asana``."""
        return ".".join(self.path)


def answer(answers: dict[str, Any], path: Path, value: Json) -> None:
    """Put an answer where it belongs."""
    here = answers
    for key in path[:-1]:
        inside = here.setdefault(key, {})
        here = inside if isinstance(inside, dict) else here.setdefault(key, {})
    here[path[-1]] = value


def said(answers: Mapping[str, Any], path: Path) -> Any:
    """The answer at a place; None if there is none."""
    here: Any = answers
    for key in path:
        here = here.get(key) if isinstance(here, Mapping) else None
    return here


def merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Two sets of answers; the second goes before the first."""
    found = dict(one)
    for key, value in other.items():
        both = isinstance(value, Mapping) and isinstance(found.get(key), Mapping)
        found[key] = merged(found[key], value) if both else value
    return found


def percent(score: float) -> str:
    """A score as people read it."""
    return f"{score * 100:.0f} %"


__all__ = ["SKIP", "Choice", "Path", "Question", "answer", "merged", "percent", "said"]
