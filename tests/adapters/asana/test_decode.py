"""Answers as Asana gives them, and answers as nobody should: records, or named errors."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.asana.decode import Decoder
from adapters.asana.describe import custom_info
from adapters.asana.events import project_changes, read_events
from adapters.asana.stories import FIELDS_OF_STORY
from adapters.asana.told import READERS
from syncer.model.remote import Author, Catalogue, ObjectInfo
from tests.shared import SHARED, needs_shared

RECORDED = SHARED / "data" / "asana-recorded-responses.json"
NOW = datetime(2026, 4, 27, tzinfo=UTC)
NUMBER = {"gid": "7", "name": "N", "resource_subtype": "number", "precision": 1}
MONEY = NUMBER | {"gid": "8", "format": "currency", "currency_code": "EUR"}
KINDS = [NUMBER, MONEY] + [
    {"gid": str(20 + place), "name": kind, "resource_subtype": kind}
    for place, kind in enumerate(("text", "enum", "multi_enum", "date", "people"))
]


def catalogue(*projects: str) -> Catalogue:
    fields = tuple(custom_info(field, None, Author.YES) for field in KINDS)
    objects = {name: ObjectInfo(name, fields) for name in ("task", "project")}
    return Catalogue(objects, dict.fromkeys(projects, "P"))


@needs_shared
def test_recorded_answers_are_read() -> None:
    """Every recorded task is read whole: name, dates, completion, and a time of change."""
    tasks = list(recorded_tasks())
    assert len(tasks) >= 17
    decoder = Decoder(catalogue("1211440849237745"))
    for row in tasks:
        record = decoder.task(row, NOW, decoder.home_of(row))
        assert record.fields["name"] == row["name"].strip() or record.fields["name"] == row["name"]
        assert record.fields["due"] == row["due_on"]
        assert record.fields["completed"] == row["completed"]
        assert record.modified_at is not None
        assert record.fields.get("assignee") == (row["assignee"] or {}).get("gid")


def recorded_tasks() -> Any:
    for answer in json.loads(RECORDED.read_text(encoding="utf-8")):
        data = answer["response"]["data"]
        for row in data if isinstance(data, list) else [data]:
            if row.get("resource_type") == "task":
                yield row


@needs_shared
def test_recorded_stories_are_read() -> None:
    """Of four recorded stories two are about fields; the reminder is not one of them."""
    answers = json.loads(RECORDED.read_text(encoding="utf-8"))
    [stories] = [a["response"]["data"] for a in answers if a["path"].endswith("/stories")]
    kinds = [story["resource_subtype"] for story in stories]
    assert [kind for kind in kinds if kind in FIELDS_OF_STORY] == [
        "added_to_project",
        "due_date_changed",
    ]
    for story in stories:
        reader = READERS.get(story["resource_subtype"])
        assert reader is None or list(reader(story))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = (
    "name html_notes notes due_on due_at start_on assignee completed memberships tags parent "
    "followers custom_fields modified_at created_at created_by permalink_url num_subtasks owner "
    "archived team workspace resource_subtype"
).split()
MEMBER = st.fixed_dictionaries({}, optional={"project": JSON, "section": JSON})
CUSTOM = st.fixed_dictionaries(
    {"gid": st.sampled_from([field["gid"] for field in KINDS])},
    optional=dict.fromkeys(
        "text_value number_value enum_value multi_enum_values date_value people_value enabled".split(),
        JSON,
    ),
)
ROWS = st.builds(
    lambda own, more, members, custom: (
        {"gid": "5", **own, **more}
        | ({"memberships": members} if members else {})
        | ({"custom_fields": custom} if custom else {})
    ),
    st.dictionaries(st.sampled_from(NAMES), JSON, max_size=6),
    st.dictionaries(st.text(max_size=5).filter(lambda key: key != "gid"), JSON, max_size=2),
    st.lists(MEMBER, max_size=2),
    st.lists(CUSTOM | JSON, max_size=3),
)


@given(ROWS)
def test_any_record_is_read_or_left_untold(row: Any) -> None:
    """A field that cannot be read was not told; the others are, and all can be stored."""
    decoder = Decoder(catalogue("1"))
    for record in (decoder.task(row, NOW, decoder.home_of(row)), decoder.project(row, NOW)):
        json.dumps(dict(record.fields))
        assert record.id == "5"


EVENT = st.fixed_dictionaries(
    {
        "resource": JSON
        | st.fixed_dictionaries(
            {"gid": st.just("1"), "resource_type": st.sampled_from(["task", "project", "story"])}
        )
    },
    optional={
        "action": JSON | st.sampled_from(["changed", "added", "removed", "deleted", "undeleted"]),
        "parent": JSON,
        "user": JSON,
        "created_at": JSON | st.just("2026-04-27T10:00:00.000Z"),
        "change": JSON
        | st.fixed_dictionaries(
            {"field": JSON | st.sampled_from(NAMES)}, optional={"new_value": JSON}
        ),
    },
)


@given(st.lists(EVENT, max_size=4))
def test_any_event_is_read_or_passed_by(rows: Any) -> None:
    """Whatever a stream says, it ends in changes and things to look at."""
    told = read_events(rows, "1")
    record = Decoder(catalogue("1")).project({"gid": "1", "name": "P"}, NOW)
    for change in [*told.hints, *project_changes(told, record)]:
        assert change.id
        assert change.automation or change.by


STORY = st.fixed_dictionaries(
    {"gid": st.just("3"), "resource_subtype": st.sampled_from(sorted(READERS))},
    optional=dict.fromkeys(
        "old_name new_name old_dates new_dates assignee project created_by created_at".split(), JSON
    ),
)


@given(STORY)
def test_any_story_is_read(story: Any) -> None:
    """A story with anything in it says something, or that it does not say."""
    for _, pair in READERS[story["resource_subtype"]](story):
        assert len(pair) == 2


@pytest.mark.parametrize(
    ("told", "raw"),
    [(1500, "1500"), (0.1, "0.1"), (1e21, "1000000000000000000000"), (-2.50, "-2.5"), (0, "0")],
)
def test_numbers_are_plain(told: Any, raw: str) -> None:
    """Numbers are decimal strings; a number in a currency is an amount with it."""
    row = {"gid": "5", "custom_fields": [{"gid": g, "number_value": told} for g in ("7", "8")]}
    fields = Decoder(catalogue()).task(row, NOW, None).fields
    assert fields["cf:7"] == raw
    assert fields["cf:8"] == {"amount": raw, "currency": "EUR"}


def test_a_field_taken_off_a_project_is_not_told() -> None:
    """A value that a project no longer has a field for is not an empty value."""
    row = {"gid": "5", "custom_fields": [{"gid": "7", "number_value": 1, "enabled": False}]}
    assert "cf:7" not in Decoder(catalogue()).task(row, NOW, None).fields
