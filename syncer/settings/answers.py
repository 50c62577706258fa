"""A file of answers for ``syncer init``, read and checked."""

from collections.abc import Iterable
from pathlib import Path

from syncer.settings.check import check
from syncer.settings.places import Place
from syncer.settings.problems import ConfigurationError, Problem
from syncer.settings.shapes_answers import AnswersFile
from syncer.settings.wording import found
from syncer.settings.yaml import read


def answers(path: Path) -> tuple[Place, AnswersFile]:
    """A file of answers that is right as far as it can be told by itself, and its top.

    Raises :class:`ConfigurationError` with every problem, by file and line.
    """
    document, problems = read(path, str(path))
    if document is not None and not isinstance(document.data, dict):
        text = f"expected keys and values, found {found(document.data)}"
        problems = [Place(document).problem(text)]
    if document is None or problems:
        raise ConfigurationError(problems)
    place = Place(document)
    checked = check(place, AnswersFile)
    if checked.problems or checked.value is None:
        raise ConfigurationError(checked.problems)
    return place, checked.value


def refused(place: Place, wrong: Iterable[tuple[tuple[str, ...], str]]) -> list[Problem]:
    """Answers that cannot be right, each where it stands."""
    found = []
    for path, text in wrong:
        here = place
        for key in path:
            here = here / key
        found.append(here.problem(text, value=True))
    return found
