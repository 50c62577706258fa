"""Who a text may mean."""

from syncer.model.people import Person
from syncer.reconcile.lookup import by_name


def test_nobody_is_guessed_from_a_name_that_two_have() -> None:
    """A key always means its person; a name or address only where nobody else has it."""
    people = [
        Person("anna", "Anna Arden", "anna@bakery.example"),
        Person("anna2", "anna arden", "office@bakery.example"),
        Person("ben", "Anna2", "office@bakery.example"),
        Person("zoe", " Zoe ", None),
    ]

    assert {
        "anna": "anna", "anna2": "anna2", "ben": "ben", "zoe": "zoe", "anna@bakery.example": "anna",
    } == by_name(people)  # fmt: skip
