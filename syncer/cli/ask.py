"""Asking people, in a terminal: what is unsure, and what must not be seen."""

import re
import sys
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import typer
from msgspec import Struct

from syncer.report.document import safe

if TYPE_CHECKING:
    from syncer.onboarding.asking import Question
    from syncer.onboarding.tools import Lack

_LATER: Final = "Enter leaves it for later"
_NEVER: Final = "n"


class Answer(Struct, frozen=True):
    """What somebody typed: where it belongs, and the value."""

    question: "Question"
    value: Any


def can_ask() -> bool:
    """Whether somebody sits there."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def yes(text: str) -> bool:
    """A plain question; Enter is no."""
    return typer.confirm(safe(text), default=False, err=True)


def words(text: str, default: str) -> str:
    """A line of text; Enter takes what is shown."""
    said: str = typer.prompt(safe(text), default=default, err=True)
    return said.strip()


def secret(lack: "Lack") -> str:
    """A credential, which does not show; empty to leave the tool out."""
    about = f" ({lack.about.rstrip('.')})" if lack.about else ""
    text = f"{lack.connection}: {lack.option}{safe(about)}; it does not show, Enter leaves it out"
    said: str = typer.prompt(text, default="", hide_input=True, show_default=False, err=True)
    return said.strip()


def ask(questions: "Sequence[Question]", people: Sequence[str]) -> list[Answer]:
    """Ask all of them; those of one group at once. What is left for later has no answer."""
    found: list[Answer] = []
    for group, each in groupby(questions, key=lambda question: question.group):
        together = list(each)
        if group:
            found += _which(group, together)
        else:
            for question in together:
                found += _several(question, people) if question.several else _one(question)
    return found


def _which(title: str, questions: "Sequence[Question]") -> list[Answer]:
    from syncer.onboarding.asking import SKIP

    say(f"\n{title}")
    for number, question in enumerate(questions, 1):
        choice = question.choices[0]
        say(f"  {number}  {question.text}: {choice.shown}")
    said = _read(f"Numbers like 1,3, or all; {_NEVER} for none of them, ever; {_LATER}")
    if said == "":
        return []
    chosen = _numbers(said, len(questions))
    return [
        Answer(question, question.choices[0].value if number in chosen else SKIP)
        for number, question in enumerate(questions, 1)
    ]


def _one(question: "Question") -> list[Answer]:
    from syncer.onboarding.asking import SKIP

    say(f"\n{question.text}")
    for number, choice in enumerate(question.choices, 1):
        say(f"  {number}  {choice.shown}")
    said = _read(f"Number; {_NEVER} for none of them, ever; {_LATER}")
    if said == "":
        return []
    chosen = sorted(_numbers(said, len(question.choices)))
    return [Answer(question, question.choices[chosen[0] - 1].value if chosen else SKIP)]


def _several(question: "Question", people: Sequence[str]) -> list[Answer]:
    say(f"\n{question.text}")
    say(f"  There are: {', '.join(people)}")
    likely = ", ".join(choice.shown for choice in question.choices)
    if likely:
        say(f"  In charge of something where this role works: {likely}")
    while True:
        said = _read(f"Keys like maya,tom; {_LATER}")
        keys = [part for part in re.split(r"[\s,]+", said) if part]
        if strange := [key for key in keys if key not in people]:
            say(f"  There is no {', '.join(strange)}.")
        else:
            return [Answer(question, keys)] if keys else []


def _numbers(said: str, most: int) -> set[int]:
    """The numbers that were typed; anything else counts for nothing."""
    if said.lower() in ("all", "a"):
        return set(range(1, most + 1))
    return {int(part) for part in re.findall(r"\d{1,6}", said) if 1 <= int(part) <= most}


def _read(text: str) -> str:
    said: str = typer.prompt(text, default="", show_default=False, err=True)
    return said.strip()


def say(text: str) -> None:
    """A word to whoever sits there."""
    typer.echo(safe(text) if "\n" not in text else "\n".join(map(safe, text.split("\n"))), err=True)
