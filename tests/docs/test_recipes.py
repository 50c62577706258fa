"""What each recipe of the cookbook says is so: values there and back, conditions, rules."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from syncer.model.mapping import Direction
from syncer.model.people import EVERYWHERE
from syncer.model.remote import FieldInfo, Option
from syncer.model.rules import Shared
from syncer.model.values import MISSING, FieldType, Kind, Money
from syncer.reconcile.contact import meet
from syncer.reconcile.expressing import express
from syncer.reconcile.wording import NotExpressible
from tests.docs.recipes import bound_in, meant, there_and_back, with_examples
from tests.reconcile.made import LOOKUP, PLACE


def field(name: str, kind: Kind, *options: str, custom: bool = False) -> FieldInfo:
    """A field of a tool; the ids of its options are their names in capitals."""
    made = tuple(Option(option.upper(), option) for option in options)
    return FieldInfo(name, name, FieldType(kind), made, custom=custom)


def test_the_conditions_mean_what_the_page_says(tmp_path: Path) -> None:
    """Templates, separators and private cards are out; a finished project gets no board."""
    found = with_examples(tmp_path, "What is in scope, what is made, how it is archived")
    trello = found.clients["bakery"].mappings["trello"].entities

    def card(**fields: Any) -> Mapping[str, Any]:
        usual = {"is_template": False, "role": None, "labels": [], "custom": {}}
        return {"card": usual | fields, "client": {"key": "bakery", "name": "B"}}

    when, create = trello["task"].when, trello["project"].create
    assert when is not None
    assert not isinstance(create, bool)
    shown = [card(), card(labels=["Web"]), card(labels=["Private"]), card(role="separator")]
    assert [True, True, False, False, False] == [
        when(context) for context in (*shown, card(is_template=True))
    ]
    assert [True, False, False] == [
        create({"project": {"status": status}}) for status in ("active", "done", None)
    ]
    assert {"field": "list", "option": "Archive"} == trello["task"].archive


def test_a_day_is_told_by_its_time(tmp_path: Path) -> None:
    """The example of dates changes the time that stands for the day."""
    found = with_examples(tmp_path, "Dates without a time in Trello")
    deadline = found.clients["bakery"].mappings["trello"].entities["task"].fields["deadline"]

    assert ("18:00:00", "client") == (str(deadline.day_end), deadline.zone)


def test_a_client_may_differ(tmp_path: Path) -> None:
    """The variant and the overrides are this client's only; `~` takes a field out."""
    found = with_examples(tmp_path, "Variants and overrides")
    bakery, outdoor = (found.clients[key].mappings for key in ("bakery", "outdoor"))

    assert ("card", "board") == tuple(
        mappings["trello"].entities["project"].object for mappings in (bakery, outdoor)
    )
    assert "priority" not in bakery["asana"].entities["task"].fields
    assert "priority" in outdoor["asana"].entities["task"].fields


def test_no_day_shifts(tmp_path: Path) -> None:
    """A card due at the end of the day is due on that day, in summer time too; else at a time."""
    found = with_examples(tmp_path, "Dates without a time in Trello")
    due = bound_in(found, "trello.task.deadline", field("due", Kind.INSTANT))

    assert date(2027, 1, 15) == there_and_back(due, "2027-01-15T18:00:00.000Z")
    assert date(2027, 7, 15) == there_and_back(due, "2027-07-15T17:00:00.000Z")
    moment = datetime(2027, 7, 15, 18, tzinfo=UTC)
    assert moment == there_and_back(due, "2027-07-15T18:00:00.000Z")


def test_lists_are_statuses(tmp_path: Path) -> None:
    """Every name is read, also by `*`; the first is written; another list says nothing."""
    found = with_examples(tmp_path, "Lists and sections as status")
    lists = ("Inbox", "To do", "In progress", "Done", "Done in May", "Ideas")
    section = field("section", Kind.ENUMERATION, *lists)
    status = bound_in(found, "asana.task.status", section, client="outdoor")
    names = bound_in(found, "asana.task.status", section)

    assert "todo" == there_and_back(status, "TO DO")
    assert ["todo", "done", "done"] == [meant(status, r) for r in ("INBOX", "DONE", "DONE IN MAY")]
    assert meant(status, "IDEAS") is MISSING
    assert "Ideas" == there_and_back(names, "IDEAS")


