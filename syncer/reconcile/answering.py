"""How an answer reads: its word first, perhaps a number, then the reason; else it is a remark."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from msgspec import Struct

from syncer.reconcile.names import folded

Answers = Mapping[str, frozenset[str]]
"""Each verb with the words that say it, folded."""

APPROVE, DECLINE, WITHDRAW = "approve", "decline", "withdraw"

_WORD: Final = re.compile(r"[^\W\d_](?:[^\W_]|[\u0300-\u036f]|['\u2019](?=[^\W_]))*")
_ADDRESS: Final = re.compile(r"(?:https?://|@)\S+", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(p[0-9a-z]{5})(?![\w'\u2019])", re.IGNORECASE)
_QUESTION: Final = re.compile(r"[^.!?\n]*\?")
_JOINS: Final = frozenset("?/&+@#%=\\<>")
"""What, right behind a word, makes something else of it."""


class Said(Struct, frozen=True):
    """An answer as it was given: its verb, the number of the proposal if one was said, why."""

    verb: str
    number: str = ""
    reason: str = ""


def parse(text: str, answers: Answers, names: Collection[str] = ()) -> Said | None:
    """What an answer says; None for a remark, which does not begin with an answer's word.

    Before the word may stand mentions and marks; quoted lines (``>``) do not count. A word with a
    question mark, or in a sentence that asks something, is no answer; nor is an approval that
    names the opposite as well.

    Args:
        names: what people are called, where a mention shows a name of several words.
    """
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(">")]
    rest = _begin("\n".join(lines), names)
    found = max(_verbs(rest, answers), default=None)
    if found is None:
        return None
    length, verb = found
    rest = rest[length:]
    if unicodedata.normalize("NFKC", rest[:1]) in _JOINS:
        return None
    number, rest = _number(rest)
    if not number and rest.lstrip()[:1].isalnum() and _QUESTION.match(rest):
        return None
    reason = _unmarked(rest).rstrip()
    if verb == APPROVE and _names(rest, answers.get(DECLINE, frozenset())):
        return None
    return Said(verb, number, reason)


def parse_all(text: str, answers: Answers, names: Collection[str] = ()) -> tuple[Said, ...]:
    """Several answers, each at the beginning of a line and with its number; or the one there is."""
    first = parse(text, answers, names)
    if first is None:
        return ()
    lines = text.splitlines()
    found = [parse(line, answers, names) for line in lines]
    begins = [n for n, said in enumerate(found) if said and said.number]
    if not first.number or not begins:
        return (first,)
    ends = [*begins[1:], len(lines)]
    parts = ("\n".join(lines[a:b]) for a, b in zip(begins, ends, strict=True))
    return tuple(said for part in parts if (said := parse(part, answers, names)))


def _begin(text: str, names: Collection[str]) -> str:
    """The text without what may stand before the word: marks, mentions, links to people."""
    known = sorted((f"@{name}".casefold() for name in names if name), key=len, reverse=True)
    before = None
    while text != before:
        before, text = text, _unmarked(text)
        named = next((name for name in known if text.casefold().startswith(name)), None)
        found = _ADDRESS.match(text)
        text = text[len(named) if named else found.end() if found else 0 :]
    return text


def _unmarked(text: str) -> str:
    """The text from its first letter or digit on; a mention begins with its sign."""
    for index, letter in enumerate(text):
        if letter == "@" or unicodedata.category(letter)[0] in "LN":
            return text[index:]
    return ""


def _verbs(text: str, answers: Answers) -> Iterator[tuple[int, str]]:
    """Every verb whose words a text begins with, and how long they are."""
    most = max((len(words.split()) for each in answers.values() for words in each), default=0)
    end = 0
    for _ in range(most):
        word = _WORD.match(text, end + len(text[end:]) - len(text[end:].lstrip(" ")))
        if word is None:
            return
        end = word.end()
        said = folded(text[:end])
        yield from ((end, verb) for verb, words in sorted(answers.items()) if said in words)


def _number(text: str) -> tuple[str, str]:
    """A number at the beginning, in capitals, and the rest.

    Six letters may be a word ("please"): then only capitals, or a digit among them, make it one.
    """
    rest = _unmarked(text)
    found = _NUMBER.match(rest)
    if found is None:
        return "", text
    word = found[1]
    sure = word.isupper() or any(letter.isdigit() for letter in word)
    return (word.upper(), rest[found.end() :]) if sure else ("", text)


def _names(text: str, words: Collection[str]) -> bool:
    """Whether the first sentence of a text has one of these words."""
    sentence = folded(re.split(r"[.!?\n]", text, maxsplit=1)[0])
    return any(re.search(rf"\b{re.escape(word)}\b", sentence) for word in words)
