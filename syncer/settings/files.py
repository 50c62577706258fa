"""The files of a configuration, opened; and a list to gather problems in."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final, TypeVar

from msgspec import Struct, field

from syncer.settings.places import Place
from syncer.settings.problems import Problem
from syncer.settings.wording import found
from syncer.settings.yaml import read

SYNC: Final = "config/sync.yaml"
OWNERSHIP: Final = "config/ownership.yaml"
PEOPLE: Final = "config/people.yaml"
EXAMPLES: Final = "config/examples.yaml"
TEXTS: Final = "config/texts.yaml"
MAPPINGS: Final = "mappings"

T = TypeVar("T")


class Notes(Struct):
    """What has been found wrong so far."""

    problems: list[Problem] = field(default_factory=list)

    def take(self, made: tuple[T, Iterable[Problem]]) -> T:
        """Note the problems of a result and hand on the rest of it."""
        value, problems = made
        self.problems += problems
        return value


class Files(Struct, frozen=True):
    """The top of each file; ``None`` where it cannot be read.

    ``texts`` is also None where there is no such file, which is fine.
    ``mappings`` is by the file's stem; ``unread`` holds the stems that cannot be read.
    """

    sync: Place | None
    ownership: Place | None
    people: Place | None
    texts: Place | None
    mappings: dict[str, Place]
    unread: frozenset[str]


def files(root: Path, notes: Notes) -> Files:
    """Open everything there is."""
    folder = root / MAPPINGS
    paths = sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")])
    if not paths:
        text, fix = (
            "there is no mapping",
            "add a file for each system; docs/mapping-cookbook.md shows some",
        )
        notes.problems.append(Problem(MAPPINGS, 1, 1, text, fix))
    tops = {path.stem: top(root, f"{MAPPINGS}/{path.name}", notes) for path in paths}
    return Files(
        sync=top(root, SYNC, notes),
        ownership=top(root, OWNERSHIP, notes),
        people=top(root, PEOPLE, notes),
        texts=top(root, TEXTS, notes, optional=True),
        mappings={stem: top for stem, top in tops.items() if top is not None},
        unread=frozenset(stem for stem, top in tops.items() if top is None),
    )


def top(root: Path, shown: str, notes: Notes, *, optional: bool = False) -> Place | None:
    """The top of one file; None, with its problems noted, if it holds no keys and values.

    An ``optional`` one may be missing or empty: that is no problem.
    """
    document = notes.take(read(root / shown, shown, optional=optional))
    if document is None:
        return None
    if not isinstance(document.data, dict):
        text = f"expected keys and values, found {found(document.data)}"
        notes.problems.append(Place(document).problem(text))
        return None
    return Place(document)
