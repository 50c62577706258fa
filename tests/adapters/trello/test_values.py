"""Trello's JSON as raw values, whatever it holds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.trello import actions, changes
from adapters.trello.decode import board_record, card_record, custom_value, label_name, value_of
from adapters.trello.describe import custom_fields, label_options, list_options
from adapters.trello.encode import custom
from adapters.trello.fields import WIRE
from adapters.trello.scope import _persons
from adapters.trello.shapes import born, stamp
from syncer.adapterkit.errors import SkipRecord
from syncer.model.remote import FieldInfo
from syncer.model.values import FieldType, Kind

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ID = "5582b73a8cb4e3ec6701ed69"

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [*WIRE.values(), "id", "old", "card", "board", "data", "type", "value"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)
keys = st.sampled_from(
    "closed name desc due start dueComplete idList idMembers idLabels idBoard isTemplate cardRole"
    " shortUrl url dateLastActivity customFieldItems idMemberCreator".split()
)


@given(st.dictionaries(keys, anything))
def test_any_card_is_a_record(told: dict[str, Any]) -> None:
    """Whatever a card holds, it becomes a record; what cannot be read is not told."""
    fields = {"cf:1": FieldInfo("cf:1", "Hours", FieldType(Kind.NUMBER))}

    record = card_record({**told, "id": ID}, NOW, custom=fields)

    assert record.fields.keys() <= {*WIRE, *fields}
    board_record({**told, "id": ID}, NOW)


@given(st.lists(anything, max_size=6), st.dictionaries(st.text(max_size=3), anything))
def test_any_actions_are_read(listed: list[Any], data: dict[str, Any]) -> None:
    """Whatever stands in a feed, it gives entries or nothing."""
    kinds = [*actions.TYPES.split(","), "updateCard", "somethingNew"]
    named = [
        {"id": f"{n:024x}", "type": kind, "date": "2026-01-01T00:00:00.000Z", "data": part}
        for n, (kind, part) in enumerate((k, p) for k in kinds for p in [*listed, data])
    ]
    found = actions.read([*listed, *named])

    list(changes.changes(found, {ID: {"idMembers": listed}}))
    list(changes.put_away(found, [{"id": ID, "idList": ID}]))
    list(actions.gone(found, [], []))
    actions.makers(found)


@given(anything)
def test_any_definitions_are_read(told: Any) -> None:
    """Whatever stands where lists, labels, custom fields and members should, is survived."""
    list_options(told, ID)
    label_options(told, ID)
    custom_fields(told, ID)
    list(_persons(told if isinstance(told, list) else []))


@pytest.mark.parametrize(
    ("kind", "item", "raw"),
    [
        (Kind.NUMBER, {"value": {"number": "42.50"}}, "42.5"),
        (Kind.NUMBER, {}, None),
        (Kind.BOOLEAN, {"value": {"checked": "true"}}, True),
        (Kind.BOOLEAN, {"value": {"checked": "false"}}, False),
        (Kind.BOOLEAN, {}, False),
        (Kind.TEXT, {"value": {"text": ""}}, None),
        (Kind.INSTANT, {"value": {"date": "2026-01-31T17:00:00.000Z"}}, "2026-01-31T17:00:00.000Z"),
        (Kind.ENUMERATION, {"value": None, "idValue": ID}, ID),
        (Kind.ENUMERATION, {"value": None, "idValue": ""}, None),
    ],
)
def test_custom_fields_are_strings_on_the_wire(kind: Kind, item: Any, raw: Any) -> None:
    """Numbers and ticks come as strings; a field without an item is empty, a box unticked."""
    assert custom_value(kind, item) == raw


def test_custom_values_are_written_as_strings() -> None:
    """Trello refuses a JSON number; clearing is an empty text, for lists an empty option."""
    number = FieldInfo("cf:1", "Hours", FieldType(Kind.NUMBER))
    box = FieldInfo("cf:2", "Paid", FieldType(Kind.BOOLEAN))
    choice = FieldInfo("cf:3", "Priority", FieldType(Kind.ENUMERATION))

    assert custom(number, "42.5", str) == {"idCustomField": "1", "value": {"number": "42.5"}}
    assert custom(number, None, str) == {"idCustomField": "1", "value": ""}
    assert custom(box, False, str) == {"idCustomField": "2", "value": {"checked": "false"}}
    assert custom(choice, ID, str) == {"idCustomField": "3", "idValue": ID}
    assert custom(choice, None, str) == {"idCustomField": "3", "idValue": ""}
    with pytest.raises(SkipRecord):
        custom(number, True, str)


@pytest.mark.parametrize(
    "due",
    ["2026-01-31T17:00:00", "0001-01-01T00:00:00+14:00", "soon", 17, ["2026-01-31"], True, {}],
)
def test_a_due_that_is_no_instant_is_not_told(due: Any) -> None:
    """A date without a zone, or out of range, is never guessed at."""
    record = card_record({"id": ID, "due": due, "name": "Card"}, NOW)

    assert record.fields == {"name": "Card"}


def test_missing_keys_are_not_told() -> None:
    """A card of 2015 has no start and no completion; that is not the same as empty."""
    record = card_record({"id": ID, "name": "Old", "due": None, "idMembers": []}, NOW)

    assert record.fields == {"name": "Old", "due": None, "members": None}


def test_labels_without_a_name_are_called_by_their_colour() -> None:
    """As people call them; all thirty colours and new ones pass."""
    assert label_name({"name": "Bug", "color": "red"}) == "Bug"
    assert label_name({"name": "", "color": "green_dark"}) == "green_dark"
    assert label_name({"name": " ", "color": None}) == "no name"


def test_custom_fields_of_kinds_to_come_are_left_out() -> None:
    """A type of custom field that is not known yet does not stop the others."""
    told = [
        {"id": "1", "type": "formula", "name": "Sum"},
        {"id": "2", "type": "text", "name": "Note"},
    ]

    assert [field.id for field in custom_fields(told, ID)] == ["cf:2"]


def test_ids_tell_when_things_were_made() -> None:
    """The first eight digits are the second of creation; nothing else is guessed from an id."""
    assert born(ID) == datetime(2015, 6, 18, 12, 19, 6, tzinfo=UTC)
    assert born(stamp(NOW)) == NOW
    assert born("joJVJ2KP") is None
    assert born("z" * 24) is None


PEOPLE = ("ann", "bob", "cat")


@given(
    st.frozensets(st.sampled_from(PEOPLE)),
    st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from("xy"), st.integers(0, 40))),
)
def test_sets_of_people_are_rebuilt_from_now(
    start: frozenset[str], steps: list[tuple[str, str, int]]
) -> None:
    """Walking back from the set of now gives every earlier set, in one unbroken chain."""
    now, at, told = set(start), NOW, []
    for number, (member, by, pause) in enumerate(steps):
        at += timedelta(seconds=pause)
        kind = "removeMemberFromCard" if member in now else "addMemberToCard"
        now ^= {member}
        entry = {
            "id": f"{number:024x}",
            "type": kind,
            "date": at.isoformat(),
            "idMemberCreator": by,
            "data": {"card": {"id": ID}, "idMember": member},
        }
        told.append(entry)

    found = list(changes.changes(actions.read(told), {ID: {"idMembers": sorted(now)}}))

    assert len(found) <= len(steps)
    sets = [frozenset(change.old or ()) for change in found]  # type: ignore[arg-type]
    after = [frozenset(change.new or ()) for change in found]  # type: ignore[arg-type]
    assert sets[:1] == ([start] if steps else [])
    assert sets[1:] == after[:-1]
    assert after[-1:] == ([frozenset(now)] if steps else [])
    assert [c.key for c in found] == sorted({c.key for c in found})


def test_each_step_of_a_set_is_told_alike_by_every_poll() -> None:
    """However soon somebody is put on a card after another: what one poll told, the next repeats."""

    def joined(number: int, member: str, by: str) -> dict[str, Any]:
        return {
            "id": f"{number:024x}",
            "type": "addMemberToCard",
            "date": (NOW + timedelta(seconds=number)).isoformat(),
            "idMemberCreator": by,
            "data": {"card": {"id": ID}, "idMember": member},
        }

    told = [joined(1, "ann", "us"), joined(2, "bob", "us"), joined(3, "cat", "maya")]
    early = list(changes.changes(actions.read(told[:1]), {ID: {"idMembers": ["ann"]}}))
    late = list(changes.changes(actions.read(told), {ID: {"idMembers": list(PEOPLE)}}))

    assert late[: len(early)] == early
    assert [(c.old, c.new, c.by) for c in late] == [
        (None, ["ann"], "us"),
        (["ann"], ["ann", "bob"], "us"),
        (["ann", "bob"], ["ann", "bob", "cat"], "maya"),
    ]


def test_an_action_without_a_member_names_its_app() -> None:
    """Automation that acts for nobody is told by the name of its app, or else its id."""
    by = actions.author

    assert by({"idMemberCreator": "m", "appCreator": None}) == ("m", None)
    assert by({"idMemberCreator": "m", "appCreator": {"id": "a", "name": "Phone"}}) == ("m", None)
    assert by({"idMemberCreator": "m", "appCreator": {"name": "Butler"}}) == (None, "Butler")
    assert by({"idMemberCreator": None, "appCreator": {"id": "a"}}) == (None, "a")
    assert by({}) == (None, None)


def test_a_value_out_of_range_is_a_value_error() -> None:
    """Only one kind of error leaves the decoders."""
    with pytest.raises(ValueError, match="out of range"):
        value_of("due", "9999-12-31T23:59:59-14:00")
