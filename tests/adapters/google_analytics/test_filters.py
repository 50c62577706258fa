"""Patterns as people write them, and the vendor's filters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.google_analytics.filters import expression, matched
from adapters.google_analytics.sandbox.filters import test_of as reading_of

TEXTS = st.text("abAB.*+?()[]{}^$|\\/- é", max_size=6)
PATTERNS = TEXTS.filter(bool)


def fits(pattern: str, text: str) -> bool:
    """The plain reading: ``*`` is any text, all else is itself, in upper or lower case."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(fits(pattern[1:], text[start:]) for start in range(len(text) + 1))
    return text[:1] == pattern[0] and fits(pattern[1:], text[1:])


def wanted(patterns: list[str], text: str) -> bool:
    """Whether one pattern fits."""
    return any(fits(pattern.lower(), text.lower()) for pattern in patterns)


@given(st.lists(PATTERNS, min_size=1, max_size=4), TEXTS)
def test_a_filter_wants_what_a_pattern_fits(patterns: list[str], text: str) -> None:
    """Whatever the pattern, the vendor's filter keeps the texts that fit and no others."""
    tree = expression({"landingPage": patterns})
    kept = reading_of(tree)(lambda _name: text) if tree else True

    assert kept == wanted(patterns, text)


@given(PATTERNS, st.data())
def test_a_text_made_from_a_pattern_is_wanted(pattern: str, data: st.DataObject) -> None:
    """With any text for each star, in any case of letters."""
    parts = pattern.split("*")
    filled = parts[0] + "".join(data.draw(TEXTS) + part for part in parts[1:])
    tree = expression({"landingPage": [pattern]})

    assert tree is None or reading_of(tree)(lambda _name: filled.swapcase())


@given(st.lists(PATTERNS, min_size=1, max_size=2), st.lists(PATTERNS, min_size=1, max_size=2))
def test_all_words_of_all_parts_must_fit(one: list[str], other: list[str]) -> None:
    """A report's filter narrows that of the slice, also where both are of one dimension."""
    tree = expression({"landingPage": one, "hostName": ["x*"]}, {"landing_page": other})
    for text in ("a", "ab", "A.", "", "(b)"):
        look = {"landingPage": text, "hostName": "x.example"}
        kept = reading_of(tree)(lambda name: look[name]) if tree else True  # noqa: B023
        assert kept == (wanted(one, text) and wanted(other, text))


@pytest.mark.parametrize(
    ("pattern", "how"),
    [
        ("/shop", ("EXACT", "/shop")),
        ("/shop*", ("BEGINS_WITH", "/shop")),
        ("*.example", ("ENDS_WITH", ".example")),
        ("*sale*", ("CONTAINS", "sale")),
        ("**sale**", ("CONTAINS", "sale")),
        ("a*b", ("FULL_REGEXP", "a.*b")),
        ("*a.b*c", ("FULL_REGEXP", ".*a\\.b.*c")),
        ("*", None),
        ("**", None),
    ],
)
def test_the_simplest_match_is_asked_for(pattern: str, how: tuple[str, str] | None) -> None:
    """A regular expression only where nothing simpler says it."""
    assert matched(pattern) == how


def test_names_are_asked_for_as_a_list() -> None:
    """Several names are one condition; our words stand for the vendor's dimensions."""
    assert expression({"channel": ["Email", "Direct", "Email"]}) == {
        "filter": {
            "fieldName": "sessionDefaultChannelGroup",
            "inListFilter": {"values": ["Email", "Direct"]},
        }
    }
    assert expression({"host": ["*"]}) is None
    assert expression({}) is None
