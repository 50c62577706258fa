"""What is agreed and seen is stored short; what an older version stored is read as well."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from syncer.model.entities import BUILTIN
from syncer.model.records import Agreed, Link, LinkField, Record
from syncer.model.values import dump
from syncer.state import StateError, Store
from syncer.state.beside import beside
from syncer.state.codec_agreed import Kept, agreed_text, shaped_text, values_of
from syncer.state.codec_fields import fields_from_text, fields_text
from syncer.state.codec_records import agreed_from
from syncer.state.columns import to_text
from syncer.state.shape import Shape, shape_from
from syncer.state.spelled import spelled_out
from tests.state import strategies as some
from tests.state.made import NOON, at, keep

AGREED = {
    "existence": {
        "value": "present",
        "by": "first contact",
        "connection": "one",
        "at": "2026-03-01T12:00:00.000000Z",
        "rule": "ownership.yaml:23",
    },
    "estimate": {"value": "2.5", "by": "maya", "role": "producer", "rule": "by hand"},
    "labels": {"value": ["a", "b"]},
    "gone": {"value": {"amount": "3", "currency": "EUR"}},
    "deadline": {"value": None, "at": "2026-03-01T12:01:00.000000Z", "rule": "ownership.yaml:7"},
}
"""As version 0005 wrote it."""

FIELDS = {
    "title": {"seen": "x", "read": "x", "remote": "name"},
    "due": {
        "seen": None,
        "read": None,
        "asked": "2026-03-01",
        "got": None,
        "asked_at": "2026-03-01T12:01:00.000000Z",
        "cut": True,
        "remote": "due",
    },
    "odd": {
        "shown": [1],
        "told": [
            {
                "object": "card",
                "id": "c1",
                "field": "odd",
                "by": None,
                "automation": "Butler",
                "key": "k",
                "new": [1],
                "at": "2026-03-01T12:00:00.000000Z",
            }
        ],
    },
}
"""As version 0005 wrote it."""

_WITH_SHAPE = text(
    "SELECT records.*, shapes.fields AS names, shapes.rules FROM records"
    " JOIN shapes ON shapes.number = records.shape"
)


@pytest.fixture
def old(store: Store) -> Store:
    """A state in which a record and its link stand as version 0005 wrote them."""
    keep(store, [Record("r1", "bakery", "task")], [Link("l1", "r1", "trello", "card", "c1")])
    with store._engine.begin() as connection:
        for table, column, value in (("records", "agreed", AGREED), ("links", "fields", FIELDS)):
            statement = text(f"UPDATE {table} SET {column} = :value")
            connection.execute(statement, {"value": json.dumps(value)})
    return store


def test_what_was_stored_before_is_read(old: Store) -> None:
    """Every part of it: values of all kinds, who set them, what was asked and told."""
    [record] = old.records(["r1"]).values()
    [link] = old.links_of(["r1"])["r1"]

    assert {name: one.rule for name, one in record.agreed.items()} == {
        name: one.get("rule", "") for name, one in AGREED.items()
    }
    first = Agreed("present", "first contact", None, "one", NOON, "ownership.yaml:23")
    assert first == record.agreed["existence"]
    assert LinkField(seen="x", read="x", remote="name") == link.fields["title"]
    asked = LinkField(None, None, "2026-03-01", None, at(1), cut=True, remote="due")
    assert asked == link.fields["due"]
    assert ("Butler", NOON, [1]) == (
        link.fields["odd"].told[0].automation,
        link.fields["odd"].told[0].at,
        link.fields["odd"].told[0].new,
    )


def test_written_again_it_takes_the_form_of_today(old: Store) -> None:
    """Nothing of it is lost, and nothing else changes."""
    before = old.records(["r1"]), old.links_of(["r1"])
    keep(old, list(before[0].values()), before[1]["r1"])

    with old._engine.connect() as connection:
        [row] = connection.execute(_WITH_SHAPE).mappings()
        [fields] = connection.execute(text("SELECT fields FROM links")).scalars()

    assert before == (old.records(["r1"]), old.links_of(["r1"]))
    assert row["agreed"].startswith("[[")
    assert "ownership.yaml" not in row["agreed"]
    assert isinstance(json.loads(fields), list)
    assert AGREED == json.loads(spelled_out("records", dict(row))[0]["agreed"])
    [told] = spelled_out("links", {"record": "r1", "fields": fields, **row})
    assert FIELDS == json.loads(told["fields"])


@given(some.records())
def test_any_agreed_value_is_read_from_both_forms(record: Record) -> None:
    """Spelled out, as it was stored before, or short: it is the same."""
    short = agreed_text(record.agreed)
    spelled = spelled_out("records", {"agreed": short})[0]["agreed"]

    for form in (short, spelled):
        assert record.agreed == agreed_from(BUILTIN, record.entity, record.id, Kept(form))


@st.composite
def _shapes(draw: st.DrawFn, record: Record) -> Shape:
    """Some of the record's fields, and others, in any order and by any rules."""
    names = draw(st.permutations([*record.agreed, "odd", "größe"]))
    names = names[: draw(st.integers(0, len(names)))]
    if draw(st.booleans()):
        names = list(record.agreed)
    known = [record.agreed[name].rule if name in record.agreed else "" for name in names]
    rules = [draw(st.sampled_from([rule, "other.yaml:3"])) for rule in known]
    return shape_from(1, to_text(names), to_text(rules))


