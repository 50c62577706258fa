"""How alike two names are, as people at an agency write them in different tools."""

import re
import unicodedata
from typing import Final

from rapidfuzz import fuzz

SURE: Final = 0.9
"""From this score on a guess is proposed as it is; under it a person is asked."""

MAYBE: Final = 0.6
"""Under this score a guess is not worth showing."""

_INSIDE: Final = 0.8
"""One name is the other with more words: the same client, or another branch of it."""

_FORMS: Final = frozenset(
    "ab ag aps bv co corp gbr gmbh inc kg limited llc llp ltd mbh oy plc sarl sas spa srl ug".split()
)
_FILLERS: Final = frozenset(
    "a and board client das der die et ga ga4 kunde of site team the und web website workspace"
    " www y".split()
)
_DIGITS: Final = re.compile(r"\d+")
_WORD: Final = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """Text without letter case, accents and odd spaces."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(plain.split())


def words(name: str) -> tuple[str, ...]:
    """The words that tell a name from others; all of them where nothing else would be left."""
    every = tuple(_WORD.findall(folded(name)))
    telling = tuple(word for word in every if word not in _FILLERS | _FORMS)
    return telling or every


def alike(one: str, other: str) -> float:
    """From 0 (nothing in common) to 1 (the same but for case, legal form and small words)."""
    mine, yours = words(one), words(other)
    if not mine or not yours:
        return 0.0
    if "".join(mine) == "".join(yours):
        return 1.0
    if _DIGITS.findall(one) != _DIGITS.findall(other):
        return 0.0  # two numbered things are two things, however alike they look
    ratio = fuzz.token_sort_ratio(" ".join(mine), " ".join(yours)) / 100
    inside = set(mine) < set(yours) or set(yours) < set(mine)
    return round(max(min(ratio, 0.99), _INSIDE if inside else 0.0), 2)


def begins(name: str, longer: str) -> bool:
    """Whether a longer name begins with all telling words of another: "Tarn Outdoor: shop"."""
    mine, yours = words(name), words(longer)
    return bool(mine) and len(mine) < len(yours) and yours[: len(mine)] == mine


def of_domain(domain: str, name: str) -> float:
    """How well a name fits a web domain: it holds it, or is its first part."""
    said = folded(domain).removeprefix("www.")
    if not said:
        return 0.0
    if re.search(rf"(?<![\w.]){re.escape(said)}(?![\w.])", folded(name).replace("www.", "")):
        return 1.0
    first = "".join(_WORD.findall(said.partition(".")[0]))
    every = "".join(_WORD.findall(folded(name)))
    return 0.95 if len(first) > 3 and first in (every, "".join(words(name))) else 0.0


def key_of(name: str, taken: set[str], otherwise: str = "one") -> str:
    """A short key for the files, like ``honey_rye_bakery``; none of those taken."""
    parts = re.findall(r"[a-z0-9]+", folded(name))
    plain = "_".join(parts)[:40].strip("_") or otherwise
    numbered = (plain if n == 1 else f"{plain}_{n}" for n in range(1, len(taken) + 2))
    return next(key for key in numbered if key not in taken)
