"""From raw records to views: which live fields are meant, what is in scope, what is archived."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from syncer.model.decisions import View
from syncer.model.entities import BUILTIN
from syncer.model.mapping import EntityMapping, FieldMapping
from syncer.model.remote import FieldInfo, ObjectInfo, Option, RemoteRecord
from syncer.model.rules import NOWHERE, Source
from syncer.model.values import FieldType, Kind, Money
from syncer.reconcile.contexts import context, record_context
from syncer.reconcile.translate import bind, view
from tests.reconcile.made import LOOKUP, MAPPED, NOON

TASK = BUILTIN["task"]
LISTS = (
    Option("l1", "To do", "b1"),
    Option("l2", "Doing", "b1"),
    Option("l3", " ARCHIVED", "b1"),
    Option("l4", "To do", "b2"),
)


def info(id: str, kind: Kind, name: str = "", *, many: bool = False, **more: Any) -> FieldInfo:
    """A live field."""
    return FieldInfo(id, name or id, FieldType(kind, many), **more)


CARD = ObjectInfo(
    "card",
    (
        info("name", Kind.TEXT),
        info("due", Kind.WHEN),
        info("list", Kind.ENUMERATION, options=LISTS),
        info("members", Kind.PERSON, many=True),
        info("cf:1", Kind.NUMBER, "Hours", container="b1", custom=True),
        info("cf:2", Kind.NUMBER, "Hours", container="b2", custom=True),
        info("cf:3", Kind.TEXT, "Client", custom=True),
        info("cf:4", Kind.MONEY, "Price", custom=True),
        info("cf:5", Kind.TEXT, "Twice", custom=True),
        info("cf:6", Kind.TEXT, "Twice", custom=True),
    ),
    inside="board",
)


def mapping(fields: Mapping[str, FieldMapping] | None = None, **more: Any) -> EntityMapping:
    """Tasks on cards."""
    lines = {
        "title": FieldMapping("title", "name", MAPPED),
        "status": FieldMapping("status", "list", MAPPED, values={"todo": ("To do",), "doing": ("Doing",)}),
        "estimate": FieldMapping("estimate", "Hours", MAPPED, custom=True),
    }  # fmt: skip
    return EntityMapping("task", "card", MAPPED, fields or lines, **more)


def card(board: str = "b1", **fields: Any) -> RemoteRecord:
    """A card as it was pulled."""
    return RemoteRecord(
        "card", "c1", {"name": "Logo", "list": "l1"} | fields, NOON, container=board
    )


def shown(record: RemoteRecord, line: EntityMapping | None = None) -> View:
    """The view of a card."""
    line = line or mapping()
    bindings, _ = bind(line, TASK, CARD, record.container, "Europe/London")
    return view(record, "trello", line, bindings, LOOKUP, {"client": {"name": "Bakery"}}, CARD)


@pytest.mark.parametrize(("board", "id", "lists"), [("b1", "cf:1", 3), ("b2", "cf:2", 1)])
def test_a_name_means_the_field_of_its_container(board: str, id: str, lists: int) -> None:
    """A custom field is found by name where the record is, with the choices that are there."""
    bindings, problems = bind(mapping(), TASK, CARD, board, "Europe/London")

    assert {} == problems
    assert (id, lists) == (bindings["estimate"].info.id, len(bindings["status"].options))


def test_what_cannot_be_bound_says_where_it_is_written() -> None:
    """A field that is not there, or there twice, is told with the line of the mapping."""
    lines = {
        "notes": FieldMapping("notes", "Brief", Source("trello.yaml", 9)),
        "title": FieldMapping("title", "Twice", Source("trello.yaml", 8), custom=True),
        "estimate": FieldMapping("estimate", "Days", Source("trello.yaml", 7), custom=True),
    }
    bound, problems = bind(mapping(lines), TASK, CARD, "b1", "UTC")

    assert {} == bound
    assert {
        "notes": "trello.yaml:9: there is no field 'Brief' on card",
        "title": "trello.yaml:8: 2 fields are called 'Twice' on card",
        "estimate": "trello.yaml:7: there is no custom field 'Days' on card; `syncer provision` makes it",
    } == problems


def test_fields_that_were_not_told_are_left_out() -> None:
    """Absent is not empty: what the vendor did not mention this time is not looked at."""
    found = shown(card(**{"cf:1": "2.5"}))

    assert {"title", "status", "estimate"} == set(found.fields)
    assert {"title", "status"} == set(shown(card()).fields)
    assert Decimal("2.5") == found.fields["estimate"].reading.value


@pytest.mark.parametrize(
    ("list_id", "vendor", "existence", "with_status"),
    [
        ("l1", "present", "present", True),
        ("l3", "present", "archived", False),
        ("l1", "archived", "archived", True),
    ],
)
def test_an_option_may_stand_for_archived(
    list_id: str, vendor: str, existence: str, with_status: bool
) -> None:
    """In the list that the mapping names a card is archived, and its list says nothing else."""
    line = mapping(archive={"field": "list", "option": "Archived"})
    found = shown(replace(card(list=list_id), existence=vendor), line)

    assert (existence, with_status) == (found.existence, "status" in found.fields)


class When:
    """A condition made of a Python function."""

    text = "..."
    source = NOWHERE

    def __init__(self, holds: Callable[[Mapping[str, Any]], bool]) -> None:
        self.holds = holds

    def __call__(self, context: Mapping[str, Any]) -> bool:
        """Ask the function."""
        return self.holds(context)


@pytest.mark.parametrize(
    ("client", "inside"), [("Bakery", True), ("Outdoor", False), (None, False)]
)
def test_what_is_in_scope(client: str | None, inside: bool) -> None:
    """A condition sees custom fields by name, also where nothing is filled in."""
    when = When(lambda sees: sees["card"]["custom"]["Client"] == sees["client"]["name"])
    fields = {"cf:3": client} if client else {}

    assert inside == shown(card(**fields), mapping(when=when)).in_scope


def test_what_a_condition_sees_of_a_record() -> None:
    """Names instead of ids; every field that there is in its place; numbers as numbers."""
    raw = {
        "list": "l2",
        "members": ["u-tom", "u-9"],
        "cf:1": "2.5",
        "cf:4": {"amount": "7", "currency": "EUR"},
    }
    found = context(card(**raw), CARD, LOOKUP)

    assert {
        "id": "c1", "name": "Logo", "due": None, "list": "Doing", "members": ["tom", "u-9"],
        "custom": {"Hours": 2.5, "Client": None, "Price": 7.0, "Twice": None},
    } == found  # fmt: skip


@pytest.mark.parametrize("raw", ["much", {"a": 1}, None, True, [None]])
def test_odd_values_stop_no_condition(raw: Any) -> None:
    """What is no number stays what it is; nothing is raised."""
    assert "custom" in context(card(**{"cf:1": raw, "cf:4": raw, "members": raw}), CARD, LOOKUP)


def test_what_a_condition_sees_of_what_is_agreed() -> None:
    """Every field of the entity, as plain values."""
    values: dict[str, Any] = {
        "title": "Logo",
        "deadline": date(2026, 3, 10),
        "assignees": frozenset({"tom", "ben"}),
        "estimate": Decimal("2.5"),
    }
    found = record_context(TASK, values)

    assert ("Logo", "2026-03-10", ["ben", "tom"], 2.5, None) == tuple(
        found[name] for name in ("title", "deadline", "assignees", "estimate", "notes")
    )
    price = {"price": Money(Decimal(9), "EUR")}
    assert 9.0 == record_context(BUILTIN["project"], price)["price"]