@given(some.records(), st.data())
def test_any_agreed_value_is_read_by_any_shape(record: Record, data: st.DataObject) -> None:
    """Fields that a shape has not, has elsewhere, or by another rule, are told apart."""
    shape = data.draw(_shapes(record))
    titled, title = data.draw(st.sampled_from([("", ""), ("title", "x"), *_texts_of(record)]))
    since = data.draw(st.sampled_from([None, NOON, *(one.at for one in record.agreed.values())]))
    text = shaped_text(record.agreed, shape, values_of(record.agreed), titled, title, since)
    kept = Kept(text, shape, title, since)
    found = agreed_from(BUILTIN, record.entity, record.id, kept)

    assert record.agreed == found
    assert list(record.agreed) == list(found)
    values = {name: dump(one.value) for name, one in record.agreed.items()}
    assert values == beside(kept).values
    assert list(values) == list(beside(kept).values)


def _texts_of(record: Record) -> list[tuple[str, str]]:
    told = ((name, one.value) for name, one in record.agreed.items())
    return [(name, value) for name, value in told if isinstance(value, str)]


@given(st.dictionaries(some.texts, some.link_fields, max_size=4))
def test_any_field_of_a_link_is_read_from_both_forms(fields: dict[str, LinkField]) -> None:
    """The same of what was seen, asked, answered, shown and told; MISSING is not None."""
    short = fields_text(fields)
    spelled = spelled_out("links", {"record": "r1", "fields": short})[0]["fields"]

    for form in (short, spelled):
        assert fields == fields_from_text(form)


@pytest.mark.parametrize(
    ("seen", "read"),
    [(1, 1.0), (1, True), (0.0, -0.0), ([1], [1.0]), ({"a": 1}, {"a": True}), ("", None)],
    ids=["whole", "true", "zero", "list", "object", "empty"],
)
def test_values_that_only_look_alike_are_both_kept(seen: Any, read: Any) -> None:
    """What is left out as the same is the same to the letter."""
    found = fields_from_text(fields_text({"x": LinkField(seen, read, asked=read)}))["x"]

    assert [repr(seen), repr(read), repr(read)] == [
        repr(value) for value in (found.seen, found.read, found.asked)
    ]


def test_numbers_without_end_are_kept() -> None:
    """A vendor's 1e999 is no empty field."""
    field = LinkField(seen=[None, float("inf")], read=float("-inf"))

    assert field == fields_from_text(fields_text({"x": field}))["x"]


def test_what_fields_share_stands_once() -> None:
    """Who set the values of a record, and when its writes were asked for, is written once."""
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    names = [f"field_{n}" for n in range(12)]
    agreed = {name: Agreed(name, "maya", "producer", "one", moment, f"a.yaml:{n}")
              for n, name in enumerate(names, 1)}  # fmt: skip
    fields = {name: LinkField(name, name, name, name, moment, remote=name) for name in names}

    for written in (agreed_text(agreed), fields_text(fields)):
        assert 1 == written.count("2026-03-01")
        assert {2} == {written.count(f'"{name}"') for name in names}


@pytest.mark.parametrize(
    "written",
    ["[1]", "7", '[[], {"title": []}]', '[[], {"title": ["x", 1, 4]}]', '{"title": {"by": "x"}}'],
    ids=["list", "number", "no value", "no setting", "an older one without a value"],
)
def test_what_was_never_stored_is_damage(store: Store, written: str) -> None:
    """Told when it is looked at, with the way out; not taken for a field without a value."""
    keep(store, [Record("r1", "bakery", "task")])
    with store._engine.begin() as connection:
        connection.execute(text("UPDATE records SET agreed = :value"), {"value": written})

    with pytest.raises(StateError, match="the file is damaged"):
        dict(store.records(["r1"])["r1"].agreed)
