"""Values that many records share are read once: which they are, and that nothing grows with it."""

import dataclasses
from typing import Any

import pytest

from syncer.model.decisions import Bound
from syncer.model.records import LinkField
from syncer.model.values import MISSING, Kind, dump
from syncer.reconcile.expressing import NotExpressible, express
from syncer.reconcile.lookup import Lookup
from syncer.reconcile.reading import MOST_KEPT, read, shown
from tests.reconcile.made import LOOKUP, bound, options

STATUS = {"todo": ("To do",), "done": ("Done",)}
CHOICES = options("To do", "Done")

SHARED: list[tuple[str, Bound, Any]] = [
    ("nothing in a text", bound(Kind.TEXT), None),
    ("nobody", bound(Kind.PERSON), None),
    ("a day", bound(Kind.DATE), "2026-03-02"),
    ("a number", bound(Kind.NUMBER), "3.5"),
    ("a number that is no text", bound(Kind.NUMBER), 3.5),
    ("an option", bound(Kind.ENUMERATION, choices=CHOICES, values=STATUS), "o1"),
    (
        "several options",
        bound(Kind.ENUMERATION, many=True, choices=CHOICES, values=STATUS),
        ["o0", "o1"],
    ),
    ("what cannot be read", bound(Kind.DATE), "soon"),
]

READ = SHARED[:-1]
ONE = (1, 1.0, True)


@pytest.mark.parametrize(("field", "raw"), [s[1:] for s in SHARED], ids=[s[0] for s in SHARED])
def test_a_shared_value_is_read_once(field: Bound, raw: Any) -> None:
    """The second record that shows the same gets the very reading of the first."""
    assert shown(field, raw, LOOKUP) is shown(field, raw, LOOKUP)


def test_a_person_and_a_reference_mean_what_is_known_now() -> None:
    """Somebody who is known from now on, or a twin met in this cycle, is read as such at once."""
    person, reference, nobody = bound(Kind.PERSON), bound(Kind.REFERENCE), Lookup()
    before = [read(person, "u-maya", nobody).problem, read(reference, "p1", nobody).problem]

    assert all(before)
    assert read(person, "u-maya", LOOKUP).value == "maya"
    assert read(reference, "p1", LOOKUP).value == "r_1"


def test_numbers_of_json_are_kept_apart_by_their_kind() -> None:
    """One, one point nought and yes are equal to Python, and three things to a vendor."""
    field = bound(Kind.TEXT, Kind.NUMBER)
    for _ in range(2):
        told = [
            (view.raw, view.reading.value) for view in (shown(field, raw, LOOKUP) for raw in ONE)
        ]
        assert [(int, "1"), (float, "1.0"), (bool, "true")] == [(type(r), v) for r, v in told]


def test_the_same_field_with_other_options_reads_them_anew() -> None:
    """What was read of a field is not read of another one that was made from it."""
    field = bound(Kind.TEXT, Kind.ENUMERATION, choices=CHOICES, many=False)
    numbered = bound(Kind.ENUMERATION, choices=CHOICES)
    renamed = dataclasses.replace(numbered, options=options("Waiting", "Done"))

    assert read(field, "o0", LOOKUP).value == "To do"
    assert read(numbered, "o0", LOOKUP).value == "To do"
    assert read(renamed, "o0", LOOKUP).value == "Waiting"


@pytest.mark.parametrize(("field", "raw"), [s[1:] for s in READ], ids=[s[0] for s in READ])
def test_a_shared_value_is_put_into_words_once(field: Bound, raw: Any) -> None:
    """The second new twin is sent the very same, and what a field is sent that never was asked."""
    value = read(field, raw, LOOKUP).value
    assert value is not MISSING
    first, second = (express(field, value, MISSING, LOOKUP) for _ in range(2))

    assert first == second == express(dataclasses.replace(field), value, MISSING, LOOKUP)
    assert (first is second) is field.shared


def test_what_is_met_first_is_remembered_as_it_reads() -> None:
    """What many things share is remembered by one and the same note, made of its reading."""
    for _, field, raw in SHARED:
        view = shown(field, raw, LOOKUP)
        known = MISSING if view.reading.value is MISSING else dump(view.reading.value)

        assert view.met == LinkField(raw, known, remote=field.info.id)


def test_who_is_meant_is_put_into_words_anew() -> None:
    """Somebody who has an account from now on is written at once, and so is a new twin."""
    person, nobody = bound(Kind.PERSON), Lookup()

    with pytest.raises(NotExpressible):
        express(person, "maya", MISSING, nobody)
    assert express(person, "maya", MISSING, LOOKUP).raw == "u-maya"


def test_what_is_kept_has_an_end() -> None:
    """However many different values there are, only so many readings are kept of one field."""
    field = bound(Kind.NUMBER)
    values = [read(field, str(number), LOOKUP).value for number in range(MOST_KEPT + 50)]

    words = [express(field, value, MISSING, LOOKUP).raw for value in values]

    assert len(field.shown) == len(field.said) == MOST_KEPT
    assert words == [str(number) for number in range(MOST_KEPT + 50)]
    assert values == list(range(MOST_KEPT + 50))
