"""Who hears of what is done to a field, and who may answer: never nobody while somebody could."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syncer.model.people import EVERYWHERE, Person
from syncer.model.rules import Role
from syncer.model.values import Value
from syncer.reconcile.hearers import away, gone, home, may_decide, owners
from syncer.reconcile.roles import STAND_IN, Place
from tests.reconcile.made import OWNERSHIP, PEOPLE, PLACE, rule

TODAY = date(2026, 3, 2)
YESTERDAY = TODAY - timedelta(days=1)
AWAY = ((YESTERDAY, TODAY),)
DEADLINE = rule()
BOTH = rule(owners=("producer", "assignee"))
STOOD_IN = rule(stand_in="zoe")


def people(**more: Mapping[str, Any]) -> dict[str, Person]:
    """Everybody, with what is said of some."""
    return {key: Person(key, key.title(), **more.get(key, {})) for key in PEOPLE}


def place(**values: Value) -> Place:
    """A task whose project, or which itself (``task_...``), names people."""
    known = {
        ("task", name[5:]) if name.startswith("task_") else ("project", name): value
        for name, value in values.items()
    }
    return replace(PLACE, values=known, project=("Relaunch",))


@pytest.mark.parametrize(
    ("where", "told", "expected"),
    [
        (place(), people(), ["maya", "tom"]),
        (place(producer="tom"), people(), ["tom"]),
        (place(producer="zoe"), people(), ["maya", "tom"]),
        (place(producer="tom", task_producer="maya"), people(), ["maya"]),
        (place(producer="tom"), people(tom={"left": YESTERDAY, "successor": "ben"}), ["ben"]),
        (place(producer="tom"), people(tom={"left": TODAY, "successor": "ben"}), ["tom"]),
        (place(producer="tom"), people(tom={"left": YESTERDAY}), ["maya"]),
        (place(producer="tom"), people(tom={"away": AWAY, "deputy": "zoe"}), ["zoe"]),
        (place(producer="tom"), people(tom={"away": AWAY}), ["maya"]),
        (place(producer="tom"), people(tom={"away": AWAY}, maya={"away": AWAY}), ["tom"]),
        (place(), people(tom={"away": AWAY}), ["maya"]),
        (place(), people(tom={"away": AWAY, "deputy": "maya"}), ["maya"]),
    ],
    ids=[
        "the role",
        "named by the project",
        "named without the role",
        "named nearer",
        "left",
        "last day",
        "left without successor",
        "away with deputy",
        "away without deputy",
        "everybody away",
        "one of two away",
        "deputy hears once",
    ],
)
def test_who_hears(where: Place, told: dict[str, Person], expected: list[str]) -> None:
    """The named owner, else the role's people; successors, deputies and colleagues for them."""
    found = owners(DEADLINE, OWNERSHIP, where, told, TODAY)

    assert [(person, "producer") for person in expected] == list(found)


def test_chains_are_followed_and_circles_end() -> None:
    """A successor who left as well has theirs; two who name each other end with nobody new."""
    left = {"left": YESTERDAY}
    chain = people(tom=left | {"successor": "ben"}, ben=left | {"successor": "zoe"})
    circle = people(tom=left | {"successor": "ben"}, ben=left | {"successor": "tom"})
    where = place(producer="tom")

    assert (("zoe", "producer"),) == owners(DEADLINE, OWNERSHIP, where, chain, TODAY)
    assert (("maya", "producer"),) == owners(DEADLINE, OWNERSHIP, where, circle, TODAY)


def test_the_stand_in_comes_before_colleagues() -> None:
    """While the owner is away and no deputy is at work, who the rule names hears of it."""
    both_away = people(tom={"away": AWAY, "deputy": "ben"}, ben={"away": AWAY})
    where = place(producer="tom")

    assert (("zoe", "producer"),) == owners(STOOD_IN, OWNERSHIP, where, both_away, TODAY)
    assert (("tom", "producer"),) == owners(STOOD_IN, OWNERSHIP, where, people(), TODAY)


def test_where_nobody_holds_the_role_the_stand_in_hears() -> None:
    """A role without people leaves nobody but the stand-in; without one, nobody."""
    empty = replace(OWNERSHIP, roles={"producer": Role("producer")})

    assert (("zoe", "producer"),) == owners(STOOD_IN, empty, PLACE, people(), TODAY)
    assert () == owners(DEADLINE, empty, PLACE, people(), TODAY)
    assert () == owners(rule(owners=("analytics",)), OWNERSHIP, PLACE, people(), TODAY)


