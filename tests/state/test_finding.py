"""Finding a record by what a person has at hand, over both databases."""

import pytest

from syncer.state import Store
from syncer.state.finding import MOST
from tests.state.made import keep, link, record


@pytest.fixture(scope="module")
def filled(shared: Store) -> Store:
    """A few records with names that are easily confused."""
    keep(
        shared,
        [
            record("abc123", title="Bake the 100% rye_bread"),
            record("abd456", title="Straße fegen"),
            record("b00", "outdoor", title="Bake"),
            record("c00", entity="project", name="Ｂake"),
            record("d00"),
            record("e00", title=" İzmir\\u00AB TRIP "),
            record("f00", title="IN TIME "),
            record("g00", title="A" * 250),
        ],
        [
            link("l1", "abd456", "5f00", url="https://trello.example/c/5f00"),
            link("l2", "b00", "b0"),
            link("l3", "d00", "24ff", url="https://trello.example/c/5f001/1-x"),
        ],
    )
    return shared


@pytest.mark.parametrize(
    ("ref", "found"),
    [
        ("abc123", ["abc123"]),
        ("abc", ["abc123"]),
        ("ab", ["abc123", "abd456"]),
        ("5f00", ["abd456"]),
        ("https://trello.example/c/5f00", ["abd456"]),
        ("b0", ["b00"]),
        ("bake", ["b00", "c00"]),
        ("  BAKE ", ["b00", "c00"]),
        ("STRASSE", ["abd456"]),
        ("100%", ["abc123"]),
        ("%", ["abc123"]),
        ("rye_", ["abc123"]),
        ("bread", ["abc123"]),
        ("butter", []),
        ("i̇zmir\\u00ab trip", ["e00"]),
        ("zmir\\u00AB", ["e00"]),
        ("in time", ["f00"]),
        ("a" * 200, ["g00"]),
        ("_", ["abc123"]),
        ("", []),
        (" ", []),
        ("\x00", []),
        ("\ud800", []),
    ],
)
def test_a_record_is_found_by_anything(filled: Store, ref: str, found: list[str]) -> None:
    """Id, remote id, address, whole title, beginning of an id, part of a title: in this order."""
    assert found == sorted(one.id for one in filled.resolve(ref))


def test_a_client_narrows_the_search(filled: Store) -> None:
    """The same words mean other records in another client."""
    assert ["c00"] == [one.id for one in filled.resolve("bake", "bakery")]
    assert [] == filled.resolve("abc123", "outdoor")


def test_too_many_are_cut(store: Store) -> None:
    """A person is not shown a thousand candidates."""
    keep(store, [record(f"r{n}", title=f"Task {n}") for n in range(MOST + 5)])

    assert MOST == len(store.resolve("task"))


@pytest.mark.parametrize(
    ("id", "url", "found"),
    [
        ("5f00", "", ["l1"]),
        ("zz", "https://trello.example/c/5f00", ["l1"]),
        ("zz", "https://trello.example/c/5f001", ["l3"]),
        ("zz", "https://trello.example/c/5f0", []),
        ("zz", "https://trello.example/c/5f00_", []),
        ("zz", "", []),
    ],
    ids=["id", "address", "address with a name", "beginning", "sign", "none"],
)
def test_a_thing_is_found_by_its_id_or_address(
    filled: Store, id: str, url: str, found: list[str]
) -> None:
    """By the id in an address, or by how the addresses begin that its system tells of it."""
    known = filled.links_of(["abd456"])["abd456"][0]
    assert found == [one.id for one in filled.links_at(known.connection, known.object, id, url)]
    assert [] == filled.links_at(known.connection, "board", id, url)
    assert [] == filled.links_at(known.connection, known.object, id, url, "nobody")
