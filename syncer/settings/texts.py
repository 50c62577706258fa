"""``config/texts.yaml``: what people are told, and the words by which they answer."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from syncer.model.texts import ANSWERS, TEMPLATES, Texts
from syncer.settings.check import check
from syncer.settings.places import Place
from syncer.settings.problems import Problem, suggestion, unknown
from syncer.settings.shapes_texts import TextsFile
from syncer.settings.yaml import read

_SHIPPED: Final = Path(__file__).with_name("texts.yaml")
_BRACED: Final = re.compile(r"\{([^{}]*)\}")

Lines = Mapping[str, tuple[str, ...]]
_Value = TypeVar("_Value")


class _Late(Mapping[str, _Value]):
    """A part of the shipped texts, read when it is first looked at: most runs tell nobody."""

    def __init__(self, part: Callable[[Texts], Mapping[str, _Value]]) -> None:
        self._part = part

    def __getitem__(self, name: str) -> _Value:
        return self._part(_shipped())[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._part(_shipped()))

    def __len__(self) -> int:
        return len(self._part(_shipped()))

    def __repr__(self) -> str:
        return repr(self._part(_shipped()))


_LINES: Final = _Late(lambda texts: texts.lines)
_ANSWERS: Final = _Late(lambda texts: texts.answers)


def texts(
    place: Place | None, clients: Collection[str] | None, roles: Collection[str] | None
) -> tuple[Texts, list[Problem]]:
    """The shipped texts, with what a file says instead.

    Args:
        place: the top of the file; None where there is none, or nothing in it.
        clients: keys of the clients, ``roles`` the names of roles; None if nobody can tell.
    """
    if place is None:
        return Texts(lines=_LINES, answers=_ANSWERS), []
    checked = check(place, TextsFile)
    file = checked.value or TextsFile()
    answers, problems = _answers(place / "answers", file, _ANSWERS)
    problems = [*checked.problems, *problems, *_faults(place / "texts", file.texts)]
    for part, said, known in (("clients", file.clients, clients), ("roles", file.roles, roles)):
        problems += _strangers(place / part, known)
        for name, own in said.items():
            problems += _faults(place / part / name, own)
    found = Texts(
        lines={**_LINES, **_lines(file.texts)} if file.texts else _LINES,
        clients={name: _lines(own) for name, own in file.clients.items()},
        roles={name: _lines(own) for name, own in file.roles.items()},
        answers=answers,
    )
    return found, problems


@cache
def _shipped() -> Texts:
    document, _ = read(_SHIPPED, _SHIPPED.name)
    assert document is not None
    file = check(Place(document), TextsFile).value
    assert file is not None
    answers, _ = _answers(Place(document) / "answers", file, {})
    return Texts(lines=_lines(file.texts), answers=answers)


def folded(word: str) -> str:
    """A word as it is compared: after NFKC, letter case and white space."""
    plain = unicodedata.normalize("NFKC", word).casefold()
    return " ".join(unicodedata.normalize("NFKC", plain).split())


def _lines(said: Lines) -> dict[str, tuple[str, ...]]:
    """Templates as single lines; empty ones are only there to be read in the file."""
    parts = {name: (line for text in written for line in text.splitlines())
             for name, written in said.items()}  # fmt: skip
    return {name: tuple(line.strip() for line in p if line.strip()) for name, p in parts.items()}


def _faults(place: Place, said: Lines) -> Iterator[Problem]:
    for name, written in said.items():
        here = place / name
        if name not in TEMPLATES:
            yield here.problem(f'there is no text "{name}"', suggestion(name, TEMPLATES, "texts"))
            continue
        for index, text in enumerate(written):
            line = here / index if isinstance(here.data, list) else here
            yield from _misplaced(line, text, TEMPLATES[name])


def _misplaced(place: Place, text: str, known: Collection[str]) -> Iterator[Problem]:
    if {"{", "}"} & set(_BRACED.sub("", text)):
        fix = "braces stand around a placeholder, like {who}, and nowhere else"
        yield place.problem("a brace without its other one", fix, value=True)
        return
    for name in dict.fromkeys(_BRACED.findall(text)):
        if name not in known:
            fix = suggestion(name, known, "placeholders") or "remove it"
            yield place.problem(f"nothing is known here of {{{name}}}", fix, value=True)


def _strangers(place: Place, known: Collection[str] | None) -> Iterator[Problem]:
    what = str(place.path[-1])
    for name in sorted(place.names()):
        if unknown(name, known):
            fix = suggestion(name, known or (), what)
            yield (place / name).problem(f'there is no {what[:-1]} "{name}"', fix)


def _answers(
    place: Place, file: TextsFile, shipped: Mapping[str, frozenset[str]]
) -> tuple[Mapping[str, frozenset[str]], list[Problem]]:
    """The words of each answer, and those that are words of another one too."""
    said = {name: list(_words(place / name)) for name in file.answers.said()}
    if not said:
        return shipped, []
    taken = {word: name for name in ANSWERS if name not in said for word in shipped.get(name, ())}
    problems: list[Problem] = []
    for name, words in said.items():
        for here, word in words:
            other = taken.setdefault(folded(word), name)
            if other != name:
                text = f'"{word}" would mean {other} as well as {name}'
                problems.append(here.problem(text, "keep it in one of them", value=True))
    own = {name: frozenset(folded(word) for _, word in words) for name, words in said.items()}
    return {**shipped, **own}, problems


def _words(place: Place) -> Iterator[tuple[Place, str]]:
    """Each word of an answer, and where it stands."""
    if isinstance(place.data, dict):
        for language in place.data:
            yield from _words(place / language)
    elif isinstance(place.data, list):
        for index in range(len(place.data)):
            yield from _words(place / index)
    else:
        yield place, place.document.texts.get(place.path, str(place.data))
