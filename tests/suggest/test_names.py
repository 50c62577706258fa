"""How alike names are."""

import pytest

from syncer.suggest.names import MAYBE, SURE, alike, begins, key_of, of_domain

SAME = [
    ("Honey & Rye Bakery", "Honey and Rye Bakery GmbH"),
    ("Lakeside Cabins LLC", "lakeside  cabins"),
    ("Bäckerei Müller", "Backerei Muller"),
    ("Tarn Outdoor", "Tarn Outdoor - Website"),
]
NEAR = [("Tarn Outdoor", "Tarn Outdoors"), ("Honigmann & Söhne", "Honigman und Söhne")]
PERHAPS = [("Tarn", "Tarn Outdoor"), ("Honey", "Money")]
OTHER = [("Phase 1", "Phase 2"), ("Acme", "Apex"), ("", "Acme"), ("Acme", "!!!")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_but_for_small_things(one: str, other: str) -> None:
    """Case, accents, legal forms and small words make no other name."""
    assert alike(one, other) == alike(other, one) == 1.0


@pytest.mark.parametrize(("one", "other"), NEAR)
def test_a_slip_is_sure_and_not_the_same(one: str, other: str) -> None:
    """A letter more or less is proposed, with a score that says so."""
    assert SURE <= alike(one, other) < 1.0


@pytest.mark.parametrize(("one", "other"), PERHAPS)
def test_what_may_be_another_is_unsure(one: str, other: str) -> None:
    """A name inside a longer one, or a short one with another letter, is asked about."""
    assert MAYBE <= alike(one, other) < SURE


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_others_are_others(one: str, other: str) -> None:
    """Numbered things are never the same, nothing is like no name at all."""
    assert alike(one, other) < MAYBE


@pytest.mark.parametrize(
    ("domain", "name", "fits"),
    [
        ("honeyandrye.example", "www.honeyandrye.example - GA4", True),
        ("tarnoutdoor.example", "Tarn Outdoor", True),
        ("rye.example", "honeyrye.example", False),
        ("rye.example", "Rye", False),
        ("", "Tarn Outdoor", False),
    ],
    ids=["inside", "first part", "end of another", "too short", "no domain"],
)
def test_a_domain_names_its_owner(domain: str, name: str, fits: bool) -> None:
    """A property called after the site is the site's owner's."""
    assert (of_domain(domain, name) >= SURE) is fits


def test_a_board_begins_with_its_client() -> None:
    """All telling words first, and then more."""
    assert begins("Tarn Outdoor", "Tarn Outdoor: Repair film")
    assert not begins("Tarn Outdoor", "Tarn Outdoor")
    assert not begins("Tarn Outdoor", "Repair film for Tarn Outdoor")


def test_keys_are_new_and_can_be_typed() -> None:
    """Names in any script give a key that a file can hold, each another one."""
    assert key_of("Bäckerei Müller", set()) == "backerei_muller"
    assert key_of("Tarn", {"tarn", "tarn_2"}) == "tarn_3"
    assert key_of("株式会社", set(), "client") == "client"
