"""Lines about what the service wrote: many of one write stand in one row, and are lines again."""

import csv
import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import func, select

from syncer.model.records import JournalEntry
from syncer.state import Store
from syncer.state.codec_journal import holds_words, rows_apart
from syncer.state.spelled import spelled_out
from syncer.state.tables import journal
from tests.state.made import NOON, at

RULES = "config/ownership.yaml"
CREATE = JournalEntry(
    "bakery", NOON, "write", "c1", "r1", "task", connection="trello", outcome="create", text="new"
)


def written(field: str, new: Any, line: int = 7, **told: Any) -> JournalEntry:
    """A line about a field of one create."""
    return replace(CREATE, **({"field": field, "new": new, "rule": f"{RULES}:{line}"} | told))


LINES = [
    written("title", "Bake rye bread", 97),
    written("labels", ["Copy", "Print"], 110),
    written("deadline", "2026-03-31", 97, old="2026-03-30"),
    written("size", None, old='"title": 3'),
]


def rows(store: Store) -> int:
    """How many rows the journal has."""
    [counted] = store._rows(select(func.count().label("count")).select_from(journal))
    return int(counted["count"])


@pytest.fixture
def told(store: Store) -> Store:
    """A journal of one create of four fields."""
    with store.transaction() as tx:
        tx.journal(LINES)
    return store


def test_lines_of_one_write_are_one_row(told: Store) -> None:
    """A write of many fields costs one row, and is read as the lines that it was told by."""
    assert 1 == rows(told)
    assert LINES == told.changes("bakery")
    assert LINES[::-1] == told.journal("bakery")
    assert LINES[::-1] == told.journal(record="r1", limit=None)


@pytest.mark.parametrize("line", LINES, ids=[str(line.field) for line in LINES])
def test_a_field_has_its_own_lines(told: Store, line: JournalEntry) -> None:
    """Who asks for one field is told of that one only, with its own rule."""
    assert [line] == told.journal(field=line.field)
    assert [line] == told.changes("bakery", field=line.field)


def test_no_line_of_a_field_that_was_not_written(told: Store) -> None:
    """A field that is named in no line has none, also if a value looks like its name."""
    assert told.journal(field="notes") == told.changes("bakery", field="rye") == []


def test_words_are_looked_for_in_each_line(told: Store) -> None:
    """A search gives the line that holds all words, and not others that share its row."""
    assert LINES[:1] == told.journal(search="bake bread")
    assert LINES[2:3] == told.journal(search="2026 31 trello")
    assert [] == told.journal(search="bake print")


@pytest.mark.parametrize("value", [False, 0, True, 7], ids=str)
def test_no_value_is_too_little_to_be_found(store: Store, value: Any) -> None:
    """False and nought are words of a line like any other."""
    both = [written("archived", value), written("notes", "rye")]
    with store.transaction() as tx:
        tx.journal(both)

    assert both[:1] == store.journal(search=f"archived {str(value).lower()}")


def test_accents_and_case_do_not_count_in_a_search(store: Store) -> None:
    """What finds a line by itself finds it among many."""
    both = [written("title", "Brötchen"), written("notes", "CAFÉ")]
    with store.transaction() as tx:
        tx.journal(both)

    assert both[:1] == store.journal(search="BRÖT")
    assert both[1:] == store.journal(search="café")


def test_as_many_lines_as_were_asked_for(store: Store) -> None:
    """A limit counts lines, however many rows have to be looked at for them."""
    with store.transaction() as tx:
        for n in range(9):
            second = written("notes" if n in (0, 8) else "labels", n, at=at(n))
            tx.journal([written("title", n, at=at(n)), second])

    assert [8, 0] == [line.new for line in store.journal(field="notes", limit=2)]
    assert [(8, "notes"), (8, "title"), (7, "labels")] == [
        (line.new, line.field) for line in store.journal(limit=3)
    ]


OTHERS = {
    "another record": {"record": "r2"},
    "another system": {"connection": "asana"},
    "another time": {"at": at(1)},
    "another reason": {"text": "again"},
    "another kind": {"kind": "verdict"},
    "another file": {"rule": "config/other.yaml:7"},
    "no line of a file": {"rule": RULES},
    "many lines": {"rule": f"{RULES}:7,8"},
    "a change of the vendor's": {"key": "k1"},
    "no field": {"field": None},
    "the same field": {"field": "title"},
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_lines_that_differ_in_more_stand_by_themselves(store: Store, other: Any) -> None:
    """Only what is told in the same words, of one write, shares a row."""
    lines = [written("title", "Bake"), replace(written("notes", "rye"), **other)]
    with store.transaction() as tx:
        tx.journal(lines)

    assert 2 == rows(store)
    assert lines == store.journal("bakery", limit=None)[::-1]


_NAMES = st.sampled_from(["title", "notes", "a-b", "labels", "größe"])
_RULES = st.sampled_from(["", RULES, f"{RULES}:7", f"{RULES}:8", ":5", "a:1,2", "undo of c1"])
_JSON = st.none() | st.text(max_size=5) | st.booleans() | st.lists(st.text(max_size=3), max_size=2)
_LINES = st.builds(
    lambda field, old, new, rule, kind: replace(
        CREATE, field=field, old=old, new=new, rule=rule, kind=kind
    ),
    st.none() | _NAMES,
    _JSON,
    _JSON,
    _RULES,
    st.sampled_from(["write", "write", "verdict"]),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(_LINES, max_size=6))
def test_whatever_is_journalled_is_read_again(store: Store, lines: list[JournalEntry]) -> None:
    """Sharing a row changes nothing of any line, nor their order."""
    with store.transaction() as tx:
        tx.connection.execute(journal.delete())
        tx.journal(lines)

    assert lines == store.changes("bakery")
    assert lines == store.journal("bakery", limit=None)[::-1]


def test_an_export_has_a_row_for_each_line(told: Store) -> None:
    """Other tools are given the journal line by line."""
    [stored] = told._rows(select(journal))
    text = dict(stored)
    text |= {"old": '{"size":"x"}', "new": '{"title":"Bake","size":null}', "rule": f"{RULES}:1,2"}

    apart = spelled_out("journal", text)

    out = io.StringIO()
    writer = csv.DictWriter(out, ["field", "old", "new", "rule"], extrasaction="ignore")
    writer.writerows(apart)
    assert [
        f'title,null,"""Bake""",{RULES}:1',
        f'size,"""x""",null,{RULES}:2',
    ] == out.getvalue().splitlines()


@pytest.mark.parametrize(
    "damage", [{"old": 5}, {"old": "so"}, {"new": None}, {"new": [1]}], ids=str
)
def test_a_row_that_is_damaged_is_read_as_one_line(damage: dict[str, Any]) -> None:
    """What it says is shown as it stands; nothing breaks, and nothing is left out."""
    whole = {"kind": "write", "field": "*", "rule": "", "old": None, "new": {"title": "Rye"}}

    assert rows_apart(whole | damage) == [whole | damage]
    assert [line["field"] for line in rows_apart(whole)] == ["title"]


def test_every_word_has_to_be_in_the_line() -> None:
    """A word that only begins as another is not that word."""
    assert holds_words(LINES[0], "bread ry")
    assert not holds_words(LINES[0], "breads")