def test_each_board_gets_its_own_list(tmp_path: Path) -> None:
    """One line serves boards whose lists are called differently."""
    found = with_examples(tmp_path, "Boards with lists of their own")
    ours = field("list", Kind.ENUMERATION, "To do", "Doing", "Review", "Done")
    theirs = field("list", Kind.ENUMERATION, "Ideas", "In the works", "Shipped")
    first, second = (bound_in(found, "trello.task.status", info) for info in (ours, theirs))

    assert ["todo", "doing", "done"] == [
        there_and_back(second, raw) for raw in ("IDEAS", "IN THE WORKS", "SHIPPED")
    ]
    assert ("DONE", "SHIPPED") == tuple(
        express(bound, "done", MISSING, LOOKUP).raw for bound in (first, second)
    )
    with pytest.raises(NotExpressible):
        express(second, "review", MISSING, LOOKUP)


def test_a_stage_is_read(tmp_path: Path) -> None:
    """Two stages are in scope and say how far the project is; nothing is ever written there."""
    found = with_examples(tmp_path, "A deal's stage")
    mapping = found.clients["bakery"].mappings["hubspot"].entities["project"]
    stages = ("Contract sent", "Closed won", "Closed lost")
    status = bound_in(
        found, "hubspot.project.status", field("dealstage", Kind.ENUMERATION, *stages)
    )

    assert Direction.PULL is mapping.fields["status"].direction
    assert ["planned", "active", MISSING] == [meant(status, s.upper()) for s in stages]
    assert mapping.when is not None
    assert [True, True, False] == [mapping.when({"deal": {"dealstage": s}}) for s in stages]


def test_hours_and_money(tmp_path: Path) -> None:
    """Hours are read as they are; a number is pounds, and takes nothing else."""
    found = with_examples(tmp_path, "Custom fields, money, one way only")
    hours = bound_in(found, "asana.task.estimate", field("Hours", Kind.NUMBER, custom=True))
    fee = bound_in(found, "asana.project.price", field("Fee", Kind.NUMBER, custom=True))

    assert (Direction.PULL, Decimal("2.5")) == (hours.mapping.direction, meant(hours, "2.5"))
    assert Money(Decimal(1500), "GBP") == there_and_back(fee, "1500")
    with pytest.raises(NotExpressible):
        express(fee, Money(Decimal(1500), "EUR"), MISSING, LOOKUP)


def test_a_field_of_ones_own(tmp_path: Path) -> None:
    """It has an owner, two options mean the same, and what is shown is kept."""
    found = with_examples(tmp_path, "A field of your own")
    sizes = field("Size", Kind.ENUMERATION, "S", "L", "XL", custom=True)
    size = bound_in(found, "trello.task.size", sizes)

    assert ["small", "large", "large"] == [meant(size, raw) for raw in ("S", "L", "XL")]
    assert ("XL", "L") == tuple(express(size, "large", r, LOOKUP).raw for r in ("XL", "S"))
    assert ("producer",) == found.ownership.rules["task", "size"].owners


def test_people_are_known_by_ids(tmp_path: Path) -> None:
    """What stands in the file is what counts; where she is told depends on the client."""
    found = with_examples(tmp_path, "People").people["zoe"]

    assert {"trello": "zoepark", "asana": "1204805550001"} == found.ids
    assert ("trello", "asana") == (found.homes["bakery"], found.homes[EVERYWHERE])
    assert ("tom", date(2027, 7, 14)) == (found.deputy, found.away[0][1])


def test_what_counts_at_first_contact(tmp_path: Path) -> None:
    """Exact keys; then a filled value, the owner's home, the tool to believe, or a person."""
    found = with_examples(tmp_path, "First contact")
    rules = found.ownership.rules

    def agreed(name: str, **shown: Any) -> Any:
        return meet(rules["task", name], found.ownership, shown, {}, PLACE)

    keys = found.clients["bakery"].mappings["asana"].entities["task"].match
    assert ("title", "project", "deadline") == tuple(keys)
    assert "Trello's" == agreed("title", trello="Trello's", asana=None).value
    assert "Asana's" == agreed("title", trello="Trello's", asana="Asana's").value
    assert Shared.HOLD is rules["task", "notes"].shared
    assert agreed("notes", trello="Trello's", asana="Asana's").held
    assert 2 == agreed("estimate", trello=1, asana=2).value


def test_what_is_confidential(tmp_path: Path) -> None:
    """The field is kept back wherever guests read, and is not mapped to the bakery's boards."""
    found = with_examples(tmp_path, "Keeping a field confidential")
    bakery, outdoor = (found.clients[key].mappings["trello"] for key in ("bakery", "outdoor"))

    assert "brief" in found.ownership.confidential
    assert "brief" not in bakery.entities["project"].fields
    assert "brief" in outdoor.entities["project"].fields
