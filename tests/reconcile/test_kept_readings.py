"""Values that many records share are read once: which they are, and that nothing grows with it."""

import dataclasses
from typing import Any

import pytest

from syncer.model.decisions import Bound
from syncer.model.values import Kind
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
    ("an option", bound(Kind.ENUMERATION, choices=CHOICES, values=STATUS), "o1"),
    (
        "several options",
        bound(Kind.ENUMERATION, many=True, choices=CHOICES, values=STATUS),
        ["o0", "o1"],
    ),
    ("what cannot be read", bound(Kind.DATE), "soon"),
]


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


def test_the_same_field_with_other_options_reads_them_anew() -> None:
    """What was read of a field is not read of another one that was made from it."""
    field = bound(Kind.TEXT, Kind.ENUMERATION, choices=CHOICES, many=False)
    numbered = bound(Kind.ENUMERATION, choices=CHOICES)
    renamed = dataclasses.replace(numbered, options=options("Waiting", "Done"))

    assert read(field, "o0", LOOKUP).value == "To do"
    assert read(numbered, "o0", LOOKUP).value == "To do"
    assert read(renamed, "o0", LOOKUP).value == "Waiting"


def test_what_is_kept_has_an_end() -> None:
    """However many different values there are, only so many readings are kept of one field."""
    field = bound(Kind.NUMBER)
    values = [read(field, str(number), LOOKUP).value for number in range(MOST_KEPT + 50)]

    assert len(field.shown) == MOST_KEPT
    assert values == list(range(MOST_KEPT + 50))
