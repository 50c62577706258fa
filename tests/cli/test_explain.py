"""``syncer explain``: why something is as it is, what was before, and what has no record."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from msgspec.structs import replace

from syncer.model.records import JournalEntry
from syncer.state import Store
from tests.cli.hamlet import OWNERSHIP, Hamlet

CONFIDENTIAL = OWNERSHIP.replace(
    "unknown_editor: nobody", "unknown_editor: nobody\nconfidential: [deadline]"
)
LONG = "Keep the recipes: they bring the readers, and they stay longer than anybody else does."


_MADE: dict[str, Hamlet] = {}
"""The one hamlet of this file, in which all happened that is told of here."""


@pytest.fixture
def told(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> Iterator[Hamlet]:
    """Maya wrote notes and Anna changed them; Anna asked for a deadline and Maya approved it."""
    if "told" not in _MADE:
        _MADE["told"] = Hamlet(tmp_path_factory.mktemp("told"), capsys)
        happened(_MADE["told"])
    _MADE["told"].capture = capsys
    yield _MADE["told"]
    structlog.reset_defaults()


def happened(hamlet: Hamlet) -> None:
    """All that is told of: three runs, and an answer on the command line."""
    hamlet.fill()
    hamlet.write(more="", ownership=CONFIDENTIAL)
    assert 0 == hamlet("run").code
    hamlet.edit("two", "Build", "anna", due="2026-12-24")
    hamlet.edit("one", "Build", "maya", notes=LONG)
    assert 0 == hamlet("run").code
    hamlet.edit("two", "Build", "anna", notes=LONG.replace("recipes", "prices"))
    assert 0 == hamlet("run").code
    (found,) = json.loads(hamlet("proposals", "--json").out)["proposals"]
    assert 0 == hamlet("proposals", "approve", found["number"], "--as", "maya").code


def store(hamlet: Hamlet) -> Store:
    """The state as it lies on the disk."""
    return Store.open(hamlet.root / "data" / "syncer.db")


def as_data(hamlet: Hamlet, *args: str) -> dict[str, Any]:
    """What a program gets."""
    found: dict[str, Any] = json.loads(hamlet("explain", *args, "--json").out)
    return found


def test_one_sentence_says_why(told: Hamlet) -> None:
    """Who approved whose proposal, and where, with the line of the rule."""
    first = told("explain", "Build", "deadline").out.splitlines()[0]

    assert first.startswith(
        'The deadline of "Build" is 24 December 2026 because Maya Okafor (producer) approved'
        " Anna Brandt's proposal on the command line on "
    )
    assert first.endswith(f"{datetime.now(UTC).year}; ownership.yaml:16.")


def test_the_timeline_goes_over_all_systems(told: Hamlet) -> None:
    """Oldest first: found, asked for, approved by whom; writes only where they are asked for."""
    found = as_data(told, "Build", "deadline")
    events = [e for e in found["timeline"] if e["matters"]]
    some, every = told("explain", "Build", "deadline").out, told(
        "explain", "Build", "deadline", "--all").out  # fmt: skip

    assert [
        ("first_contact", None, None),
        ("agreed", "one", "2026-11-30"),
        ("edit", "two", "2026-12-24"),
        ("proposal", "the command line", "2026-12-24"),
    ] == [(e["kind"], e["connection"], e["new"]) for e in events]
    edit, ended = events[2:]
    assert edit["number"] == ended["number"] == found["proposals"][0]["number"]
    assert edit["became"].startswith("approved by Maya Okafor on ")
    assert ("Anna Brandt", "account_manager", "Maya Okafor", "producer") == (
        edit["name"], edit["role"], ended["name"], ended["role"],
    )  # fmt: skip
    assert ("2026-11-30", edit["cycle"][:2]) == (edit["old"], "c_")
    assert ("written there" in some, "written there (update)" in every) == (False, True)
    assert (
        some.index("first seen in") < some.index("held as a proposal") < some.index("is approved")
    )


def test_texts_are_told_by_what_changed(told: Hamlet) -> None:
    """Of a long text the words that went and came; a value in full is with `--json`."""
    said = told("explain", "Build", "notes").out

    assert "notes: Keep the [-recipes:-] {+prices:+} they bring the …" in said
    assert LONG in [event["old"] for event in as_data(told, "Build", "notes")["timeline"]]


def test_the_past_is_told_as_it_was(told: Hamlet) -> None:
    """Then the first value stood and nothing was open; before that nothing was known of it."""
    with store(told) as state:
        (record,) = state.resolve("Build")
        lines = state.journal("acme", record.id, "deadline")
        asked = next(e for e in lines if e.kind == "edit")
    before = asked.at - timedelta(milliseconds=1)
    within = told("explain", "Build", "deadline", "--at", before.isoformat())
    data = as_data(told, "Build", "--at", before.isoformat())
    early = told("explain", "Build", "--at", "2020-02-02")

    assert ': The deadline of "Build" was 30 November 2026 because one showed it' in within.out
    assert "24 December" not in within.out.splitlines()[0]
    assert ("2026-11-30", True, []) == (
        data["agreed"]["deadline"]["value"],
        data["then"]["deadline"]["known"],
        data["open_then"],
    )
    assert early.out.startswith(
        'On 2 February 2020, 23:59 nothing was known of "Build" yet: it was first seen later.'
    )


def test_a_moment_that_is_none_is_refused(told: Hamlet) -> None:
    """With a word on how to write it."""
    for text, why in (
        ("2026-13-01", "write it like"),
        ("soon", "write it like"),
        ("2999-01-01", "yet to come"),
    ):
        said = told("explain", "Build", "--at", text)
        assert (2, True) == (said.code, why in said.err)


def test_a_page_to_send(told: Hamlet, tmp_path: Path) -> None:
    """One file with the answer; what is confidential is marked; only its like is replaced."""
    page, other = tmp_path / "why.html", tmp_path / "notes.txt"
    other.write_text("mine", "utf-8")
    done = [told("explain", "Build", "--out", str(page)) for _ in range(2)]
    refused = [
        told("explain", "Build", "--out", str(other)),
        told("explain", "Sketch", "--out", str(page)),
    ]
    text = page.read_text("utf-8")

    assert [0, 0] == [one.code for one in done]
    assert [2, 2] == [one.code for one in refused]
    assert "mine" == other.read_text("utf-8")
    assert "approved Anna Brandt&#39;s proposal on the command line" in text
    assert 'Deadline</bdi></b>&#32;<span class="pill bad">Confidential</span>' in text
    assert "(confidential)" in told("explain", "Build").out
    assert ["deadline"] == as_data(told, "Build")["confidential"]


def test_an_address_of_something_else_is_no_record(told: Hamlet) -> None:
    """An address of a system that nobody configured leads nowhere, and says so."""
    said = told("explain", "https://trello.com/c/CV3atpLy/12-build")

    assert (2, 'syncer: nothing is known of "https://trello.com/c/CV3atpLy/12-build"\n') == (
        said.code,
        said.err,
    )


def test_what_comes_later_is_told_too(told: Hamlet) -> None:
    """An owner's own edit is the reason then; lines of another version are told as they are."""
    told.edit("one", "Build", "tom", due="2027-01-07")
    assert 0 == told("run").code
    first = told("explain", "Build", "deadline").out.splitlines()[0]
    assert first.startswith(
        'The deadline of "Build" is 7 January 2027 because Tom Lindqvist (producer) set it in one on'
    )
    with store(told) as state, state.transaction() as tx:
        (record,) = state.resolve("Build")
        now = datetime.now(UTC)
        line = JournalEntry("acme", now, "wonder", record=record.id, field="deadline")
        edit = replace(line, kind="edit", editor="maya", old="2026-12-24", new="2027-02-02")
        undo = replace(line, kind="command", field=None, outcome="undo", text="undo c_1 by ops")
        tx.journal([replace(line, outcome="odd", text="it happened"), edit, undo])

    said = told("explain", "Build").out
    assert "odd; it happened" in said
    assert (
        "Maya Okafor on the command line: deadline (confidential): 24 December 2026 -> 2 February 2027"
        in said
    )
    assert "undo c_1 by ops" in said
