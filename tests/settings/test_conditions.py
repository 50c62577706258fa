"""Conditions answer over plain values, or say readably why they cannot."""

import subprocess
import sys
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.model.rules import Source
from syncer.model.values import MISSING, Money
from syncer.settings.conditions import CelCondition, condition
from syncer.settings.places import Document, Place

HERE = Place(Document("mappings/x.yaml", {"when": ""}, {(): (1, 1)}, {(): (1, 1)}, {}))
CARD = {"card": None, "client": frozenset({"key", "name"})}


def made(text: str, allowed: Any = None) -> CelCondition:
    """A condition that must be right."""
    found, problems = condition(HERE, text, allowed or CARD)
    assert not problems, problems
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "card", "expected"),
    [
        ("!card.is_template", {"is_template": False}, True),
        ('card.custom["Client"] == client.name', {"custom": {"Client": "Tarn"}}, True),
        ('card.custom["Client"] == client.name', {"custom": {"Client": None}}, False),
        ("card.hours > 1 && card.hours == 1.5", {"hours": Decimal("1.5")}, True),
        ("card.hours > 1", {"hours": 2}, True),
        ('card.due < "2026-02-01"', {"due": date(2026, 1, 31)}, True),
        ('card.due == "2026-01-31T17:00:00.000Z"', {"due": datetime(2026, 1, 31, 17, tzinfo=UTC)}, True),
        ("card.due == null", {"due": None}, True),
        ("card.due == null", {"due": MISSING}, True),
        ("card.price > 1000", {"price": Money(Decimal("1500"), "EUR")}, True),
        ('"red" in card.labels', {"labels": frozenset({"red", "blue"})}, True),
        ('card.labels == ["blue", "red"]', {"labels": frozenset({"red", "blue"})}, True),
        ("size(card.labels) == 0", {"labels": frozenset()}, True),
        ('card.labels.exists(l, l.startsWith("r"))', {"labels": ["red"]}, True),
        ('lower(card.list) in ["done"]', {"list": "DONE"}, True),
        ('card.list.lower() == "done"', {"list": "Done"}, True),
        ('lower(card.list) == "done"', {"list": None}, False),
        ("has(card.list)", {}, False),
    ],
)  # fmt: skip
def test_a_condition_sees_plain_values(text: str, card: dict[str, Any], expected: bool) -> None:
    """Numbers are doubles, dates text, sets sorted lists, the empty is null."""
    context = {"card": card, "client": {"key": "tarn", "name": "Tarn"}}

    assert expected is made(text)(context)


@pytest.mark.parametrize(
    ("text", "card", "why"),
    [
        ("card.gone", {}, "there is no gone"),
        ('card.custom["Client"] == "x"', {"custom": {}}, "there is no Client"),
        ("!card.is_template", {"is_template": None}, "No such overload"),
        ("card.hours > 1", {"hours": "3"}, "No such overload"),
        ("card.name", {"name": "x"}, "the answer is neither true nor false"),
        (
            'card.labels.all(l, l == "x")',
            {"labels": ["x"] * 1001},
            "a list of more than 1000 items",
        ),
        ('timestamp(card.due) > timestamp("x")', {"due": "x"}, ""),
        ("card.hours / 0 == 1", {"hours": 1}, ""),
    ],
)
def test_what_cannot_be_answered_is_a_value_error(
    text: str, card: dict[str, Any], why: str
) -> None:
    """The error names place, condition and reason; it is never another kind of error."""
    with pytest.raises(ValueError, match="cannot answer") as caught:
        made(text)({"card": card, "client": {}})

    assert str(caught.value).startswith(f"mappings/x.yaml:1: cannot answer {text!r}: {why}")


def test_text_and_names_in_loops_are_no_names() -> None:
    """What stands in quotes, and what a loop introduces, is not taken for a field."""
    allowed = {"project": frozenset({"name", "labels"})}
    text = """project.name == "project.nope" && project.labels.all(p, p != 'x.y')"""
    found = made(text, allowed)

    assert found({"project": {"name": "project.nope", "labels": []}})


@given(st.text(max_size=60) | st.text("card.()[]\"'&|!=<>+-*/?:,0123456789 \n\\", max_size=60))
def test_any_text_is_a_condition_or_a_problem(text: str) -> None:
    """No text makes the compiler or an evaluation fail in another way."""
    found, problems = condition(HERE, text, CARD)

    assert (found is None) <= bool(problems)
    if found is not None:
        with suppress(ValueError):
            assert found({"card": {"name": "x"}, "client": {}}) in (True, False)


def test_a_condition_is_told_apart_by_its_text() -> None:
    """Two readings of the same file give equal conditions, so that mappings can be compared."""
    assert made("!card.closed") == made("!card.closed")
    assert made("!card.closed") != made("card.closed")
    assert Source("mappings/x.yaml", 1, 1) == made("!card.closed").source


def test_the_library_is_imported_only_for_a_condition() -> None:
    """Commands that read no condition do not pay for it."""
    code = "import sys, syncer.settings; sys.exit('cel' in sys.modules)"

    assert 0 == subprocess.run([sys.executable, "-c", code]).returncode