def test_narrowing_counts() -> None:
    """For a client or a project with people of their own, only they hear and may answer."""
    narrowed = Role("producer", frozenset({"maya"}), narrowed={"bakery": frozenset({"ben"})})
    rules = replace(OWNERSHIP, roles={"producer": narrowed})

    assert (("ben", "producer"),) == owners(DEADLINE, rules, PLACE, people(), TODAY)
    assert may_decide("maya", DEADLINE, rules, PLACE, people(), TODAY) is None


def test_a_person_of_two_owner_roles_hears_once() -> None:
    """Who is producer and assigned hears as producer; others who are assigned as assignees."""
    where = place(producer="maya", task_assignees=frozenset({"maya", "zoe"}))

    found = owners(BOTH, OWNERSHIP, where, people(), TODAY)

    assert (("maya", "producer"), ("zoe", "assignee")) == found


@pytest.mark.parametrize(
    ("who", "told", "expected"),
    [
        ("maya", people(), "producer"),
        ("zoe", people(), None),
        ("anna", people(), None),
        ("a stranger", people(), None),
        ("ben", people(tom={"left": YESTERDAY, "successor": "ben"}), "producer"),
        ("tom", people(tom={"left": YESTERDAY, "successor": "ben"}), None),
        ("ben", people(tom={"away": AWAY, "deputy": "ben"}), "producer"),
        ("ben", people(tom={"deputy": "ben"}), None),
        ("tom", people(tom={"away": AWAY, "deputy": "ben"}), "producer"),
        (
            "zoe",
            people(
                tom={"left": YESTERDAY, "successor": "ben"}, ben={"away": AWAY, "deputy": "zoe"}
            ),
            "producer",
        ),
    ],
    ids=[
        "owner",
        "no role",
        "other role",
        "stranger",
        "successor",
        "left",
        "deputy",
        "deputy of one who is there",
        "away themselves",
        "deputy of a successor",
    ],
)
def test_who_may_answer(who: str, told: dict[str, Person], expected: str | None) -> None:
    """Owners, their successors, and deputies for as long as they are away."""
    assert expected == may_decide(who, DEADLINE, OWNERSHIP, PLACE, told, TODAY)


def test_the_stand_in_may_answer_as_such() -> None:
    """At any time, and in that role; once they left, no more."""
    left = people(zoe={"left": YESTERDAY})

    assert STAND_IN == may_decide("zoe", STOOD_IN, OWNERSHIP, PLACE, people(), TODAY)
    assert may_decide("zoe", STOOD_IN, OWNERSHIP, PLACE, left, TODAY) is None


keys = st.none() | st.sampled_from([*PEOPLE, "nobody there"])
persons = st.fixed_dictionaries(
    {
        key: st.builds(
            Person,
            st.just(key),
            st.just(key.title()),
            left=st.sampled_from([None, None, YESTERDAY, TODAY]),
            successor=keys,
            away=st.sampled_from([(), AWAY]),
            deputy=keys,
        )
        for key in PEOPLE
    }
)
places = st.builds(place, producer=keys, task_assignees=st.frozensets(st.sampled_from(PEOPLE)))


@given(told=persons, where=places, stand_in=keys)
def test_who_hears_may_answer(told: dict[str, Person], where: Place, stand_in: str | None) -> None:
    """Nobody is asked what they may not decide, who has left, or twice; and if anybody could be
    asked, somebody is.
    """
    one = replace(BOTH, stand_in=stand_in)
    found = [person for person, _ in owners(one, OWNERSHIP, where, told, TODAY)]
    may = [key for key in told if may_decide(key, one, OWNERSHIP, where, told, TODAY)]
    there = [key for key in may if not away(told[key], TODAY)]

    assert set(found) <= set(may)
    assert len(found) == len(set(found))
    assert not any(gone(told[key], TODAY) for key in found)
    assert found or not there


def test_home() -> None:
    """A person's own home for the client, their own for all, the role's; or none is known."""
    role = Role("producer", home="asana")
    own = Person("maya", "Maya", homes={"bakery": "trello", EVERYWHERE: "hubspot"})

    assert "trello" == home(own, role, "bakery")
    assert "hubspot" == home(own, role, "florist")
    assert "asana" == home(Person("tom", "Tom"), role, "bakery")
    assert home(Person("tom", "Tom"), None, "bakery") is None
